"""A shop's turn: nothing is handed over unless its store's orders have just been read."""

from __future__ import annotations

from datetime import datetime, timedelta

import httpx
import pytest

from recovery.carts.models import Cart, CartLine
from recovery.catalog.models import Product
from recovery.contacts.models import Contact
from recovery.ingest import turns
from recovery.ingest.models import Reach, Reading
from recovery.messaging import delivery as messaging
from recovery.messaging.models import Message
from recovery.orders.models import Order
from shopapp.kit.egress import Response
from shopapp.shops import access
from shopapp.shops.models import Shop
from tests.conftest import MORNING
from tests.recovery.ingest.little_store import ORDER, PRODUCT, LittleStore

DOWN = Response(503, httpx.Headers({"Content-Type": "application/json"}), b"{}")
LATER = MORNING + timedelta(hours=2)


@pytest.fixture
def handed(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, datetime]]:
    """Record when messages would be prepared and handed over."""
    calls: list[tuple[str, datetime]] = []

    def prepare(_shop: Shop, *, at: datetime, limit: int) -> int:
        calls.append(("prepare", at))
        return 1

    def hand_over(_shop: Shop, *, at: datetime, limit: int) -> int:
        calls.append(("hand over", at))
        return 1

    monkeypatch.setattr(messaging, "prepare_due", prepare)
    monkeypatch.setattr(messaging, "hand_over_due", hand_over)
    return calls


@pytest.fixture
def due(connected: Shop) -> Cart:
    """Return an abandoned cart with one product, and a message about it that is due."""
    with access.scope(connected):
        cart: Cart = Cart.objects.create(
            shop=connected, cart_id="c" * 32, signed=True, currency="EUR", decimals=2,
            state="abandoned", changed_at=MORNING, started_at=MORNING, content_hash="",
        )  # fmt: skip
        CartLine.objects.create(
            shop=connected, cart=cart, position=0, product_id="11", variant_id="", quantity=1
        )
        contact = Contact.objects.create(
            shop=connected, email="a@b.example", address_key="a@b.example", evidence="signed",
            created_at=MORNING,
        )  # fmt: skip
        Message.objects.create(
            shop=connected, dedup_key="1", kind="flow", contact=contact, cart=cart,
            address="a@b.example", address_key="a@b.example", created_at=MORNING, due_at=LATER,
            too_late_at=LATER + timedelta(days=1),
        )  # fmt: skip
    return cart


def test_a_turn_reads_orders_and_due_products_before_it_sends(
    connected: Shop, store: LittleStore, due: Cart, handed: list[tuple[str, datetime]]
) -> None:
    store.put("products", PRODUCT, stock_quantity=7)
    store.wait(3600)
    store.put("orders", ORDER)
    assert turns.take_turn(connected, at=LATER) == 1
    assert [step for step, _ in handed] == ["prepare", "hand over"]
    asked = [one.partition("?")[0] for one in store.asked]
    assert asked == ["POST wc-rebasket/v1/poke", "GET products/11", "GET orders"]
    with access.scope(connected):
        assert Product.objects.get().stock == 7
        assert Order.objects.count() == 1
    connected.refresh_from_db()
    assert connected.orders_read_at == LATER


def test_known_products_are_asked_about_again(
    connected: Shop, store: LittleStore, due: Cart, handed: list[tuple[str, datetime]]
) -> None:
    store.put("products", PRODUCT, stock_quantity=7)
    turns.take_turn(connected, at=LATER)
    # Sold out, without a delivery and without a new date.
    store.change("products", 11, touched=False, stock_quantity=0, stock_status="outofstock")
    turns.take_turn(connected, at=LATER + timedelta(minutes=1))
    with access.scope(connected):
        row = Product.objects.get()
    assert (row.stock, row.available, row.doubtful_since) == (0, False, None)


def test_orders_that_cannot_be_read_pause_sending_until_they_can(
    connected: Shop, store: LittleStore, due: Cart, handed: list[tuple[str, datetime]]
) -> None:
    store.down = DOWN
    turns.take_turn(connected, at=LATER)
    connected.refresh_from_db()
    assert connected.sending_paused_at == LATER
    assert connected.sending_paused_reason == "The store answered with an error (503)."
    assert connected.orders_read_at == MORNING
    # Messages are asked all the same, so that each is told why it waits.
    assert [step for step, _ in handed] == ["prepare", "hand over"]
    store.down = None
    turns.take_turn(connected, at=LATER + timedelta(minutes=1))
    connected.refresh_from_db()
    resumed = (connected.sending_paused_reason, connected.orders_read_at)
    assert resumed == ("", LATER + timedelta(minutes=1))


def test_half_read_orders_are_not_read(
    connected: Shop, store: LittleStore, monkeypatch: pytest.MonkeyPatch,
    handed: list[tuple[str, datetime]],
) -> None:  # fmt: skip
    for _ in range(150):
        store.put("orders", ORDER)
    answer = store.request

    def breaks(method: str, url: str, **sent: object) -> Response:
        return DOWN if "page=2" in url else answer(method, url, **sent)

    monkeypatch.setattr("shopapp.kit.egress.request", breaks)
    turns.take_turn(connected, at=LATER)
    connected.refresh_from_db()
    assert connected.orders_read_at == MORNING
    assert connected.sending_paused_at == LATER


def test_a_store_that_just_failed_is_not_asked_again_at_once(
    connected: Shop, store: LittleStore, handed: list[tuple[str, datetime]]
) -> None:
    store.down = DOWN
    turns.take_turn(connected, at=LATER)
    asked = len(store.asked)
    turns.take_turn(connected, at=LATER + timedelta(seconds=5))
    assert len(store.asked) == asked


def test_two_turns_at_once_are_one(
    connected: Shop, store: LittleStore, handed: list[tuple[str, datetime]]
) -> None:
    with access.scope(connected):
        Reach.objects.create(shop=connected, turn_lease_until=LATER + timedelta(seconds=60))
    assert turns.take_turn(connected, at=LATER) == 0
    assert (store.asked, handed) == ([], [])
    # A turn that died is not waited for longer than its lease.
    turns.take_turn(connected, at=LATER + timedelta(seconds=61))
    assert len(handed) == 2


def test_a_turn_reads_only_what_changed_since_the_last_one(
    connected: Shop, store: LittleStore, handed: list[tuple[str, datetime]]
) -> None:
    with access.scope(connected):
        Reading.objects.create(
            shop=connected, kind="orders", due_at=LATER, read_through_at=LATER - timedelta(hours=1)
        )
        # The store's newest order is as young as that: its clock goes right.
        Order.objects.create(
            shop=connected, platform_id="1", number="1", status="processing", stage="placed",
            changed_at=LATER, placed_at=LATER, total_minor=1, currency="EUR", decimals=2,
        )  # fmt: skip
    turns.take_turn(connected, at=LATER)
    assert any("modified_after=2026-11-23T10%3A50%3A00" in one for one in store.asked)
    with access.scope(connected):
        assert Reading.objects.get().read_through_at == LATER


def test_a_talking_or_just_poked_plugin_is_left_in_peace(
    connected: Shop, store: LittleStore, handed: list[tuple[str, datetime]]
) -> None:
    Shop.objects.filter(pk=connected.pk).update(last_event_at=LATER - timedelta(seconds=30))
    connected.refresh_from_db()
    turns.take_turn(connected, at=LATER)
    assert not [one for one in store.asked if "poke" in one]
    for minutes in (2, 4, 6, 8):
        turns.take_turn(connected, at=LATER + timedelta(minutes=minutes))
    assert len([one for one in store.asked if "poke" in one]) == 2


def test_an_uninstalled_shop_has_no_turn(
    connected: Shop, store: LittleStore, handed: list[tuple[str, datetime]]
) -> None:
    connected.state = Shop.State.UNINSTALLED
    assert turns.take_turn(connected, at=LATER) == 0
    assert (store.asked, handed) == ([], [])

"""What is only asked of stores that can do it, whatever their platform's name."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from recovery.carts.models import Cart
from recovery.ingest import reconciling, turns, welcome
from recovery.ingest.models import Reading, Subscription, Welcome
from recovery.ingest.services import apply
from shopapp.kit.money import Money
from shopapp.platforms.answers import StoreSaidNo
from shopapp.platforms.base import OrderChanged, Shopper
from shopapp.platforms.connector import Item, Told, Where
from shopapp.platforms.facts import StoreFacts
from shopapp.platforms.shopify import connector as shopify
from shopapp.shops import access, credentials
from shopapp.shops.models import Credential, Shop
from tests.conftest import MORNING, make_shop
from tests.shopapp.platforms.shopify.things_on_shelves import Checkout

LATER = MORNING + timedelta(minutes=30)


@dataclass
class Store:
    """A store that keeps our script's address, and makes no webhooks for anybody."""

    refuses: bool = False
    checkouts: tuple[Checkout, ...] = ()
    scripts: list[tuple[str, str]] = field(default_factory=list)
    asked: list[Where] = field(default_factory=list)

    def tell_script(self, *, script_url: str, shop: str) -> None:
        """Keep the address, or refuse it."""
        if self.refuses:
            raise StoreSaidNo("ACCESS_DENIED", "No.", 200)
        self.scripts.append((script_url, shop))

    def read(self, where: Where) -> Told:
        """Return one checkout to a page."""
        self.asked.append(where)
        place = int(where.token or 0)
        rows = self.checkouts if where.kind == "checkouts" else ()
        items = tuple(Item(one.node(), str(one.id)) for one in rows[place : place + 1])
        return Told(items, last=place + 1 >= len(rows), token=str(place + 1))


@pytest.fixture
def hedge(db: None) -> Shop:
    """Return a connected Shopify shop; another is beside it."""
    make_shop("heath.myshopify.com", platform=Shop.Platform.SHOPIFY)
    made = make_shop("hedge.myshopify.com", platform=Shop.Platform.SHOPIFY, currency="USD")
    with access.scope(made):
        credentials.keep(made, Credential.Kind.API_KEYS, "{}", at=MORNING)
    return made


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Store:
    """Return the store that every module speaks to."""
    made = Store()
    for module in (welcome, reconciling, turns):
        monkeypatch.setattr(module, "open_client", lambda _shop: made)
    return made


def test_a_store_learns_where_our_script_is(hedge: Shop, store: Store) -> None:
    assert welcome.welcome(hedge, at=MORNING)
    ((url, shop),) = store.scripts
    assert url.endswith(f"/w/{hedge.public_id}/rebasket.js")
    assert shop == hedge.public_id
    assert reconciling.keep_webhooks(hedge, at=MORNING)
    with access.scope(hedge):
        assert not Subscription.objects.exists()
        assert Welcome.objects.get().done_at == MORNING
        kinds = set(Reading.objects.values_list("kind", flat=True))
    assert kinds == {"categories", "products", "customers", "orders", "checkouts"}
    # Looked after later: what was told stays told.
    assert welcome.welcome(hedge, at=LATER)
    assert len(store.scripts) == 1


def test_a_script_that_was_not_taken_is_told_again(hedge: Shop, store: Store) -> None:
    store.refuses = True
    assert not welcome.welcome(hedge, at=MORNING)
    assert "script" in welcome.problem_of(hedge)
    store.refuses = False
    assert welcome.welcome(hedge, at=LATER)
    assert (welcome.problem_of(hedge), len(store.scripts)) == ("", 1)


def test_a_turn_reads_the_checkouts_that_the_store_lists(hedge: Shop, store: Store) -> None:
    store.checkouts = (Checkout(), Checkout(id=77, token="k7777777"))
    assert turns.read_checkouts(hedge, store, at=LATER) == 2  # type: ignore[arg-type]
    assert [where.token for where in store.asked] == ["", "1"]
    assert {(where.kind, where.mode) for where in store.asked} == {("checkouts", "since")}
    with access.scope(hedge):
        carts = list(Cart.objects.order_by("alias").values_list("alias", "stage", "signed"))
    assert carts == [("k1234567", "checkout", True), ("k7777777", "checkout", True)]
    # The next turn asks for what changed since this one.
    with access.scope(hedge):
        Reading.objects.create(
            shop=hedge, kind="checkouts", due_at=LATER, read_through_at=LATER, state="done"
        )
    store.asked.clear()
    turns.read_checkouts(hedge, store, at=LATER)  # type: ignore[arg-type]
    assert store.asked[0].since == LATER - timedelta(minutes=10)


def test_a_store_without_such_a_list_is_not_asked_for_it(shop: Shop, store: Store) -> None:
    assert turns.read_checkouts(shop, store, at=LATER) == 0  # type: ignore[arg-type]
    assert store.asked == []


def test_a_checkout_told_after_its_order_is_over(hedge: Shop) -> None:
    checkout = Checkout()
    with access.scope(hedge):
        order = OrderChanged(
            order_id="9", number="9", status="paid", stage="placed", placed_at=LATER,
            changed_at=LATER, total=Money(1, "USD"), refunded=Money(0, "USD"), lines=(),
            shopper=Shopper(), checkout_token=checkout.token,
        )  # fmt: skip
        apply(hedge, order, at=LATER)
        facts = StoreFacts("USD", 2, "UTC", prices_include_tax=False)
        for event in shopify.parse_item("checkouts", Item(checkout.node(), "1"), facts):
            apply(hedge, event, at=LATER, read=True)
        assert Cart.objects.get().state == "ordered"

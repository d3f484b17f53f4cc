"""The door of all Shopify shops: what is not rightly signed, not of this shop, or not new."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from django.test import Client

from shopapp.shops.models import Shop
from tests.conftest import MORNING
from tests.laws.houses import shopify_only
from tests.laws.shopify_house import COMPLIANCE_DOOR, DOOR, ShopifyHouse, checkout_body
from tests.laws.stage import HOUR, House, cart_data
from tests.recovery.ingest.conftest import inbox
from tests.recovery.ingest.little_shopify import SECRETS
from tests.recovery.ingest.shopify_life import sign

pytestmark = shopify_only
TOPIC = "checkouts/update"
SIGNATURE = "X-Shopify-Hmac-Sha256"


@pytest.fixture
def door(house: House) -> ShopifyHouse:
    assert isinstance(house, ShopifyHouse)
    return house


def body_of(**changes: Any) -> bytes:
    return json.dumps(checkout_body(cart_data(), MORNING.isoformat()) | changes).encode()


@pytest.mark.parametrize("path", [DOOR, COMPLIANCE_DOOR])
@pytest.mark.parametrize(
    "said",
    [
        "",
        " ",
        "x",
        "é" * 44,
        sign(body_of(), "shpss_somebody-elses"),
        sign(body_of(), ""),
        sign(body_of(email="thief@example.se"), SECRETS[0]),
        sign(body_of(), SECRETS[0]).rstrip("="),
        sign(body_of(), SECRETS[0]).swapcase(),
        f"{sign(body_of(), SECRETS[0])}, {sign(body_of(), SECRETS[0])}",
        f"sha256={sign(body_of(), SECRETS[0])}",
    ],
)
def test_what_the_apps_secrets_did_not_sign_is_turned_away(
    door: ShopifyHouse, path: str, said: str
) -> None:
    answer = door.hook(TOPIC, body_of(), at=MORNING, door=path, **{SIGNATURE: said})
    assert answer.status_code == 401
    assert inbox(door.shop) == []


def test_a_delivery_without_a_signature_is_turned_away(door: ShopifyHouse) -> None:
    headers = {"X-Shopify-Topic": TOPIC, "X-Shopify-Shop-Domain": door.shop.host}
    answer = Client().post(DOOR, body_of(), content_type="application/json", headers=headers)
    assert answer.status_code == 401
    assert inbox(door.shop) == []


@pytest.mark.parametrize("secret", SECRETS)
def test_both_secrets_count_while_one_is_being_replaced(door: ShopifyHouse, secret: str) -> None:
    told = {SIGNATURE: sign(body_of(), secret)}
    assert door.hook(TOPIC, body_of(), at=MORNING, **told).status_code == 200
    assert len(inbox(door.shop)) == 1


def test_no_mutation_of_one_byte_passes(door: ShopifyHouse) -> None:
    body = body_of()
    told = {SIGNATURE: sign(body, SECRETS[0])}
    for place in range(0, len(body), 97):
        changed = bytearray(body)
        changed[place] ^= 1
        assert door.hook(TOPIC, bytes(changed), at=MORNING, **told).status_code == 401
    assert inbox(door.shop) == []


def test_the_same_delivery_again_counts_once(door: ShopifyHouse) -> None:
    told = {"X-Shopify-Webhook-Id": str(uuid.uuid4())}
    for _ in range(3):
        assert door.hook(TOPIC, body_of(), at=MORNING, **told).status_code == 200
    assert len(inbox(door.shop)) == 1


def test_the_same_news_under_new_ids_counts_once(door: ShopifyHouse) -> None:
    for _ in range(3):
        assert door.hook(TOPIC, body_of(), at=MORNING).status_code == 200
    assert len(inbox(door.shop)) == 1


def test_a_replay_of_old_news_changes_nothing(door: ShopifyHouse) -> None:
    old = body_of()
    later = (MORNING + HOUR).isoformat()
    newer = body_of(updated_at=later, total_price="99.00")
    for body in (old, newer, old):
        door.hook(TOPIC, body, at=MORNING + HOUR)
        door.handle(MORNING + HOUR)
    [cart] = door.carts()
    assert cart.total_minor == 9900


def test_another_shops_body_is_not_taken_for_this_shops(
    door: ShopifyHouse, other_shop: Shop
) -> None:
    """The shop stands in a header that nobody signed: a body that names its shop is believed."""
    told = {
        "id": 5,
        "name": "Other",
        "myshopify_domain": other_shop.host,
        "domain": other_shop.host,
    }
    answer = door.hook("app/uninstalled", json.dumps(told).encode(), at=MORNING)
    assert answer.status_code == 200
    door.handle(MORNING)
    assert [delivery.state for delivery in inbox(door.shop)] in ([], ["quarantined"])
    for shop in (door.shop, other_shop):
        shop.refresh_from_db()
        assert shop.state == Shop.State.CONNECTED


def test_a_redaction_of_another_shop_erases_nothing(door: ShopifyHouse, other_shop: Shop) -> None:
    door.cart(MORNING)
    told = {"shop_id": 1, "shop_domain": other_shop.host}
    for source in (door.shop.host, other_shop.host):
        headers = {"X-Shopify-Shop-Domain": source}
        body = json.dumps(told).encode()
        door.hook("shop/redact", body, at=MORNING, door=COMPLIANCE_DOOR, **headers)
    door.handle(MORNING)
    assert len(door.carts()) == 1


@pytest.mark.parametrize(
    "source", ["", "evil.example", "nobody.myshopify.com", "shop.myshopify.com.evil.example", "\n"]
)
def test_a_delivery_of_no_shop_of_ours_is_kept_nowhere(door: ShopifyHouse, source: str) -> None:
    answer = door.hook(TOPIC, body_of(), at=MORNING, **{"X-Shopify-Shop-Domain": source})
    assert answer.status_code in {200, 400, 401, 404, 410}
    assert inbox(door.shop) == []


def test_two_spellings_that_disagree_are_believed_neither(
    door: ShopifyHouse, other_shop: Shop
) -> None:
    told = {"Shopify-Shop-Domain": other_shop.host}
    door.hook(TOPIC, body_of(), at=MORNING, **told)
    told = {"Shopify-Topic": "shop/redact"}
    door.hook(TOPIC, body_of(updated_at=(MORNING + HOUR).isoformat()), at=MORNING, **told)
    door.handle(MORNING)
    assert door.carts() == []
    assert [one.state for one in inbox(door.shop) if one.state == "handled"] == []
    assert inbox(other_shop) == []


def test_the_new_spelling_alone_is_as_good(door: ShopifyHouse) -> None:
    headers = {
        "Shopify-Topic": TOPIC,
        "Shopify-Hmac-Sha256": sign(body_of(), SECRETS[0]),
        "Shopify-Shop-Domain": door.shop.host,
        "Shopify-Webhook-Id": str(uuid.uuid4()),
        "Shopify-Triggered-At": MORNING.isoformat(),
    }
    answer = Client().post(DOOR, body_of(), content_type="application/json", headers=headers)
    assert answer.status_code == 200
    assert len(inbox(door.shop)) == 1


def test_a_checkout_does_not_pass_for_a_redaction(door: ShopifyHouse) -> None:
    """The topic is not signed either: what it does must stand in the body."""
    door.cart(MORNING)
    body = body_of(updated_at=(MORNING + HOUR).isoformat())
    for topic in ("customers/redact", "app/uninstalled", "orders/delete"):
        assert door.hook(topic, body, at=MORNING + HOUR).status_code in {200, 401}
    door.handle(MORNING + HOUR)
    assert [cart.contact_id is not None for cart in door.carts()] == [True]


@pytest.mark.parametrize("path", [DOOR, COMPLIANCE_DOOR])
@pytest.mark.parametrize(
    "body",
    [b"[" * 10_000_000, b"x" * 13_000_000, b'{"a":' * 50_000, b'{"a": "' + b"x" * 9_000_000],
    ids=["ten megabytes", "thirteen megabytes", "deep", "a long text"],
)
def test_bodies_beyond_measure_hurt_nobody(door: ShopifyHouse, path: str, body: bytes) -> None:
    """Unsigned they are turned away; rightly signed they are kept, as far as can be."""
    door.client = Client(raise_request_exception=False)
    unsigned = door.hook(TOPIC, body, at=MORNING, door=path, **{SIGNATURE: "x" * 44})
    assert unsigned.status_code in {401, 413}
    assert door.hook(TOPIC, body, at=MORNING, door=path).status_code < 500
    door.handle(MORNING)
    assert {delivery.state for delivery in inbox(door.shop)} <= {"quarantined"}


def test_a_get_says_nothing(door: ShopifyHouse) -> None:
    for path in (DOOR, COMPLIANCE_DOOR):
        assert Client().get(path).status_code == 405

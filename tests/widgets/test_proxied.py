"""The door behind a Shopify shop's own address: only what Shopify signed just now is answered."""

from __future__ import annotations

import pytest
from django.test import Client

from shopapp.shops.models import Shop
from tests.widgets.shopify import HOST, OTHER_HOST, address, shopify_shop, signed

__all__ = ["shopify_shop"]


def test_the_signed_shop_gets_its_own_configuration(client: Client, shopify_shop: Shop) -> None:
    answer = client.get(address(signed()))
    told = answer.json()
    assert answer.status_code == 200
    assert (told["brand"]["name"], told["locale"]) == (shopify_shop.name, "sv")
    assert told["reported"] is True
    assert told["consent"]["box"] is True
    other = client.get(address(signed(shop=OTHER_HOST))).json()
    assert other["brand"]["name"] != shopify_shop.name


def test_the_older_secret_counts_while_it_is_replaced(
    client: Client, shopify_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = "the-older-secret-the-older-secret-0000"
    assert client.get(address(signed(secret=old))).status_code == 401
    monkeypatch.setenv("SHOPIFY_API_SECRET_OLD", old)
    assert client.get(address(signed(secret=old))).status_code == 200


@pytest.mark.parametrize("name", sorted(signed()))
def test_every_changed_or_wanting_parameter_is_refused(
    client: Client, shopify_shop: Shop, name: str
) -> None:
    good = signed()
    for value in (good[name] + "0", good[name][:-1] + "~", f" {good[name]}"):
        assert client.get(address(good | {name: value})).status_code == 401
    wanting = {key: value for key, value in good.items() if key != name}
    assert client.get(address(wanting)).status_code == 401


def test_every_changed_digit_of_the_signature_is_refused(
    client: Client, shopify_shop: Shop
) -> None:
    good = signed()
    for place, digit in enumerate(good["signature"]):
        other = "0" if digit != "0" else "1"
        damaged = good["signature"][:place] + other + good["signature"][place + 1 :]
        assert client.get(address(good | {"signature": damaged})).status_code == 401


@pytest.mark.parametrize(
    "query",
    [
        signed(age=3600),
        signed(age=-3600),
        signed(timestamp=None),
        signed(timestamp="x"),
        signed(shop=None),
        signed(shop="evil.example"),
        signed(secret="another-secret-another-secret-another-0"),
        {},
    ],
)
def test_what_is_old_misshapen_or_anothers_is_refused(
    client: Client, shopify_shop: Shop, query: dict[str, str]
) -> None:
    answer = client.get(address(query))
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "unsigned"


def test_a_shop_named_twice_is_refused(client: Client, shopify_shop: Shop) -> None:
    assert client.get(f"{address(signed())}&shop={OTHER_HOST}").status_code == 401


def test_without_an_app_nothing_is_believed(
    client: Client, shopify_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SHOPIFY_API_SECRET")
    assert client.get(address(signed(secret=""))).status_code == 401


def test_unknown_and_departed_shops_look_alike(client: Client, shopify_shop: Shop) -> None:
    unknown = client.get(address(signed(shop="nobody-here.myshopify.com")))
    Shop.objects.filter(host=HOST).update(state="uninstalled")
    gone = client.get(address(signed()))
    assert (unknown.status_code, unknown.content) == (gone.status_code, gone.content)
    assert gone.status_code == 404


def test_platforms_without_such_an_address_have_no_door(client: Client, db: None) -> None:
    assert client.get("/proxy/woocommerce/config.json").status_code == 404
    assert client.get("/proxy/nothing/config.json").status_code == 404


def test_only_reading_is_answered(client: Client, shopify_shop: Shop) -> None:
    assert client.post(address(signed())).status_code == 405

"""Every JSON error has the one shape: {"error": {"code", "message", "fields"?}}."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from shopapp.shops.models import Shop


def assert_shape(body: Any) -> None:
    assert set(body) == {"error"}
    assert set(body["error"]) in ({"code", "message"}, {"code", "message", "fields"})
    assert body["error"]["code"]
    assert body["error"]["message"].endswith((".", "!", "?")) or body["error"]["message"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("get", "/w/{shop}/nothing.js", 404),
        ("get", "/w/unknown-unknown-unknown/config.json", 404),
        ("post", "/w/{shop}/captures", 400),
        ("post", "/w/{shop}/landings", 400),
        ("post", "/hooks/woocommerce/{shop}/", 401),
        ("post", "/hooks/woocommerce/{shop}/plugin", 401),
        ("post", "/hooks/woocommerce/unknown-unknown-unknown/", 404),
    ],
)
def test_machines_get_the_one_shape(
    client: Client, shop: Shop, method: str, path: str, status: int
) -> None:
    address = path.format(shop=shop.public_id)
    answer = client.generic(method.upper(), address, b"{}", content_type="application/json")
    assert answer.status_code == status
    assert_shape(answer.json())


def test_people_get_a_page_and_no_detail(owner_client: Client, other_shop: Shop) -> None:
    answer = owner_client.get(f"/shops/{other_shop.pk}/carts/")
    assert answer.status_code == 404
    assert answer["Content-Type"].startswith("text/html")
    assert other_shop.name not in answer.content.decode()

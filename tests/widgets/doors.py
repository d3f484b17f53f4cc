"""How tests knock at the storefront's doors, as a shopper's browser does."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client

from shopapp.kit import clock
from shopapp.shops.models import Shop

CART = "a" * 32
EVENT = "0b4e0a4e-0000-4000-8000-000000000001"


def post(client: Client, shop: Shop, door: str, **body: Any) -> Any:
    envelope = {"schema": 1, "event_id": EVENT, **body}
    return client.post(
        f"/w/{shop.public_id}/{door}", json.dumps(envelope), content_type="application/json"
    )


def report(client: Client, shop: Shop, **changes: Any) -> Any:
    body = {
        "cart_id": CART,
        "changed_at": clock.now().isoformat(),
        "revision": 1,
        "stage": "cart",
        "lines": [[12, 0, 2]],
    }
    return post(client, shop, "carts", **(body | changes))


def capture(client: Client, shop: Shop, **changes: Any) -> Any:
    body = {
        "cart_id": CART,
        "email": "anna@example.se",
        "consent": {"version": "2026-11-1", "ticked": True},
        "country": "SE",
        "locale": "sv",
    }
    return post(client, shop, "captures", **(body | changes))

"""A store in a few lines, its bodies shaped as recorded: what the histories are played on.

It answers the connector's own client through `egress.request`, and says which deliveries each
change would send. Its clock is in whole seconds, as WooCommerce's dates are.
"""

from __future__ import annotations

import base64
import copy
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx

from shopapp.kit.egress import Response

RECORDED = Path(__file__).parents[2] / "fixtures" / "woocommerce"
Json = dict[str, Any]


def recorded(path: str) -> Json:
    """Return one recording."""
    found: Json = json.loads((RECORDED / path).read_text())
    return found


ORDER = recorded("webhooks/order.updated-1.json")["json"]
PRODUCT = recorded("webhooks/product.updated-1.json")["json"]
VARIATION = recorded("webhooks/product.updated-3.json")["json"]
CUSTOMER = recorded("webhooks/customer.updated-1.json")["json"]
CATEGORY = recorded("rest-v3/categories.json")["response"]["json"][0]
_MISSING = {
    "orders": "woocommerce_rest_shop_order_invalid_id",
    "products": "woocommerce_rest_product_invalid_id",
    "customers": "wc_user_invalid_id",
    "webhooks": "woocommerce_rest_shop_webhook_invalid_id",
}
_OPEN_LIST = {"trash", "checkout-draft", "auto-draft"}


@dataclass(slots=True)
class LittleStore:
    """Everything the store holds, as the JSON it answers, by route and id."""

    now: datetime
    held: dict[str, dict[int, Json]] = field(
        default_factory=lambda: {
            name: {} for name in ("orders", "products", "customers", "categories", "webhooks")
        }
    )
    asked: list[str] = field(default_factory=list)
    down: Response | None = None
    """What every request is answered with while it is set."""
    next_id: int = 10

    def put(self, route: str, sample: Json, **changes: Any) -> Json:
        """Add a thing made after a recorded one."""
        self.next_id += 1
        moment = self._stamp()
        thing = copy.deepcopy(sample) | {
            "id": self.next_id,
            "date_created_gmt": moment,
            "date_modified_gmt": moment,
        }
        thing |= changes
        self.held[route][self.next_id] = thing
        return thing

    def change(self, route: str, thing_id: int, *, touched: bool = True, **changes: Any) -> Json:
        """Change a thing; ``touched=False`` leaves its date of change alone, as some writes do."""
        thing = self.held[route][thing_id]
        thing |= changes
        if touched:
            thing["date_modified_gmt"] = self._stamp()
        return thing

    def erase(self, route: str, thing_id: int) -> None:
        """Delete a thing for good: no delivery tells."""
        del self.held[route][thing_id]

    def wait(self, seconds: int) -> None:
        """Let the store's clock go on."""
        self.now += timedelta(seconds=seconds)

    def body(self, route: str, thing_id: int) -> bytes:
        """Return a delivery's raw body, built from the state at this moment."""
        thing = self.held[route].get(thing_id)
        if thing is None:
            data = {"status": 404}
            thing = {"code": _MISSING[route], "message": "Invalid ID.", "data": data}
        return json.dumps(thing).replace("/", "\\/").encode()

    def request(self, method: str, url: str, **sent: Any) -> Response:
        """Answer a request of the connector's client, as `egress.request` would."""
        parts = urlsplit(url)
        params = dict(parse_qsl(parts.query))
        route = parts.path.partition("/wp-json/")[2].removeprefix("wc/v3/")
        self.asked.append(f"{method} {route}?{parts.query}")
        if self.down is not None:
            return self.down
        if "wc-rebasket" in parts.path:
            return _answer({"sent": 0, "waiting": 0})
        return self._route(method, route.split("/"), params, sent.get("json"))

    def _route(self, method: str, path: list[str], params: Json, sent: Json | None) -> Response:
        match path:
            case ["products", "categories"]:
                return _page(list(self.held["categories"].values()), params)
            case ["products", product, "variations"]:
                rows = self._listed("products", parent=int(product))
                return _page(rows, params)
            case ["webhooks"] if method == "POST":
                made = self.put("webhooks", {}, **(sent or {}))
                return _answer({key: made[key] for key in made if key != "secret"}, 201)
            case [route]:
                rows = self._listed(route, params=params)
                return _page(rows, params)
            case [route, thing]:
                return self._one(method, route, int(thing), sent)
            case _:
                raise AssertionError(path)

    def _one(self, method: str, route: str, thing_id: int, sent: Json | None) -> Response:
        thing = self.held[route].get(thing_id)
        if thing is None:
            return _answer({"code": _MISSING[route], "message": "Invalid ID."}, 404)
        if method == "PUT":
            thing |= sent or {}
        if method == "DELETE":
            del self.held[route][thing_id]
        return _answer(thing)

    def _listed(self, route: str, *, parent: int = 0, params: Json | None = None) -> list[Json]:
        asked = params or {}
        rows = [
            row
            for row in self.held[route].values()
            if row.get("status") not in _OPEN_LIST
            and (route != "products" or row["parent_id"] == parent)
        ]
        for name, column in (
            ("modified_after", "date_modified_gmt"),
            ("after", "date_created_gmt"),
        ):
            if name in asked:
                rows = [row for row in rows if row[column] > asked[name]]
        return rows

    def _stamp(self) -> str:
        return f"{self.now:%Y-%m-%dT%H:%M:%S}"


def signature(body: bytes, secret: str) -> str:
    """Return what WooCommerce writes into X-WC-Webhook-Signature."""
    digest = hmac.new(secret.encode(), body, hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def _page(rows: list[Json], params: Json) -> Response:
    rows = sorted(rows, key=lambda row: row["id"], reverse=params.get("order") == "desc")
    size, number = int(params["per_page"]), int(params["page"])
    pages = -(-len(rows) // size)
    headers = {"X-WP-Total": str(len(rows)), "X-WP-TotalPages": str(pages)}
    return _answer(rows[(number - 1) * size : number * size], headers=headers)


def _answer(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    sent = {"Content-Type": "application/json; charset=UTF-8", **(headers or {})}
    return Response(status, httpx.Headers(sent), json.dumps(value).encode())

"""A WooCommerce shop's doors: its webhooks, each with a secret of its own, and the plugin's."""

from __future__ import annotations

import hashlib
import hmac
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import time_machine

from recovery.ingest.models import Delivery
from tests.laws.stage import House, Json
from tests.recovery.ingest.conftest import secret_of
from tests.recovery.ingest.little_store import CUSTOMER, ORDER, PRODUCT, signature

NOBODY = {
    "first_name": "",
    "last_name": "",
    "email": "",
    "phone": "",
    "country": "SE",
    "company": "",
}


@dataclass(slots=True)
class WooCommerceHouse(House):
    """A shop whose plugin reports carts and whose store sends webhooks."""

    def stock(self) -> None:
        """Put a wool cap with the id 11 on the store's shelf."""
        self.store.put("products", PRODUCT, id=11, name="Wool cap")
        self.store.held["products"][11] = self.store.held["products"].pop(self.store.next_id)

    def tell_cart(
        self, data: Json, *, at: datetime, changed_at: datetime | str | None = None
    ) -> Any:
        """Post the plugin's report of a cart."""
        said = changed_at if isinstance(changed_at, str) else (changed_at or at).isoformat()
        return self.report("cart.changed", data, at=at, changed_at=said)

    def same_cart_again(self, data: Json, *, at: datetime) -> Callable[[], Any]:
        """Return what posts one report of the plugin again and again."""
        told = {"event_id": str(uuid.uuid4()), "revision": 1}
        return lambda: self.report("cart.changed", data, at=at, **told)

    def tell_again(self, delivery: Delivery, *, at: datetime) -> Any:
        """Post once more what the plugin reported."""
        return self.post(bytes(delivery.body), at=at)

    def tell_raw(self, body: bytes, *, at: datetime) -> Any:
        """Post these very bytes through the plugin's door, rightly signed."""
        return self.post(body, at=at)

    def report(self, kind: str, data: Json, *, at: datetime, **envelope: Any) -> Any:
        """Post a report of the plugin, signed, as it would arrive at this moment."""
        revision = self.revisions[kind] = self.revisions.get(kind, 0) + 1
        told = {
            "schema": 1,
            "event_id": str(uuid.uuid4()),
            "type": kind,
            "changed_at": at.isoformat(),
            "revision": revision,
            "data": data,
        }
        return self.post(json.dumps(told | envelope).encode(), at=at)

    def post(self, body: bytes, *, at: datetime) -> Any:
        """Post these very bytes through the plugin's door, rightly signed."""
        with time_machine.travel(at, tick=False):
            return self.client.post(
                f"/hooks/woocommerce/{self.shop.public_id}/plugin",
                body,
                content_type="application/json",
                headers={"X-Rebasket-Signature": sign(body, f"{self.shop.host}/plugin", at)},
            )

    def hook(self, topic: str, body: bytes, *, at: datetime, **said: str) -> Any:
        """Post a webhook of the store, rightly signed."""
        headers = {
            "X-WC-Webhook-Topic": topic,
            "X-WC-Webhook-Delivery-ID": uuid.uuid4().hex,
            "X-WC-Webhook-Source": f"https://{self.shop.host}/",
            "X-WC-Webhook-Signature": signature(body, secret_of(self.shop, topic)),
        } | said
        with time_machine.travel(at, tick=False):
            return self.client.post(
                f"/hooks/woocommerce/{self.shop.public_id}/",
                body,
                content_type="application/json",
                headers=headers,
            )

    def order(self, at: datetime, **names: Any) -> Json:
        """Let somebody order in the store, which tells nobody; by default they name nobody."""
        self.store.now = at.replace(microsecond=0)
        meta = (
            [{"key": "_rebasket_cart_id", "value": names["cart_id"]}] if "cart_id" in names else []
        )
        plain = {
            "billing": NOBODY | {name: names[name] for name in ("email", "phone") if name in names},
            "customer_id": names.get("customer", 0),
            "meta_data": meta,
            "status": "processing",
        }
        taken = {"cart_id", "email", "phone", "customer"}
        own = {name: value for name, value in names.items() if name not in taken}
        made: Json = self.store.put("orders", ORDER, **(plain | own))
        return made

    def tell_order(self, order: Json, *, at: datetime) -> Any:
        """Post the webhook of a new order."""
        return self.hook("order.created", self.store.body("orders", order["id"]), at=at)

    def refund(self, order: Json) -> None:
        """Mark the order as refunded."""
        self.store.change("orders", order["id"], status="refunded")

    def tell_product(self, *, at: datetime) -> Any:
        """Post the webhook of the wool cap as the store has it."""
        return self.hook("product.updated", self.store.body("products", 11), at=at)

    def tell_customer(self, customer: Json, *, at: datetime) -> Any:
        """Post the webhook of an account."""
        changed = f"{customer['changed_at']:%Y-%m-%dT%H:%M:%S}"
        told = CUSTOMER | {"id": customer["id"], "email": customer["email"]}
        told |= {"date_modified_gmt": changed, "role": "customer"}
        if "country" in customer:
            told["billing"] = NOBODY | {"email": customer["email"], "country": customer["country"]}
        return self.hook("customer.updated", json.dumps(told).encode(), at=at)


def sign(body: bytes, secret: str, at: datetime) -> str:
    """Return the plugin's signature over the body at this moment."""
    sent = int(at.timestamp())
    digest = hmac.new(secret.encode(), b"%d." % sent + body, hashlib.sha256).hexdigest()
    return f"t={sent},v1={digest}"

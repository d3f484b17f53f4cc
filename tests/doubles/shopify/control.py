"""The demonstration's back door: faults, the queue and the ledgers, on loopback only."""

from __future__ import annotations

from typing import Any

from tests.doubles.base.http import Request, Response
from tests.doubles.shopify import installing, orders, people, shelving
from tests.doubles.shopify.delivery import Deliveries
from tests.doubles.shopify.settings import dump, now, utc
from tests.doubles.shopify.shop import Shop


def answer_control(shop: Shop, deliveries: Deliveries, request: Request) -> Response:
    """Answer ``/__double/…``: GET reads (state, deliveries, requests), POST acts."""
    name = request.path.removeprefix("/__double/").rstrip("/")
    if request.method == "POST":
        posted = request.json() if request.body else {}
        body = _act(shop, deliveries, name, posted)
    else:
        body = _read(shop, name)
    status = 404 if body is None else 200
    return Response(status, dump(body), [("Content-Type", "application/json")])


def _read(shop: Shop, name: str) -> Any:
    match name:
        case "state":
            return {
                "shop": shop.host,
                "url": shop.state.url,
                "orders": len(shop.state.orders),
                "products": len(shop.state.products),
                "variants": len(shop.state.variants),
                "customers": len(shop.state.customers),
                "carts": len(shop.state.carts),
                "checkouts": len(shop.state.checkouts),
                "waiting": len(shop.news.waiting),
                "installed": shop.installed,
                "scopes": list(shop.scopes),
                "refreshes": shop.tokens.refreshes,
                "throttled": shop.bucket.throttled,
            }
        case "deliveries":
            return [
                {"topic": one.topic, "status": one.status, "webhook_id": one.webhook_id,
                 "tried": one.tried, "dropped": one.dropped, "at": utc(one.at)}
                for one in shop.news.ledger
            ]  # fmt: skip
        case "requests":
            return [
                {"operation": one.name, "requested": one.requested, "actual": one.actual,
                 "throttled": one.throttled}
                for one in shop.bucket.ledger
            ]  # fmt: skip
    return None


def _act(shop: Shop, deliveries: Deliveries, name: str, posted: dict[str, Any]) -> Any:
    match name:
        case "run-queue":
            return {"sent": deliveries.run()}
        case "faults":
            _set(shop.faults, posted, ("outage", "times", "seconds", "only"))
            _set(shop.news.faults, posted, ("drop", "duplicate", "hold", "shuffle", "redact"))
        case "bucket":
            shop.bucket.resize(float(posted["maximum"]), float(posted["restore_rate"]))
        case "expire-tokens":
            shop.tokens.expire_access()
        case "install":
            installing.install(shop, posted.get("scopes"))
        case "uninstall":
            installing.uninstall(shop)
        case "price":
            variant = shop.state.variants[int(posted["variant_id"])]
            shelving.change_variant(shop, variant, price=str(posted["price"]))
        case "stock":
            variant = shop.state.variants[int(posted["variant_id"])]
            shelving.change_variant(shop, variant, stock=int(posted["stock"]))
        case _:
            return _act_on_people(shop, name, posted)
    return {"done": True}


def _act_on_people(shop: Shop, name: str, posted: dict[str, Any]) -> Any:
    order = shop.state.orders.get(int(posted.get("order_id", 0)))
    customer = shop.state.customers.get(int(posted.get("customer_id", 0)))
    match name:
        case "cancel-order" if order:
            orders.cancel_order(shop, order)
        case "refund-order" if order:
            orders.refund_order(shop, order, str(posted["amount"]))
        case "consent" if customer:
            people.set_consent(shop, customer, posted["state"])
        case "request-data" if customer:
            people.request_data(shop, customer)
        case "redact-customer" if customer:
            people.redact_customer(shop, customer)
        case "hurry":
            for pending in shop.news.waiting:
                pending.due_at = now()
        case _:
            return None
    return {"done": True}


def _set(target: object, posted: dict[str, Any], names: tuple[str, ...]) -> None:
    for name in names:
        if name in posted:
            setattr(target, name, posted[name])

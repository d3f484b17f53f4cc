"""The demonstration's back door: faults, the queue and the ledgers, on loopback only."""

from __future__ import annotations

from decimal import Decimal

from tests.doubles.base.http import Json, Request, Response
from tests.doubles.woocommerce.plugin.outbox import send_waiting
from tests.doubles.woocommerce.settings import dump, gmt
from tests.doubles.woocommerce.shop import Shop
from tests.doubles.woocommerce.shopkeeping import set_status, trash_order
from tests.doubles.woocommerce.stockroom import change_product


def answer_control(shop: Shop, request: Request) -> Response:
    """Answer ``/__double/…``: GET reads (state, deliveries, requests), POST acts."""
    name = request.path.removeprefix("/__double/").rstrip("/")
    if request.method == "POST":
        posted = request.json() if request.body else {}
        body = _act(shop, name, posted)
    else:
        body = _read(shop, name)
    status = 404 if body is None else 200
    return Response(status, dump(body), [("Content-Type", "application/json")])


def _read(shop: Shop, name: str) -> Json:
    match name:
        case "state":
            plugin = shop.plugin
            return {
                "shop": shop.state.settings.name,
                "home": shop.home,
                "orders": len(shop.state.orders),
                "products": len(shop.state.products),
                "customers": len(shop.state.customers),
                "webhooks": {w.topic: w.status for w in shop.state.webhooks.values()},
                "waiting": len(shop.news.waiting),
                "connected": bool(plugin and plugin.connection),
                "outbox": len(plugin.outbox) if plugin else 0,
            }
        case "deliveries":
            return [
                {"topic": one.topic, "arg": one.arg, "status": one.status, "ping": one.ping,
                 "dropped": one.dropped, "at": gmt(one.at)}
                for one in shop.deliveries.ledger
            ]  # fmt: skip
        case "requests":
            return [
                {"method": one.method, "path": one.path, "status": one.status}
                for one in shop.state.asked
            ]
    return None


def _act(shop: Shop, name: str, posted: Json) -> Json:
    match name:
        case "faults":
            for key in ("drop", "duplicate", "hold", "shuffle", "outage", "slow_seconds"):
                if key in posted:
                    setattr(shop.news.faults, key, posted[key])
        case "run-queue":
            return {"sent": shop.deliveries.run()}
        case "send-outbox":
            plugin = shop.plugin
            return {"sent": send_waiting(plugin, shop.client) if plugin else 0}
        case "price":
            product = shop.state.products[int(posted["product_id"])]
            price = str(Decimal(str(posted["price"])))
            change_product(shop.news, product, regular_price=price)
        case "stock":
            product = shop.state.products[int(posted["product_id"])]
            change_product(shop.news, product, stock=int(posted["stock"]))
        case "order-status":
            set_status(shop.news, shop.state.orders[int(posted["order_id"])], str(posted["status"]))
        case "trash-order":
            trash_order(shop.news, shop.state.orders[int(posted["order_id"])])
        case _:
            return None
    return {"done": True}

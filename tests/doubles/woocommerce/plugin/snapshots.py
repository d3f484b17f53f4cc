"""What the plugin reports of carts and orders, at the end of each request that changed them."""

from __future__ import annotations

import hashlib
import html
import json
import secrets

from tests.doubles.base.http import Json
from tests.doubles.woocommerce.cart import PricedCart, PricedLine
from tests.doubles.woocommerce.plugin.outbox import report
from tests.doubles.woocommerce.plugin.state import Connection, PluginState
from tests.doubles.woocommerce.records import Order, Visit
from tests.doubles.woocommerce.rest.order_json import order_json
from tests.doubles.woocommerce.rest.product_json import option_of, permalink, upload
from tests.doubles.woocommerce.shop import Shop

_CART_NOTES = ("cart_id", "reported", "stage", "click_ref", "landing")


def mint_cart_id(visit: Visit) -> None:
    """Give the visit's cart its id with its first line; the id stays until a purchase."""
    if visit.lines and not visit.notes.get("cart_id"):
        visit.notes["cart_id"] = secrets.token_hex(16)


def report_cart(shop: Shop, visit: Visit, cart: PricedCart) -> None:
    """Report the cart if it, its stage or its shopper changed since the last report."""
    plugin = shop.plugin
    if plugin is None or plugin.connection is None or plugin.own_cart_mail:
        return
    cart_id = visit.notes.get("cart_id", "")
    if not cart_id or (not cart.lines and not visit.notes.get("reported")):
        return
    data = _snapshot(shop, plugin.connection, visit, cart)
    digest = hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()
    if visit.notes.get("reported") != digest:
        visit.notes["reported"] = digest
        report(plugin, "cart.changed", cart_id, data)


def order_meta(shop: Shop, visit: Visit) -> list[tuple[str, str]]:
    """Return the meta data that ties an order to its cart and link."""
    if shop.plugin is None:
        return []
    rows = [("_rebasket_cart_id", visit.notes.get("cart_id", ""))]
    rows.append(("_rebasket_click", visit.notes.get("click_ref", "")))
    return [(key, value) for key, value in rows if value]


def report_order(shop: Shop, order: Order) -> None:
    """Report an order in the request that places, pays or fails it."""
    plugin = shop.plugin
    if plugin is None or plugin.connection is None:
        return
    meta = {row.key: row.value for row in order.meta}
    data = {
        "cart_id": meta.get("_rebasket_cart_id", ""),
        "click_ref": meta.get("_rebasket_click", ""),
        "order": order_json(shop.state, order, shop.home),
    }
    report(plugin, "order.placed", f"order-{order.id}", data)


def forget_cart(visit: Visit) -> None:
    """Drop the cart's id at purchase: the next line begins another cart."""
    for name in _CART_NOTES:
        visit.notes.pop(name, None)


def _snapshot(shop: Shop, connection: Connection, visit: Visit, cart: PricedCart) -> Json:
    settings = shop.state.settings
    return {
        "cart_id": visit.notes["cart_id"],
        "session_alias": visit.id,
        "visitor_id": "",
        "stage": visit.notes.get("stage", "cart"),
        "currency": settings.currency,
        "decimals": settings.decimals,
        "total_minor": int(settings.minor(cart.total)) if cart.lines else 0,
        "lines": [_line(shop, one) for one in cart.lines],
        "coupons": [coupon.code for coupon, _ in cart.coupons],
        "shopper": _shopper(shop, connection, visit),
        "click_ref": visit.notes.get("click_ref", ""),
    }


def _line(shop: Shop, one: PricedLine) -> Json:
    attributes = {}
    if one.parent:
        attributes = {
            attribute.name: option_of(attribute, one.product.chosen[attribute.slug])
            for attribute in one.parent.attributes
            if attribute.slug in one.product.chosen
        }
    return {
        "key": one.line.key,
        "product_id": one.line.product_id,
        "variation_id": one.line.variation_id,
        "quantity": one.line.quantity,
        "name": html.unescape(one.name),
        "attributes": attributes,
        "total_minor": int(shop.state.settings.minor(one.total)),
        "sku": one.product.sku,
        "image": upload(shop.home, one.product.image) if one.product.image else "",
        "url": permalink(shop.state, one.product, shop.home),
    }


def _shopper(shop: Shop, connection: Connection, visit: Visit) -> Json:
    """Return who shops: an account's address, or one that was left at checkout under our notice,
    with the box ticked where the country asks for it."""
    account = shop.state.customers.get(visit.customer_id)
    known = {key: value or None for key, value in visit.billing.items()}
    shopper: Json = {
        "customer_id": account.id if account else None,
        "email": account.email if account else None,
        "email_source": "account" if account else None,
        "first_name": known.get("first_name"),
        "last_name": known.get("last_name"),
        "phone": known.get("phone"),
        "country": known.get("country"),
        "locale": shop.state.settings.locale,
        "consent": None,
    }
    ticked = visit.notes.get("ticked") == "yes"
    typed = visit.notes.get("left_email", "")
    if typed and (ticked or not connection.wants_box(visit.billing.get("country", ""))):
        shopper["email"], shopper["email_source"] = typed, "checkout"
    if ticked:
        shopper["consent"] = {
            "given": True,
            "wording": connection.wording,
            "version": connection.version,
            "at": visit.notes.get("ticked_at", ""),
        }
    return shopper


def field_left(plugin: PluginState, visit: Visit, *, email: str, ticked: bool, at: str) -> None:
    """Remember the address that was left beside our notice, and the box."""
    if plugin.connection is None:
        return
    visit.notes["left_email"] = email
    if ticked != (visit.notes.get("ticked") == "yes"):
        visit.notes["ticked"] = "yes" if ticked else ""
        visit.notes["ticked_at"] = at if ticked else ""

"""The restore address: a signed list of lines is merged into the visitor's own cart."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json

from shopapp.kit import clock
from tests.doubles.base.http import Json
from tests.doubles.woocommerce import cart
from tests.doubles.woocommerce.errors import ApiError
from tests.doubles.woocommerce.plugin.outbox import report
from tests.doubles.woocommerce.plugin.snapshots import mint_cart_id
from tests.doubles.woocommerce.plugin.state import Connection
from tests.doubles.woocommerce.records import Visit
from tests.doubles.woocommerce.shop import Shop


def restore(shop: Shop, visit: Visit, text: str) -> bool:
    """Merge what a restore link holds and return True; a wrong or expired one changes nothing.

    A line that is there already keeps the larger quantity; what cannot be bought is skipped.
    """
    plugin = shop.plugin
    payload = _read(plugin.connection, text) if plugin and plugin.connection else None
    words = shop.profile.words
    if payload is None:
        visit.notices.append(("info", words["restore_old"]))
        return False
    complete = True
    for product_id, variation_id, quantity in payload["l"]:
        complete = _merge(shop, visit, product_id, variation_id, quantity) and complete
    mint_cart_id(visit)
    visit.notes["click_ref"] = visit.notes["landing"] = str(payload["c"])
    visit.notices.append(("success", words["restored"]))
    if not complete:
        visit.notices.append(("info", words["restore_gone"]))
    return True


def landed(shop: Shop, visit: Visit) -> bool:
    """Report that the landing page ran its script in a browser, once."""
    click_ref = visit.notes.pop("landing", "")
    if not click_ref or shop.plugin is None or shop.plugin.connection is None:
        return False
    cart_id = visit.notes.get("cart_id", "")
    data = {"click_ref": click_ref, "cart_id": cart_id}
    report(shop.plugin, "link.followed", f"click-{click_ref}", data)
    return True


def _merge(shop: Shop, visit: Visit, product_id: int, variation_id: int, wanted: int) -> bool:
    held = next(
        (one.quantity for one in visit.lines
         if (one.product_id, one.variation_id) == (product_id, variation_id)), 0,
    )  # fmt: skip
    if held >= wanted:
        return True
    try:
        product = cart.sellable(shop.state, product_id, variation_id)
        left = product.stock if product.manage_stock and product.stock is not None else wanted
        cart.add(shop.state, visit, product, min(wanted, left) - held)
    except ApiError:
        return False
    return left >= wanted


def _read(connection: Connection, text: str) -> Json | None:
    coded, _, signature = text.partition(".")
    secret = connection.secret.encode()
    expected = hmac.new(secret, coded.encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected.encode(), signature.encode()):
        return None
    try:
        payload = json.loads(base64.urlsafe_b64decode(coded + "=" * (-len(coded) % 4)))
    except ValueError:
        return None
    fresh = payload.get("v") == 1 and payload.get("e", 0) >= clock.now().timestamp()
    return payload if fresh else None

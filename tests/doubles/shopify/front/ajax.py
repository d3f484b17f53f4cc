"""The Ajax cart: what a theme's scripts, and ours, ask of the online store."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from tests.doubles.base.http import Json, Response
from tests.doubles.shopify.carts import (
    CartRefusal,
    add_to_cart,
    change_line,
    describe_cart,
    empty_cart,
)
from tests.doubles.shopify.front.ajax_json import ajax_cart, ajax_item
from tests.doubles.shopify.front.answers import fields_of, json_answer
from tests.doubles.shopify.front.frame import Page
from tests.doubles.shopify.front.till import SECTIONS
from tests.doubles.shopify.front.visits import keep_cart
from tests.doubles.shopify.pricing import price

_MOST_SECTIONS = 5


def answer_ajax(page: Page, name: str) -> Response:
    """Answer ``cart.js`` and ``cart/{add,update,change,clear}.js``; the ending may be left off."""
    name = name.removesuffix(".js").removesuffix(".json")
    if name == "cart":
        return json_answer(ajax_cart(page.shop, page.cart))
    if page.request.method != "POST" and name != "clear":
        return json_answer({"status": 404, "message": "Not Found"}, 404)
    asked = fields_of(page.request)
    keep_cart(page.shop, page.cart)
    try:
        body = _ACTIONS[name](page, asked)
    except CartRefusal as refusal:
        status = 404 if str(refusal) == "Cannot find variant" else 422
        told = {"status": status, "message": "Cart Error", "description": str(refusal)}
        return json_answer(told, status)
    if sections := _sections(page, asked.get("sections")):
        body["sections"] = sections
    return json_answer(body)


def _add(page: Page, asked: Json) -> Json:
    """Add one variant or several; answer what was added."""
    several = asked.get("items")
    wanted = several if isinstance(several, list) else [asked]
    added = []
    for one in reversed(wanted):
        pieces = max(1, _number(one.get("quantity", 1)))
        properties = one.get("properties") or {}
        line = add_to_cart(page.shop, page.cart, _number(one.get("id")), pieces, properties)
        added.append(line.key)
    if asked.get("attributes") or asked.get("note"):
        _describe(page, asked)
    priced = price(page.shop.state, page.cart.lines, page.cart.discount_codes)
    items = [ajax_item(page.shop, one) for one in priced.lines if one.line.key in added]
    return {"items": items} if several is not None else items[0]


def _update(page: Page, asked: Json) -> Json:
    """Set quantities, note, attributes and codes (comma-separated; '' takes them off)."""
    _describe(page, asked)
    for key, quantity in list(_pairs(page, asked.get("updates"))):
        if key.isdigit() and int(quantity) > 0 and not _holds(page, key):
            add_to_cart(page.shop, page.cart, int(key), int(quantity))
        elif _holds(page, key):
            change_line(page.shop, page.cart, key, int(quantity))
    return ajax_cart(page.shop, page.cart)


def _change(page: Page, asked: Json) -> Json:
    """Set one line's quantity by its key, its variant, or its number from 1."""
    key, line = str(asked.get("id", "")), _number(asked.get("line"))
    if line:
        if line > len(page.cart.lines):
            raise CartRefusal("no valid id or line parameter")
        key = page.cart.lines[line - 1].key
    if _number(asked.get("quantity", 1)) > 0 or _holds(page, key):
        change_line(page.shop, page.cart, key, _number(asked.get("quantity", 1)))
    return ajax_cart(page.shop, page.cart)


def _clear(page: Page, asked: Json) -> Json:
    """Empty the cart; its note and attributes stay."""
    empty_cart(page.shop, page.cart)
    return ajax_cart(page.shop, page.cart)


_ACTIONS: dict[str, Callable[[Page, Json], Json]] = {
    "add": _add,
    "update": _update,
    "change": _change,
    "clear": _clear,
}
ACTIONS = tuple(_ACTIONS)


def _describe(page: Page, asked: Json) -> None:
    attributes, codes = asked.get("attributes"), asked.get("discount")
    note = asked.get("note")
    if attributes is None and codes is None and note is None:
        return
    describe_cart(
        page.shop,
        page.cart,
        note=note,
        attributes={k: str(v) for k, v in attributes.items()} if attributes is not None else None,
        discount_codes=None if codes is None else [one.strip() for one in str(codes).split(",")],
    )


def _pairs(page: Page, updates: Json) -> Iterable[tuple[str, str]]:
    if isinstance(updates, dict):
        yield from ((str(key), str(value)) for key, value in updates.items())
    elif isinstance(updates, list):
        keys = [one.key for one in page.cart.lines]
        yield from zip(keys, (str(one) for one in updates), strict=False)


def _holds(page: Page, key: str) -> bool:
    return any(key in (one.key, str(one.variant_id)) for one in page.cart.lines)


def _number(value: Json) -> int:
    return int(value) if str(value).isdigit() else 0


def _sections(page: Page, asked: Json) -> Json:
    names = asked.split(",") if isinstance(asked, str) else asked or []
    found = {name: SECTIONS[name](page) for name in names[:_MOST_SECTIONS] if name in SECTIONS}
    return {name: str(html) for name, html in found.items()}

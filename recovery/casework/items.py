"""What is in a cart, as the merchant sees it: lines with their pictures, and what it is worth."""

from __future__ import annotations

from typing import Any

from recovery.carts.models import Cart, CartLine
from recovery.catalog.selectors import many
from shopapp.kit.money import Money


def worth(cart: Cart) -> Money | None:
    """Return the store's own total; where it states none, the sum of the lines, or None if one of
    them has no price."""
    if cart.total is not None:
        return cart.total
    prices = [line.total_minor for line in cart.lines.all()]
    known = [minor for minor in prices if minor is not None]
    if not known or len(known) != len(prices):
        return None
    return Money(sum(known), cart.currency, cart.decimals)


def worth_note(cart: Cart) -> str:
    """Say what the total holds where that is not simply the lines shown above it."""
    lines = [line.total_minor for line in cart.lines.all()]
    if cart.total_minor is None:
        return "before delivery" if worth(cart) is not None else ""
    shown_above = sum(minor for minor in lines if minor is not None)
    told = None in lines or shown_above == cart.total_minor
    return "" if told else "with delivery, taxes and discounts"


def shown(cart: Cart) -> list[dict[str, Any]]:
    """Return the lines; pictures that the cart's news had none of come from the catalog."""
    lines = list(cart.lines.all())
    pictures = _pictures(cart, [line for line in lines if not line.image_url])
    return [_line(cart, line, line.image_url or pictures.get(line.pk, "")) for line in lines]


def _pictures(cart: Cart, lines: list[CartLine]) -> dict[int, str]:
    """Return each line's picture in the catalog, its product's where a variant has none."""
    sold = many(cart.shop, [(line.product_id, line.variant_id) for line in lines])
    products = many(cart.shop, [(line.product_id, "") for line in lines])
    found = {}
    for line in lines:
        for thing in (
            sold.get((line.product_id, line.variant_id)),
            products.get((line.product_id, "")),
        ):
            if thing is not None and thing.image_url:
                found[line.pk] = thing.image_url
                break
    return found


def _line(cart: Cart, line: CartLine, image: str) -> dict[str, Any]:
    total = line.total_minor
    return {
        "name": line.name,
        "detail": ", ".join(value for _, value in line.attributes),
        "quantity": line.quantity,
        "image": image,
        "url": line.url,
        "total": None if total is None else Money(total, cart.currency, cart.decimals),
        "note": "",
    }

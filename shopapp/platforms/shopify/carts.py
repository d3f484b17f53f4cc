"""Carts and checkouts: ``carts/*``, ``checkouts/*``, and GraphQL's abandoned checkouts.

GraphQL fields needed, AbandonedCheckout: ``{id name createdAt updatedAt completedAt
abandonedCheckoutUrl discountCodes customAttributes{key value}
totalPriceSet{shopMoney{amount currencyCode}} customer{CUSTOMER, see people.py}
billingAddress{ADDRESS} shippingAddress{ADDRESS} lineItems(first:){nodes{LINE, see lines.py}}}``.
"""

from __future__ import annotations

import re
from datetime import datetime
from urllib.parse import urlsplit

from shopapp.kit.safe_json import Json, JsonObject
from shopapp.platforms.base import (
    CartChanged,
    CartVanished,
    ConsentGiven,
    Event,
    Shopper,
    Unreadable,
)
from shopapp.platforms.facts import StoreFacts
from shopapp.platforms.shopify import fields, lines, money, people

_RECOVERY_PATH = re.compile(r"/checkouts/(?:[a-z]{2}/)?([A-Za-z0-9_-]{4,64})(?:/|\Z)")
_NUMBERED_NAME = re.compile(r"#([1-9][0-9]{0,19})")


def parse_cart(cart: JsonObject, store: StoreFacts) -> CartChanged:
    """Return the online store's cart. It names nobody and states no total; the shop's currency is
    that of its lines' shop money."""
    token = fields.token(cart.get("token")) or fields.token(cart.get("id"))
    if not token:
        raise Unreadable("a cart without a token")
    return CartChanged(
        cart_id=token,
        changed_at=fields.instant(cart, "updated_at"),
        revision=0,
        stage="cart",
        lines=lines.of_cart(cart, money.currency(store.currency)),
        total=None,
        shopper=Shopper(),
        source="platform",
        click_ref=lines.click(cart, None),
    )


def parse_checkout(checkout: JsonObject, store: StoreFacts) -> tuple[Event, ...]:
    """Return the checkout; nothing once it is completed, for then the order speaks.

    The payload has no ``id`` since 2026, but a name that is ``#`` and the id.
    """
    if checkout.get("completed_at") is not None:
        return ()
    token = fields.token(checkout.get("token"))
    if not token:
        raise Unreadable("a checkout without a token")
    currency = money.currency(checkout.get("currency") or store.currency)
    return (
        CartChanged(
            cart_id=fields.token(checkout.get("cart_token")),
            changed_at=fields.instant(checkout, "updated_at"),
            revision=0,
            stage="checkout",
            lines=lines.of_priced(checkout, currency),
            total=money.amount(checkout.get("total_price"), currency),
            shopper=people.buyer(
                checkout,
                email=fields.optional_text(checkout, "email", people.MAX_EMAIL),
                phone=fields.optional_text(checkout, "phone", people.MAX_PHONE),
                locale=fields.locale(checkout.get("customer_locale")),
                consent=_consent(checkout),
            ),
            source="platform",
            alias=token,
            coupons=_codes(checkout),
            click_ref=lines.click(checkout, checkout.get("landing_site")),
            recovery_url=fields.url(checkout.get("abandoned_checkout_url")),
            checkout_id=fields.optional_identifier(checkout, "id") or _numbered(checkout),
        ),
    )


def parse_deleted_checkout(checkout: JsonObject, said_at: datetime | None) -> CartVanished:
    """Return that this checkout is gone; the payload itself has no moment."""
    cart, token = fields.token(checkout.get("cart_token")), fields.token(checkout.get("token"))
    if not (cart or token) or said_at is None:
        raise Unreadable("a deleted checkout without a token or a moment")
    return CartVanished(cart_id=cart, alias=token, at=said_at)


def parse_checkout_node(node: JsonObject) -> tuple[Event, ...]:
    """Return the abandoned checkout of the Admin API: no cart token, and its own token only in the
    address that opens it. Nothing once it is completed."""
    if node.get("completedAt") is not None:
        return ()
    address = fields.url(node.get("abandonedCheckoutUrl"))
    token = token_in(address)
    if not token:
        raise Unreadable("abandonedCheckoutUrl has no token")
    return (
        CartChanged(
            cart_id="",
            changed_at=fields.instant(node, "updatedAt"),
            revision=0,
            stage="checkout",
            lines=lines.of_node(node),
            total=money.required_bag(node, "totalPriceSet"),
            shopper=people.buyer(node, email="", phone="", locale=""),
            source="platform",
            alias=token,
            coupons=tuple(fields.plain(code, 100) for code in fields.texts(node, "discountCodes")),
            click_ref=lines.click(node, None),
            recovery_url=address,
            checkout_id=fields.node_id(node),
        ),
    )


def token_in(recovery_url: str) -> str:
    """Return the checkout's token in the address that opens it, '' without one. Known shapes:
    ``/checkouts/TOKEN/recover``, ``/checkouts/cn/TOKEN/...``, ``/checkouts/ac/TOKEN/...``."""
    try:
        found = _RECOVERY_PATH.search(urlsplit(recovery_url).path)
    except ValueError:
        return ""
    return found[1] if found else ""


def _consent(checkout: JsonObject) -> ConsentGiven | None:
    """Return the agreement that was ticked; an empty box says nothing about an earlier one. The
    moment is the checkout's first, so that a later refusal stays later, however often the checkout
    changes."""
    if not fields.optional_flag(checkout, "buyer_accepts_marketing"):
        return None
    language = fields.locale(checkout.get("customer_locale"))
    at = fields.optional_instant(checkout, "created_at")
    return ConsentGiven(given=True, language=language, at=at, source="checkout")


def _codes(checkout: JsonObject) -> tuple[str, ...]:
    found: list[Json] = [
        row.get("code") for row in fields.optional_rows(checkout, "discount_codes")
    ]
    return tuple(filter(None, (fields.plain(code, 100) for code in found)))


def _numbered(checkout: JsonObject) -> str:
    name = checkout.get("name")
    matched = _NUMBERED_NAME.fullmatch(name) if isinstance(name, str) else None
    return matched[1] if matched else ""

"""Where a cart's link leads: the shop's connector knows the way into its store."""

from __future__ import annotations

from datetime import datetime, timedelta

from recovery.carts.models import Cart, CartLine
from recovery.messaging.models import Link
from recovery.offers.selectors import code_given_to
from shopapp.kit import clock
from shopapp.platforms.connector import Restore, RestoreLine, Way
from shopapp.platforms.registry import connector_for
from shopapp.shops import credentials, keys
from shopapp.shops.models import Credential, Shop

PAYLOAD_LIVES = timedelta(minutes=15)
_MAX_LINES = 100


def way_to(shop: Shop, link: Link, *, at: datetime) -> Way:
    """Return where this restore link leads. Needs the shop in scope."""
    cart = link.cart
    restore = Restore(
        store=keys.address_of(shop),
        version=shop.platform_version,
        secret=credentials.reveal(shop, Credential.Kind.PLUGIN_SECRET) if shop.has_plugin else "",
        click_ref=link.click_ref,
        tags=_tags(link),
        lines=_lines(cart),
        recovery_url=cart.recovery_url if cart is not None else "",
        code=code_given_to(link.message_id),
        expires_at=_expiry(at),
    )
    return connector_for(shop.platform).way_to(restore)


def _expiry(at: datetime) -> int:
    # The store judges by its own clock, which a demonstration's may outrun.
    return int((at + clock.lasting(PAYLOAD_LIVES)).timestamp())


def _lines(cart: Cart | None) -> tuple[RestoreLine, ...]:
    if cart is None:
        return ()
    rows = CartLine.objects.filter(cart=cart).order_by("position")[:_MAX_LINES]
    return tuple(
        RestoreLine(line.position, line.product_id, line.variant_id, line.quantity) for line in rows
    )


def _tags(link: Link) -> dict[str, str]:
    message = link.message
    campaign = "cart" if message is None or not message.step_key else message.step_key
    return {
        "utm_source": "rebasket",
        "utm_medium": "email",
        "utm_campaign": campaign,
        "utm_content": link.click_ref,
    }

"""Take in what shoppers' browsers report; every function opens its own scope and commits."""

from __future__ import annotations

from datetime import datetime, timedelta

from recovery.carts.models import Cart
from recovery.catalog.models import Variant
from recovery.catalog.selectors import sellable
from recovery.contacts.models import Contact
from recovery.contacts.services import find_or_make
from recovery.contacts.wording import consent_wording
from recovery.ingest.services import apply
from recovery.messaging import services as messaging
from recovery.messaging.awaiting import AWAITED_CART
from recovery.messaging.models import Message
from shopapp.kit.addresses import normalised_email
from shopapp.kit.errors import AppError
from shopapp.kit.money import Money
from shopapp.platforms.base import CartChanged, Line, Shopper
from shopapp.platforms.registry import connector_for
from shopapp.shops import access
from shopapp.shops.models import Shop
from widgets.configuration import tells_carts
from widgets.wire import Capture, CartReport

# A browser may be offline for a while before it can tell; more is a wrong clock, or a lie.
OLDEST_NEWS = timedelta(days=1)


def report_cart(shop: Shop, report: CartReport, *, at: datetime) -> None:
    """Apply a cart that a page without the plugin reported; names and prices are our catalog's."""
    if tells_carts(shop):
        raise AppError("This shop's carts are not reported by browsers.")
    if report.changed_at.tzinfo is None:
        raise AppError("The message cannot be read.", fields={"changed_at": "needs a time zone"})
    with access.scope(shop):
        lines = tuple(
            line for pid, vid, quantity in report.lines if (line := _line(shop, pid, vid, quantity))
        )
        apply(shop, _snapshot(report, lines, at=at), at=at)


def _line(shop: Shop, product_id: int, variation_id: int, quantity: int) -> Line | None:
    variant_id = str(variation_id) if variation_id else ""
    thing = sellable(shop, str(product_id), variant_id)
    if thing is None:
        return None
    # A variant is named by its options alone: what it is, its product says.
    chosen = thing if isinstance(thing, Variant) else None
    product = sellable(shop, chosen.product_id_there, "") if chosen else thing
    if product is None:
        return None
    return Line(
        product_id=product.platform_id,
        variant_id=chosen.platform_id if chosen else "",
        quantity=quantity,
        name=product.name,
        attributes=tuple((name, value) for name, value in chosen.attributes) if chosen else (),
        total=Money(thing.price_minor * quantity, thing.currency, thing.decimals),
        image_url=thing.image_url or product.image_url,
        url=thing.url or product.url,
        sku=thing.sku,
    )


def _snapshot(report: CartReport, lines: tuple[Line, ...], *, at: datetime) -> CartChanged:
    return CartChanged(
        cart_id=report.cart_id,
        # Nothing begins later than we hear of it: an order placed meanwhile would seem older.
        changed_at=max(min(report.changed_at, at), at - OLDEST_NEWS),
        revision=report.revision,
        stage=report.stage,
        lines=lines,
        total=None,
        shopper=Shopper(),
        source="browser",
        visitor_id=report.visitor_id,
    )


def ask_for_cart(shop: Shop, capture: Capture, *, at: datetime) -> Message | None:
    """Queue the one fixed-form mail that the pop-up promised; None when today's was queued before.

    The address is only what a browser says: it is tied to the cart, and its consent counts, once
    its owner has confirmed it through the mail. Where the platform itself tells of every cart, the
    shopper may be quicker than its news: then the mail waits for the cart.
    """
    _refuse_what_is_no_address(capture.email)
    with access.scope(shop):
        cart = Cart.objects.filter(cart_id=capture.cart_id).order_by("-generation").first()
        awaited = cart is None and connector_for(shop.platform).tells_carts
        if not awaited and (cart is None or not cart.quantity):
            return None
        content: dict[str, object] = {"consent": _evidence(shop, capture, at=at)}
        if awaited:
            content[AWAITED_CART] = capture.cart_id
        return messaging.queue(
            shop,
            contact=_contact(shop, capture, at=at),
            cart=cart,
            kind=Message.Kind.MY_CART,
            content=content,
            dedup_key="",
            due_at=at,
            too_late_at=at + timedelta(hours=12),
            at=at,
        )


def _refuse_what_is_no_address(email: str) -> None:
    try:
        normalised_email(email)
    except ValueError as error:
        raise AppError(
            "The address cannot be used.", fields={"email": str(error) or "is no e-mail address"}
        ) from error


def _contact(shop: Shop, capture: Capture, *, at: datetime) -> Contact:
    return find_or_make(
        shop,
        email=capture.email,
        evidence=Contact.Evidence.BROWSER,
        at=at,
        country=capture.country,
        locale=capture.locale,
    )


def _evidence(shop: Shop, capture: Capture, *, at: datetime) -> dict[str, object]:
    """Return the consent that counts once the address is confirmed."""
    wording = consent_wording(shop.name, capture.locale or shop.locale)
    return {
        "given": capture.consent.ticked,
        "wording": wording.wording,
        "version": capture.consent.version or wording.version,
        "language": wording.language,
        "at": at.isoformat(),
        "source": "popup",
    }


def count_landing(shop: Shop, click_ref: str, *, at: datetime) -> bool:
    """Count the click whose landing page ran; False when there is none to count."""
    with access.scope(shop):
        return messaging.count_click(shop, click_ref=click_ref, at=at) is not None

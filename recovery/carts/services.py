"""Change carts: news applied in its order, abandonment, endings, and the timeline of all that."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Q

from recovery.carts.models import Cart, CartLine, CartRules, Entry
from recovery.contacts.models import Contact
from recovery.contacts.services import know_shopper
from shopapp.platforms.base import CartChanged, CartVanished, Unreadable
from shopapp.shops.models import Shop

GENERATION_ENDS_AFTER = timedelta(days=30)
LATEST_NEWS = timedelta(days=1)
_MOST_PIECES = 2**31 - 1
_LIVING = (Cart.State.OPEN, Cart.State.ABANDONED)


def note(cart: Cart, kind: str, *, at: datetime, reason: str = "", **detail: Any) -> Entry:
    """Write one line on the cart's timeline; ``detail`` holds ids, counts and moments only."""
    entry: Entry = Entry.objects.create(
        shop_id=cart.shop_id, cart=cart, at=at, kind=kind, reason=reason, detail=detail
    )
    return entry


@transaction.atomic
def record_change(shop: Shop, event: CartChanged, *, at: datetime) -> Cart | None:
    """Apply one snapshot of a cart; None when it is older than what is known, or of no cart yet.

    Raises Unreadable for news from the future, which would shut out all later news.
    """
    if event.changed_at - at > LATEST_NEWS:
        raise Unreadable("the cart changed in the future: is the store's clock wrong?")
    _lock_cart_id(shop, event.cart_id)
    rows = Cart.objects.select_for_update(of=("self",)).filter(cart_id=event.cart_id)
    cart: Cart | None = rows.order_by("-generation").first()
    content = _content_hash(event)
    if cart is not None and _is_stale(cart, event, content):
        return None
    if cart is None or _starts_anew(cart, event):
        if not event.lines:
            return None
        return _start(shop, event, content, generation=cart.generation + 1 if cart else 1)
    if cart.state in _LIVING:
        return _continue(shop, cart, event, content)
    return None


def _lock_cart_id(shop: Shop, cart_id: str) -> None:
    # The first two reports of a new cart may be applied at once, when there is no row to lock.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))", [cart_id, shop.pk])


def _is_stale(cart: Cart, event: CartChanged, content: str) -> bool:
    known = (cart.changed_at, cart.revision, cart.content_hash)
    if (event.changed_at, event.revision, content) <= known:
        return True
    # What a signed source said is not overwritten by a browser.
    if cart.signed and event.source == "browser":
        return True
    # News from before the order that ended the cart says nothing about a new one.
    return cart.ended_at is not None and event.changed_at <= cart.ended_at


def _starts_anew(cart: Cart, event: CartChanged) -> bool:
    if cart.state not in _LIVING:
        return True
    return event.changed_at - cart.changed_at > GENERATION_ENDS_AFTER


def _content_hash(event: CartChanged) -> str:
    shown = (event.stage, event.lines, event.total, event.coupons, event.shopper)
    return hashlib.sha256(repr(shown).encode()).hexdigest()


def _start(shop: Shop, event: CartChanged, content: str, *, generation: int) -> Cart:
    cart: Cart = Cart.objects.create(
        shop=shop,
        cart_id=event.cart_id,
        generation=generation,
        stage=event.stage,
        signed=event.source != "browser",
        currency=shop.currency,
        decimals=shop.decimals,
        changed_at=event.changed_at,
        revision=event.revision,
        content_hash=content,
        started_at=event.changed_at,
    )
    _take_over(shop, cart, event, content)
    note(cart, "opened", at=event.changed_at, quantity=cart.quantity)
    if cart.stage == Cart.Stage.CHECKOUT:
        note(cart, "reached_checkout", at=event.changed_at)
    return cart


def _continue(shop: Shop, cart: Cart, event: CartChanged, content: str) -> Cart:
    before = (cart.state, cart.stage, cart.quantity, cart.total_minor, cart.contact_id)
    _take_over(shop, cart, event, content)
    if not event.lines:
        _end(cart, Cart.State.EMPTIED, at=event.changed_at)
        note(cart, "emptied", at=event.changed_at)
        return cart
    if before[0] == Cart.State.ABANDONED:
        reopen(cart, at=event.changed_at)
    if cart.stage != before[1]:
        note(cart, "reached_checkout", at=event.changed_at)
    if (cart.quantity, cart.total_minor) != before[2:4]:
        note(cart, "changed", at=event.changed_at, quantity=cart.quantity)
    if cart.contact_id != before[4]:
        note(cart, "named", at=event.changed_at)
    return cart


def _take_over(shop: Shop, cart: Cart, event: CartChanged, content: str) -> None:
    """Write the snapshot's content into the row and its lines."""
    contact = know_shopper(shop, event.shopper, at=event.changed_at)
    cart.contact = contact or cart.contact
    # A cart that reached the checkout stays there: the shopper has shown that much intent.
    if event.stage == "checkout":
        cart.stage = Cart.Stage.CHECKOUT
    for name, value in (
        ("alias", event.alias),
        ("visitor_id", event.visitor_id),
        ("customer_id", event.shopper.customer_id),
        ("country", event.shopper.country),
        ("locale", event.shopper.locale[:16]),
        ("click_ref", event.click_ref),
    ):
        if value:
            setattr(cart, name, value)
    if event.total is not None:
        cart.total_minor = event.total.minor
        cart.currency, cart.decimals = event.total.currency, event.total.decimals
    cart.signed = cart.signed or event.source != "browser"
    cart.quantity = min(sum(line.quantity for line in event.lines), _MOST_PIECES)
    cart.changed_at, cart.revision = event.changed_at, event.revision
    cart.content_hash = content
    cart.save()
    _replace_lines(cart, event)


def _replace_lines(cart: Cart, event: CartChanged) -> None:
    CartLine.objects.filter(cart=cart).delete()
    CartLine.objects.bulk_create(
        CartLine(
            shop_id=cart.shop_id,
            cart=cart,
            position=position,
            product_id=line.product_id,
            variant_id=line.variant_id,
            quantity=line.quantity,
            name=line.name,
            attributes=[list(pair) for pair in line.attributes],
            total_minor=None if line.total is None else line.total.minor,
            image_url=line.image_url,
            url=line.url,
            sku=line.sku,
        )
        for position, line in enumerate(event.lines)
    )


@transaction.atomic
def vanish(shop: Shop, event: CartVanished, *, at: datetime) -> Cart | None:
    """End a living cart whose checkout the platform deleted: nothing can be restored any more.
    None when there is none, or it has changed since."""
    del shop  # The scope already names it.
    living = Cart.objects.select_for_update(of=("self",)).filter(state__in=_LIVING)
    cart: Cart | None = None
    for name, value in (("cart_id", event.cart_id), ("alias", event.alias)):
        if value and cart is None:
            cart = living.filter(**{name: value}).order_by("-generation", "-pk").first()
    if cart is None or cart.changed_at > event.at:
        return None
    if not _end(cart, Cart.State.LOST, at=min(event.at, at)):
        return None
    note(cart, "vanished", at=min(event.at, at))
    return cart


def reopen(cart: Cart, *, at: datetime) -> bool:
    """Take an abandonment back when the shopper is active again; False when there was none."""
    moved = Cart.objects.filter(pk=cart.pk, state=Cart.State.ABANDONED).update(
        state=Cart.State.OPEN, abandoned_at=None, considered_at=None, blocked_reason=""
    )
    if moved:
        cart.state, cart.abandoned_at, cart.blocked_reason = Cart.State.OPEN, None, ""
        note(cart, "reopened", at=at)
    return moved == 1


def end_by_order(cart: Cart, *, order_number: str, at: datetime) -> bool:
    """Close a living cart because its shopper ordered; False when it was closed before."""
    moved = _end(cart, Cart.State.ORDERED, at=at)
    if moved:
        note(cart, "ordered", at=at, number=order_number)
    return moved


def mark_won(cart: Cart, *, at: datetime) -> bool:
    """Close a living cart because the merchant says it was won; False when it was closed before."""
    moved = _end(cart, Cart.State.ORDERED, at=at)
    if moved:
        note(cart, "won_by_merchant", at=at)
    return moved


def _end(cart: Cart, state: Cart.State, *, at: datetime) -> bool:
    moved = Cart.objects.filter(pk=cart.pk, state__in=_LIVING).update(state=state, ended_at=at)
    if moved:
        cart.state, cart.ended_at = state, at
    return moved == 1


def rules_of(shop: Shop) -> CartRules:
    """Return the shop's cut-offs, the defaults when it has not chosen."""
    rules: CartRules | None = CartRules.objects.first()
    return rules or CartRules(shop=shop)


@transaction.atomic
def abandon_quiet(shop: Shop, *, at: datetime, limit: int = 500) -> int:
    """Mark the carts that have been quiet past the cut-off as abandoned; return how many.

    ``abandoned_at`` is the moment the cut-off passed, whenever the sweep came by.
    """
    rules = rules_of(shop)
    count = 0
    for stage, minutes in (
        (Cart.Stage.CHECKOUT, rules.checkout_minutes),
        (Cart.Stage.CART, rules.cart_minutes),
    ):
        cut_off = timedelta(minutes=minutes)
        quiet = Cart.objects.filter(
            state=Cart.State.OPEN, stage=stage, quantity__gt=0, changed_at__lte=at - cut_off
        ).select_for_update(skip_locked=True, of=("self",))
        for cart in quiet.order_by("changed_at")[:limit]:
            count += _abandon(cart, at=cart.changed_at + cut_off, minutes=minutes)
    return count


def _abandon(cart: Cart, *, at: datetime, minutes: int) -> bool:
    moved = Cart.objects.filter(
        pk=cart.pk, state=Cart.State.OPEN, changed_at=cart.changed_at
    ).update(state=Cart.State.ABANDONED, abandoned_at=at, considered_at=None, blocked_reason="")
    if moved:
        note(cart, "abandoned", at=at, minutes=minutes)
    return moved == 1


def lose_old(shop: Shop, *, at: datetime, limit: int = 500) -> int:
    """Give up carts that were abandoned 30 days ago; return how many."""
    old = Cart.objects.filter(
        shop=shop, state=Cart.State.ABANDONED, abandoned_at__lte=at - GENERATION_ENDS_AFTER
    ).values_list("pk", flat=True)[:limit]
    return Cart.objects.filter(pk__in=list(old), state=Cart.State.ABANDONED).update(
        state=Cart.State.LOST, ended_at=F("abandoned_at") + GENERATION_ENDS_AFTER
    )


def name_shopper(cart: Cart, contact: Contact, *, at: datetime) -> bool:
    """Tie a confirmed contact to a cart of nobody's; an abandoned one is looked at again.

    A cart whose shopper a signed source named stays that shopper's.
    """
    unnamed = Q(contact__isnull=True) | Q(contact__evidence=Contact.Evidence.BROWSER)
    moved = Cart.objects.filter(unnamed, pk=cart.pk).update(
        contact=contact, considered_at=None, blocked_reason=""
    )
    if moved:
        cart.contact = contact
        note(cart, "named", at=at)
    return moved == 1


def block(cart: Cart, reason: str, *, at: datetime) -> None:
    """Remember why nobody is written to about this cart, and say so on its timeline."""
    if cart.blocked_reason != reason:
        note(cart, "not_contacted", at=at, reason=reason)
    Cart.objects.filter(pk=cart.pk).update(considered_at=at, blocked_reason=reason)
    cart.considered_at, cart.blocked_reason = at, reason


def reconsider(shop: Shop, *, since: datetime) -> int:
    """Ask the flows to look again at the carts abandoned since then; return how many."""
    rows = Cart.objects.filter(shop=shop, state=Cart.State.ABANDONED, abandoned_at__gte=since)
    return rows.exclude(blocked_reason="").update(considered_at=None)

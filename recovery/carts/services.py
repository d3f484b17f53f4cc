"""Change carts: news applied in its order, abandonment, endings, and the timeline of all that."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q

from recovery.carts import content, naming
from recovery.carts.models import Cart, CartRules, Entry
from recovery.carts.naming import LIVING
from recovery.contacts.models import Contact
from shopapp.platforms.base import CartChanged, CartVanished, Unreadable
from shopapp.shops.models import Shop

GENERATION_ENDS_AFTER = timedelta(days=30)
LATEST_NEWS = timedelta(days=1)


def note(cart: Cart, kind: str, *, at: datetime, reason: str = "", **detail: Any) -> Entry:
    """Write one line on the cart's timeline; ``detail`` holds ids, counts and moments only."""
    entry: Entry = Entry.objects.create(
        shop_id=cart.shop_id, cart=cart, at=at, kind=kind, reason=reason, detail=detail
    )
    return entry


@transaction.atomic
def record_change(
    shop: Shop, event: CartChanged, *, at: datetime, read: bool = False
) -> Cart | None:
    """Apply one snapshot of a cart; None when it tells nothing new, or is of no cart yet.

    ``read``: the store itself said so just now, which settles two contents of one moment. Late
    news still completes what newer news left open. Raises Unreadable for news from the
    future, which would shut out all later news, and for news that names no cart.
    """
    if event.changed_at - at > LATEST_NEWS:
        raise Unreadable("the cart changed in the future: is the store's clock wrong?")
    if not event.cart_id and not event.alias:
        raise Unreadable("the news names no cart")
    found = naming.find(shop, event)
    cart, digest = found.cart, content.hash_of(event)
    if cart is not None and found.joined is not None:
        _note_joined(cart, found)
    if cart is not None and _is_stale(cart, event, digest, read=read):
        return _complete(shop, cart, event) or (cart if found.joined is not None else None)
    if cart is None or _starts_anew(cart, event):
        if not event.lines:
            return None
        return _start(shop, event, digest, cart)
    if cart.state in LIVING:
        return _continue(shop, cart, event, digest)
    return None


def _note_joined(cart: Cart, found: naming.Found) -> None:
    for row in (cart, found.joined):
        if row is not None and found.joined is not None:
            note(row, "joined", at=found.joined.ended_at or cart.changed_at)
    if found.touched and cart.state == Cart.State.ABANDONED:
        reopen(cart, at=cart.changed_at)


def _is_stale(cart: Cart, event: CartChanged, digest: str, *, read: bool) -> bool:
    known = (cart.changed_at, cart.revision, cart.content_hash)
    # A platform may tell one thing's moments in thousandths and another's in whole seconds.
    same_moment = event.changed_at >= cart.changed_at.replace(microsecond=0)
    settles = read and same_moment and digest != cart.content_hash
    if (event.changed_at, event.revision, digest) <= known and not settles:
        return True
    # What a signed source said is not overwritten by a browser.
    if cart.signed and event.source == "browser":
        return True
    # News from before the order that ended the cart says nothing about a new one.
    return cart.ended_at is not None and event.changed_at <= cart.ended_at


def _complete(shop: Shop, cart: Cart, event: CartChanged) -> Cart | None:
    """Fill a living cart's blanks from late news; None where there are none that it fills."""
    earlier = cart.generation > 1 and event.changed_at < cart.started_at
    if cart.state not in LIVING or (cart.signed and event.source == "browser") or earlier:
        return None
    filled = content.complete(shop, cart, event)
    if "stage" in filled:
        note(cart, "reached_checkout", at=event.changed_at)
    if "contact" in filled:
        note(cart, "named", at=event.changed_at)
        # Who could not be written to before may be now.
        Cart.objects.filter(pk=cart.pk).update(considered_at=None, blocked_reason="")
    return cart if filled else None


def _starts_anew(cart: Cart, event: CartChanged) -> bool:
    if cart.state not in LIVING:
        return True
    return event.changed_at - cart.changed_at > GENERATION_ENDS_AFTER


def _start(shop: Shop, event: CartChanged, digest: str, before: Cart | None) -> Cart:
    """Begin a cart, or the next generation of the one before."""
    cart: Cart = Cart.objects.create(
        shop=shop,
        cart_id=before.cart_id if before else naming.id_of(event),
        generation=before.generation + 1 if before else 1,
        stage=event.stage,
        signed=event.source != "browser",
        currency=shop.currency,
        decimals=shop.decimals,
        changed_at=event.changed_at,
        revision=event.revision,
        content_hash=digest,
        started_at=event.changed_at,
    )
    content.take_over(shop, cart, event, digest)
    note(cart, "opened", at=event.changed_at, quantity=cart.quantity)
    if cart.stage == Cart.Stage.CHECKOUT:
        note(cart, "reached_checkout", at=event.changed_at)
    return cart


def _continue(shop: Shop, cart: Cart, event: CartChanged, digest: str) -> Cart:
    before = (cart.state, cart.stage, cart.quantity, cart.total_minor, cart.contact_id)
    is_back = event.changed_at > cart.changed_at
    content.take_over(shop, cart, event, digest)
    if not event.lines:
        _end(cart, Cart.State.EMPTIED, at=event.changed_at)
        note(cart, "emptied", at=event.changed_at)
        return cart
    # The same moment told once more is no sign of the shopper.
    if before[0] == Cart.State.ABANDONED and is_back:
        reopen(cart, at=event.changed_at)
    if cart.stage != before[1]:
        note(cart, "reached_checkout", at=event.changed_at)
    if (cart.quantity, cart.total_minor) != before[2:4]:
        note(cart, "changed", at=event.changed_at, quantity=cart.quantity)
    if cart.contact_id != before[4]:
        note(cart, "named", at=event.changed_at)
    return cart


@transaction.atomic
def vanish(shop: Shop, event: CartVanished, *, at: datetime) -> Cart | None:
    """End a living cart whose checkout the platform deleted: nothing can be restored any more.
    None when there is none, or it has changed since."""
    del shop  # The scope already names it.
    living = Cart.objects.select_for_update(of=("self",)).filter(state__in=LIVING)
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
    moved = Cart.objects.filter(pk=cart.pk, state__in=LIVING).update(state=state, ended_at=at)
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


def state_told(cart: Cart) -> str:
    """Return the cart's state; "deleted" for one that is lost because its checkout is gone, and not
    for its age."""
    if cart.state != Cart.State.LOST:
        return str(cart.state)
    aged = cart.abandoned_at is not None and cart.ended_at == (
        cart.abandoned_at + GENERATION_ENDS_AFTER
    )
    return str(cart.state) if aged else "deleted"


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

"""Discounts and their codes: wanted here, made in the store by `ingest.codes`, given one by one.
Functions need the shop in scope."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import IntegrityError, transaction

from recovery.carts.models import Cart
from recovery.offers.models import Code, Discount
from shopapp.kit.money import Money
from shopapp.shops.models import Shop

# No letter or digit that reads as another: 32 signs, so ten of them are 50 bits.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_HALF = 5
_UNDER_WAY = (Code.State.WANTED, Code.State.ASKED, Code.State.READY)


def make_discount(
    shop: Shop,
    *,
    title: str,
    percent: int | None = None,
    amount: Money | None = None,
    starts_at: datetime,
    ends_at: datetime | None,
    at: datetime,
) -> Discount:
    """Return a new discount, to be made in the store; it has no codes yet (`ensure_codes`).

    Raises ValueError unless it gives either 1 to 100 per cent or an amount above nothing.
    """
    if (percent is None) == (amount is None):
        raise ValueError("a discount is either a share or an amount")
    if percent is not None and not 1 <= percent <= 100:
        raise ValueError("a share is 1 to 100 per cent")
    if amount is not None and amount.minor <= 0:
        raise ValueError("an amount is above nothing")
    discount: Discount = Discount.objects.create(
        shop=shop,
        title=title[:200],
        percent=percent,
        amount_minor=None if amount is None else amount.minor,
        currency="" if amount is None else amount.currency,
        decimals=2 if amount is None else amount.decimals,
        starts_at=starts_at,
        ends_at=ends_at,
        due_at=at,
        created_at=at,
    )
    return discount


def ensure_codes(shop: Shop, discount: Discount, count: int, *, at: datetime) -> int:
    """Have at least so many codes ready or under way, now and after each that is given; return how
    many new ones are wanted."""
    Discount.objects.filter(pk=discount.pk).update(pool=count)
    discount.pool = count
    missing = top_up(shop, discount, at=at)
    if missing:
        wake(discount, at=at)
    return missing


def top_up(shop: Shop, discount: Discount, *, at: datetime) -> int:
    """Want as many new codes as the pool lacks; return how many. None for one that has ended."""
    locked = Discount.objects.select_for_update().get(pk=discount.pk)
    if not _lives(locked, at=at):
        return 0
    there = Code.objects.filter(discount=locked, state__in=_UNDER_WAY).count()
    missing: int = max(locked.pool - there, 0)
    for _ in range(missing):
        _want_one(shop, locked)
    return missing


def wake(discount: Discount, *, at: datetime) -> None:
    """Have the sweep look after this discount now."""
    Discount.objects.filter(pk=discount.pk).update(due_at=at)


def take_code(
    discount: Discount, *, message_id: int, cart: Cart | None, at: datetime
) -> str | None:
    """Return the code that this message gives, the same however often it is asked; None when none
    is ready or the discount has ended. No code is ever given to two messages."""
    known: Code | None = Code.objects.filter(message_id=message_id).first()
    if known is not None:
        return str(known.code)
    current = Discount.objects.get(pk=discount.pk)
    if not _lives(current, at=at):
        return None
    free = Code.objects.select_for_update(skip_locked=True)
    code: Code | None = (
        free.filter(discount=discount, state=Code.State.READY).order_by("pk").first()
    )
    wake(discount, at=at)
    if code is None:
        return None
    code.state = Code.State.GIVEN
    code.given_at, code.message_id, code.cart = at, message_id, cart
    code.save(update_fields=["state", "given_at", "message_id", "cart"])
    return str(code.code)


def end(discount: Discount, *, at: datetime) -> bool:
    """Give no more of these codes, and have the store switch the discount off; False when that was
    done before."""
    living = (Discount.State.WANTED, Discount.State.READY)
    rows = Discount.objects.filter(pk=discount.pk, state__in=living)
    return rows.update(state=Discount.State.ENDED, due_at=at) == 1


def _lives(discount: Discount, *, at: datetime) -> bool:
    over = discount.ends_at is not None and discount.ends_at <= at
    return not over and discount.state in {Discount.State.WANTED, Discount.State.READY}


def _want_one(shop: Shop, discount: Discount) -> Code:
    """Return a new code that the shop has not had before."""
    while True:
        try:
            with transaction.atomic():
                made: Code = Code.objects.create(shop=shop, discount=discount, code=new_code())
                return made
        except IntegrityError:
            continue


def new_code() -> str:
    """Return a code that nobody guesses and everybody can type: ABCDE-FGHJK."""
    signs = "".join(secrets.choice(ALPHABET) for _ in range(2 * _HALF))
    return f"{signs[:_HALF]}-{signs[_HALF:]}"

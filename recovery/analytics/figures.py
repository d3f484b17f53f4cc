"""What recovery has brought, counted from the rows themselves: no counter can disagree."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q, QuerySet, Sum

from recovery.attribution.models import Credit
from recovery.carts.models import Cart
from recovery.flows.models import Flow
from recovery.messaging.models import Click, Message
from recovery.messaging.quiet import zone_of
from shopapp.kit.money import Money
from shopapp.shops.models import Shop

SENT = Q(state__in=[Message.State.SENT, Message.State.UNKNOWN], kind=Message.Kind.FLOW)


@dataclass(frozen=True, slots=True)
class Totals:
    """Carts abandoned in the window, those of them that ended in an order, and credited orders."""

    abandoned: int
    recovered: int
    rate: float | None
    orders: int
    money: Money | None


def abandoned_carts(since: datetime) -> QuerySet[Cart]:
    """Return the carts abandoned since then, whatever became of them."""
    # A cart that was joined with another is counted as that one.
    rows = Cart.objects.exclude(state=Cart.State.MERGED)
    carts: QuerySet[Cart] = rows.filter(abandoned_at__gte=since)
    return carts


def totals(shop: Shop, *, since: datetime) -> Totals:
    """Return the window's figures; money only in the shop's present currency."""
    carts = abandoned_carts(since).aggregate(
        abandoned=Count("pk"), recovered=Count("pk", filter=Q(state=Cart.State.ORDERED))
    )
    credits_ = Credit.objects.filter(ordered_at__gte=since)
    earned = _earned(shop, credits_)
    return Totals(
        abandoned=carts["abandoned"],
        recovered=carts["recovered"],
        rate=carts["recovered"] / carts["abandoned"] if carts["abandoned"] else None,
        orders=credits_.count(),
        money=earned,
    )


def _earned(shop: Shop, credits_: QuerySet[Credit]) -> Money:
    own = credits_.filter(currency=shop.currency, decimals=shop.decimals)
    minor = own.aggregate(sum=Sum("amount_minor"))["sum"] or 0
    return Money(minor, shop.currency, shop.decimals)


@dataclass(frozen=True, slots=True)
class FlowFigures:
    """What one flow did in the window."""

    id: int
    name: str
    sent: int
    clicks: int
    orders: int
    money: Money


def by_flow(shop: Shop, *, since: datetime) -> list[FlowFigures]:
    """Return the flows that sent or earned anything in the window, the best first."""
    sent = Message.objects.filter(SENT, sent_at__gte=since)
    counts = dict(sent.values_list("flow_id").annotate(Count("pk")).order_by())
    clicks = dict(
        Click.objects.filter(counted_at__gte=since, link__message__kind=Message.Kind.FLOW)
        .values_list("link__message__flow_id")
        .annotate(Count("link__message", distinct=True))
        .order_by()
    )
    rows = []
    for flow in Flow.objects.all():
        earned = Credit.objects.filter(flow_id=flow.pk, ordered_at__gte=since)
        rows.append(
            FlowFigures(
                id=flow.pk,
                name=flow.name,
                sent=counts.get(flow.pk, 0),
                clicks=clicks.get(flow.pk, 0),
                orders=earned.count(),
                money=_earned(shop, earned),
            )
        )
    shown = [row for row in rows if row.sent or row.clicks or row.orders]
    return sorted(shown, key=lambda row: -row.money.minor)


def by_day(shop: Shop, *, days: int, at: datetime) -> list[dict[str, object]]:
    """Return abandoned and recovered carts for each of the last days, in the shop's zone."""
    zone = zone_of(country="", shop_country=shop.country, shop_timezone=shop.timezone, at=at)
    today = at.astimezone(zone).date()
    since = at - timedelta(days=days)
    abandoned: Counter[date] = Counter()
    recovered: Counter[date] = Counter()
    for moment, state in abandoned_carts(since).values_list("abandoned_at", "state"):
        if moment is None:
            continue
        day = moment.astimezone(zone).date()
        abandoned[day] += 1
        recovered[day] += state == Cart.State.ORDERED
    span = [today - timedelta(days=back) for back in range(days - 1, -1, -1)]
    return [{"day": day, "abandoned": abandoned[day], "recovered": recovered[day]} for day in span]

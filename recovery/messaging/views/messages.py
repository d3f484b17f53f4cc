"""The Messages pages: what was sent or not, and why."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from recovery.messaging.models import Click, Message
from recovery.messaging.rendering import filled
from recovery.messaging.selectors import last_counted_click
from recovery.messaging.wording import origin, sentence, state_label
from shopapp.kit import clock
from shopapp.kit.long_lists import Counted, LongList, count_up_to, searched
from shopapp.kit.pages import render_page
from shopapp.shops import access
from shopapp.shops.models import Shop
from shopapp.shops.records import record_access

ROWS = 50
_STATE = Message.State
_WAITING = [_STATE.QUEUED, _STATE.PREPARED, _STATE.HANDING_OVER]
TABS: tuple[tuple[str, str, Q], ...] = (
    ("all", "All", Q()),
    ("queued", "Waiting", Q(state__in=_WAITING, reason="")),
    ("deferred", "Put off", Q(state=_STATE.QUEUED) & ~Q(reason="")),
    ("sent", "Sent", Q(state=_STATE.SENT)),
    ("failed", "Failed", Q(state=_STATE.FAILED)),
    ("unknown", "Unknown", Q(state=_STATE.UNKNOWN)),
    ("skipped", "Not sent", Q(state=_STATE.SKIPPED)),
)
_BODY_POLICY = (
    "default-src 'none'; img-src https: http: data:; style-src 'unsafe-inline'; sandbox;"
    " frame-ancestors 'self'"
)


@require_safe
@access.shop_view("see")
def list_messages(request: HttpRequest, shop: Shop) -> HttpResponse:
    """Show the messages in one state, newest first."""
    asked = request.GET.get("state", "all")
    wanted = asked if asked in {key for key, _, _ in TABS} else "all"
    words = request.GET.get("q", "").strip()[:100]
    found = _matching(wanted, words).order_by("-created_at", "-pk")
    found = searched(found) if words else found
    rows = found.select_related("cart").defer("html", "text", "content")
    page = LongList(rows, ROWS).get_page(request.GET.get("page"))
    clicked = _clicked([message.pk for message in page.object_list])
    shown = [_row(message, clicked.get(message.pk)) for message in page.object_list]
    context = {
        "shop": shop,
        "tabs": _tabs(wanted, words, page.paginator),
        "q": words,
        "page": _shown(page, shown),
        "has_messages": Message.objects.exists(),
    }
    answer = render_page(request, "messages/list.html", context, partial="message-list")
    answer["Cache-Control"] = "no-store"
    return answer


@require_safe
@access.shop_view("see")
def show_message(request: HttpRequest, shop: Shop, message_id: int) -> HttpResponse:
    """Show one message with its state, its reason and its mail."""
    message = access.row(Message.objects.select_related("cart"), message_id)
    record_access(request, shop, what="message", subject=str(message.pk), at=clock.now())
    click = last_counted_click(message)
    shown = _row(message, click.followed_at if click is not None else None)
    shown["text"] = filled(message.text, {})
    if message.html:
        shown["preview_url"] = reverse("messages:body", args=[shop.pk, message.pk])
    context = {"shop": shop, "message": shown, "timeline": _timeline(message, click)}
    answer = render_page(request, "messages/detail.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


@require_safe
@xframe_options_sameorigin
@access.shop_view("see")
def show_body(request: HttpRequest, _shop: Shop, message_id: int) -> HttpResponse:
    """Show the mail as it was rendered, shut off from everything; its links lead nowhere."""
    message = access.row(Message.objects.all(), message_id)
    answer = HttpResponse(filled(message.html, {}))
    answer["Content-Security-Policy"] = _BODY_POLICY
    answer["Cache-Control"] = "no-store"
    return answer


def _shown(page: Any, rows: list[dict[str, Any]]) -> Any:
    """Return the page with its messages replaced by what is shown of them."""
    page.object_list = rows
    return page


def _matching(wanted: str, words: str) -> QuerySet[Message]:
    conditions = {key: condition for key, _, condition in TABS}
    found: QuerySet[Message] = Message.objects.filter(conditions.get(wanted, Q()))
    if words:
        found = found.filter(Q(address__icontains=words) | Q(subject__icontains=words))
    return found


def _tabs(current: str, words: str, shown: Any) -> list[dict[str, Any]]:
    # A search reads every row of a tab: only the shown one is worth that.
    others = [key for key, _, _ in TABS if key != current and not words]
    counts = {key: count_up_to(_matching(key, "")) for key in others}
    counts[current] = Counted(shown.count, shown.more)
    search = f"&{urlencode({'q': words})}" if words else ""
    return [
        {
            "key": key,
            "label": label,
            "count": counts[key].number if key in counts else None,
            "more": key in counts and counts[key].more,
            "current": key == current,
            "url": f"?state={key}{search}",
        }
        for key, label, _ in TABS
    ]


def _clicked(message_ids: list[int]) -> dict[int, datetime]:
    rows = Click.objects.filter(link__message__in=message_ids, counted_at__isnull=False)
    return dict(rows.order_by("followed_at").values_list("link__message_id", "followed_at"))


def _row(message: Message, clicked_at: datetime | None) -> dict[str, Any]:
    label, kind = state_label(message)
    moment, moment_label = _moment(message)
    cart = message.cart
    return {
        "id": message.pk,
        "subject": message.subject,
        "to": message.address,
        "flow": origin(message),
        "flow_id": message.flow_id,
        "step_key": message.step_key,
        "state_label": label,
        "kind": kind,
        "reason": sentence(message.reason, message.problem),
        "cart_id": cart.pk if cart is not None else None,
        "cart_label": f"Cart, {cart.quantity} item{'' if cart.quantity == 1 else 's'}"
        if cart is not None
        else "",
        "at": moment,
        "at_label": moment_label,
        "clicked_at": clicked_at,
    }


def _moment(message: Message) -> tuple[datetime, str]:
    if message.sent_at is not None:
        return message.sent_at, "sent"
    if message.ended_at is not None:
        return message.ended_at, "ended"
    return message.due_at, "due"


def _timeline(message: Message, click: Click | None) -> list[dict[str, Any]]:
    label, _ = state_label(message)
    why = sentence(message.reason, message.problem)
    told: list[tuple[datetime | None, str, str, str]] = [
        (message.created_at, "Queued", "", "done"),
        (message.prepared_at, "Written, with today's prices and stock", "", "done"),
        (message.handing_over_at, "Handed to the mail server", "", "done"),
    ]
    if message.state == Message.State.SENT:
        told.append((message.sent_at, "Accepted by the mail server", "", "done"))
    elif message.ended_at is not None:
        told.append((message.ended_at, label, why, "not"))
    else:
        told.append((message.due_at, "Due", why, "planned"))
    if click is not None:
        told.append((click.followed_at, "Link followed", "", "done"))
    return [
        {"at": at, "title": title, "why": reason, "kind": kind}
        for at, title, reason, kind in told
        if at is not None
    ]

"""What the frame of a shop's pages says: its state, what must be read first, other shops."""

from __future__ import annotations

from typing import TypedDict
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from shopapp.kit import clock
from shopapp.kit.templatetags.console import spoken
from shopapp.platforms import embeddings
from shopapp.platforms.registry import connector_for
from shopapp.shops.embedding import session_of
from shopapp.shops.models import Member, Shop


class Status(TypedDict):
    """One short line under the shop's name; ``kind``: ok, warn or bad."""

    kind: str
    text: str


class Banner(TypedDict):
    """A sentence above the page; ``kind``: warn or bad."""

    kind: str
    title: str
    text: str
    action_url: str
    action_label: str


def frame(request: HttpRequest) -> dict[str, object]:
    """Give every template of a shop's page what its frame shows; nothing on other pages."""
    shop: Shop | None = getattr(request, "shop", None)
    if shop is None:
        return {}
    return {
        "shop": shop,
        "words": connector_for(shop.platform).words,
        "console": {
            "status": status_of(shop),
            "banners": banners_of(shop),
            "shops": _others(request, shop),
        },
    }


def embedded(request: HttpRequest) -> dict[str, object]:
    """Give every template what a page inside a platform's admin loads; None outside of it."""
    session = session_of(request)
    if session is None:
        return {"embedded": None}
    member = session.member
    owns = member is not None and member.role == Member.Role.OWNER
    return {"embedded": embeddings.of(session.platform).parts(), "may_invite": owns}


def zone_of(shop: Shop) -> ZoneInfo:
    """Return the zone by whose clock the shop's pages show moments; UTC where it names none.

    A store may state an offset ("+02:00") or a name that this machine does not know.
    """
    try:
        return ZoneInfo(shop.timezone)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def status_of(shop: Shop) -> Status:
    """Return the line that says whether the shop is connected and when it last told something."""
    if shop.state != Shop.State.CONNECTED:
        return {"kind": "bad", "text": shop.get_state_display()}
    if shop.sending_paused_at is not None:
        return {"kind": "bad", "text": "Sending is paused"}
    if shop.last_event_at is None:
        return {"kind": "warn", "text": "Connected, no news yet"}
    return {"kind": "ok", "text": f"Connected, news {spoken(shop.last_event_at, clock.now())}"}


def banners_of(shop: Shop) -> list[Banner]:
    """Return what the merchant must know before anything else; empty when all is well."""
    if shop.state == Shop.State.REFUSED:
        again = connector_for(shop.platform).words.connect_again
        told = f"{again} Until then nothing is sent."
        return [_banner(shop, "The store is not connected", told, "See the connection")]
    if shop.state == Shop.State.UNINSTALLED:
        told = "It was disconnected. What was recovered so far stays readable here."
        return [_banner(shop, "The store is not connected", told, "Connect it again")]
    if shop.sending_paused_at is not None:
        told = shop.sending_paused_reason or "The store's orders cannot be read."
        told = f"{told.rstrip('.')}. It resumes by itself."
        return [_banner(shop, "Sending is paused", told, "See the connection")]
    if shop.access_lacks:
        words = connector_for(shop.platform).words
        lacks = ", ".join(words.access.get(one, one) for one in shop.access_lacks.split())
        told = (
            f"It does not let us {lacks}. Open Rebasket in your {words.name} admin and allow what"
            " it asks for."
        )
        return [_banner(shop, "The store allows less than we need", told, "See the connection")]
    return []


def _banner(shop: Shop, title: str, text: str, action: str) -> Banner:
    try:
        url = reverse("settings:store", args=[shop.pk])
    except NoReverseMatch:
        url = ""
    return {"kind": "bad", "title": title, "text": text, "action_url": url, "action_label": action}


def _others(request: HttpRequest, shop: Shop) -> QuerySet[Shop]:
    """Return the person's other shops; asked only by a page that shows its frame. Inside a shop's
    admin there is no other."""
    if session_of(request) is not None:
        return Shop.objects.none()
    mine = Shop.objects.filter(members__user=request.user.pk)
    return mine.exclude(pk=shop.pk).order_by("name")

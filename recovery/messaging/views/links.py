"""What shoppers' links open. A GET never changes anything but the note that a link was followed.

No cookie, no sign-in: the token is the whole right, so a forged cross-site POST gains nothing.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import timedelta
from typing import Any, assert_never

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from recovery.messaging import answers, letters, links, restoring
from recovery.messaging.fixed_texts import locale_of
from recovery.messaging.links import Over
from recovery.messaging.models import Link
from recovery.messaging.page_texts import page_of
from recovery.messaging.selectors import sender_of
from recovery.messaging.services import count_click, record_follow
from shopapp.kit import clock, limits
from shopapp.platforms.connector import Ask, OneByOne, Straight
from shopapp.shops import access
from shopapp.shops.models import Shop

Door = Callable[[HttpRequest, Shop, Link], HttpResponse]
_POLICY = (
    "default-src 'none'; img-src https: http: data:; style-src 'self'; script-src 'self';"
    " connect-src 'self'; form-action 'self' {store}; base-uri 'none'; frame-ancestors 'none'"
)


def _door(purpose: Link.Purpose) -> Callable[[Door], Callable[..., HttpResponse]]:
    """Give a view its shop (in scope) and link; whatever is wrong with a token looks the same."""

    def wrap(view: Door) -> Callable[..., HttpResponse]:
        @csrf_exempt
        @require_http_methods(["GET", "HEAD", "POST"])
        @functools.wraps(view)
        def guarded(request: HttpRequest, token: str) -> HttpResponse:
            shop = links.shop_of(token)
            if shop is None:
                return _closed(render(request, "public/link_over.html", status=404))
            with access.scope(shop):
                return _closed(_answer(request, shop, token), store=shop.url)

        def _answer(request: HttpRequest, shop: Shop, token: str) -> HttpResponse:
            link = links.find(shop, purpose, token, at=clock.now())
            if link is None:
                return render(request, "public/link_over.html", status=404)
            if isinstance(link, Over):
                return _page(request, shop, "public/link_over.html", status=410)
            return view(request, shop, link)

        return guarded

    return wrap


@_door(Link.Purpose.RESTORE)
def restore(request: HttpRequest, shop: Shop, link: Link) -> HttpResponse:
    """Lead the shopper back to the cart; ask first where that would replace another."""
    way = restoring.way_to(shop, link, at=clock.now())
    if request.method == "GET" and not _is_prefetch(request):
        record_follow(link, at=clock.now())
    match way:
        case Straight(url=url, reported=True):
            return HttpResponseRedirect(url)
        case Straight(url=url):
            here = reverse("arrive", args=[request.path.rpartition("/")[2]])
            language = _language_of(shop, link)
            return _page(request, shop, "public/onward.html", url=url, here=here, **language)
        case Ask(url=url):
            if request.method == "POST":
                return HttpResponseRedirect(url)
            return _restore_page(request, shop, link, replaces=True)
        case OneByOne(urls=urls):
            return _restore_page(request, shop, link, urls=urls)
        case _:
            assert_never(way)


@_door(Link.Purpose.RESTORE)
def arrive(request: HttpRequest, shop: Shop, link: Link) -> HttpResponse:
    """Count that a person's browser went on from our own page, where the store's cannot tell."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    limits.take("landing", shop.pk, link.click_ref, allowed=20, per=timedelta(hours=1))
    way = restoring.way_to(shop, link, at=clock.now())
    if isinstance(way, Straight) and not way.reported:
        count_click(shop, click_ref=link.click_ref, at=clock.now())
    return HttpResponse(status=204)


@_door(Link.Purpose.UNSUBSCRIBE)
def unsubscribe(request: HttpRequest, shop: Shop, link: Link) -> HttpResponse:
    """Show what unsubscribing means; a POST does it, also a mailbox's one-click one (RFC 8058)."""
    if request.method == "POST":
        answers.unsubscribe(shop, link, at=clock.now())
    done = answers.is_unsubscribed(link)
    language = _language_of(shop, link)
    told = language["texts"].stopped_means if done else language["texts"].stop_means
    told = _filled(told, shop, link)
    return _page(request, shop, "public/unsubscribe.html", done=done, told=told, **language)


@_door(Link.Purpose.CONFIRM)
def confirm(request: HttpRequest, shop: Shop, link: Link) -> HttpResponse:
    """Ask whether the address is the reader's own; a POST says yes."""
    if request.method == "POST":
        answers.confirm(shop, link, at=clock.now())
    done = answers.is_confirmed(link)
    language = _language_of(shop, link)
    told = language["texts"].confirmed_means if done else language["texts"].confirm_means
    told = _filled(told, shop, link)
    return _page(request, shop, "public/confirm_address.html", done=done, told=told, **language)


def _language_of(shop: Shop, link: Link) -> dict[str, Any]:
    """Return language, direction and texts: those of the mail in which the link stood."""
    locale = link.message.locale if link.message is not None else ""
    lang, direction, texts = page_of(locale_of(locale, shop.locale))
    return {"lang": lang, "dir": direction, "texts": texts}


def _filled(text: str, shop: Shop, link: Link) -> str:
    hint = _address_hint(answers.address_of(link)) or "…"
    # Isolated: an address inside Arabic keeps its own direction.
    return text.replace("{shop}", shop.name).replace("{address}", f"\u2068{hint}\u2069")


def _restore_page(
    request: HttpRequest,
    shop: Shop,
    link: Link,
    *,
    replaces: bool = False,
    urls: dict[int, str] | None = None,
) -> HttpResponse:
    lines = letters.lines_to_show(shop, link.cart, urls or {})
    return _page(request, shop, "public/restore.html", lines=lines, replaces=replaces)


def _page(
    request: HttpRequest,
    shop: Shop,
    template: str,
    *,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    head = letters.letterhead(shop, sender_of(shop))
    shown = {
        "brand": {"name": head.shop_name, "colour": head.colour, "logo": head.logo_url},
        "store_url": head.shop_url,
        **context,
    }
    return render(request, template, shown, status=status)


def _closed(answer: HttpResponse, *, store: str = "") -> HttpResponse:
    """Keep the token out of caches, referrers and search engines."""
    answer["Cache-Control"] = "no-store, private"
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex, nofollow"
    answer["Content-Security-Policy"] = _POLICY.format(store=_origin(store)).replace(" ;", ";")
    return answer


def _origin(url: str) -> str:
    scheme, _, rest = url.partition("://")
    host = rest.partition("/")[0]
    allowed = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:[]")
    return f"{scheme}://{host}" if host and set(host) <= allowed else ""


def _is_prefetch(request: HttpRequest) -> bool:
    """Say whether a browser is only looking ahead (as it tells itself)."""
    headers = ("Purpose", "Sec-Purpose", "X-Purpose", "X-Moz")
    told = " ".join(request.headers.get(name, "") for name in headers).lower()
    return any(word in told for word in ("prefetch", "preview", "prerender"))


def _address_hint(address: str) -> str:
    """Return enough of an address for its owner to know it: a…@example.se."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}…@{domain}" if local and domain else ""

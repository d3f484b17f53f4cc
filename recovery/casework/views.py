"""The carts page: tabs, search, and the drawer that explains every decision about one cart."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from recovery.carts.models import Cart
from recovery.casework import drawer, selectors
from recovery.casework.wording import brief
from recovery.flows import services as flows
from recovery.flows.models import FlowRun
from recovery.messaging import links
from recovery.messaging.models import Link
from shopapp.kit import clock
from shopapp.kit.long_lists import LongList, count_up_to, searched
from shopapp.kit.pages import render_page
from shopapp.shops import access
from shopapp.shops.models import Shop
from shopapp.shops.records import record_access

ROWS = 50


@require_safe
@access.shop_view("see")
def list_carts(request: HttpRequest, shop: Shop) -> HttpResponse:
    """Show the carts of one tab."""
    tab = request.GET.get("tab", "in_recovery")
    words = request.GET.get("q", "").strip()[:100]
    known = dict(selectors.TABS)
    tab = tab if tab in known else "in_recovery"
    carts = selectors.carts_in(tab)
    if words:
        carts = searched(selectors.matching(carts, words))
    page = LongList(carts.select_related("contact"), ROWS).get_page(request.GET.get("page"))
    context = {
        "shop": shop,
        "tab": tab,
        "q": words,
        "tabs": _tabs(tab, words),
        "page": _rows_of(page),
        "has_carts": Cart.objects.exists(),
        "reasons": _reasons() if tab == "not_contactable" else [],
    }
    return _not_kept(render_page(request, "carts/list.html", context, partial="carts"))


def _not_kept(answer: HttpResponse) -> HttpResponse:
    """Keep shoppers' data out of caches; page and fragment share the address besides."""
    answer["Cache-Control"] = "no-store"
    return answer


def _tabs(current: str, words: str) -> list[dict[str, Any]]:
    counts = {key: count_up_to(selectors.carts_in(key)) for key, _ in selectors.TABS}
    search = f"&{urlencode({'q': words})}" if words else ""
    return [
        {
            "key": key,
            "label": label,
            "count": counts[key].number,
            "more": counts[key].more,
            "current": key == current,
            "url": f"?tab={key}{search}",
        }
        for key, label in selectors.TABS
    ]


def _rows_of(page: Any) -> Any:
    carts = list(page.object_list.prefetch_related("lines"))
    nexts = selectors.next_of(carts)
    page.object_list = [drawer.row(cart, nexts[cart.pk]) for cart in carts]
    return page


def _reasons() -> list[dict[str, Any]]:
    counted = (
        selectors.carts_in("not_contactable")
        .order_by()
        .values("blocked_reason")
        .annotate(count=Count("pk"))
    )
    return [
        {"label": brief(one["blocked_reason"]), "count": one["count"]}
        for one in sorted(counted, key=lambda one: -one["count"])
    ]


@require_safe
@access.shop_view("see")
def show_cart(request: HttpRequest, shop: Shop, cart_id: int) -> HttpResponse:
    """Show one cart with its timeline; the look at personal data is recorded."""
    cart = access.row(Cart.objects.select_related("contact"), cart_id)
    record_access(request, shop, what="cart", subject=str(cart.pk), at=clock.now())
    return _drawer(request, shop, cart)


def _drawer(request: HttpRequest, shop: Shop, cart: Cart, link: str = "") -> HttpResponse:
    context = {
        "shop": shop,
        "cart": drawer.facts(cart),
        "timeline": drawer.timeline(cart, at=clock.now()),
        "restore_link": link,
    }
    partial = "restore-link" if link else "drawer"
    return _not_kept(render_page(request, "carts/detail.html", context, partial=partial))


@require_POST
@access.shop_view("change")
def stop(request: HttpRequest, shop: Shop, cart_id: int) -> HttpResponse:
    """Write no more about this cart."""
    cart = access.row(Cart.objects.all(), cart_id)
    flows.stop_by_merchant(cart, at=clock.now())
    messages.success(request, "Nobody will be written to about this cart.")
    return redirect("carts:detail", shop.pk, cart.pk)


@require_POST
@access.shop_view("change")
def send_now(request: HttpRequest, shop: Shop, cart_id: int) -> HttpResponse:
    """Send the next message of this cart's flow without waiting for its time."""
    cart = access.row(Cart.objects.all(), cart_id)
    run = FlowRun.objects.filter(cart=cart, state=FlowRun.State.ACTIVE).select_related(
        "cart", "contact", "version", "flow__shop"
    )
    active = run.first()
    if active is not None and flows.send_now(active, at=clock.now()):
        messages.success(request, "The next mail goes out as soon as nothing stands against it.")
    else:
        messages.error(request, "There is no mail left to send about this cart.")
    return redirect("carts:detail", shop.pk, cart.pk)


@require_POST
@access.shop_view("change")
def mark_won(request: HttpRequest, shop: Shop, cart_id: int) -> HttpResponse:
    """Close the cart as won in another way."""
    cart = access.row(Cart.objects.all(), cart_id)
    flows.win_by_merchant(cart, at=clock.now())
    return redirect("carts:detail", shop.pk, cart.pk)


@require_POST
@access.shop_view("change")
def make_link(request: HttpRequest, shop: Shop, cart_id: int) -> HttpResponse:
    """Show a fresh link that opens this cart; it is kept nowhere."""
    cart = access.row(Cart.objects.select_related("contact"), cart_id)
    _, address = links.mint(
        shop, Link.Purpose.RESTORE, at=clock.now(), cart=cart, contact=cart.contact
    )
    return _drawer(request, shop, cart, address)

"""The inbox page, where stuck news is driven again, and the import's progress."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from recovery.ingest import handling, readings, shown
from recovery.ingest.connection import keys_of
from recovery.ingest.models import Delivery
from shopapp.kit import clock, later
from shopapp.kit.pages import render_page
from shopapp.platforms.registry import connector_for
from shopapp.shops import access
from shopapp.shops.models import AccessRecord, Shop

_PER_PAGE = 50


@require_safe
@never_cache
@access.shop_view("see")
def list_deliveries(request: HttpRequest, shop: Shop) -> HttpResponse:
    """Show everything the store told us, newest first, by its state."""
    state = request.GET.get("state", "")
    rows = Delivery.objects.defer("body").order_by("-received_at", "-pk")
    if state in Delivery.State.values:
        rows = rows.filter(state=state)
    page = Paginator(rows, _PER_PAGE).get_page(request.GET.get("page"))
    words = connector_for(shop.platform).words
    page.object_list = [shown.row(delivery, words) for delivery in page.object_list]
    context = {"shop": shop, "tabs": shown.tabs(state), "page": page}
    return render_page(request, "inbox/list.html", context, partial="inbox")


@require_safe
@never_cache
@access.shop_view("see")
def show_delivery(request: HttpRequest, shop: Shop, delivery_id: int) -> HttpResponse:
    """Show one delivery with its body; that it was looked at is written down."""
    delivery = access.row(Delivery.objects.all(), delivery_id)
    AccessRecord.objects.create(
        shop=shop,
        user_id=request.user.pk,
        what="delivery",
        subject=str(delivery.pk),
        at=clock.now(),
    )
    context = {"shop": shop, "delivery": shown.detail(delivery, connector_for(shop.platform).words)}
    return render_page(request, "inbox/detail.html", context)


@require_POST
@access.shop_view("change")
def redrive(request: HttpRequest, shop: Shop, delivery_id: int) -> HttpResponse:
    """Put a stuck delivery back among the waiting."""
    delivery = access.row(Delivery.objects.all(), delivery_id)
    if handling.redrive(shop, delivery, at=clock.now()):
        later.enqueue("ingest.handle_waiting", shop.pk)
        messages.success(request, "It is being handled again.")
    else:
        messages.info(request, "It is not stuck: there is nothing to do again.")
    return redirect("inbox:detail", shop.pk, delivery.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def import_page(request: HttpRequest, shop_id: int) -> HttpResponseBase:
    """Show how far the store has been read; a POST starts, resumes or repeats it."""
    view = _start_import if request.method == "POST" else _show_import
    return view(request, shop_id)


@access.shop_view("see")
def _show_import(request: HttpRequest, shop: Shop) -> HttpResponse:
    context: dict[str, Any] = {"shop": shop, **shown.progress(connector_for(shop.platform).words)}
    if not context["kinds"] and keys_of(shop):
        # A shop that was connected just now: its import begins by itself.
        context["running"] = True
    return render_page(request, "sync/import.html", context, partial="import")


@access.shop_view("change")
def _start_import(request: HttpRequest, shop: Shop) -> HttpResponse:
    readings.start_import(shop, at=clock.now())
    later.enqueue("ingest.read", shop.pk)
    return redirect("sync:import", shop.pk)

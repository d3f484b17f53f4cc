"""The page of disconnecting a store, and what is left to do by hand afterwards."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from recovery.ingest import departure
from shopapp.kit import clock
from shopapp.kit.pages import render_page
from shopapp.platforms.registry import connector_for
from shopapp.shops import access
from shopapp.shops.models import Shop


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def uninstall(request: HttpRequest, shop_id: int) -> HttpResponseBase:
    """Ask whether to disconnect, or tell what is left in the store; a POST disconnects."""
    view = _depart if request.method == "POST" else _show
    return view(request, shop_id)


@access.shop_view("own")
def _show(request: HttpRequest, shop: Shop) -> HttpResponse:
    gone = shop.state == Shop.State.UNINSTALLED
    left = departure.left_in_store(shop) if gone else []
    words = connector_for(shop.platform).words
    context = {"shop": shop, "gone": gone, "left": left, "words": words}
    return render_page(request, "sync/uninstall.html", context)


@access.shop_view("own", scoped=False)
def _depart(_request: HttpRequest, shop: Shop) -> HttpResponse:
    # Where the platform's own admin takes us out, the page says so; a POST changes nothing.
    if not connector_for(shop.platform).words.leave:
        departure.depart(shop, at=clock.now())
    return redirect("sync:uninstall", shop.pk)

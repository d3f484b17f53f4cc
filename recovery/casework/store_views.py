"""The settings page of the store: is it connected, and does its news arrive."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from recovery.casework.theme import script_switch
from recovery.ingest import welcome
from recovery.ingest.models import Delivery, Subscription
from shopapp.kit.pages import render_page
from shopapp.platforms.registry import connector_for
from shopapp.platforms.storefronts import storefront_for
from shopapp.platforms.words import Words
from shopapp.shops import access, accounts
from shopapp.shops.models import Member, Shop

_KINDS = {Shop.State.CONNECTED: "won", Shop.State.REFUSED: "no", Shop.State.UNINSTALLED: "no"}


@require_safe
@access.shop_view("see")
def store(request: HttpRequest, shop: Shop) -> HttpResponse:
    """Show the connection to the store, its webhooks, and the way out."""
    context = {
        "shop": shop,
        "connection": connection_facts(shop),
        "webhooks": _webhooks(connector_for(shop.platform).words),
        "can_reconnect": shop.state != Shop.State.CONNECTED,
        "words": connector_for(shop.platform).words,
        "theme": script_switch(shop),
        "snippet": _snippet(shop),
        "people": _people(request, shop),
    }
    return render_page(request, "settings/store.html", context)


def _people(request: HttpRequest, shop: Shop) -> list[Member]:
    """Return whom an owner may take out of the shop again; nobody for everybody else."""
    if not access.may(request, shop, "own"):
        return []
    return list(accounts.people_of(shop, but=accounts.person(request)))


def _snippet(shop: Shop) -> str:
    """Return the line that a page without the plugin loads the storefront script by; '' where the
    theme loads it, or nothing is connected."""
    if shop.state != Shop.State.CONNECTED or storefront_for(shop.platform) is not None:
        return ""
    address = f"{settings.APP_URL}{reverse('widgets:script', args=[shop.public_id, 'rebasket'])}"
    return f'<script src="{address}" defer></script>'


def connection_facts(shop: Shop) -> dict[str, Any]:
    """Return what the page says of the connection."""
    return {
        "state": shop.state,
        "state_label": shop.get_state_display(),
        "kind": _KINDS[Shop.State(shop.state)],
        "since": shop.uninstalled_at or shop.installed_at,
        "store_url": shop.url,
        "version": shop.platform_version,
        "takes_plugin": storefront_for(shop.platform) is None,
        "wordpress": "",
        "php": "",
        "plugin": shop.plugin_version,
        "plain_permalinks": shop.plain_permalinks,
        "own_cart_mail": shop.own_cart_mail,
        "last_news_at": shop.last_event_at,
        "orders_read_at": shop.orders_read_at,
        "reason": _reason(shop),
        "welcome_problem": welcome.problem_of(shop),
    }


def _reason(shop: Shop) -> str:
    if shop.state == Shop.State.REFUSED:
        return "The store no longer accepts our keys. Nothing is sent until it is connected again."
    if shop.state == Shop.State.UNINSTALLED:
        return "The store was disconnected. Nothing is sent until it is connected again."
    return shop.sending_paused_reason


def _webhooks(words: Words) -> list[dict[str, Any]]:
    last = dict(
        Delivery.objects.filter(source=Delivery.Source.WEBHOOK)
        .values_list("topic")
        .annotate(Max("received_at"))
        .order_by()
    )
    return [
        {
            "topic": words.news.get(hook.topic, hook.topic),
            "state_label": hook.problem or hook.status,
            "kind": "won" if hook.status == "active" else "no",
            "last_at": last.get(hook.topic),
        }
        for hook in Subscription.objects.order_by("topic")
    ]

"""Doors that a shop's pages reach through the shop's own address: the platform signs each call."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from shopapp.kit import clock, limits
from shopapp.kit.errors import AppError, Unreachable, Unsigned
from shopapp.kit.middleware import error_json
from shopapp.platforms.storefront import Proxied
from shopapp.platforms.storefronts import storefront_for
from shopapp.shops import access
from shopapp.shops.models import Shop
from widgets.configuration import configuration

_PER_MINUTE = 600


@require_safe
def config(request: HttpRequest, platform: str) -> HttpResponse:
    """Tell the script how the signed shop wants it; 401 for whatever the platform did not sign."""
    storefront = storefront_for(platform)
    if storefront is None:
        return error_json(Unreachable("There is no such platform here."))
    call = storefront.read_proxied(request.META.get("QUERY_STRING", ""), at=clock.real_now())
    if call is None:
        # The same for every forger, whatever was wrong, and no shop was looked up for it.
        return error_json(Unsigned("This request is not signed."))
    try:
        return _answer(call, platform)
    except AppError as error:
        return error_json(error)


def _answer(call: Proxied, platform: str) -> HttpResponse:
    shop = Shop.objects.filter(platform=platform, host=call.host).first()
    if shop is None or shop.state == Shop.State.UNINSTALLED:
        raise Unreachable("There is no such shop here.")
    limits.take("proxied", shop.pk, allowed=_PER_MINUTE, per=timedelta(minutes=1))
    asked = dict(call.query)
    country, locale = asked.get("country", "")[:2].upper(), asked.get("locale", "")[:16]
    with access.scope(shop):
        answer = JsonResponse(configuration(shop, country=country, locale=locale))
    answer["Cache-Control"] = "public, max-age=60"
    return answer

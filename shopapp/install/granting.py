"""Shopify's authorization code grant: the way in where Shopify does not manage the install.

Nobody types a shop's address here: Shopify's own pages lead to the first door. What comes back is
signed by Shopify and bound to the browser that asked, by a state in its session that is good once.
"""

from __future__ import annotations

import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from shopapp.install import managed
from shopapp.install.arriving import in_words
from shopapp.install.views import HOUR, STATES_KEPT
from shopapp.kit import clock, limits
from shopapp.kit.errors import Forbidden, Unreachable, Unsigned
from shopapp.platforms import embeddings
from shopapp.platforms.answers import StoreError
from shopapp.platforms.embedding import Access
from shopapp.platforms.registry import connector_for
from shopapp.platforms.shopify import oauth
from shopapp.platforms.shopify.identity import identity
from shopapp.shops import accounts, embedding
from shopapp.shops.models import Member, Shop, User

_IN_SESSION = "grant_states"
_SHOPIFY = Shop.Platform.SHOPIFY


@never_cache
@require_safe
def begin(request: HttpRequest) -> HttpResponse:
    """Lead to the shop's own page that asks its owner. That page refuses to stand in a frame, and a
    frame's cookie would not come back: begun inside one, the whole window comes here first."""
    found = embeddings.of(_SHOPIFY)
    query = request.GET.dict()
    host = found.host_named(query)
    if not host or not found.is_known():
        raise Unreachable("No shop is named here. Install the app from your shop's admin.")
    limits.take("install", limits.caller(request), allowed=30, per=HOUR)
    if found.says_framed(query) or request.headers.get("Sec-Fetch-Dest") == "iframe":
        return _break_out(request, host)
    state = secrets.token_urlsafe(32)
    kept = list(_states(request).items())[1 - STATES_KEPT :]
    request.session[_IN_SESSION] = dict([*kept, (state, host)])
    back = settings.APP_URL + reverse("install:granted")
    return redirect(oauth.authorize_url(host, identity(), redirect_url=back, state=state))


def _break_out(request: HttpRequest, host: str) -> HttpResponse:
    request.framing = embedding.framing_of(_SHOPIFY, host)  # type: ignore[attr-defined]
    there = f"{settings.APP_URL}{reverse('install:grant')}?shop={host}"
    context = {"parts": embeddings.of(_SHOPIFY).parts(), "there": there}
    answer = render(request, "install/break_out.html", context)
    answer.xframe_options_exempt = True
    return answer


@never_cache
@require_safe
def granted(request: HttpRequest) -> HttpResponse:
    """Take what the owner allowed, connect the shop, and lead into it: whom we know here, here; who
    is only known to the shop's admin, there."""
    limits.take("callback", limits.caller(request), allowed=120, per=HOUR)
    host, given = _given(request)
    if connector_for(_SHOPIFY).lacks(given.granted):
        raise Forbidden("Your shop allowed less than the app asks for. Please install it again.")
    try:
        shop = managed.take_in(_SHOPIFY, host, given, at=clock.now())
    except StoreError as error:
        raise in_words(error) from error
    user = accounts.person(request)
    if user is None or not _may_enter(user, shop):
        return redirect(embeddings.of(_SHOPIFY).admin_url(host))
    return redirect("sync:import", shop.pk)


def _may_enter(user: User, shop: Shop) -> bool:
    """Say whether this person works in the shop; the first one to come owns it. Shopify says yes to
    any member of its staff: into an owned shop its owners invite."""
    if Member.objects.filter(user=user, shop=shop).exists():
        return True
    if Member.objects.filter(shop=shop, role=Member.Role.OWNER).exists():
        return False
    Member.objects.get_or_create(user=user, shop=shop, defaults={"role": Member.Role.OWNER})
    return True


def _given(request: HttpRequest) -> tuple[str, Access]:
    """Return the shop and what it gives; raises an AppError for anything that is not from Shopify,
    from just now, for this browser and for the shop that it asked."""
    states, state = _states(request), request.GET.get("state", "")
    host = states.pop(state, "")
    request.session[_IN_SESSION] = states
    if not host:
        raise Unreachable("This browser has no such install under way. Please start again.")
    at = clock.real_now()
    try:
        query = request.META.get("QUERY_STRING", "")
        callback = oauth.read_callback(query, identity(), state=state, at=at)
    except oauth.BadCallback as error:
        raise Unsigned(f"{error} Please start again.") from error
    if callback.shop != host:
        raise Unsigned("Another shop answered than was asked. Please start again.")
    try:
        keys = oauth.exchange_code(callback, identity(), at=at)
    except StoreError as error:
        raise in_words(error) from error
    return host, Access(keys.to_text(), keys.granted)


def _states(request: HttpRequest) -> dict[str, str]:
    return dict(request.session.get(_IN_SESSION, {}))

"""The doors for a shop's people who come from inside a platform's own admin."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from shopapp.install import managed
from shopapp.kit import clock, limits
from shopapp.kit.errors import AppError, TooMany
from shopapp.platforms import embeddings
from shopapp.platforms.answers import KeysRefused, StoreError, StoreUnavailable
from shopapp.platforms.embedding import NotSigned
from shopapp.shops import embedding
from shopapp.shops.embedding import ARRIVED, Session

logger = logging.getLogger(__name__)

MINUTE = timedelta(minutes=1)


class Away(AppError):
    """The shop's platform does not let us in at present; the message says what to do."""

    status = 503
    code = "store_away"


@never_cache
@require_safe
def embedded(request: HttpRequest) -> HttpResponse:
    """Lead whom the admin sends to their shop's pages, connected on the way where it is new."""
    session = embedding.session_of(request)
    if session is None or session.visitor is None:
        return _from_outside(request)
    limits.take("arrive", session.host, allowed=120, per=MINUTE)
    try:
        arrival = managed.arrive(
            session.platform, session.visitor, at=clock.real_now(), shown_at=clock.now()
        )
    except NotSigned:
        return embedding.ask_again(request) if session.loads else embedding.retry()
    except StoreError as error:
        if session.member is not None:  # known, with pages that can be read all the same
            return _onward(session, "carts:list", session.member.shop.pk)
        logger.warning("an arrival failed", extra={"error": type(error).__name__})
        raise in_words(error) from error
    page = "sync:import" if arrival.connected else "carts:list"
    return _onward(session, page, arrival.member.shop.pk)


@never_cache
@require_safe
def deeper(request: HttpRequest, rest: str) -> HttpResponse:
    """Lead an address that the admin put below our door to the page that it means."""
    session = embedding.session_of(request)
    query = session.query if session else request.META.get("QUERY_STRING", "")
    return redirect(f"/shops/{rest}?{query}" if query else f"/shops/{rest}")


def _onward(session: Session, page: str, shop_id: int) -> HttpResponse:
    """Return the way to a page. The document loaded there needs what this one came with."""
    query = QueryDict(session.query, mutable=True)
    query[ARRIVED] = "1"
    return redirect(f"{reverse(page, args=[shop_id])}?{query.urlencode()}")


def in_words(error: StoreError) -> AppError:
    """Return what a person reads when the shop's platform does not let us in."""
    if isinstance(error, StoreUnavailable) and error.retry_after:
        return TooMany("Your shop's platform asks us to wait. Open this page again in a minute.")
    if isinstance(error, KeysRefused):
        return Away("Your shop does not let us in. Is it frozen, or was the app just removed?")
    if isinstance(error, StoreUnavailable) and error.temporary:
        return Away("Your shop's platform does not answer. Open this page again in a minute.")
    return Away(f"Your shop's platform refused: {error}")


def _from_outside(request: HttpRequest) -> HttpResponse:
    """Lead who opened this door outside a frame into the admin that they name, or to our own."""
    for _, found in embeddings.known():
        host = found.host_named(request.GET.dict())
        if host:
            return redirect(found.admin_url(host))
    return redirect("home")


@never_cache
@require_safe
def session(request: HttpRequest) -> HttpResponse:
    """Show nothing but the admin's script, which fetches a fresh token and goes where its address
    says: to a page of ours, or nowhere."""
    for platform, found in embeddings.known():
        query = request.GET.dict()
        if not found.leads_back(query, settings.APP_URL):
            continue
        request.framing = embedding.framing_of(platform, found.host_named(query))  # type: ignore[attr-defined]
        answer = render(request, "install/session.html", {"parts": found.parts()})
        answer.xframe_options_exempt = True
        return answer
    raise AppError("There is nothing to come back to. Open the app again from the admin's menu.")

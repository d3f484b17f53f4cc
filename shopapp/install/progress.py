"""The page on which an install is watched, and from which its shop is entered."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode, urlsplit

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from shopapp.install import owning
from shopapp.install.models import Installation
from shopapp.install.views import HOUR, installation_of
from shopapp.kit import clock, later, limits
from shopapp.kit.pages import render_page
from shopapp.shops import accounts
from shopapp.shops.models import Member, Shop, User

BACKEND = "django.contrib.auth.backends.ModelBackend"
_STATES = {
    Installation.State.ASKED: "asked",
    Installation.State.GRANTED: "proving",
    Installation.State.CONNECTED: "connected",
    Installation.State.REFUSED: "refused",
    Installation.State.FAILED: "failed",
}
_STEPS = (
    ("Consent in the store", "asked"),
    ("Keys proven against the store", "proving"),
    ("Connected", "connected"),
)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def progress(request: HttpRequest, key: int) -> HttpResponse:
    """Show how far the install is. A POST enters the connected shop: only a button signs anybody
    in, and it says as whom."""
    installation = installation_of(request, key)
    if request.method == "POST" and installation.shop is not None:
        return _enter(request, installation, installation.shop)
    return render_page(
        request, "install/progress.html", _context(request, installation), partial="progress"
    )


def _enter(request: HttpRequest, installation: Installation, shop: Shop) -> HttpResponse:
    """Lead into the shop: as who is signed in, as whom this install made, or by a mailed link."""
    signed_in = accounts.person(request)
    if signed_in is not None:
        if _may_join(installation, signed_in, shop):
            owning.join(installation, shop, signed_in)
        return redirect("sync:import", shop.pk)
    user = owning.enter(installation, at=clock.real_now())
    if user is not None:
        login(request, user, backend=BACKEND)
        return redirect("sync:import", shop.pk)
    if installation.user is not None:
        limits.take("sign-in-for", installation.user.email, allowed=5, per=HOUR)
        request.session["sign_in_next"] = reverse("sync:import", args=[shop.pk])
        later.enqueue("shops.mail_link", installation.user.pk)
    return redirect("sign_in_sent")


def _may_join(installation: Installation, user: User, shop: Shop) -> bool:
    """Say whether this install, proven from this browser just now, lets its person in."""
    if Member.objects.filter(user=user, shop=shop).exists():
        return False
    return (
        installation.status == Installation.State.CONNECTED
        and installation.ended_at is not None
        and clock.real_now() - installation.ended_at < owning.ENTER_WITHIN
    )


def _context(request: HttpRequest, installation: Installation) -> dict[str, Any]:
    expired = (
        installation.status == Installation.State.ASKED
        and installation.expires_at <= clock.real_now()
    )
    state = "failed" if expired else _STATES[Installation.State(installation.status)]
    context: dict[str, Any] = {
        "store": installation.host,
        "state": state,
        "final": state in {"connected", "refused", "failed"},
        "reason": "Too much time has passed. Please start again." if expired else "",
        "steps": _steps(state),
        "back_url": _back_url(installation),
    }
    if state in {"refused", "failed"}:
        context["reason"] = context["reason"] or installation.problem
        again = urlencode({"store_url": installation.store_url})
        context["retry_url"] = f"{reverse('install:start')}?{again}"
    elif state == "proving":
        context["reason"] = installation.problem
    elif state == "connected" and installation.shop is not None:
        context |= _onward(request, installation, installation.shop)
    return context


def _onward(request: HttpRequest, installation: Installation, shop: Shop) -> dict[str, Any]:
    """Return the way into the shop: a link for its members, a button for the others."""
    signed_in = accounts.person(request)
    if signed_in is None:
        owner = installation.user.email if installation.user else ""
        fresh = owning.may_enter(installation, at=clock.real_now())
        label = "See the first import" if fresh else "Mail me a link to sign in"
        return {"enter_label": label, "enter_as": owner}
    if Member.objects.filter(user=signed_in, shop=shop).exists():
        return {
            "next_url": reverse("sync:import", args=[shop.pk]),
            "next_label": "See the first import",
        }
    return {"enter_label": "See the first import", "enter_as": signed_in.email}


def _back_url(installation: Installation) -> str:
    """Return the plugin's page that the install was begun on, if it is on that very store."""
    wanted = installation.plugin_return_url
    try:
        there, store = urlsplit(wanted), urlsplit(installation.store_url)
    except ValueError:
        return ""
    same = there.scheme in {"http", "https"} and there.netloc == store.netloc
    return wanted if same else ""


def _steps(state: str) -> list[dict[str, str]]:
    order = [name for _, name in _STEPS]
    if state not in order:
        return []
    here = order.index(state)
    done = state == "connected"
    return [
        {
            "label": label,
            "detail": "",
            "state": "done" if number < here or done else "now" if number == here else "waiting",
        }
        for number, (label, _) in enumerate(_STEPS)
    ]

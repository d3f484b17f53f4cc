"""The pages of an install: the address, the way to the store and back, and what became of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shopapp.install import services
from shopapp.install.forms import ConnectForm
from shopapp.install.models import Installation
from shopapp.kit import clock, limits
from shopapp.kit.errors import Unreachable
from shopapp.kit.pages import render_page
from shopapp.shops import accounts
from shopapp.shops.models import User

HOUR = timedelta(hours=1)
# Chrome holds a form's policy against the redirect to the store's consent page.
TO_ANY_STORE = (
    "default-src 'self'; img-src 'self' data:; form-action 'self' https: http:;"
    " object-src 'none'; base-uri 'none'; frame-ancestors 'self'"
)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Ask for the store's address and lead to its consent page."""
    initial = {
        "store_url": request.GET.get("store_url", ""),
        "email": getattr(request.user, "email", ""),
    }
    form = ConnectForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        answer = _lead(request, form.cleaned_data["store_url"], form.cleaned_data["email"], form)
        if answer is not None:
            return answer
    return _start_page(request, form)


def _start_page(request: HttpRequest, form: ConnectForm) -> HttpResponse:
    status = 422 if form.is_bound else 200
    answer = render(request, "install/start.html", {"form": form}, status=status)
    answer["Content-Security-Policy"] = TO_ANY_STORE
    return answer


@never_cache
@require_safe
def start_from_plugin(request: HttpRequest) -> HttpResponse:
    """Take the plugin's Connect button straight to the store's consent page.

    The address in the link only fills the form in: the owner's is told by the store itself.
    """
    given = {"store_url": request.GET.get("store", ""), "email": request.GET.get("email", "")}
    form = ConnectForm(given)
    if form.is_valid():
        answer = _lead(
            request, given["store_url"], "", form, plugin_return=request.GET.get("return", "")
        )
        if answer is not None:
            return answer
    return _start_page(request, form)


def _lead(
    request: HttpRequest, store: str, email: str, form: ConnectForm, *, plugin_return: str = ""
) -> HttpResponse | None:
    """Redirect to the store's consent; None when the form now says what is wrong."""
    limits.take("install", limits.caller(request), allowed=30, per=HOUR)
    signed_in = User.objects.filter(pk=request.user.pk).first()
    try:
        asked = services.ask(
            store,
            email=email,
            user=signed_in,
            plugin_return_url=plugin_return[:1000],
            at=clock.real_now(),
        )
    except services.BadStore as error:
        form.add_error("store_url", error.message)
        return None
    request.session["install_state"] = asked.state
    answer = redirect(asked.consent_url)
    answer["Content-Security-Policy"] = TO_ANY_STORE
    return answer


@csrf_exempt
@require_POST
def callback(request: HttpRequest) -> HttpResponse:
    """Take the keys that a store hands over. WooCommerce keeps them only for exactly 200."""
    limits.take("callback", limits.caller(request), allowed=120, per=HOUR)
    services.take_keys(request.body, at=clock.real_now())
    return HttpResponse("kept", content_type="text/plain")


@never_cache
@require_safe
def back(request: HttpRequest) -> HttpResponse:
    """Receive the browser that comes back from the store."""
    installation = _of_this_browser(request)
    if request.GET.get("success") != "1":
        services.refuse(installation, at=clock.real_now())
    return redirect("install:progress", installation.pk)


def _of_this_browser(request: HttpRequest, key: int | None = None) -> Installation:
    """Return the install that this browser's session began; anybody else's is a 404."""
    state = str(request.session.get("install_state", ""))
    row = Installation.objects.filter(state_hash=services.hash_of(state)).first()
    if not state or row is None or (key is not None and row.pk != key):
        raise Unreachable("This browser has no such install under way. Please start again.")
    return row


@never_cache
@require_safe
def progress(request: HttpRequest, key: int) -> HttpResponse:
    """Show how far the install is; once connected, sign the person in."""
    installation = _of_this_browser(request, key)
    expired = (
        installation.status == Installation.State.ASKED
        and installation.expires_at <= clock.real_now()
    )
    if installation.status == Installation.State.CONNECTED:
        _sign_in(request, installation)
    context = _progress(request, installation, expired=expired)
    return render_page(request, "install/progress.html", context, partial="progress")


def _sign_in(request: HttpRequest, installation: Installation) -> None:
    """Sign in whoever the store named, once, if the account is not somebody's already.

    An address that was confirmed before may be another person's: they get a link by mail.
    """
    user = installation.user
    if user is None or request.user.is_authenticated:
        return
    if request.session.get("install_welcomed") == installation.pk:
        return
    request.session["install_welcomed"] = installation.pk
    if user.confirmed_at is None and user.memberships.count() == 1:
        state = request.session["install_state"]
        login(request, user, backend="django.contrib.auth.backends.ModelBackend")
        request.session["install_state"] = state
    else:
        accounts.mail_link(user, at=clock.real_now())


_HEADLINES = {
    Installation.State.GRANTED: "proving",
    Installation.State.CONNECTED: "connected",
    Installation.State.REFUSED: "refused",
    Installation.State.FAILED: "failed",
}


def _progress(
    request: HttpRequest, installation: Installation, *, expired: bool
) -> dict[str, Any]:
    status = Installation.State(installation.status)
    state = "failed" if expired else _HEADLINES.get(status, "asked")
    context: dict[str, Any] = {
        "store": installation.host,
        "state": state,
        "final": state in {"connected", "refused", "failed"},
        "reason": "Too much time has passed. Please start again." if expired else "",
        "steps": _steps(state),
    }
    if state in {"refused", "failed"}:
        context["reason"] = context["reason"] or installation.problem
        context["retry_url"] = f"{reverse('install:start')}?store_url={installation.host}"
    if state == "connected" and installation.shop is not None:
        context |= _onward(request, installation)
    return context


def _onward(request: HttpRequest, installation: Installation) -> dict[str, Any]:
    if request.user.is_authenticated and installation.shop is not None:
        return {
            "next_url": reverse("sync:import", args=[installation.shop.pk]),
            "next_label": "See the first import",
        }
    return {
        "reason": "We have mailed you a link to sign in with.",
        "next_url": reverse("sign_in"),
        "next_label": "Sign in",
    }


_STEPS = (
    ("Consent in the store", "asked"),
    ("Keys proven against the store", "proving"),
    ("Connected", "connected"),
)


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

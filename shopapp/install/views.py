"""The pages of an install: the address, the way to the store and back."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shopapp.install import services
from shopapp.install.forms import ConnectForm
from shopapp.install.models import Installation
from shopapp.kit import clock, limits
from shopapp.kit.errors import Unreachable
from shopapp.shops import accounts
from shopapp.shops.embedding import admin_platforms
from shopapp.shops.models import User

HOUR = timedelta(hours=1)
# Installs that one browser may have under way: two stores in two tabs are no mistake.
STATES_KEPT = 5
_IN_SESSION = "install_states"
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
        email, user = form.cleaned_data["email"], accounts.person(request)
        answer = _lead(request, form, email=email, user=user)
        if answer is not None:
            return answer
    return _start_page(request, form)


def _start_page(request: HttpRequest, form: ConnectForm) -> HttpResponse:
    status = 422 if form.is_bound else 200
    context = {"form": form, "admin_platforms": admin_platforms()}
    answer = render(request, "install/start.html", context, status=status)
    answer["Content-Security-Policy"] = TO_ANY_STORE
    return answer


@never_cache
@require_safe
def start_from_plugin(request: HttpRequest) -> HttpResponse:
    """Take the plugin's Connect button straight to the store's consent page.

    Anybody can write such a link. So nothing in it, nor who is signed in here, decides whose the
    shop will be: the store itself names its merchant, and the address only fills the form in.
    """
    given = {"store_url": request.GET.get("store", ""), "email": request.GET.get("email", "")}
    form = ConnectForm(given)
    form.full_clean()
    if "store_url" in form.cleaned_data:
        back_to = request.GET.get("return", "")
        answer = _lead(request, form, email="", user=None, back_to=back_to)
        if answer is not None:
            return answer
    return _start_page(request, form)


def _lead(
    request: HttpRequest, form: ConnectForm, *, email: str, user: User | None, back_to: str = ""
) -> HttpResponse | None:
    """Redirect to the store's consent; None when the form now says what is wrong."""
    limits.take("install", limits.caller(request), allowed=30, per=HOUR)
    try:
        asked = services.ask(
            form.cleaned_data["store_url"],
            email=email,
            user=user,
            plugin_return_url=back_to if len(back_to) <= 1000 else "",
            at=clock.real_now(),
        )
    except services.BadStore as error:
        form.add_error("store_url", error.message)
        return None
    request.session[_IN_SESSION] = [*_states(request), asked.state][-STATES_KEPT:]
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
    """Receive the browser that comes back from the store.

    Another browser than the one that asked ends the install: whoever gave the consent may have been
    sent to that page by somebody else, who would own the shop.
    """
    mine = _states(request)
    state = request.GET.get("user_id", "") or (mine[-1] if mine else "")
    installation = services.find(state)
    if installation is None:
        raise Unreachable("This browser has no such install under way. Please start again.")
    if state not in mine:
        services.stop_strange(installation, at=clock.real_now())
        raise Unreachable(
            "This was begun in another browser, so it was stopped. Please start again here."
        )
    if request.GET.get("success") == "1":
        services.come_back(installation, at=clock.real_now())
    else:
        services.refuse(installation, at=clock.real_now())
    return redirect("install:progress", installation.pk)


def installation_of(request: HttpRequest, key: int) -> Installation:
    """Return the install that this browser's session began; anybody else's is a 404."""
    hashes = [services.hash_of(state) for state in _states(request)]
    row = Installation.objects.filter(pk=key, state_hash__in=hashes).first()
    if row is None:
        raise Unreachable("This browser has no such install under way. Please start again.")
    return row


def _states(request: HttpRequest) -> list[str]:
    return [str(state) for state in request.session.get(_IN_SESSION, [])]

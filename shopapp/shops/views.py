"""Sign in, sign out, one's own account, and the choice of a shop."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shopapp.kit import clock, later, limits
from shopapp.kit.errors import Unreachable
from shopapp.shops import access, accounts
from shopapp.shops.embedding import admin_platforms, session_of
from shopapp.shops.forms import InvitationForm, PasswordForm, PasswordSignInForm, SignInForm
from shopapp.shops.models import Member, Shop, User

BACKEND = "django.contrib.auth.backends.ModelBackend"
HOUR = timedelta(hours=1)


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    return wanted if safe else ""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for an address and mail a link to it; the answer never tells whether it is known."""
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"].lower()
        limits.take("sign-in", limits.caller(request), allowed=20, per=HOUR)
        limits.take("sign-in-for", email, allowed=5, per=HOUR)
        request.session["sign_in_next"] = _next(request)
        user = User.objects.filter(email=email).first()
        # The same is done for an unknown address, so that the time it takes tells nothing.
        later.enqueue("shops.mail_link", user.pk if user else 0)
        return redirect("sign_in_sent")
    status = 422 if form.is_bound else 200
    context = {"form": form, "next": _next(request)}
    return render(request, "shops/sign_in.html", context, status=status)


@require_safe
def sign_in_sent(request: HttpRequest) -> HttpResponse:
    """Tell where to look for the link."""
    minutes = int(accounts.LINK_LIVES.total_seconds() // 60)
    return render(request, "shops/sign_in_sent.html", {"minutes": minutes})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show a button for the mailed link; only its POST spends the link and signs in."""
    link = accounts.find_link(token, at=clock.real_now())
    if request.method == "POST":
        user = accounts.spend_link(token, at=clock.real_now())
        if user is not None:
            wanted = request.session.get("sign_in_next", "")
            login(request, user, backend=BACKEND)
            return redirect(wanted or "home")
    context = {
        "expired": link is None or request.method == "POST",
        "email": link.user.email if link else "",
    }
    status = 410 if context["expired"] else 200
    return render(request, "shops/sign_in_confirm.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_password(request: HttpRequest) -> HttpResponse:
    """Sign in with a password, for those who set one."""
    form = PasswordSignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"].lower()
        # Axes counts by address and network together; this bounds guessing from many networks.
        limits.take("password-for", email, allowed=50, per=HOUR)
        user = authenticate(
            request,
            username=email,
            password=form.cleaned_data["password"],
        )
        if isinstance(user, User):
            login(request, user, backend=BACKEND)
            return redirect(_next(request) or "home")
        form.add_error(None, "Address and password do not belong together.")
    status = 422 if form.is_bound else 200
    context = {"form": form, "next": _next(request)}
    return render(request, "shops/sign_in_password.html", context, status=status)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return redirect("sign_in")


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """Set or change the password; signing in by mailed link always works."""
    user = accounts.person(request)
    if user is None:
        return redirect("sign_in")
    form = PasswordForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        user.set_password(form.cleaned_data["password"])
        user.save(update_fields=["password"])
        update_session_auth_hash(request, user)
        messages.success(request, "Your password is set.")
        return redirect("account")
    context = {"user": user, "form": form, "has_password": user.has_usable_password()}
    status = 422 if form.is_bound else 200
    return render(request, "shops/account.html", context, status=status)


@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Lead to the only shop, or let the person choose among several."""
    inside = session_of(request)
    if inside is not None and inside.member is not None:
        there = reverse("carts:list", args=[inside.member.shop.pk])
        return redirect(f"{there}?{inside.query}" if inside.loads else there)
    shops = list(Shop.objects.filter(members__user=accounts.person(request)).order_by("name"))
    if len(shops) == 1:
        return redirect("carts:list", shops[0].pk)
    rows = [{"id": shop.pk, "name": shop.name, "domain": shop.host} for shop in shops]
    context = {"shops": rows, "admin_platforms": admin_platforms()}
    return render(request, "shops/home.html", context)


@require_POST
@access.shop_view("own", scoped=False)
def invitations(request: HttpRequest, shop: Shop) -> HttpResponse:
    """Let an address into the shop with a sign-in of our own, and mail it a link."""
    form = InvitationForm(request.POST)
    if form.is_valid():
        limits.take("invite", shop.pk, allowed=10, per=HOUR)
        email = form.cleaned_data["email"]
        user, made = accounts.find_or_make(email)
        if not made and user.confirmed_at is None:
            accounts.end_sessions(user)  # whoever claimed the address before has not proven it
        Member.objects.get_or_create(user=user, shop=shop, defaults={"role": Member.Role.OWNER})
        later.enqueue("shops.mail_link", user.pk)
        messages.success(request, f"A link to sign in is on its way to {email}.")
    else:
        messages.error(request, " ".join(map(str, form.errors["email"])))
    return redirect("settings:store", shop.pk)


@require_POST
@access.shop_view("own", scoped=False)
def removal(request: HttpRequest, shop: Shop, member_id: int) -> HttpResponse:
    """Take somebody's sign-in of our own out of the shop; it ends with the very next request."""
    found = accounts.people_of(shop, but=accounts.person(request)).filter(pk=member_id).first()
    if found is None:
        raise Unreachable("There is no such person to remove here.")
    found.delete()
    messages.success(request, f"{found.user.email} can no longer open this shop.")
    return redirect("settings:store", shop.pk)

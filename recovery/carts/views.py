"""The settings page of the cut-offs."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from recovery.carts.forms import CutOffForm
from recovery.carts.models import CartRules
from recovery.carts.services import rules_of
from shopapp.kit.pages import render_page
from shopapp.shops import access
from shopapp.shops.models import Shop


@require_http_methods(["GET", "HEAD", "POST"])
@access.shop_view("change")
def cut_offs(request: HttpRequest, shop: Shop) -> HttpResponse:
    """Show and change after how long a cart counts as abandoned."""
    rules = rules_of(shop)
    initial = {
        "checkout_cutoff_minutes": rules.checkout_minutes,
        "cart_cutoff_minutes": rules.cart_minutes,
    }
    form = CutOffForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        CartRules.objects.update_or_create(
            shop=shop,
            defaults={
                "checkout_minutes": form.cleaned_data["checkout_cutoff_minutes"],
                "cart_minutes": form.cleaned_data["cart_cutoff_minutes"],
            },
        )
        messages.success(request, "Saved. Carts left from now on go by it.")
        return redirect("settings:recovery", shop.pk)
    status = 422 if form.is_bound else 200
    context = {"shop": shop, "form": form}
    return render_page(request, "settings/recovery.html", context, status=status)

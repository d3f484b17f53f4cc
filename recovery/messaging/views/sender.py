"""The sender's settings page."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from recovery.messaging.forms import SenderForm, columns_of, values_of
from recovery.messaging.models import Sender
from recovery.messaging.selectors import sender_of
from shopapp.kit.pages import render_page
from shopapp.shops import access
from shopapp.shops.models import Shop


@require_http_methods(["GET", "HEAD", "POST"])
@access.shop_view("change")
def edit_sender(request: HttpRequest, shop: Shop) -> HttpResponse:
    """Show and change whose name the shop's mails bear."""
    bound = request.POST if request.method == "POST" else None
    form = SenderForm(bound, initial=values_of(sender_of(shop)))
    if bound is not None and form.is_valid():
        Sender.objects.update_or_create(shop=shop, defaults=columns_of(form.cleaned_data))
        messages.success(request, "Saved.")
        return redirect("settings:sender", shop.pk)
    answer = render_page(
        request,
        "settings/sender.html",
        {"shop": shop, "form": form},
        status=200 if bound is None else 422,
    )
    answer["Cache-Control"] = "no-store"
    return answer

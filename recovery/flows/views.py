"""The flows pages: the table with its switches, and a flow's steps with form and preview."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from recovery.carts.models import Cart
from recovery.carts.services import rules_of
from recovery.flows import figures, pages, services, steps
from recovery.flows.forms import StepForm, TestForm, initial_of
from recovery.flows.models import Flow
from recovery.messaging import services as messaging
from recovery.messaging.selectors import sender_of
from shopapp.kit import clock
from shopapp.kit.errors import Unreachable
from shopapp.kit.pages import render_page
from shopapp.shops import access
from shopapp.shops.models import Shop

VIEWS = ("desktop", "phone", "dark", "text")


@require_safe
@access.shop_view("see")
def list_flows(request: HttpRequest, shop: Shop) -> HttpResponse:
    """Show the shop's flows with their switches."""
    at = clock.now()
    counted = figures.by_flow()
    rules = rules_of(shop)
    rows = [
        pages.flow_row(flow, counted(flow.pk), rules, at=at)
        for flow in services.make_presets(shop, at=at)
    ]
    return render_page(request, "flows/list.html", {"shop": shop, "flows": rows}, partial="flows")


@require_POST
@access.shop_view("change")
def switch(request: HttpRequest, shop: Shop, flow_id: int) -> HttpResponse:
    """Switch a flow on (from now, or looking back a day) or off."""
    flow = access.row(Flow.objects.all(), flow_id)
    sender = sender_of(shop)
    if request.POST.get("active") != "on":
        services.switch_off(flow, at=clock.now())
        messages.success(request, f"“{flow.name}” is off. Nobody inside is written to any more.")
    elif not (sender.email and sender.legal_address):
        messages.error(
            request,
            "Before a flow is switched on, its mails need a sender's address and a postal address.",
        )
        return redirect("settings:sender", shop.pk)
    else:
        look_back = timedelta(hours=24 if request.POST.get("look_back") == "24" else 0)
        services.switch_on(flow, look_back=look_back, at=clock.now())
        messages.success(request, f"“{flow.name}” is on.")
    return redirect("flows:list", shop.pk)


@require_safe
@access.shop_view("see")
def show_flow(request: HttpRequest, shop: Shop, flow_id: int) -> HttpResponse:
    """Show a flow's steps; one of them is open in the panel, with its preview."""
    flow = access.row(Flow.objects.all(), flow_id)
    return _editor(request, shop, flow, request.GET.get("step", ""))


def _editor(
    request: HttpRequest, shop: Shop, flow: Flow, key: str, form: StepForm | None = None
) -> HttpResponse:
    plan = steps.read(services.newest_version(flow).steps)
    step = next((step for step in plan if step.key == key), plan[0])
    context = _editor_context(request, shop, flow, step, plan)
    context["form"] = form or StepForm(initial=initial_of(step))
    target = request.headers.get("HX-Target", "").partition("#")[2]
    partial = "preview" if target == "preview" else "flow"
    status = 422 if form is not None else 200
    return render_page(request, "flows/detail.html", context, partial=partial, status=status)


def _editor_context(
    request: HttpRequest,
    shop: Shop,
    flow: Flow,
    step: steps.EmailStep,
    plan: tuple[steps.EmailStep, ...],
) -> dict[str, Any]:
    at, rules = clock.now(), rules_of(shop)
    carts = pages.recent_carts()
    shown = request.GET.get("as", "desktop")
    return {
        "shop": shop,
        "flow": pages.flow_row(flow, figures.Figures(), rules, at=at),
        "steps": pages.step_rows(plan, step, figures.by_step(flow)),
        "step": {"id": step.key},
        "start_text": pages.start_text(flow, rules),
        "placeholders": pages.PLACEHOLDERS,
        "carts": carts,
        "cart_id": request.GET.get("cart") or (carts[0]["id"] if carts else ""),
        "view": shown if shown in VIEWS else "desktop",
        "test_form": TestForm(initial={"email": getattr(request.user, "email", "")}),
    }


@require_POST
@access.shop_view("change")
def change_step(request: HttpRequest, shop: Shop, flow_id: int, key: str) -> HttpResponse:
    """Publish the step as the form wants it, as a new version."""
    flow = access.row(Flow.objects.all(), flow_id)
    step = _step(flow, key)
    form = StepForm(request.POST)
    if not form.is_valid():
        return _editor(request, shop, flow, key, form)
    version = services.change_step(flow, form.changed(step), at=clock.now())
    messages.success(
        request, f"Saved as version {version.number}. Shoppers already inside keep theirs."
    )
    return redirect(f"{reverse('flows:detail', args=[shop.pk, flow.pk])}?step={step.key}")


def _step(flow: Flow, key: str) -> steps.EmailStep:
    plan = steps.read(services.newest_version(flow).steps)
    for step in plan:
        if step.key == key:
            return step
    raise Unreachable("There is no such step in this flow.")


def _cart(request: HttpRequest) -> Cart | None:
    chosen = request.GET.get("cart") or request.POST.get("cart") or ""
    rows = Cart.objects.select_related("contact")
    return access.row(rows, int(chosen)) if chosen.isdecimal() else None


@require_safe
@access.shop_view("see")
@xframe_options_sameorigin
def preview(request: HttpRequest, shop: Shop, flow_id: int, key: str) -> HttpResponse:
    """Show the step's mail as a real cart's shopper would get it."""
    flow = access.row(Flow.objects.all(), flow_id)
    shown = request.GET.get("as", "desktop")
    cart = _cart(request)
    contact = cart.contact if cart is not None else None
    content = _step(flow, key).content
    letter = messaging.preview(shop, content=content, cart=cart, contact=contact)
    return pages.letter_page(letter, shown)


@require_POST
@access.shop_view("change", scoped=False)
def send_test(request: HttpRequest, shop: Shop, flow_id: int, key: str) -> HttpResponse:
    """Send the step's mail to the signed-in person, with the chosen cart."""
    with access.scope(shop):
        flow = access.row(Flow.objects.all(), flow_id)
        step, cart = _step(flow, key), _cart(request)
    to = getattr(request.user, "email", "")
    sent = messaging.send_test(shop, to=to, content=step.content, cart=cart, at=clock.now())
    if sent:
        messages.success(request, f"A test is on its way to {to}.")
    else:
        messages.error(request, "The test could not be sent. Messages says why.")
    return redirect(f"{reverse('flows:detail', args=[shop.pk, flow_id])}?step={key}")

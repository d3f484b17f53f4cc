"""The page of people's requests: what waits, the file to hand over, and what was erased."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from recovery.privacy import services
from recovery.privacy.dossier import dossier
from recovery.privacy.models import DataRequest, Erasure
from shopapp.kit import clock
from shopapp.kit.errors import Unreachable
from shopapp.kit.pages import render_page
from shopapp.shops import access
from shopapp.shops.models import Shop
from shopapp.shops.records import record_access

_PER_PAGE = 25
_COUNTED = ("contact", "cart", "order", "message", "run", "request")


@require_safe
@never_cache
@access.shop_view("change")
def privacy(request: HttpRequest, shop: Shop) -> HttpResponse:
    """List who asked for their data, and what was erased."""
    rows = DataRequest.objects.order_by("-asked_at", "-pk")
    page = Paginator(rows, _PER_PAGE).get_page(request.GET.get("page"))
    now = clock.now()
    context = {
        "shop": shop,
        "page": page,
        "rows": [_row(row, late=row.due_at < now) for row in page.object_list],
        "erasures": [_erasure(one) for one in Erasure.objects.order_by("-at", "-pk")[:20]],
    }
    return render_page(request, "settings/privacy.html", context, partial="privacy")


def _row(row: DataRequest, *, late: bool) -> dict[str, Any]:
    if row.erased_at is not None:
        state, kind = "Erased since", ""
    elif row.handed_over_at is not None:
        state, kind = "Handed over", "won"
    elif late:
        state, kind = "Overdue", "no"
    else:
        state, kind = "Waits for you", "hold"
    return {
        "id": row.pk,
        "who": row.email
        or (f"Customer {row.customer_id}" if row.customer_id else "Erased shopper"),
        "asked_at": row.asked_at,
        "due_at": row.due_at,
        "state_label": state,
        "kind": kind,
        "handed_over_at": row.handed_over_at,
        "downloaded_at": row.downloaded_at,
        "waits": row.waits,
        "can_download": row.erased_at is None,
    }


def _erasure(row: Erasure) -> dict[str, Any]:
    counts = [
        f"{count} {name if count == 1 else name + 's'}"
        for name in _COUNTED
        if (count := row.counts.get(f"{name}s", 0))
    ]
    return {"at": row.at, "counts": ", ".join(counts) or "nothing was held"}


@require_safe
@never_cache
@access.shop_view("change")
def privacy_file(request: HttpRequest, shop: Shop, request_id: int) -> HttpResponse:
    """Hand out everything that we hold about the person of one request, as a file."""
    asked = access.row(DataRequest.objects.all(), request_id)
    if asked.erased_at is not None:
        raise Unreachable("This shopper was erased since: nothing is held any more.")
    now = clock.now()
    record_access(request, shop, what="data_request", subject=str(asked.pk), at=now)
    DataRequest.objects.filter(pk=asked.pk, downloaded_at=None).update(downloaded_at=now)
    document = json.dumps(dossier(shop, asked, at=now), ensure_ascii=False, indent=2)
    answer = HttpResponse(document, content_type="application/json; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="personal-data-{asked.pk}.json"'
    return answer


@require_POST
@access.shop_view("change")
def privacy_handover(request: HttpRequest, shop: Shop, request_id: int) -> HttpResponse:
    """Note that the merchant gave the shopper the file."""
    asked = access.row(DataRequest.objects.all(), request_id)
    if services.hand_over(asked, request.user.pk, at=clock.now()):
        messages.success(request, "Noted: the shopper has the data.")
    return redirect("settings:privacy", shop.pk)

"""The results page."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from recovery.analytics import figures
from shopapp.kit import clock
from shopapp.kit.pages import render_page
from shopapp.shops import access
from shopapp.shops.models import Shop

WINDOWS = (7, 30, 90)


@require_safe
@access.shop_view("see")
def overview(request: HttpRequest, shop: Shop) -> HttpResponse:
    """Show what recovery brought in the chosen window."""
    asked = request.GET.get("window", "")
    days = int(asked) if asked in {str(window) for window in WINDOWS} else 30
    at = clock.now()
    since = at - timedelta(days=days)
    totals = figures.totals(shop, since=since)
    context = {
        "shop": shop,
        "window": days,
        "windows": [
            {
                "key": str(window),
                "label": f"{window} days",
                "current": window == days,
                "url": f"?window={window}",
            }
            for window in WINDOWS
        ],
        "has_carts": bool(totals.abandoned or totals.orders),
        "figures": totals,
        "flows": figures.by_flow(shop, since=since),
        "days": figures.by_day(shop, days=days, at=at),
    }
    return render_page(request, "results/overview.html", context, partial="results")

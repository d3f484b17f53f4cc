"""Answer one URL with a page or with the part of it that htmx asked for."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def render_page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    partial: str = "",
    status: int = 200,
) -> HttpResponse:
    """Return the page, or only its named partial when htmx asks for it.

    A history restore asks for the whole page even with htmx.
    """
    wants_part = (
        bool(partial)
        and request.headers.get("HX-Request") == "true"
        and request.headers.get("HX-History-Restore-Request") != "true"
        and request.headers.get("HX-Boosted") != "true"
    )
    name = f"{template}#{partial}" if wants_part else template
    answer = render(request, name, context or {}, status=status)
    answer["Vary"] = "HX-Request"
    return answer

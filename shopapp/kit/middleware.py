"""Answers to mistakes, security headers and the log line of every request."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from shopapp.kit.errors import AppError
from shopapp.kit.framing import Framing, policy, widened

logger = logging.getLogger(__name__)
Respond = Callable[[HttpRequest], HttpResponse]


def wants_json(request: HttpRequest) -> bool:
    """Say whether the caller is a machine that expects the one JSON error shape."""
    accept = request.headers.get("Accept", "")
    return request.path.startswith(("/hooks/", "/w/", "/api/", "/health/")) or (
        "application/json" in accept and "text/html" not in accept
    )


def error_json(error: AppError) -> JsonResponse:
    """Return the one JSON error shape: ``{"error": {"code", "message", "fields"?}}``."""
    body: dict[str, object] = {"code": error.code, "message": error.message}
    if error.fields:
        body["fields"] = error.fields
    return JsonResponse({"error": body}, status=error.status)


def locked_out(
    request: HttpRequest, _response: HttpResponse | None, _credentials: object
) -> HttpResponse:
    """Return the page for a password that was tried too often; a mailed link goes on working."""
    message = (
        "The password was wrong too often. Try again in a quarter of an hour, or have a link mailed"
        " to you."
    )
    return render(request, "429.html", {"message": message}, status=429)


def answer_to(request: HttpRequest, error: AppError) -> HttpResponse:
    """Return the answer to a mistake: JSON for machines, a page for people."""
    if wants_json(request):
        return error_json(error)
    return render(request, "errors/app_error.html", {"error": error}, status=error.status)


class AppErrors:
    """Turn an ``AppError`` into its status: JSON for machines, a page for people."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the view's answer."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Return the answer to an AppError; bugs go on to Django's own handling."""
        return answer_to(request, error) if isinstance(error, AppError) else None


class RequestLog:
    """Write one line per request: method, path without its query, status and milliseconds."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the answer after logging it."""
        started = time.perf_counter()
        response = self.get_response(request)
        logger.info(
            "request",
            extra={
                "method": request.method,
                "path": request.path,
                "status": response.status_code,
                "ms": round((time.perf_counter() - started) * 1000, 1),
            },
        )
        return response


class ContentSecurity:
    """Send a strict Content-Security-Policy: own files only, inline only with the nonce.

    A page that stands in a platform's admin carries ``request.framing``: that shop's origins, and
    no others, may show it.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the answer with its policy; a view may have set a policy of its own."""
        nonce = secrets.token_urlsafe(16)
        request.csp_nonce = nonce  # type: ignore[attr-defined]
        response = self.get_response(request)
        framing: Framing | None = getattr(request, "framing", None)
        given = response.headers.get("Content-Security-Policy", "")
        if not given:
            response.headers["Content-Security-Policy"] = policy(nonce, framing)
        elif framing is not None and "frame-ancestors 'self'" in given:
            response.headers["Content-Security-Policy"] = widened(given, framing)
        # In a frame the address may hold a token: not even our own files are told of it.
        referrer = "strict-origin-when-cross-origin" if framing is None else "strict-origin"
        response.headers.setdefault("Referrer-Policy", referrer)
        return response

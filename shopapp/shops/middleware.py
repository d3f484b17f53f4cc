"""Let people in who come from inside a platform's admin, with a token in place of a cookie."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse

from shopapp.kit.errors import Forbidden, Unreachable, Unsigned
from shopapp.kit.middleware import answer_to
from shopapp.platforms.embedding import NotSigned
from shopapp.shops import embedding
from shopapp.shops.models import Shop

# The pages of merchants. Shoppers' pages, machines' doors and installs know nothing of admins.
_PAGES = ("/shops/", "/embedded/", "/account/", "/sign-out/")
_FETCHES_TOKENS = "/embedded/session/"
_DOORS = frozenset({"install:embedded", "install:deeper", "home"})


class EmbeddedSession:
    """Sign a request in by its bearer token, or by the token of a document's address.

    Stands before the session's middleware: of such a request no cookie is read, and none is set.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the page, or what leads to a fresh token."""
        page = request.path == "/" or request.path.startswith(_PAGES)
        if not page or request.path == _FETCHES_TOKENS:
            return self.get_response(request)
        try:
            session = embedding.sign_in(request)
        except NotSigned:
            return _ask_for_a_token(request)
        if session is not None:
            return self._inside(request, session)
        if "X-Embedded" in request.headers or embedding.loads_in_frame(request):
            return _ask_for_a_token(request)
        return self.get_response(request)

    def _inside(self, request: HttpRequest, session: embedding.Session) -> HttpResponse:
        request.embedded = session  # type: ignore[attr-defined]
        request.framing = embedding.framing_of(session.platform, session.host)  # type: ignore[attr-defined]
        request.COOKIES = {}
        # A bearer token cannot be sent by another site: it stands in for the CSRF token.
        request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]
        embedding.strip_query(request, session.platform)
        answer = _first_to_the_door(request, session) or self.get_response(request)
        answer.cookies.clear()
        if session.loads:
            answer["Link"] = embedding.preloads(session.platform)
        answer.headers.setdefault("Cache-Control", "no-store")
        answer.headers.pop("X-Frame-Options", None)
        answer.xframe_options_exempt = True
        return answer

    def process_view(
        self, request: HttpRequest, _view: Any, _args: Any, places: dict[str, Any]
    ) -> HttpResponse | None:
        """Put the person in, and keep them to this one shop."""
        session = embedding.session_of(request)
        if session is None:
            return None
        match = request.resolver_match
        if session.member is None:
            if match is not None and match.view_name == "install:embedded":
                return None
            return answer_to(request, Forbidden("Open the app again from the admin's own menu."))
        request.user = session.member.user
        elsewhere = "shop_id" not in places and (match is None or match.view_name not in _DOORS)
        if elsewhere or places.get("shop_id", session.member.shop.pk) != session.member.shop.pk:
            return answer_to(request, Unreachable("There is no such page in this shop's admin."))
        return None


def _ask_for_a_token(request: HttpRequest) -> HttpResponse:
    """Return what brings a fresh token: a script's request is tried again, a document goes over the
    page that fetches one."""
    scripted = "X-Embedded" in request.headers or "Authorization" in request.headers
    if scripted or request.method not in {"GET", "HEAD"}:
        return embedding.retry()
    try:
        return embedding.ask_again(request)
    except Unsigned as error:
        return _told_in_the_frame(request, error)


def _told_in_the_frame(request: HttpRequest, error: Unsigned) -> HttpResponse:
    """Return the page that says it, shown by the admin that the address names: it has nothing on it
    but words."""
    request.framing = embedding.framing_named(request.GET.dict())  # type: ignore[attr-defined]
    answer = answer_to(request, error)
    answer.xframe_options_exempt = True
    return answer


def _first_to_the_door(request: HttpRequest, session: embedding.Session) -> HttpResponse | None:
    """Return the way to the door for a document that needs it: the shop or the person is not known
    yet, or the shop's access has to be given anew."""
    door = reverse("install:embedded")
    if not session.loads or session.visitor is None or request.path == door:
        return None
    member = session.member
    arrived = embedding.ARRIVED in QueryDict(session.query)
    if member is not None and (arrived or member.shop.state == Shop.State.CONNECTED):
        return None
    return redirect(f"{door}?{session.query}")

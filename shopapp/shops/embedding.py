"""Pages inside a platform's admin: who comes by a signed token instead of a cookie.

Such a request reads no cookie and sets none, needs no CSRF token (no other site can send the
bearer's), and reaches one shop: the one whose admin it stands in.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse

from shopapp.kit.errors import Unsigned
from shopapp.kit.framing import Framing
from shopapp.platforms import embeddings
from shopapp.platforms.embedding import NotSigned, Visitor
from shopapp.platforms.registry import connector_for
from shopapp.shops import passes
from shopapp.shops.models import Member, Shop

ARRIVED = "arrived"
"""Marks the way from the door to a page: who was just there is not sent back to it."""
_AGAIN = "again"
_OUR_NAMES = (passes.NAME, ARRIVED, _AGAIN)
_MOST_TRIES = 3


@dataclass(frozen=True, slots=True)
class Session:
    """Who asks for a page inside an admin.

    ``visitor`` is None behind a pass. ``member`` is None for a person whom we do not know yet.
    ``query``: the address's own, as the admin wrote it. ``loads``: whether the browser loads a
    document, which carries no header.
    """

    platform: str
    visitor: Visitor | None
    member: Member | None
    query: str
    loads: bool

    @property
    def host(self) -> str:
        """Return the shop in whose admin the page stands."""
        if self.visitor is not None:
            return self.visitor.host
        return self.member.shop.host if self.member else ""


def session_of(request: HttpRequest) -> Session | None:
    """Return who asks from inside an admin; None for everybody else."""
    found: Session | None = getattr(request, "embedded", None)
    return found


def sign_in(request: HttpRequest) -> Session | None:
    """Return who asks, None where no token came. Raises NotSigned for a token that is none."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    looks = request.method in {"GET", "HEAD"}
    if scheme == "Bearer" and embeddings.known():
        return _session(request, token.strip(), loads=False)
    for _, embedding in embeddings.known():
        if looks and embedding.token_name in request.GET:
            return _session(request, request.GET[embedding.token_name], loads=True)
    if looks and passes.NAME in request.GET and embeddings.known():
        member = passes.member_with(request.GET[passes.NAME], request.path)
        if member is None:
            raise NotSigned("This pass is over.")
        return Session(member.shop.platform, None, member, "", loads=True)
    return None


def _session(request: HttpRequest, token: str, *, loads: bool) -> Session:
    refusal = NotSigned("There is no such app here.")
    for platform, embedding in embeddings.known():
        try:
            visitor = embedding.visitor(token)
        except NotSigned as error:
            refusal = error
            continue
        query = request.META.get("QUERY_STRING", "")
        return Session(platform, visitor, member_of(platform, visitor), query, loads)
    raise refusal


def person_name(shop: Shop, visitor: Visitor) -> str:
    """Return `User.platform_user` of this visitor."""
    return f"{shop.platform}:{shop.pk}:{visitor.person}"


def member_of(platform: str, visitor: Visitor) -> Member | None:
    """Return the visitor's part in the shop, None for a shop or a person not known yet."""
    shop = Shop.objects.filter(platform=platform, host=visitor.host).first()
    if shop is None:
        return None
    rows = Member.objects.select_related("user").filter(shop=shop)
    member = rows.filter(user__platform_user=person_name(shop, visitor)).first()
    if member is not None:
        member.shop = shop
    return member


def admin_platforms() -> list[str]:
    """Return the names of the platforms whose shops connect themselves, in their own admin."""
    return [connector_for(platform).words.name for platform, _ in embeddings.known()]


def framing_of(platform: str, host: str) -> Framing:
    """Return who may show this shop's pages, and what they load there."""
    embedding = embeddings.of(platform)
    parts = embedding.parts()
    origins = {_origin(parts.bridge_url), _origin(parts.components_url)} - {""}
    return Framing(embedding.frame_ancestors(host), tuple(sorted(origins)), parts.connect)


def framing_named(query: dict[str, str]) -> Framing:
    """Return who may show a page that has nothing of any shop: the admin that the query names."""
    platform, found = embeddings.known()[0]
    return framing_of(platform, found.host_named(query))


def preloads(platform: str) -> str:
    """Return the Link header by which a browser fetches the admin's scripts before it has read the
    page."""
    parts = embeddings.of(platform).parts()
    return (
        f'<{_origin(parts.bridge_url)}>; rel="preconnect", '
        f'<{parts.bridge_url}>; rel="preload"; as="script", '
        f'<{parts.components_url}>; rel="preload"; as="script"'
    )


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def loads_in_frame(request: HttpRequest) -> bool:
    """Say whether a browser loads this page into an admin's frame.

    A frame of ours around our own page outside an admin has its cookie.
    """
    if request.method not in {"GET", "HEAD"} or not embeddings.known():
        return False
    if settings.SESSION_COOKIE_NAME in request.COOKIES:
        return False
    query = request.GET.dict()
    framed = request.headers.get("Sec-Fetch-Dest") == "iframe"
    return framed or any(embedding.says_framed(query) for _, embedding in embeddings.known())


def ask_again(request: HttpRequest) -> HttpResponse:
    """Return the way over the page whose script fetches a fresh token and comes back here.

    A token that is refused however fresh it is (this machine's clock may be wrong) ends in a page
    that says so, not in a circle. Raises Unsigned then.
    """
    query = QueryDict(_query_before(request), mutable=True)
    asked = query.get(_AGAIN, "0")
    if not asked.isdigit() or int(asked) >= _MOST_TRIES:
        raise Unsigned("The admin did not confirm who you are. Close this page and open it anew.")
    _, embedding = embeddings.known()[0]
    for name in (embedding.token_name, passes.NAME, ARRIVED):
        query.pop(name, None)
    query[_AGAIN] = str(int(asked) + 1)
    back = f"{settings.APP_URL}{request.path}?{query.urlencode()}"
    told = {name: query.get(name, "") for name in query}
    way = urlencode(embedding.way_back(told, back))
    return redirect(f"{reverse('install:session')}?{way}")


def _query_before(request: HttpRequest) -> str:
    session = session_of(request)
    return session.query if session else request.META.get("QUERY_STRING", "")


def retry() -> HttpResponse:
    """Return what makes the admin's script try once more with a fresh token. Should that fail too,
    the page stays as it is, with what was typed."""
    told = (
        "<p data-error-message>Your sign-in in the admin has run out. Nothing that you typed is"
        " lost: try again, or reload the page if it goes on.</p>"
    )
    answer = HttpResponse(told, status=401)
    for _, embedding in embeddings.known():
        for name, value in embedding.retry_headers.items():
            answer[name] = value
    answer["HX-Reswap"] = "none"
    answer["Cache-Control"] = "no-store"
    return answer


def strip_query(request: HttpRequest, platform: str) -> None:
    """Take what the admin added out of the request's address: no page, link or log sees it."""
    query = QueryDict(request.META.get("QUERY_STRING", ""), mutable=True)
    for name in (*embeddings.of(platform).query_names, *_OUR_NAMES):
        query.pop(name, None)
    request.META["QUERY_STRING"] = query.urlencode()
    request.__dict__.pop("GET", None)

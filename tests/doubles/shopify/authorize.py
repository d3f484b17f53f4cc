"""The authorization code grant's screen: what the app asks for, and the way back to it.

https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens/authorization-code-grant
"""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit

from shopapp.kit.clock import real_now
from tests.doubles.base.http import Request, Response, text_answer
from tests.doubles.base.markup import tag
from tests.doubles.shopify.front.id_tokens import host_of, query_hmac
from tests.doubles.shopify.installing import grant_scopes, install
from tests.doubles.shopify.oauth import new_code
from tests.doubles.shopify.shop import Shop


def answer_authorize(shop: Shop, request: Request) -> Response:
    """Show what the app asks for, or let the merchant agree and send them back to the app."""
    asked = request.query
    if asked.get("client_id") != shop.setup.client_id:
        return text_answer("Oauth error invalid_request: Could not find the app", 400)
    back = asked.get("redirect_uri", "")
    if not _registered(shop, back):
        message = "The redirect_uri is not whitelisted"
        return text_answer(f"Oauth error invalid_request: {message}", 400)
    if request.method != "POST":
        return _screen(shop, asked)
    wanted = tuple(one.strip() for one in asked.get("scope", "").split(",") if one.strip())
    if not shop.installed:
        install(shop, wanted or shop.setup.scopes)
    elif wanted and set(wanted) - set(shop.scopes):
        grant_scopes(shop, tuple(dict.fromkeys([*shop.scopes, *wanted])))
    query = {
        "code": new_code(shop),
        "host": host_of(shop),
        "shop": shop.host,
        "state": asked.get("state", ""),
        "timestamp": str(int(real_now().timestamp())),
    }
    query["hmac"] = query_hmac(query, shop.setup.signing_secret)
    parts = urlsplit(back)
    whole = parts._replace(query=urlencode([*parse_qsl(parts.query), *query.items()]))
    return Response(302, b"", [("Location", whole.geturl())])


def _registered(shop: Shop, back: str) -> bool:
    """Say whether the app registered this way back; one of its own paths stands for its address."""
    parts = urlsplit(back)._replace(query="", fragment="")
    return parts.geturl() in {shop.setup.address_of(one) for one in shop.setup.redirect_urls}


def _screen(shop: Shop, asked: dict[str, str]) -> Response:
    scopes = [tag("li", one.strip()) for one in asked.get("scope", "").split(",")]
    form = tag(
        "form",
        tag("h1", f"Install {shop.setup.handle.title()}"),
        tag("ul", *scopes),
        tag("button", "Install app"),
        method="post",
    )
    return text_answer(f"<!doctype html><title>Install</title>{form}")

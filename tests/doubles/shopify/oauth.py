"""``POST /admin/oauth/access_token``: exchanges, codes, refreshes.

The grants: https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from shopapp.kit.clock import real_now
from tests.doubles.base.http import Request, Response
from tests.doubles.shopify.admin.endpoint import as_json
from tests.doubles.shopify.id_tokens import read_id_token
from tests.doubles.shopify.outages import answer_outage
from tests.doubles.shopify.shop import Shop, User
from tests.doubles.shopify.tokens import REFRESH_LIFE, Pair

_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
_ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token"
_KINDS = {
    "urn:shopify:params:oauth:token-type:offline-access-token": "offline",
    "urn:shopify:params:oauth:token-type:online-access-token": "online",
}


@dataclass(frozen=True, slots=True)
class OAuthRefusal(Exception):
    """A refusal of the token endpoint."""

    error: str
    description: str
    status: int = 400


def answer_token(shop: Shop, request: Request) -> Response:
    """Answer one request for a token."""
    outage = shop.faults.take("token")
    if outage and outage not in ("slow", "lost"):
        return answer_outage(outage, shop.faults.seconds)
    try:
        told = _told(request)
        with shop.state.lock:
            answer = as_json(_grant(shop, told))
    except OAuthRefusal as refusal:
        body = {"error": refusal.error, "error_description": refusal.description}
        answer = as_json(body, refusal.status)
    return answer_outage(outage, shop.faults.seconds, answer) if outage else answer


def new_code(shop: Shop) -> str:
    """Return an authorization code, good once: the merchant has just agreed."""
    code = secrets.token_hex(16)
    shop.tokens.codes.add(code)
    return code


def _told(request: Request) -> dict[str, str]:
    if "json" in request.headers.get("content-type", ""):
        try:
            posted = request.json()
        except ValueError:
            raise OAuthRefusal("invalid_request", "The body is no JSON") from None
        return {key: str(value) for key, value in posted.items()}
    return request.form


def _grant(shop: Shop, told: dict[str, str]) -> dict[str, Any]:
    setup = shop.setup
    known = any(secrets.compare_digest(told.get("client_secret", ""), one) for one in setup.secrets)
    if told.get("client_id") != setup.client_id or not known:
        raise OAuthRefusal("invalid_client", "The client credentials are invalid")
    match told.get("grant_type", ""):
        case grant if grant == _EXCHANGE:
            return _exchange(shop, told)
        case "refresh_token":
            return _refresh(shop, told)
        case "" | "authorization_code":
            return _code(shop, told)
    raise OAuthRefusal("unsupported_grant_type", "This grant type is not supported")


def _exchange(shop: Shop, told: dict[str, str]) -> dict[str, Any]:
    kind = _KINDS.get(told.get("requested_token_type", ""))
    if told.get("subject_token_type") != _ID_TOKEN or kind is None:
        raise OAuthRefusal("invalid_request", "The token types are not supported")
    claims = read_id_token(shop.setup, told.get("subject_token", ""))
    if claims is None or claims["dest"] != f"https://{shop.host}" or not shop.installed:
        raise OAuthRefusal("invalid_subject_token", "The ID token is expired or invalid")
    if kind == "online":
        return _online(shop, int(claims["sub"]))
    return _offline(shop, told)


def _code(shop: Shop, told: dict[str, str]) -> dict[str, Any]:
    code = told.get("code", "")
    if code not in shop.tokens.codes or not shop.installed:
        description = "The authorization code was not found or was already used"
        raise OAuthRefusal("invalid_request", description)
    shop.tokens.codes.discard(code)
    return _offline(shop, told)


def _offline(shop: Shop, told: dict[str, str]) -> dict[str, Any]:
    """Return a new offline token. One that does not expire is given to whom asks for it, and
    refused by the Admin API."""
    if told.get("expiring") != "1":
        return {"access_token": shop.tokens.new_lasting().token, "scope": _scope(shop)}
    return _pair_json(shop, shop.tokens.new_pair())


def _refresh(shop: Shop, told: dict[str, str]) -> dict[str, Any]:
    pair = shop.tokens.refresh(told.get("refresh_token", "")) if shop.installed else None
    if pair is None and shop.tokens.refuses_with_401:
        message = "This request requires an active refresh_token"
        raise OAuthRefusal("invalid_request", message, 401)
    if pair is None:
        raise OAuthRefusal("invalid_grant", "Token has been expired or revoked.")
    return _pair_json(shop, pair)


def _pair_json(shop: Shop, pair: Pair) -> dict[str, Any]:
    at = real_now()
    return {
        "access_token": pair.access.token,
        "scope": _scope(shop),
        "expires_in": round((pair.access.expires_at - at).total_seconds()),
        "refresh_token": pair.refresh_token,
        "refresh_token_expires_in": min(
            round((pair.refresh_expires_at - at).total_seconds()),
            round(REFRESH_LIFE.total_seconds()),
        ),
    }


def _online(shop: Shop, user_id: int) -> dict[str, Any]:
    user = next((one for one in shop.users if one.id == user_id), None)
    if user is None:
        raise OAuthRefusal("invalid_subject_token", "The ID token is about nobody of this shop")
    access = shop.tokens.new_online(user_id)
    return {
        "access_token": access.token,
        "scope": _scope(shop),
        "expires_in": 86_399,
        "associated_user_scope": _scope(shop),
        "associated_user": user_json(user),
    }


def user_json(user: User) -> dict[str, Any]:
    """Return a user as an online token's answer tells of them."""
    return {
        "id": user.id,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "email": user.email,
        "email_verified": True,
        "account_owner": user.owner,
        "locale": user.locale,
        "collaborator": False,
    }


def _scope(shop: Shop) -> str:
    return ",".join(shop.scopes)

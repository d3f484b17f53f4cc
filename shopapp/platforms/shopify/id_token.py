"""ID tokens: who opened a page of the app inside the admin, as App Bridge has it signed.

https://shopify.dev/docs/apps/build/authentication-authorization/id-tokens. They live one minute
and stand in for a session, so that no cookie is needed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlsplit

import jwt
from shopify import session_token

from shopapp.kit.safe_json import JsonObject
from shopapp.platforms.shopify import verify
from shopapp.platforms.shopify.identity import AppIdentity

LEEWAY_SECONDS = 10
_MAX_TOKEN = 4096
_SHAPE = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
_SESSION = re.compile(r"[\x21-\x7e]{1,200}")
_USER = re.compile(r"[0-9]{1,20}")


class BadIdToken(Exception):
    """This is no ID token of ours: forged, for another app, misshapen."""


class ExpiredIdToken(BadIdToken):
    """Rightly signed, but its minute is over (or not begun): App Bridge has a fresh one."""


@dataclass(frozen=True, slots=True)
class IdToken:
    """Who asks. ``user_id``: Shopify's id of the member of staff. ``session_id``: of their session
    in the admin. ``text``: the token itself, to be exchanged for access."""

    shop: str
    user_id: str
    session_id: str
    expires_at: datetime
    text: str = field(repr=False)


def check(token: str, app: AppIdentity) -> IdToken:
    """Return who asks; raises ExpiredIdToken or BadIdToken. Compared with real time.

    Signature (HS256 alone, one of the app's secrets), audience, ``exp`` and ``nbf`` with ten
    seconds of leeway, and one and the same shop in ``iss`` and ``dest``.
    """
    if len(token) > _MAX_TOKEN or not _SHAPE.fullmatch(token):
        raise BadIdToken("This is no ID token.")
    if not app.is_known:
        raise BadIdToken("This installation has no Shopify app.")
    claims = _claims(token, app)
    if claims.get("aud") != app.client_id:
        raise BadIdToken("It is for another app, too.")
    return _id_token(claims, token)


def bearer(authorization: str | None) -> str:
    """Return the token of an ``Authorization: Bearer`` header, '' where there is none."""
    scheme, _, token = (authorization or "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _claims(token: str, app: AppIdentity) -> JsonObject:
    refusal: BadIdToken = BadIdToken("This is no ID token of ours.")
    for secret in app.secrets:
        try:
            return dict(session_token.decode_from_header(f"Bearer {token}", app.client_id, secret))
        except session_token.SessionTokenError as error:
            if isinstance(error.__cause__, jwt.ExpiredSignatureError | jwt.ImmatureSignatureError):
                refusal = ExpiredIdToken("This ID token has expired.")
        except (jwt.PyJWTError, ValueError, TypeError, AttributeError) as error:
            # Claims of another type than the library expects.
            refusal = BadIdToken(f"This is no ID token of ours: {type(error).__name__}.")
    raise refusal


def _id_token(claims: JsonObject, token: str) -> IdToken:
    shop = _one_shop(claims)
    user, session, expires = claims.get("sub"), claims.get("sid"), claims.get("exp")
    if not isinstance(user, str) or not _USER.fullmatch(user):
        raise BadIdToken("Its user is none.")
    if not isinstance(session, str) or not _SESSION.fullmatch(session):
        raise BadIdToken("Its session is none.")
    if "nbf" not in claims or not isinstance(expires, int) or isinstance(expires, bool):
        raise BadIdToken("It has no time.")
    try:
        expires_at = datetime.fromtimestamp(expires, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise BadIdToken("It has no time.") from error
    return IdToken(shop, user, session, expires_at, token)


def _one_shop(claims: JsonObject) -> str:
    issuer, destination = claims.get("iss"), claims.get("dest")
    if not isinstance(issuer, str) or not isinstance(destination, str):
        raise BadIdToken("It names no shop.")
    shop = _host(destination, "")
    if not shop or _host(issuer, "/admin") != shop:
        raise BadIdToken("It does not name one shop.")
    return shop


def _host(address: str, path: str) -> str:
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    if parts.scheme != "https" or parts.path.rstrip("/") != path or parts.query or parts.fragment:
        return ""
    return verify.shop_host(parts.netloc)

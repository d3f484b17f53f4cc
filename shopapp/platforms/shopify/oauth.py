"""Getting keys from Shopify: token exchange, refresh, and the authorization code grant.

https://shopify.dev/docs/apps/build/authentication-authorization/implement-token-exchange and
.../access-tokens/authorization-code-grant . Embedded pages exchange the ID token that App Bridge
gives them; the code grant serves where the app is opened outside of the admin.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode

from shopapp.kit import egress
from shopapp.kit.safe_json import BadJson, JsonObject, loads_object
from shopapp.platforms.answers import KeysRefused, StoreError, StoreSaidNo, StoreUnavailable
from shopapp.platforms.base import Unreadable
from shopapp.platforms.shopify import fields, keys, verify
from shopapp.platforms.shopify.id_token import ExpiredIdToken, IdToken
from shopapp.platforms.shopify.identity import AppIdentity, api_target
from shopapp.platforms.shopify.keys import Keys

Post = Callable[[str, JsonObject], egress.Response]
"""Sends this JSON to the token address of this host and returns the answer, whatever it is."""

ACCESS_PATH = "/admin/oauth/access_token"
_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
_SUBJECT = "urn:ietf:params:oauth:token-type:id_token"
_OFFLINE = "urn:shopify:params:oauth:token-type:offline-access-token"
_ONLINE = "urn:shopify:params:oauth:token-type:online-access-token"
_TIMEOUT = 10.0
_MAX_ANSWER = 64 * 1024
_CODE = re.compile(r"[\x21-\x7e]{1,500}")
_CLOSED = (402, 423)


class AppRefused(StoreSaidNo):
    """Shopify does not know the app by these credentials, or refuses its kind of token: nothing
    that the merchant could mend."""


class BadCallback(Exception):
    """What came back from the grant page is forged, too old, or not for this browser."""


@dataclass(frozen=True, slots=True)
class Callback:
    """What the grant page sends back. ``host``: the admin's address of the app, base64, or ''."""

    shop: str
    code: str = field(repr=False)
    host: str


@dataclass(frozen=True, slots=True)
class StaffAccess:
    """Whom an online token stands for; ``email_verified``: whether Shopify checked the address."""

    access_token: str = field(repr=False)
    expires_at: datetime
    user_id: str
    email: str = field(repr=False)
    email_verified: bool
    first_name: str
    last_name: str
    locale: str
    account_owner: bool


def post(host: str, body: JsonObject) -> egress.Response:
    """Send this JSON to the shop's token address."""
    target = api_target(host, ACCESS_PATH)
    return egress.request(
        "POST",
        target.url,
        headers={"Accept": "application/json"} | target.headers,
        json=body,
        timeout=_TIMEOUT,
        max_bytes=_MAX_ANSWER,
    )


def exchange_offline(token: IdToken, app: AppIdentity, *, at: datetime, by: Post = post) -> Keys:
    """Return the shop's keys for an ID token. ``at``: real time.

    Raises ExpiredIdToken where Shopify takes it no more (the browser has a fresh one), AppRefused,
    or another StoreError. Keys of an earlier exchange end.
    """
    asked = _exchange(token, app, _OFFLINE) | {"expiring": "1"}
    return keys.granted_keys(_ask(token.shop, asked, by), at=at)


def exchange_online(
    token: IdToken, app: AppIdentity, *, at: datetime, by: Post = post
) -> StaffAccess:
    """Return who of the shop's staff has the app open, and a token for them (about a day)."""
    answer = _ask(token.shop, _exchange(token, app, _ONLINE), by)
    try:
        return _staff(answer, at)
    except Unreadable as error:
        raise StoreUnavailable(f"Shopify named no user: {error}.", temporary=True) from error


def refresh(host: str, old: Keys, app: AppIdentity, *, at: datetime, by: Post = post) -> Keys:
    """Return new keys for old ones. ``at``: real time.

    Raises KeysRefused when the refresh token is good no more: the merchant opens the app again.
    After an answer that was lost (a temporary StoreUnavailable) the old ones may be presented
    again: Shopify repeats itself until the new ones are used, for 30 days at most.
    """
    if old.refresh_expires_at <= at:
        raise KeysRefused("The keys have expired.")
    asked = _app(app) | {"grant_type": "refresh_token", "refresh_token": old.refresh_token}
    return keys.granted_keys(_ask(host, asked, by), at=at)


def authorize_url(host: str, app: AppIdentity, *, redirect_url: str, state: str) -> str:
    """Return the shop's grant page. It cannot be shown in a frame."""
    asked = {
        "client_id": app.client_id,
        "scope": ",".join(app.scopes),
        "redirect_uri": redirect_url,
        "state": state,
    }
    if app.stand_in:
        # A browser that is sent there carries no header that says for whom it stands.
        return f"{app.stand_in}/admin/oauth/authorize?{urlencode(asked | {'shop': host})}"
    return f"https://{host}/admin/oauth/authorize?{urlencode(asked)}"


def read_callback(query: str, app: AppIdentity, *, state: str, at: datetime) -> Callback:
    """Return what the grant page sent back, or raise BadCallback.

    ``query``: as it stands in the address. ``state``: what we gave this very browser.
    """
    told = verify.admin_query(query, app.secrets, at=at)
    if told is None:
        raise BadCallback("Shopify did not sign this, or not just now.")
    if not state or not hmac.compare_digest(told.get("state", "").encode(), state.encode()):
        raise BadCallback("This was begun in another browser.")
    code = told.get("code", "")
    if not _CODE.fullmatch(code):
        raise BadCallback("There is no code in it.")
    return Callback(shop=told["shop"], code=code, host=told.get("host", ""))


def exchange_code(callback: Callback, app: AppIdentity, *, at: datetime, by: Post = post) -> Keys:
    """Return the shop's keys for the code of a callback, which is good once."""
    asked = _app(app) | {"code": callback.code, "expiring": "1"}
    return keys.granted_keys(_ask(callback.shop, asked, by), at=at)


def _app(app: AppIdentity) -> JsonObject:
    if not app.is_known:
        raise AppRefused("no_app", "This installation has no Shopify app.", 0)
    return {"client_id": app.client_id, "client_secret": app.secrets[0]}


def _exchange(token: IdToken, app: AppIdentity, wanted: str) -> JsonObject:
    return _app(app) | {
        "grant_type": _EXCHANGE,
        "subject_token": token.text,
        "subject_token_type": _SUBJECT,
        "requested_token_type": wanted,
    }


def _ask(host: str, body: JsonObject, by: Post) -> JsonObject:
    if not host or verify.shop_host(host) != host:
        raise StoreSaidNo("no_shop", "This is no Shopify shop.", 0)
    try:
        answer = by(host, body)
    except egress.EgressRefused as error:
        raise StoreUnavailable(str(error), temporary=False) from error
    except egress.EgressFailed as error:
        raise StoreUnavailable(str(error), temporary=True) from error
    told = _object(answer)
    if answer.status == 200:
        if not told:
            raise StoreUnavailable("Shopify's answer cannot be read.", temporary=True)
        return told
    raise _failure(answer, told)


def _failure(answer: egress.Response, told: JsonObject) -> Exception:
    """Return what an answer other than 200 means. A refused ID token is no StoreError: it is the
    browser's, and the browser has a fresh one."""
    code = fields.plain(told.get("error") or told.get("errors"), 200)
    message = fields.plain(told.get("error_description")) or code
    match code:
        case "invalid_subject_token":
            return ExpiredIdToken("Shopify does not take this ID token any more.")
        case "invalid_grant":
            return KeysRefused(message)
        case "invalid_request" if "active refresh_token" in message:
            # Not documented: what developers saw for a refresh token that had been replaced
            # (community.shopify.dev, "520 during refresh token rotation", June 2026).
            return KeysRefused(message)
        case "invalid_client":
            return AppRefused(code, message, answer.status)
        case _:
            return _by_status(answer, code, message)


def _by_status(answer: egress.Response, code: str, message: str) -> StoreError:
    status = answer.status
    if status in (408, 429) or status >= 500 or status in _CLOSED:
        return StoreUnavailable(
            f"Shopify answered with an error ({status}).",
            temporary=True,
            retry_after=_retry_after(answer),
        )
    if 300 <= status < 400:
        return StoreUnavailable(
            "Shopify sends us to another address.",
            temporary=False,
            location=fields.url(answer.headers.get("Location")),
        )
    if status == 403 and "non-expiring" in message.lower():
        return AppRefused("non_expiring_token", message, status)
    if not code and status == 400:
        # A page in place of JSON: something stands in between.
        return StoreUnavailable("Shopify's answer cannot be read.", temporary=True)
    return StoreSaidNo(code or f"http_{status}", message, status)


def _object(answer: egress.Response) -> JsonObject:
    try:
        return loads_object(answer.content, max_bytes=_MAX_ANSWER)
    except BadJson:
        return {}


def _staff(answer: JsonObject, at: datetime) -> StaffAccess:
    user = fields.as_object(answer.get("associated_user"), "associated_user")
    return StaffAccess(
        access_token=keys.token_of(answer, "access_token"),
        expires_at=at + keys.seconds_of(answer, "expires_in"),
        user_id=fields.identifier(user, "id"),
        email=fields.optional_text(user, "email", 254),
        email_verified=fields.optional_flag(user, "email_verified") is True,
        first_name=fields.name(user, "first_name"),
        last_name=fields.name(user, "last_name"),
        locale=fields.locale(user.get("locale")),
        account_owner=fields.optional_flag(user, "account_owner") is True,
    )


def _retry_after(answer: egress.Response) -> float | None:
    written = answer.headers.get("Retry-After", "").strip()
    return float(written) if re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,3})?", written) else None

"""WooCommerce's one-click authorization: consent, keys, the hand-over and the way back."""

from __future__ import annotations

import json
import secrets
from urllib.parse import quote, unquote, urlencode, urlsplit

import httpx

from tests.doubles.base.http import Response, redirect_to, text_answer
from tests.doubles.base.markup import tag
from tests.doubles.woocommerce.front.frame import Page, page_answer
from tests.doubles.woocommerce.front.office import minted_nonce, sign_in, signed_in
from tests.doubles.woocommerce.records import ApiKey
from tests.doubles.woocommerce.settings import WORDPRESS_VERSION

_NAMES = ("app_name", "user_id", "return_url", "callback_url", "scope")
_SCOPES = {"read": "Read", "write": "Write", "read_write": "Read/Write"}
_GRANTS = {
    "read": ("View coupons", "View customers", "View orders and sales reports", "View products"),
    "write": ("Create webhooks", "Create coupons", "Create customers", "Create orders",
              "Create products"),
    "read_write": ("Create webhooks", "View and manage coupons", "View and manage customers",
                   "View and manage orders and sales reports", "View and manage products"),
}  # fmt: skip
_NO_CACHE = "no-cache, must-revalidate, max-age=0, no-store, private"


class _Refused(Exception):
    """The sentence of a refusal page."""


def authorization(page: Page, step: str) -> Response:
    """Answer one step: authorize, login or access_granted; a refusal is a page with 401."""
    try:
        asked = _asked(page)
        if step == "login":
            onward = f"{page.root}/wc-auth/v1/authorize/?{urlencode(asked)}"
            return sign_in(page, page.request.uri, onward)
        if not signed_in(page):
            return redirect_to(f"{page.root}/wc-auth/v1/login/?{urlencode(asked, quote_via=quote)}")
        if step == "authorize":
            return _consent(page, asked)
        if page.request.query.get("wc_auth_nonce") != minted_nonce(page.shop):
            raise _Refused("Invalid nonce verification")
        return _grant(page, asked)
    except _Refused as refusal:
        return _refusal(str(refusal))


def _refusal(text: str) -> Response:
    body = tag(
        "html",
        tag("head", tag("meta", charset="utf-8"), tag("title", "Access denied"),
            tag("link", rel="stylesheet", href="/assets/store.css")),
        tag("body", tag("main", tag("div", tag("h1", "Access denied"), tag("p", f"Error: {text}."),
                                    class_="sheet",
        dir="ltr",
        lang="en"))),
        lang="en",
    )  # fmt: skip
    answer = text_answer("<!doctype html>\n" + body, 401)
    answer.add("Expires", "Wed, 11 Jan 1984 05:00:00 GMT")
    return answer.add("Cache-Control", _NO_CACHE)


def _asked(page: Page) -> dict[str, str]:
    """Return the five parameters in WooCommerce's order; raises when one is wanting."""
    query = page.request.query
    for name in ("app_name", "user_id", "return_url", "callback_url", "scope"):
        if not query.get(name):
            raise _Refused(f"Missing parameter {name}")
    asked = {name: query[name] for name in _NAMES}
    if asked["scope"] not in _SCOPES:
        raise _Refused(f"Invalid scope {asked['scope']}")
    for name in ("return_url", "callback_url"):
        address = unquote(asked[name])
        if "://" not in address:
            asked[name] = address = f"https://{address}"
        if not urlsplit(address).netloc or urlsplit(address).scheme not in ("http", "https"):
            raise _Refused(f"The {name} is not a valid URL")
    if not asked["callback_url"].startswith("https://"):
        raise _Refused("The callback_url needs to be over SSL")
    return asked


def _consent(page: Page, asked: dict[str, str]) -> Response:
    app, settings = asked["app_name"], page.shop.state.settings
    grants = [tag("li", one) for one in _GRANTS[asked["scope"]]]
    nonce = {"wc_auth_nonce": minted_nonce(page.shop)}
    approve = f"/wc-auth/v1/access_granted/?{urlencode({**asked, **nonce})}"
    deny = _back(asked, 0)
    body = tag(
        "div",
        tag("h1", f"{app} would like to connect to your store"),
        tag(
            "p", f"This will give “{app}” {_SCOPES[asked['scope']]} access which will allow it to:"
        ),
        tag("ul", *grants, class_="permissions"),
        tag("p", f"Logged in as {settings.owner_email}", class_="soft"),
        tag(
            "div",
            tag("a", "Approve", href=approve, class_="button primary wc-auth-approve"),
            tag("a", "Deny", href=deny, class_="button wc-auth-deny"),
            class_="row",
        ),
        class_="sheet wc-auth",
        dir="ltr",
        lang="en",
    )
    return page_answer(page, "Application authentication request", body)


def _back(asked: dict[str, str], success: int) -> str:
    address = asked["return_url"]
    joint = "&" if "?" in address else "?"
    return f"{address}{joint}success={success}&user_id={quote(asked['user_id'], safe=':/')}"


def _grant(page: Page, asked: dict[str, str]) -> Response:
    """Make a key and hand it over at once: anything but exactly 200 takes it back."""
    state = page.shop.state
    key = ApiKey(
        id=state.next_id("key"),
        key="ck_" + secrets.token_hex(20),
        secret="cs_" + secrets.token_hex(20),
        permissions=asked["scope"],
        description=f"{asked['app_name']} - API",
    )
    state.keys[key.id] = key
    fault = _hand_over(page, asked, key)
    if fault:
        del state.keys[key.id]
        raise _Refused(fault)
    return redirect_to(_back(asked, 1))


def _hand_over(page: Page, asked: dict[str, str], key: ApiKey) -> str:
    body = {
        "key_id": key.id,
        "user_id": asked["user_id"],
        "consumer_key": key.key,
        "consumer_secret": key.secret,
        "key_permissions": key.permissions,
    }
    headers = {
        "User-Agent": f"WordPress/{WORDPRESS_VERSION}; {page.shop.home}",
        "Content-Type": "application/json;charset=UTF-8",
    }
    content = json.dumps(body, separators=(",", ":")).replace("/", "\\/")
    try:
        answer = page.shop.client.post(asked["callback_url"], content=content, headers=headers)
    except httpx.HTTPError as error:
        return f"{type(error).__name__}: {error}"
    if answer.status_code != 200:
        return (
            "An error occurred in the request and at the time were unable to send the consumer data"
        )
    return ""

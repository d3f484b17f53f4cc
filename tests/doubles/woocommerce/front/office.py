"""The merchant's pages: signing in, and the plugin's page with its Connect button."""

from __future__ import annotations

import hashlib
import time
from urllib.parse import quote

from tests.doubles.base.http import Response, redirect_to
from tests.doubles.base.markup import Markup, tag
from tests.doubles.woocommerce.front.frame import Page, page_answer
from tests.doubles.woocommerce.plugin.outbox import report, send_waiting
from tests.doubles.woocommerce.plugin.routes import disconnect
from tests.doubles.woocommerce.plugin.state import PLUGIN_VERSION, PluginState
from tests.doubles.woocommerce.shop import Shop

COOKIE = "wordpress_logged_in"
OWNER = ("owner", "owner-password")
"""The shop owner's name and password, for doubles that ask for them."""


def signed_in(page: Page) -> bool:
    """Tell whether the merchant is signed in; the demonstration takes them to be."""
    return not page.shop.login_required or page.request.cookies.get(COOKIE) == _pass(page.shop)


def _pass(shop: Shop) -> str:
    digest = hashlib.sha256(f"login-{shop.profile.key}".encode()).hexdigest()
    return f"{OWNER[0]}%7C{digest[:32]}"


def sign_in(page: Page, action: str, onward: str) -> Response:
    """Answer the sign-in form, or sign in and go on."""
    form = page.request.form
    wrong = None
    if page.request.method == "POST":
        if (form.get("username"), form.get("password")) == OWNER:
            answer = redirect_to(form.get("redirect") or onward)
            return answer.add("Set-Cookie", f"{COOKIE}={_pass(page.shop)}; path=/; HttpOnly")
        wrong = tag("p", "Unknown name or wrong password.", class_="notice error")
    body = tag(
        "form",
        tag("h1", "Sign in"),
        wrong,
        _input("username", "Name", "text"),
        _input("password", "Password", "password"),
        tag("input", type="hidden", name="redirect", value=onward),
        tag("input", type="hidden", name="woocommerce-login-nonce", value="b2a3c2d6fc"),
        tag("button", "Sign in", class_="button primary", name="login", value="Login"),
        method="post", action=action, class_="sheet",
        dir="ltr",
        lang="en",
    )  # fmt: skip
    return page_answer(page, "Application authentication request", body)


def _input(name: str, label: str, kind: str) -> Markup:
    field = tag("input", id=name, name=name, type=kind, required=True)
    return tag("p", tag("label", label, for_=name), field, class_="field")


def login_page(page: Page) -> Response:
    """Answer WordPress's own sign-in page."""
    return sign_in(page, "/wp-login.php", page.request.query.get("redirect_to", "/wp-admin/"))


def plugin_page(page: Page) -> Response:
    """Answer the plugin's page: Connect, or how the connection stands."""
    shop, plugin = page.shop, page.shop.plugin
    if not signed_in(page):
        return redirect_to(f"/wp-login.php?redirect_to={quote(page.request.uri, safe='')}")
    if plugin is None:
        text = "The Rebasket plugin is not installed in this shop."
        return page_answer(
            page,
            "Plugins",
            tag("div", tag("p", text), class_="sheet", dir="ltr", lang="en"),
            status=404,
        )
    if page.request.method == "POST":
        _stop(shop, plugin)
        return redirect_to(page.request.uri, 303)
    body = _connected(page, plugin) if plugin.connection else _unconnected(page)
    return page_answer(
        page,
        "Rebasket",
        tag("div", tag("h1", "Rebasket"), *body, class_="sheet", dir="ltr", lang="en"),
    )


def _stop(shop: Shop, plugin: PluginState) -> None:
    """Tell the app that the merchant disconnected, then forget the connection."""
    if plugin.connection:
        report(plugin, "plugin.stopped", "plugin", {})
        send_waiting(plugin, shop.client)
    disconnect(plugin)


def connect_address(page: Page) -> str:
    """Return where the Connect button leads."""
    shop = page.shop
    back = quote(f"{shop.home}/wp-admin/admin.php?page=rebasket", safe="")
    email = quote(shop.plugin.merchant_email if shop.plugin else "", safe="")
    return (
        f"{shop.app_url}/install/woocommerce/start?store={quote(shop.home + '/', safe='')}"
        f"&email={email}&plugin={PLUGIN_VERSION}&return={back}"
    )


def _unconnected(page: Page) -> list[Markup]:
    text = "Win abandoned carts back. One click here, one to allow it, and you are connected."
    button = tag("a", "Connect", href=connect_address(page), class_="button primary", id="connect")
    failed = page.request.query.get("success") == "0"
    note = [tag("p", "The connection was not allowed.", class_="notice error")] if failed else []
    return [*note, tag("p", text), tag("p", button)]


def _connected(page: Page, plugin: PluginState) -> list[Markup]:
    assert plugin.connection is not None
    over = "The app has ended this connection. Connect again to go on."
    state = over if plugin.over else "Connected. Carts and orders are reported."
    app = plugin.connection.app_url
    again = tag("a", "Connect again", href=connect_address(page), class_="button", id="connect")
    return [
        tag("p", state, class_="notice error" if plugin.over else "notice", id="connection"),
        tag("p", f"Waiting to be sent: {len(plugin.outbox)}", class_="soft"),
        tag(
            "div",
            tag("a", "Open Rebasket", href=f"{app}/", class_="button primary"),
            again if plugin.over else None,
            tag("form", tag("button", "Disconnect", class_="button"), method="post"),
            class_="row",
        ),
    ]


def minted_nonce(shop: Shop) -> str:
    """Return the nonce that the consent page's links carry today."""
    day = int(time.time()) // 43200
    text = f"wc_auth-{shop.profile.key}-{day}"
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()[:10]

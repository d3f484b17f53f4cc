"""The admin: the app in its frame, installing and leaving, the theme's editor, privacy requests."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from urllib.parse import quote, urlencode, urlsplit

from tests.doubles.base.http import Json, Request, Response
from tests.doubles.base.markup import Markup, tag
from tests.doubles.shopify.front.answers import json_answer, moved
from tests.doubles.shopify.front.embeds import handles
from tests.doubles.shopify.front.id_tokens import first_query, fresh_token
from tests.doubles.shopify.front.office_frame import Desk, desk_of, page, sign_in
from tests.doubles.shopify.front.scopes import meaning
from tests.doubles.shopify.front.theme_editor import theme_editor
from tests.doubles.shopify.installing import grant_scopes, install, uninstall
from tests.doubles.shopify.people import redact_customer, request_data
from tests.doubles.shopify.records import Checkout
from tests.doubles.shopify.shop import Shop

Answer = Callable[[Desk], Response]


def answer_office(shop: Shop, request: Request) -> Response:
    """Answer a page below ``/admin`` that a person's browser asks for."""
    desk = desk_of(shop, request)
    if request.path == "/admin/sign-in" or desk is None:
        if request.path != "/admin/sign-in":
            return moved(f"/admin/sign-in?then={quote(request.uri)}")
        return sign_in(shop, request)
    by_id = f"/admin/apps/{shop.setup.client_id}"
    if request.path.startswith(by_id):
        return moved(desk.app_home + request.path.removeprefix(by_id))
    if request.path.startswith(desk.app_home):
        return app_page(desk, request.path.removeprefix(desk.app_home))
    answer = _PAGES.get(request.path.rstrip("/"))
    return answer(desk) if answer else page(desk, "404", tag("h1", "Not found"), status=404)


def app_page(desk: Desk, path: str) -> Response:
    """Show the app at this path of its own, or ask for what it may do where it may not yet."""
    shop = desk.shop
    if desk.request.method == "POST" and path == "/install":
        if shop.installed:
            grant_scopes(shop, shop.setup.scopes)
        else:
            install(shop)
        return moved(desk.app_home, 303)
    missing = [one for one in shop.setup.scopes if one not in shop.scopes]
    if not shop.installed or missing:
        return _grant_page(desk, missing)
    address = f"{shop.setup.url}{path or shop.setup.home}"
    query = [(key, value) for key, value in desk.request.pairs if key != "id_token"]
    query += first_query(shop, desk.user, desk.session).items()
    frame = tag(
        "iframe",
        src=f"{address}?{urlencode(query)}",
        title=shop.setup.handle.title(),
        id="app",
        data_origin=_origin(shop.setup.url),
        data_home=desk.app_home,
        allow="clipboard-write",
    )
    return page(desk, shop.setup.handle.title(), frame, frame=True)


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _grant_page(desk: Desk, missing: Iterable[str]) -> Response:
    shop, name = desk.shop, desk.shop.setup.handle.title()
    rows = [tag("li", tag("strong", one), " ", tag("span", meaning(one))) for one in missing]
    verb = "Update" if shop.installed else "Install"
    form = tag("form", tag("button", verb, class_="main"), method="post",
               action=f"{desk.app_home}/install")  # fmt: skip
    body = tag(
        "section",
        tag("h1", f"{verb} {name}"),
        tag("p", f"{name} will be able to do this in {shop.settings.name}:"),
        tag("ul", *rows, class_="scopes"),
        tag("div", form, tag("a", "Cancel", href="/admin"), class_="row"),
        class_="card narrow",
    )
    return page(desk, f"{verb} {name}", body)


def _home(desk: Desk) -> Response:
    shop = desk.shop
    name = shop.setup.handle.title()
    about = "is installed." if shop.installed else "is in the App Store, one click away."
    label = "Open" if shop.installed else "Install"
    app = tag(
        "section",
        tag("h2", name),
        tag("p", f"{name} {about}"),
        tag("a", label, href=desk.app_home, class_="button main"),
        class_="card",
    )
    facts = (
        ("Orders", len(shop.state.orders)),
        ("Customers", len(shop.state.customers)),
        ("Abandoned checkouts", sum(_is_abandoned(one) for one in shop.state.checkouts.values())),
    )
    rows = [tag("div", tag("dt", name), tag("dd", count)) for name, count in facts]
    store = tag("section", tag("h2", "Store"), tag("dl", *rows), class_="card")
    return page(desk, "Home", tag("h1", f"Hello {desk.user.first_name}"), app, store)


def _is_abandoned(checkout: Checkout) -> bool:
    return checkout.has_contact and checkout.completed_at is None


def _apps(desk: Desk) -> Response:
    """Show what the app may do, and the merchant's ways to take that back."""
    shop = desk.shop
    if desk.request.method == "POST":
        _do(desk, desk.request.form)
        return moved("/admin/settings/apps", 303)
    if not shop.installed:
        body: list[Markup] = [tag("p", "No app is installed.")]
    else:
        boxes = [
            tag("label", tag("input", type="checkbox", name="scope", value=one,
                             checked=one in shop.scopes), one)
            for one in (*shop.setup.scopes, *shop.setup.optional_scopes)
        ]  # fmt: skip
        body = [
            tag("form", tag("h2", "What the app may do"), tag("div", *boxes, class_="scopes"),
                tag("button", "Save", name="do", value="scopes"), method="post", class_="card"),
            tag("form", tag("h2", shop.setup.handle.title()),
                tag("button", "Uninstall", name="do", value="uninstall", class_="bad"),
                method="post", class_="card"),
        ]  # fmt: skip
    stale = "Hand out fresh ID tokens" if shop.front.stale_tokens else "Hand out expired ID tokens"
    button = tag("button", stale, name="do", value="stale")
    switch = tag("form", tag("h2", "For tests"), button, method="post", class_="card")
    return page(desk, "Apps", tag("h1", "Apps"), *body, _privacy(shop), switch)


def _privacy(shop: Shop) -> Markup:
    """Return the form by which a customer's request is handed on."""
    options = [
        tag("option", one.email or one.phone, value=one.id) for one in shop.state.customers.values()
    ]
    return tag(
        "form",
        tag("h2", "A customer asks"),
        tag("label", "Customer", tag("select", *options, name="customer"), class_="field"),
        tag(
            "div",
            tag("button", "for their data", name="do", value="data"),
            tag("button", "for erasure", name="do", value="erasure", class_="bad"),
            class_="row",
        ),
        method="post",
        class_="card",
    )


def _do(desk: Desk, form: dict[str, str]) -> None:
    shop = desk.shop
    number = form.get("customer", "")
    customer = shop.state.customers.get(int(number) if number.isdigit() else 0)
    match form.get("do"):
        case "uninstall":
            uninstall(shop)
            shop.front.embeds.clear()
        case "scopes":
            pairs = (one.partition("=") for one in desk.request.body.decode().split("&"))
            grant_scopes(shop, [value for key, _, value in pairs if key == "scope"])
        case "stale":
            shop.front.stale_tokens = not shop.front.stale_tokens
        case "data" if customer:
            request_data(shop, customer)
        case "erasure" if customer:
            redact_customer(shop, customer, wait=timedelta(0))


def _token(desk: Desk) -> Response:
    """Hand the page around the app a token for it."""
    return json_answer({"token": fresh_token(desk.shop, desk.user, desk.session)})


def _extensions(desk: Desk) -> Response:
    """Tell which of the app's extensions are in use, as ``shopify.app.extensions()`` does."""
    blocks: list[Json] = [
        {
            "handle": handle,
            "name": "Cart recovery",
            "target": "body",
            "status": "active" if handle in desk.shop.front.embeds else "available",
            "activations": [],
        }
        for handle in handles()
    ]
    told = {"handle": "rebasket-embed", "type": "theme_app_extension", "activations": blocks}
    return json_answer([told])


_PAGES: dict[str, Answer] = {
    "/admin": _home,
    "/admin/settings/apps": _apps,
    "/admin/themes/current/editor": theme_editor,
    "/admin/internal/id-token": _token,
    "/admin/internal/extensions": _extensions,
}
_BELOW = tuple(
    f"/admin/{part}" for part in ("sign-in", "apps/", "settings/", "themes/", "internal/")
)


def is_office(path: str) -> bool:
    """Say whether a person's browser asks for this, rather than an app for its interface."""
    return path in ("/admin", "/admin/") or path.startswith(_BELOW)

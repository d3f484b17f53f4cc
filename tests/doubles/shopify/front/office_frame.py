"""The frame around the admin's pages, and who is signed in."""

from __future__ import annotations

from dataclasses import dataclass

from tests.doubles.base.http import Request, Response, text_answer
from tests.doubles.base.markup import Child, Markup, joined, tag
from tests.doubles.shopify.front.answers import moved
from tests.doubles.shopify.front.frame import head_of
from tests.doubles.shopify.shop import Shop, User

COOKIE = "_admin_session"


@dataclass(frozen=True, slots=True)
class Desk:
    """Who asks for a page of which shop's admin. ``session``: their cookie."""

    shop: Shop
    request: Request
    user: User
    session: str

    @property
    def app_home(self) -> str:
        """Return where the app is in this admin."""
        return f"/admin/apps/{self.shop.setup.handle}"


def desk_of(shop: Shop, request: Request) -> Desk | None:
    """Return who is signed in, None for nobody."""
    session = request.cookies.get(COOKIE, "")
    number = shop.front.sessions.get(session)
    user = next((one for one in shop.users if one.id == number), None)
    return Desk(shop, request, user, session) if user else None


def sign_in(shop: Shop, request: Request) -> Response:
    """Show the staff to choose from; a POST signs in and goes on."""
    if request.method == "POST":
        number = request.form.get("user", "")
        user = next((one for one in shop.users if str(one.id) == number), shop.users[0])
        onward = request.query.get("then", "/admin")
        answer = moved(onward if onward.startswith("/admin") else "/admin", 303)
        cookie = f"{COOKIE}={shop.front.sign_in(user.id)}; path=/admin; HttpOnly; SameSite=Lax"
        return answer.add("Set-Cookie", cookie)
    buttons = [
        tag(
            "button",
            tag("strong", f"{one.first_name} {one.last_name}"),
            tag("span", "Owner" if one.owner else "Staff", class_="soft"),
            name="user",
            value=one.id,
            class_="person",
        )
        for one in shop.users
    ]
    body = tag(
        "main",
        tag("h1", shop.settings.name),
        tag("p", "Who works in the admin?", class_="soft"),
        tag("form", *buttons, method="post", class_="people"),
        class_="alone",
    )
    return _whole("Sign in", body, shop)


def page(desk: Desk, title: str, *body: Child, frame: bool = False, status: int = 200) -> Response:
    """Return a page of the admin. ``frame``: its body is the app, from edge to edge."""
    shop = desk.shop
    content = joined(
        tag(
            "header",
            tag("a", shop.settings.name, href="/admin", class_="shop"),
            tag("div", id="save-bar", hidden=True, role="status"),
            tag("span", f"{desk.user.first_name} {desk.user.last_name}", class_="who"),
            class_="top",
        ),
        tag("nav", *_menu(desk), class_="menu", aria_label="Admin"),
        tag("main", *body, class_="app" if frame else "page"),
        tag("div", id="toasts", role="status"),
        tag("dialog", id="leaving"),
    )
    return _whole(title, content, shop, status=status)


def _menu(desk: Desk) -> list[Markup]:
    path = desk.request.path
    places = (
        ("Home", "/admin"),
        ("Online store", "/admin/themes/current/editor"),
        ("Settings", "/admin/settings/apps"),
    )
    links = [
        tag("a", name, href=address, aria_current="page" if path == address else None)
        for name, address in places
    ]
    if not desk.shop.installed:
        return links
    here = path.startswith(desk.app_home)
    app = tag("a", desk.shop.setup.handle.title(), href=desk.app_home, class_="app-name",
              aria_current="page" if here else None)  # fmt: skip
    return [*links, tag("h2", "Apps"), app, tag("div", id="app-nav", data_home=desk.app_home)]


def _whole(title: str, content: Child, shop: Shop, *, status: int = 200) -> Response:
    head = joined(
        *head_of(f"{title} · {shop.settings.name} · Admin", css="admin.css"),
        tag("script", src="/assets/admin.js", defer=True),
    )
    html = tag("html", tag("head", head), tag("body", content), lang="en")
    answer = text_answer("<!doctype html>\n" + html, status)
    return answer.add("Cache-Control", "no-store")

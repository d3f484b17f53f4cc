"""The theme's editor, as far as app embeds go: off until the merchant saves them switched on."""

from __future__ import annotations

from tests.doubles.base.http import Response
from tests.doubles.base.markup import tag
from tests.doubles.shopify.front.answers import moved
from tests.doubles.shopify.front.embeds import handles
from tests.doubles.shopify.front.office_frame import Desk, page


def theme_editor(desk: Desk) -> Response:
    """Show the switches; ``activateAppId={client id}/{handle}`` has one switched on already, which
    counts once it is saved."""
    shop = desk.shop
    if desk.request.method == "POST":
        posted = desk.request.form
        shop.front.embeds = {one for one in handles() if one in posted}
        return moved("/admin/themes/current/editor?context=apps", 303)
    client, _, asked = desk.request.query.get("activateAppId", "").partition("/")
    wanted = asked if client == shop.setup.client_id else ""
    switches = [
        tag(
            "label",
            tag("input", type="checkbox", name=one, role="switch",
                checked=one in shop.front.embeds or one == wanted),
            tag("span", tag("strong", "Cart recovery"), tag("span", "App embed", class_="soft")),
            class_="switch",
        )
        for one in handles()
    ]  # fmt: skip
    none = tag("p", "No app brings an embed.", class_="soft")
    body = tag(
        "form",
        tag("h2", "App embeds"),
        *(switches if shop.installed else [none]),
        tag("button", "Save", class_="main"),
        method="post",
        class_="card narrow",
    )
    preview = tag("iframe", src="/", title="Preview", class_="preview")
    return page(desk, "Theme", tag("h1", "Theme"), tag("div", body, preview, class_="editor"))

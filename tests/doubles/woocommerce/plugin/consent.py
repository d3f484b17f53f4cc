"""The notice beside the checkout's e-mail field, and the box where the country asks for one."""

from __future__ import annotations

from tests.doubles.base.markup import Markup, tag
from tests.doubles.woocommerce.plugin.outbox import moment
from tests.doubles.woocommerce.plugin.snapshots import field_left
from tests.doubles.woocommerce.records import Visit
from tests.doubles.woocommerce.shop import Shop

FIELD = "rebasket_consent"


def consent_field(shop: Shop, visit: Visit, country: str) -> Markup | None:
    """Return the notice with its box; scripts show the box where the chosen country wants it."""
    connection = shop.plugin.connection if shop.plugin else None
    if connection is None:
        return None
    wanted = connection.wants_box(country)
    box = tag(
        "input", type="checkbox", id=FIELD, name=FIELD, value="yes",
        checked=visit.notes.get("ticked") == "yes", hidden=not wanted,
    )  # fmt: skip
    return tag(
        "p",
        tag("label", box, tag("span", connection.wording), for_=FIELD),
        class_="consent",
        id="rebasket-consent",
        data_box_countries=" ".join(connection.box_countries),
        data_box_default="yes" if connection.box_default else "no",
    )


def remember_consent(shop: Shop, visit: Visit, form: dict[str, str]) -> None:
    """Keep the e-mail address that was left beside the notice, and whether the box is ticked."""
    if shop.plugin is None:
        return
    email = form.get("billing_email", "").strip()
    field_left(shop.plugin, visit, email=email, ticked=form.get(FIELD) == "yes", at=moment())

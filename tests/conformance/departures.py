"""The differences between the WooCommerce double and the recordings that are meant."""

from __future__ import annotations

from tests.conformance.shapes import Departure

DEPARTURES: tuple[Departure, ...] = (
    Departure(
        "rest-v3/system_status",
        "-$*",
        "only the versions, the address and the currency settings are answered; nothing reads more",
    ),
    Departure(
        "rest-v3/settings_*",
        "-$*options.*",
        "a choice lists the shop's own value and the positions, not every currency and country",
    ),
    Departure(
        "*store-api/*",
        "?header set-cookie",
        "the readable cart cookies are written with the change; the real ones lag by a request",
    ),
    Departure(
        "store-api/checkout_get",
        "*total_shipping*",
        "the first reading of a real checkout has not calculated shipping yet, ours always has",
    ),
    Departure("store-api/checkout_get", "+$.__experimentalCart.shipping_rates.*", "as above"),
)


def unlisted(recording: str, differences: list[str]) -> list[str]:
    """Return the differences which no departure covers."""
    return [
        one for one in differences if not any(each.covers(recording, one) for each in DEPARTURES)
    ]

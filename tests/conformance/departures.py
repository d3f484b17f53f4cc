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
)


def unlisted(recording: str, differences: list[str]) -> list[str]:
    """Return the differences which no departure covers."""
    return [
        one for one in differences if not any(each.covers(recording, one) for each in DEPARTURES)
    ]

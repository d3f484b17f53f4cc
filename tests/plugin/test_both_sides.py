"""What the plugin writes, the app reads; what the app signs, the plugin opens."""

from __future__ import annotations

import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from shopapp.platforms.base import CartChanged
from shopapp.platforms.connector import RestoreLine
from shopapp.platforms.facts import StoreFacts
from shopapp.platforms.woocommerce import verify
from shopapp.platforms.woocommerce.parse import parse_plugin
from shopapp.platforms.woocommerce.restoring import signed_payload

HERE = Path(__file__).parent
SECRET = "s" * 43
# The plugin's clock in these tests stands here.
NOW = 1795000000
FACTS = StoreFacts(
    currency="EUR", decimals=2, timezone="UTC", prices_include_tax=True, country="SE", name="Lab"
)
LINES = [
    RestoreLine(position=0, product_id="48", variant_id="49", quantity=2),
    RestoreLine(position=1, product_id="12", variant_id="12", quantity=1),
]


def from_plugin(link: str) -> dict[str, Any]:
    """Return what the plugin made of the link, and a report that it signed."""
    done = subprocess.run(
        ["php", "both_sides.php", link, SECRET],
        cwd=HERE,
        capture_output=True,
        timeout=60,
        check=True,
    )
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def test_the_plugin_opens_the_link_that_the_app_signs() -> None:
    link = signed_payload(SECRET, "click-1", LINES, expires_at=NOW + 900)
    assert from_plugin(link)["opened"] == {"c": "click-1", "l": [[48, 49, 2], [12, 0, 1]]}


@pytest.mark.parametrize(("secret", "expires_at"), [("x" * 43, NOW + 900), (SECRET, NOW - 1)])
def test_the_plugin_opens_no_other_link(secret: str, expires_at: int) -> None:
    link = signed_payload(secret, "click-1", LINES, expires_at=expires_at)
    assert from_plugin(link)["opened"] is None


def test_the_app_reads_and_believes_what_the_plugin_signs() -> None:
    said = from_plugin("")
    body = said["body"].encode()
    at = datetime.fromtimestamp(NOW, tz=UTC)
    assert verify.plugin(body, said["signature"], SECRET, at=at)
    assert not verify.plugin(body + b" ", said["signature"], SECRET, at=at)
    (cart,) = parse_plugin(body, FACTS)
    assert isinstance(cart, CartChanged)
    assert (cart.cart_id, cart.revision, cart.stage, cart.click_ref) == (
        "0a" * 16, 7, "checkout", "click-1",
    )  # fmt: skip
    assert [(line.product_id, line.variant_id, line.quantity) for line in cart.lines] == [
        ("48", "49", 2), ("12", "", 1),
    ]  # fmt: skip
    assert cart.total is not None
    assert cart.total.minor == 3750
    assert (cart.shopper.email, cart.shopper.country) == ("anna@example.se", "NO")
    assert cart.shopper.consent is not None
    assert (cart.shopper.consent.given, cart.shopper.consent.wording) == (None, "Wörding")

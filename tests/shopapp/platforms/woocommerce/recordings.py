"""The recorded exchanges of a real WooCommerce, as the tests read them."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from shopapp.platforms.facts import StoreFacts
from shopapp.platforms.woocommerce.parse import parse_delivery

ROOT = Path(__file__).parents[3] / "fixtures" / "woocommerce"
IMAGES = "http://127.0.0.1:8801/wp-content/uploads/2026/11"
USD = StoreFacts("USD", 2, "America/Los_Angeles", prices_include_tax=False, country="US")


@dataclass(frozen=True)
class Delivery:
    """One webhook as it arrived: ``body`` is what the signature covers."""

    name: str
    topic: str
    body: bytes
    signature: str
    secret: str
    signature_valid: bool
    headers: dict[str, str]


@cache
def deliveries() -> tuple[Delivery, ...]:
    """Return every recorded delivery that is signed."""
    return tuple(_deliveries())


def _deliveries() -> Iterator[Delivery]:
    for folder in ("webhooks", "more/webhooks"):
        for path in sorted((ROOT / folder).rglob("*.json")):
            recording = json.loads(path.read_text())
            if not isinstance(recording, dict) or "signature_valid" not in recording:
                continue
            headers = dict(recording["headers"])
            yield Delivery(
                name=str(path.relative_to(ROOT)),
                topic=headers["X-WC-Webhook-Topic"],
                body=recording["raw_body"].encode(),
                signature=headers["X-WC-Webhook-Signature"],
                secret=recording["secret_used"] or "",
                signature_valid=recording["signature_valid"],
                headers=headers,
            )


def delivery(name: str) -> Delivery:
    """Return the delivery whose file name ends like this."""
    (found,) = [one for one in deliveries() if one.name.endswith(f"{name}.json")]
    return found


@cache
def answers() -> dict[str, Any]:
    """Return every recorded REST v3 answer by file name: method, url, status, headers, json."""
    found = {}
    for folder in ("rest-v3", "more/rest-v3", "recovery"):
        for path in sorted((ROOT / folder).rglob("*.json")):
            recording = json.loads(path.read_text())
            if isinstance(recording, dict) and "response" in recording:
                found[str(path.relative_to(ROOT).with_suffix(""))] = recording
    return found


def answer(name: str) -> Any:
    """Return the JSON of this recorded answer."""
    return answers()[name]["response"]["json"]


def store_of(name: str) -> StoreFacts:
    """Return the settings of the store in which this was recorded."""
    for part, facts in {
        "eur-prices-include-tax": StoreFacts("EUR", 2, "America/Los_Angeles", True),
        "eur-prices-exclude-tax": StoreFacts("EUR", 2, "America/Los_Angeles", False),
        "jpy-0-decimals": StoreFacts("JPY", 0, "America/Los_Angeles", False),
        "jpy-but-2-decimals": StoreFacts("JPY", 2, "America/Los_Angeles", False),
        "tz-manual-offset": StoreFacts("USD", 2, "+05:45", False),
    }.items():
        if part in name:
            return facts
    return USD


def read(name: str) -> Any:
    """Return the one event that this delivery tells."""
    one = delivery(name)
    (event,) = parse_delivery(one.topic, one.body, store_of(one.name))
    return event


def with_changed(source: Any, path: tuple[Any, ...], value: Any, *, drop: bool = False) -> Any:
    """Return a copy with the field at this path changed (or dropped)."""
    changed = copy.deepcopy(source)
    target = changed
    for step in path[:-1]:
        target = target[step]
    if drop:
        del target[path[-1]]
    else:
        target[path[-1]] = value
    return changed

"""Compare a payload with Shopify's own sample: the same keys everywhere, the same JSON types."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parents[1] / "fixtures" / "shopify" / "webhooks"


def sample(topic: str) -> Any:
    """Return the sample of a topic."""
    name = topic.replace("/", "_")
    return json.loads((_FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def has_sample(topic: str) -> bool:
    """Say whether Shopify's page shows this topic's payload."""
    return (_FOLDER / f"{topic.replace('/', '_')}.json").exists()


def differences(ours: Any, theirs: Any, path: str = "") -> Iterator[str]:
    """Yield where two values differ in shape. A null says nothing of a type; a list is compared
    element by element with the sample's first."""
    if ours is None or theirs is None:
        return
    if type(ours) is not type(theirs):
        yield f"{path}: {type(ours).__name__} is no {type(theirs).__name__}"
    elif isinstance(ours, dict):
        for key in sorted(ours.keys() ^ theirs.keys()):
            yield f"{path}.{key}: only {'here' if key in ours else 'in the sample'}"
        for key in sorted(ours.keys() & theirs.keys()):
            yield from differences(ours[key], theirs[key], f"{path}.{key}")
    elif isinstance(ours, list) and theirs:
        for one in ours:
            yield from differences(one, theirs[0], f"{path}[]")

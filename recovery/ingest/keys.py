"""What makes a delivery the same delivery: the keys of the inbox, built in this one place."""

from __future__ import annotations

import hashlib


def of_webhook(*, delivery_id: str, topic: str, body: bytes) -> str:
    """Return the key of a platform's webhook delivery.

    WooCommerce's delivery id is a hash of webhook and second, so two products saved in one second
    share it: only with topic and body is it an event's.
    """
    return f"webhook:{_digest(delivery_id.encode(), topic.encode(), body)}"


def of_plugin(event_id: str, body: bytes) -> str:
    """Return the key of a plugin's report: its event id, the same over all its tries.

    A body too damaged to have one is its own key.
    """
    return f"plugin:{event_id}" if event_id else f"plugin:{_digest(body)}"


def _digest(*parts: bytes) -> str:
    # Each part is hashed by itself first, so that no two lists of parts run together.
    whole = b"".join(hashlib.sha256(part).digest() for part in parts)
    return hashlib.sha256(whole).hexdigest()

"""What makes a plugin's report the same report. Webhooks' keys are their connector's to build."""

from __future__ import annotations

import hashlib


def of_plugin(event_id: str, body: bytes) -> str:
    """Return the key of a plugin's report: its event id, the same over all its tries.

    A body too damaged to have one is its own key.
    """
    return f"plugin:{event_id or hashlib.sha256(hashlib.sha256(body).digest()).hexdigest()}"

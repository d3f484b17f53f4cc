"""The client that a shop sends with."""

from __future__ import annotations

import ssl
from pathlib import Path

import httpx


def outgoing_client(app_ca: Path | None, transport: httpx.BaseTransport | None) -> httpx.Client:
    """Return the client that sends deliveries: it trusts the app's certificate, follows nothing."""
    if transport is not None:
        return httpx.Client(transport=transport, timeout=10, trust_env=False)
    context = ssl.create_default_context()
    if app_ca:
        context.load_verify_locations(app_ca)
    return httpx.Client(verify=context, timeout=10, trust_env=False)

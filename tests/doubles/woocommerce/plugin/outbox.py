"""The outbox: reports are written at the end of a request and sent beside it, in their order."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import time
import uuid

import httpx

from shopapp.kit import clock
from tests.doubles.base.http import Json
from tests.doubles.woocommerce.plugin.state import Connection, PluginState, Row

logger = logging.getLogger(__name__)

_OVER = (401, 410)


def moment() -> str:
    """Return the present moment as the wire writes it, in milliseconds."""
    return clock.now().isoformat(timespec="milliseconds").replace("+00:00", "Z")


def report(plugin: PluginState, kind: str, thing: str, data: Json) -> None:
    """Put a report into the outbox; ``thing`` names the cart or order whose revision it counts."""
    with plugin.lock:
        envelope = {
            "schema": 1,
            "event_id": str(uuid.uuid4()),
            "type": kind,
            "changed_at": moment(),
            "revision": plugin.next_revision(thing),
            "data": data,
        }
        plugin.outbox.append(Row(envelope, envelope["changed_at"]))
    plugin.news.set()


def signed(connection: Connection, body: bytes) -> str:
    """Return the signature header; each try is signed anew, on real time."""
    stamp = str(int(time.time()))
    text = f"{stamp}.".encode() + body
    digest = hmac.new(connection.secret.encode(), text, hashlib.sha256).hexdigest()
    return f"t={stamp},v1={digest}"


def send_waiting(plugin: PluginState, client: httpx.Client) -> int:
    """Send what waits until one fails; return how many the app took."""
    sent = 0
    with plugin.sending:
        while (row := _head(plugin)) is not None:
            connection = plugin.connection
            if connection is None or plugin.over or not _send(plugin, connection, client, row):
                break
            with plugin.lock:
                if plugin.outbox and plugin.outbox[0] is row:
                    plugin.outbox.popleft()
                plugin.sent.append(row.envelope)
            sent += 1
    return sent


def _head(plugin: PluginState) -> Row | None:
    with plugin.lock:
        return plugin.outbox[0] if plugin.outbox else None


def _send(plugin: PluginState, connection: Connection, client: httpx.Client, row: Row) -> bool:
    body = json.dumps(row.envelope, ensure_ascii=False, separators=(",", ":")).encode()
    headers = {
        "Content-Type": "application/json",
        "X-Rebasket-Signature": signed(connection, body),
    }
    row.tries += 1
    url = f"{connection.app_url}/hooks/woocommerce/{connection.shop}/plugin"
    try:
        status = client.post(url, content=body, headers=headers).status_code
    except httpx.HTTPError as error:
        logger.info("the app does not answer: %s", type(error).__name__)
        return False
    if status in _OVER:
        plugin.over = True
    return 200 <= status < 300

"""Bulk operations at work: a file of lines, written in the background, and where it lies."""

from __future__ import annotations

import json
import logging
import secrets
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any, Literal

from graphql import GraphQLError

from shopapp.kit.clock import real_now
from tests.doubles.shopify.admin.bulk_query import Nodes
from tests.doubles.shopify.admin.call import Call
from tests.doubles.shopify.payloads.app_json import bulk_finish_json
from tests.doubles.shopify.settings import now
from tests.doubles.shopify.shop import Shop

logger = logging.getLogger(__name__)

URL_LIFE = timedelta(days=7)
_BATCH = 200
Status = Literal["CREATED", "RUNNING", "COMPLETED", "FAILED"]


@dataclass(slots=True)
class BulkWork:
    """One bulk operation. ``object_count`` grows while it runs."""

    id: int
    text: str
    created_at: datetime
    status: Status = "CREATED"
    error_code: str | None = None
    object_count: int = 0
    root_object_count: int = 0
    size: int = 0
    completed_at: datetime | None = None
    path: Path | None = None
    tickets: dict[str, datetime] = field(default_factory=dict)
    """What addresses of the file end with, and until when each is good (real time)."""

    def address(self, home: str) -> str | None:
        """Return a new address of the file, which needs no token and is good for a while."""
        if self.status != "COMPLETED" or not self.object_count:
            return None
        ticket = secrets.token_hex(16)
        until = self.tickets[ticket] = real_now() + URL_LIFE
        query = f"Expires={int(until.timestamp())}&Signature={ticket}"
        return f"{home}/storage/bulk/{self.id}.jsonl?{query}"

    def open_to(self, ticket: str) -> bool:
        """Say whether an address with this ending is still good."""
        until = self.tickets.get(ticket)
        return until is not None and until > real_now()

    def end_addresses(self) -> None:
        """Let all addresses given so far have expired."""
        self.tickets.clear()


def start(shop: Shop, text: str, query: Nodes, *, group: bool) -> BulkWork:
    """Begin a bulk operation and return it; a thread of its own does the work."""
    with shop.action() as at:
        work = BulkWork(shop.state.next_id("bulk"), text, at)
        shop.bulk.works[work.id] = work
    thread = threading.Thread(target=_run, args=(shop, work, query, group), daemon=True)
    thread.start()
    return work


def _run(shop: Shop, work: BulkWork, query: Nodes, group: bool) -> None:
    time.sleep(shop.bulk.wait_seconds)
    work.status = "RUNNING"
    fails = shop.bulk.take_failure()
    try:
        with tempfile.NamedTemporaryFile(
            "wb", prefix="bulk-", suffix=".jsonl", dir=shop.bulk.folder(), delete=False
        ) as file:
            work.path = Path(file.name)
            _write(shop, work, query, file, group)
            work.size = file.tell()
        _finish(shop, work, "INTERNAL_SERVER_ERROR" if fails else None)
    except GraphQLError as error:
        logger.info("a bulk operation was refused: %s", error.message)
        denied = (error.extensions or {}).get("code") == "ACCESS_DENIED"
        _finish(shop, work, "ACCESS_DENIED" if denied else "INTERNAL_SERVER_ERROR")
    finally:
        if work.status == "RUNNING":
            _finish(shop, work, "INTERNAL_SERVER_ERROR")


def _finish(shop: Shop, work: BulkWork, error: str | None) -> None:
    with shop.action() as at:
        work.completed_at, work.error_code = at, error
        work.status = "FAILED" if error else "COMPLETED"
        payload = bulk_finish_json(
            shop.state,
            work.id,
            status=work.status.lower(),
            error=error.lower() if error else None,
            created=shop.settings.local(work.created_at) or "",
            ended=shop.settings.local(now()) or "",
        )
        shop.tell("bulk_operations/finish", payload)


def _write(shop: Shop, work: BulkWork, query: Nodes, file: IO[bytes], group: bool) -> None:
    """Write all lines: children right behind their parents where ``group`` asks for it, otherwise
    somewhere behind them."""
    call = Call(shop, None, query.args)
    with shop.state.lock:
        roots = list(query.read(None, call).nodes)
    for first in range(0, len(roots), _BATCH):
        with shop.state.lock:
            rows = [_rows(root, query, call) for root in roots[first : first + _BATCH]]
        if group:
            lines = [line for tree in rows for line in tree]
        else:
            lines = [tree[0] for tree in rows] + [line for tree in rows for line in tree[1:]]
        file.write(b"".join(json.dumps(one, ensure_ascii=False).encode() + b"\n" for one in lines))
        work.object_count += len(lines)
        work.root_object_count += len(rows)
        shop.bulk.rest(len(lines))


def _rows(root: Any, query: Nodes, call: Call) -> list[dict[str, Any]]:
    return list(_tree(root, query, call, None))


def _tree(thing: Any, nodes: Nodes, call: Call, parent: str | None) -> Iterator[dict[str, Any]]:
    line = nodes.node.line(thing, call)
    if parent is not None:
        line["__parentId"] = parent
    yield line
    for inner in nodes.node.connections:
        page = inner.read(thing, Call(call.shop, None, inner.args))
        for child in page.nodes:
            yield from _tree(child, inner, call, line["id"])

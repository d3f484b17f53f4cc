"""A connected shop, and the recorded webhook of a real store as it was sent, id by id."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.db import connections

from recovery.ingest.models import Subscription
from recovery.ingest.webhooks import _context
from shopapp.kit.sealed import seal
from shopapp.shops import access
from shopapp.shops.models import Shop

_RECORDED = (
    Path(__file__)
    .resolve()
    .parents[2]
    .joinpath("tests", "fixtures", "woocommerce", "webhooks", "order.updated-1.json")
)
_TOPIC = "order.updated"
_OURS = frozenset({"host", "connection", "content-length", "x-wc-webhook-delivery-id"})


@dataclass(frozen=True, slots=True)
class Recorded:
    """A webhook as it arrived: its headers but for those that name one try, and its body."""

    headers: tuple[tuple[str, str], ...]
    body: bytes
    secret: str

    def posts(self, path: str, port: int) -> Iterator[bytes]:
        """Return ever new deliveries of it: the signature covers the body, not the id."""
        lines = "".join(f"{name}: {value}\r\n" for name, value in self.headers)
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{lines}"
            f"Content-Length: {len(self.body)}\r\nX-WC-Webhook-Delivery-ID: "
        ).encode()
        for number in itertools.count():
            yield head + b"%032x\r\n\r\n" % number + self.body


def recorded() -> Recorded:
    """Return the recorded webhook of a changed order, with its own signature."""
    read = json.loads(_RECORDED.read_text(encoding="utf-8"))
    headers = tuple(
        (str(name), str(value)) for name, value in read["headers"] if name.lower() not in _OURS
    )
    return Recorded(headers, read["raw_body"].encode(), read["secret_used"])


def make_shop(webhook: Recorded) -> Shop:
    """Return a shop at the recorded store's address that knows the webhook's secret."""
    source = dict(webhook.headers)["X-WC-Webhook-Source"]
    at = datetime.now(UTC)
    shop = Shop.objects.create(
        platform=Shop.Platform.WOOCOMMERCE,
        host=source.split("//")[1].strip("/"),
        url=source,
        name="Shop",
        installed_at=at,
    )
    with access.scope(shop):
        Subscription.objects.create(
            shop=shop,
            topic=_TOPIC,
            platform_id="2",
            sealed_secret=seal(webhook.secret, context=_context(shop.pk, _TOPIC)),
            status="active",
            checked_at=at,
        )
    return shop


def make_yardstick_table() -> None:
    """Make the table that the committing yardstick writes to."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("CREATE TABLE benchmark_kept (id bigserial PRIMARY KEY, body bytea)")


def rows(table: str) -> int:
    """Return how many rows the table holds, over all shops."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {connections['owner'].ops.quote_name(table)}")
        return int(cursor.fetchone()[0])

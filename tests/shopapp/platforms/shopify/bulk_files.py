"""Bulk operations and their files, as a test's Shopify tells of them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from shopapp.platforms.connector import Where
from tests.shopapp.platforms.shopify.admin import Admin
from tests.shopapp.platforms.woocommerce.stand_in import Answer, Asked

MORNING = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
ORDERS = Where("orders", "full", MORNING, back_to=datetime(2026, 8, 25, 10, 0, tzinfo=UTC))
GID = "gid://shopify/BulkOperation/77"
ORDER = "gid://shopify/Order/"


def at(token: str) -> Where:
    """Return the place in the orders that this token names."""
    return replace(ORDERS, token=token)


def orders_file(orders: int, *, lines: int = 2) -> str:
    """Return the file of so many orders of so many lines."""
    rows: list[dict[str, Any]] = []
    for number in range(1, orders + 1):
        rows.append({"id": f"{ORDER}{number}", "name": f"#{number}"})
        rows += [
            {"id": f"gid://shopify/LineItem/{number}{line}", "__parentId": f"{ORDER}{number}"}
            for line in range(lines)
        ]
    return "".join(json.dumps(row) + "\n" for row in rows)


@dataclass
class Storage:
    """Where the files lie. ``ranges``: whether it knows parts of a file."""

    text: str
    ranges: bool = True
    status: int = 0
    asked: list[str] = field(default_factory=list)

    def __call__(self, request: Asked) -> Answer:
        assert "X-Shopify-Access-Token" not in request.headers
        assert request.headers["Accept-Encoding"] == "identity"
        self.asked.append(request.headers["Range"])
        if self.status:
            return Answer("gone", self.status)
        raw = self.text.encode()
        start, _, end = request.headers["Range"].removeprefix("bytes=").partition("-")
        if not self.ranges:
            return Answer(self.text)
        if int(start) >= len(raw):
            return Answer("", 416)
        part = raw[int(start) : int(end) + 1]
        told = f"bytes {start}-{int(start) + len(part) - 1}/{len(raw)}"
        return Answer(part.decode(), 206, {"Content-Range": told})


def status(told_status: str, **values: Any) -> dict[str, Any]:
    """Return what the shop says of our operation."""
    told = {"id": GID, "status": told_status, "errorCode": None, "objectCount": "0"}
    return {"bulkOperation": told | {"rootObjectCount": "0", "url": None} | values}


def done(admin: Admin, orders: int) -> dict[str, Any]:
    """Return that the file of so many orders is there."""
    url = f"{admin.url}/file?signature=x"
    return status("COMPLETED", objectCount=str(3 * orders), rootObjectCount=str(orders), url=url)

"""A Shopify on loopback that answers as a test tells it, operation by operation."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from shopapp.platforms.shopify.api import Api
from shopapp.platforms.shopify.bucket import Bucket
from shopapp.platforms.shopify.client import Client
from tests.shopapp.platforms.woocommerce.stand_in import Answer, Asked, store

HOST, OTHER_HOST = "rebasket-one.myshopify.com", "rebasket-two.myshopify.com"
_OPERATION = re.compile(r"(?:query|mutation) ([A-Za-z]+)")

Say = Callable[[dict[str, Any]], Any]


def keys(token: str = "shpat_first") -> str:
    return json.dumps(
        {
            "access_token": token,
            "refresh_token": "shprt_first",
            "expires_at": "2026-11-23T11:00:00+00:00",
            "refresh_expires_at": "2027-02-20T11:00:00+00:00",
            "scope": "read_orders,read_products,write_customers",
        }
    )


def told(data: Any, **more: Any) -> Answer:
    """Return a good answer with this data."""
    return Answer({"data": data, **more})


def refused(root: str, code: str, message: str = "No.") -> Answer:
    """Return a mutation's answer by which the shop says no."""
    return told({root: {"userErrors": [{"code": code, "field": ["input"], "message": message}]}})


@dataclass
class Admin:
    """What was asked, and what is answered: per operation a list (the last stays) or a function of
    its variables."""

    replies: dict[str, Any]
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    requests: list[Asked] = field(default_factory=list)
    files: Callable[[Asked], Answer] | None = None
    url: str = ""

    def __call__(self, request: Asked) -> Answer:
        self.requests.append(request)
        if request.method == "GET":
            assert self.files is not None
            return self.files(request)
        assert request.path == "/admin/api/2026-10/graphql.json"
        found = _OPERATION.match(request.json["query"])
        assert found is not None
        self.asked.append((found[1], request.json["variables"]))
        reply = self.replies[found[1]]
        if isinstance(reply, list):
            reply = reply.pop(0) if len(reply) > 1 else reply[0]
        elif callable(reply):
            reply = reply(request.json["variables"])
        return reply if isinstance(reply, Answer) else told(reply)

    @property
    def names(self) -> list[str]:
        """Return which operations were asked, in order."""
        return [name for name, _ in self.asked]


@dataclass
class Pauses:
    """The sleeps of a test, none of which takes time."""

    slept: list[float] = field(default_factory=list)
    at: float = 0.0

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += seconds

    def api(self, host: str = HOST, token: str = "shpat_first", **options: Any) -> Api:
        bucket = Bucket(clock=lambda: self.at, sleep=self.sleep)
        return Api(host, keys(token), sleep=self.sleep, bucket=bucket, **options)

    def client(self, host: str = HOST) -> Client:
        return Client(self.api(host))


@contextmanager
def shopify(monkeypatch: pytest.MonkeyPatch, **replies: Any) -> Iterator[Admin]:
    """Run a Shopify that plays every shop."""
    admin = Admin(replies)
    with store(admin) as (url, _):
        admin.url = url
        monkeypatch.setenv("SHOPIFY_STAND_IN", url)
        yield admin

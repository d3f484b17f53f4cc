"""Import a shop of 50,000 orders and 20,000 products through the throttled double, killed once.

The double answers on loopback from this process; a worker of its own reads. It is killed by
``kill -9`` in the middle of the orders' file and begun again: the double's own ledgers say what was
throttled and which bytes were fetched.
"""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta

from benchmarks.report import Measure, Report
from recovery.catalog.models import Product, Variant
from recovery.ingest.readings import start_import
from recovery.orders.models import Order
from shopapp.shops import access, credentials
from shopapp.shops.models import Credential, Shop
from tests.doubles.shopify import installing
from tests.doubles.shopify.profiles import NORDIC
from tests.doubles.shopify.seed_big import fill
from tests.doubles.shopify.stand_in import CLIENT_ID, CLIENT_SECRET, StandIn
from tests.doubles.shopify.tokens import Access

_FULL, _QUICK = (50_000, 20_000), (4_000, 1_500)
_HOST, _TOKEN = "big.myshopify.com", "shpat_big"
_FAR = datetime(2030, 1, 1, tzinfo=UTC)
_PART = 512 * 1024
_YOUNG_DAYS = 55
"""Without a further permission Shopify shows 60 days of orders: all of these are younger."""
_LEASE = timedelta(minutes=10)


def measure(*, quick: bool) -> Report:
    """Return how long the import took, and what the double's ledgers say of it."""
    orders, products = _QUICK if quick else _FULL
    settings = dataclasses.replace(NORDIC.settings, host=_HOST)
    shopify = StandIn([dataclasses.replace(NORDIC, settings=settings)], past_orders=0)
    fill(shopify.shop, orders=orders, products=products, days=_YOUNG_DAYS)
    with shopify:
        installing.install(shopify.shop)
        shopify.shop.tokens.living[_TOKEN] = Access(_TOKEN, _FAR)
        shop = _connected()
        before_kill = _until_killed(shopify)
        after_kill = _to_the_end(shopify)
        with access.scope(shop):
            rows = {
                "orders": Order.objects.count(),
                "products": Product.objects.count(),
                "variants": Variant.objects.count(),
            }
        return _report(shopify, rows, before_kill, after_kill)


def _report(shopify: StandIn, rows: dict[str, int], before: float, after: float) -> Report:
    store = shopify.shop
    parts = Counter((work, first) for work, first, _ in store.bulk.fetched)
    fetched = sum(last - first + 1 for _, first, last in store.bulk.fetched)
    whole = sum(work.size for work in store.bulk.works.values())
    missing = abs(len(store.state.orders) - rows["orders"])
    missing += abs(len(store.state.products) - rows["products"])
    missing += abs(len(store.state.variants) - rows["variants"])
    seconds, total = before + after, sum(rows.values())
    return Report(
        measures=(
            Measure("rows that the shop has and we have not", missing, "rows", 0, at_most=True),
            Measure("THROTTLED answers", store.bucket.throttled, "", 0, at_most=True),
            Measure(
                "parts fetched twice (the one in hand at the kill)",
                sum(times - 1 for times in parts.values()), "parts", 1, at_most=True,
            ),
            Measure("bytes fetched to the files' size", fetched / whole, "x", 1.1, at_most=True),
            Measure("the whole import", seconds, "s"),
            Measure("orders, products and variants per second", total / seconds, "1/s"),
        ),
        facts={
            **rows,
            "files, MB": round(whole / 1e6, 1),
            "parts": len(parts),
            "operations": len(store.bucket.ledger),
            "killed after, s": round(before, 1),
        },
    )  # fmt: skip


def _connected() -> Shop:
    at = datetime.now(UTC)
    shop: Shop = Shop.objects.create(
        host=_HOST, platform=Shop.Platform.SHOPIFY, url=f"https://{_HOST}", name="Big",
        currency="EUR", decimals=2, timezone="Europe/Stockholm", country="SE", installed_at=at,
    )  # fmt: skip
    keys = {
        "access_token": _TOKEN,
        "refresh_token": "shprt_big",
        "expires_at": _FAR.isoformat(),
        "refresh_expires_at": _FAR.isoformat(),
        "scope": "",
    }
    with access.scope(shop):
        credentials.keep(shop, Credential.Kind.API_KEYS, json.dumps(keys), at=at)
    start_import(shop, at=at)
    return shop


def _until_killed(shopify: StandIn) -> float:
    """Let a worker read until it has a third of the orders' file, and kill it; return the
    seconds."""
    started = time.perf_counter()
    worker = _worker(shopify, datetime.now(UTC))
    while worker.poll() is None and not _is_in_the_middle(shopify):
        time.sleep(0.01)
    worker.kill()
    worker.wait()
    return time.perf_counter() - started


def _is_in_the_middle(shopify: StandIn) -> bool:
    bulk = shopify.shop.bulk
    ours = [one for one in bulk.works.values() if "OrdersInBulk" in one.text and one.size]
    return bool(ours) and any(
        work == ours[0].id and last > ours[0].size / 3 for work, _, last in bulk.fetched
    )


def _to_the_end(shopify: StandIn) -> float:
    """Let another worker go on, once the first one's lease is over; return the seconds."""
    started = time.perf_counter()
    worker = _worker(shopify, datetime.now(UTC) + _LEASE)
    told, _ = worker.communicate()
    if told != b"done\n":
        raise RuntimeError("the import did not end")
    return time.perf_counter() - started


def _worker(shopify: StandIn, at: datetime) -> subprocess.Popen[bytes]:
    environment = {
        **os.environ,
        "SHOPIFY_API_KEY": CLIENT_ID,
        "SHOPIFY_API_SECRET": CLIENT_SECRET,
        "SHOPIFY_STAND_IN": shopify.url,
        "ALLOW_LOOPBACK_STORES": "1",
        "LOG_LEVEL": "CRITICAL",
    }
    command = [sys.executable, "-m", "tests.recovery.ingest.import_worker"]
    return subprocess.Popen(
        [*command, at.isoformat(), str(_PART)], env=environment, stdout=subprocess.PIPE
    )

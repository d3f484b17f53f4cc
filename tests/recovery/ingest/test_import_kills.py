"""An import through the shop's files, killed again and again: what was finished is not fetched
twice, and the rows end up as the shop's own."""

from __future__ import annotations

import dataclasses
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from django.conf import settings
from django.db import connections

from recovery.catalog.models import Product, Variant
from recovery.ingest.readings import start_import
from recovery.orders.models import Order
from shopapp.shops import access, credentials
from shopapp.shops.models import Credential, Shop
from tests.conftest import MORNING, make_shop
from tests.doubles.shopify import installing
from tests.doubles.shopify.profiles import NORDIC
from tests.doubles.shopify.seed_big import fill
from tests.doubles.shopify.stand_in import CLIENT_ID, CLIENT_SECRET, StandIn
from tests.doubles.shopify.tokens import Access

ROOT = Path(__file__).resolve().parents[3]
PART = 8 * 1024
KILLS = 6
HOST = "killed.myshopify.com"
PATIENCE = 60.0
FAR = datetime(2030, 1, 1, tzinfo=UTC)


@pytest.fixture
def shopify(committed_db: None) -> Iterator[StandIn]:
    """A shop with some hundred products and orders, on a port of its own."""
    profile = dataclasses.replace(NORDIC, settings=dataclasses.replace(NORDIC.settings, host=HOST))
    shopify = StandIn([profile], past_orders=0)
    fill(shopify.shop, orders=150, products=250, days=50)
    with shopify as running:
        installing.install(running.shop)
        running.shop.tokens.living["shpat_killed"] = Access("shpat_killed", FAR)
        yield running


def connected_shop() -> Shop:
    """Return a shop whose keys the stand-in takes, its import about to begin."""
    shop = make_shop(HOST, platform=Shop.Platform.SHOPIFY, url=f"https://{HOST}")
    keys = {
        "access_token": "shpat_killed",
        "refresh_token": "shprt_killed",
        "expires_at": FAR.isoformat(),
        "refresh_expires_at": FAR.isoformat(),
        "scope": "",
    }
    with access.scope(shop):
        credentials.keep(shop, Credential.Kind.API_KEYS, json.dumps(keys), at=MORNING)
    start_import(shop, at=MORNING)
    connections["default"].close()
    return shop


def environment(shopify: StandIn) -> dict[str, str]:
    """Return what a worker needs to find the test's database and the shop."""
    database = settings.DATABASES["default"]
    where = urlencode({"host": database["HOST"], "port": database["PORT"]})
    who = quote(database["USER"]) + (f":{quote(word)}" if (word := database["PASSWORD"]) else "")
    url = f"postgresql://{who}@/{database['NAME']}?{where}"
    return {
        **os.environ,
        "DATABASE_URL": url,
        "DATABASE_OWNER_URL": url,
        "SHOPIFY_API_KEY": CLIENT_ID,
        "SHOPIFY_API_SECRET": CLIENT_SECRET,
        "SHOPIFY_STAND_IN": shopify.url,
        "ALLOW_LOOPBACK_STORES": "1",
        "LOG_LEVEL": "CRITICAL",
    }


def worker(shopify: StandIn, at: datetime) -> subprocess.Popen[bytes]:
    """Start a worker whose clock stands at this moment."""
    command = [
        sys.executable,
        "-m",
        "tests.recovery.ingest.import_worker",
        at.isoformat(),
        str(PART),
    ]
    return subprocess.Popen(command, cwd=ROOT, env=environment(shopify), stdout=subprocess.PIPE)


@pytest.mark.timeout(300)
def test_a_killed_import_goes_on_where_it_was(shopify: StandIn) -> None:
    shop, at, store = connected_shop(), MORNING, shopify.shop
    for _ in range(KILLS):
        before = len(store.bulk.fetched)
        running = worker(shopify, at)
        until = time.monotonic() + PATIENCE
        while len(store.bulk.fetched) < before + 3 and running.poll() is None:
            assert time.monotonic() < until
            time.sleep(0.002)
        running.kill()
        running.wait()
        assert running.stdout is not None
        running.stdout.close()
        assert running.returncode == -signal.SIGKILL
        at += timedelta(minutes=30)
    last = worker(shopify, at)
    told, _ = last.communicate(timeout=PATIENCE * 2)
    assert told == b"done\n"

    fetched = Counter((work, first) for work, first, _ in store.bulk.fetched)
    again = sum(times - 1 for times in fetched.values())
    assert len(fetched) > KILLS * 2
    # Only the part in hand when the worker died is fetched once more; no list is written twice.
    assert again <= KILLS
    assert max(fetched.values()) <= 2
    lists = Counter(work.text.split("{")[0] for work in store.bulk.works.values())
    assert set(lists.values()) == {1}
    assert store.bucket.throttled == 0
    with access.scope(shop):
        assert Order.objects.count() == len(store.state.orders)
        assert Product.objects.count() == len(store.state.products)
        assert Variant.objects.count() == len(store.state.variants)

"""A shop with the plugin's twin, an app that it reports to, and a shopper's browser."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.conformance.shopify_bench import Bench
from tests.conformance.twin import HOME, App
from tests.doubles.woocommerce import Store


@pytest.fixture
def app() -> App:
    return App()


@pytest.fixture
def store(app: App) -> Store:
    return Store(threads=False, past_orders=0, home=HOME, transport=httpx.MockTransport(app))


@pytest.fixture
def browser(store: Store) -> Iterator[httpx.Client]:
    transport = httpx.WSGITransport(app=store.wsgi)
    with httpx.Client(transport=transport, base_url=HOME, follow_redirects=True) as client:
        yield client


@pytest.fixture
def bench() -> Iterator[Bench]:
    made = Bench()
    yield made
    made.close()

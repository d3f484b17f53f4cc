"""A store that answers on loopback, a worker in hand, and a merchant's browser."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connections
from pytest_django import Settings

from shopapp.kit import later
from tests.doubles.woocommerce import Store
from tests.shopapp.install.road import Road, Worker

_HANDLER = WSGIHandler()


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> Worker:
    """Return the worker that does what was sent when it is told to."""
    taken = Worker()
    monkeypatch.setattr(later, "_send", taken.send)
    return taken


@pytest.fixture
def loopback(committed_db: None, settings: Settings) -> Settings:
    """Admit stores on this machine."""
    settings.ALLOW_LOOPBACK_STORES = True
    settings.APP_URL = "http://testserver"
    settings.APP_HTTPS_URL = "https://testserver"
    settings.ALLOWED_HOSTS = ["testserver"]
    return settings


def _application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """Answer as the application does; a store's threads leave no connection behind."""
    try:
        return list(_HANDLER(environ, start_response))
    finally:
        if threading.current_thread() is not threading.main_thread():
            connections.close_all()


def open_store(**wanted: Any) -> Store:
    """Return a small store that hands its keys and news straight to the application."""
    transport = httpx.WSGITransport(app=_application)
    return Store(transport=transport, past_orders=3, app_url="http://testserver", **wanted)


@pytest.fixture
def store(loopback: Settings) -> Iterator[Store]:
    """Return a store over https, without our plugin."""
    with open_store(plugin=False) as opened:
        loopback.EGRESS_EXTRA_CA_FILE = str(opened.certificate)
        yield opened


@pytest.fixture
def plugin_store(loopback: Settings) -> Iterator[Store]:
    """Return a store over https with our plugin."""
    with open_store() as opened:
        loopback.EGRESS_EXTRA_CA_FILE = str(opened.certificate)
        yield opened


@pytest.fixture
def road(store: Store, worker: Worker) -> Road:
    """Return a merchant's way to the store without the plugin."""
    return Road(store, worker)


@pytest.fixture
def plugin_road(plugin_store: Store, worker: Worker) -> Road:
    """Return a merchant's way to the store with the plugin."""
    return Road(plugin_store, worker)

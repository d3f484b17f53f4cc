"""Fixtures for every test: a database of our own, two shops, no network but loopback."""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections

from shopapp.shops import access
from shopapp.shops.models import Member, Shop, User

MORNING = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def django_db_setup(request: pytest.FixtureRequest, django_db_blocker: Any) -> Iterator[None]:
    """Make one database per worker as the owner, migrate it, and use it as the application."""
    worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
    name = f"rebasket_test_{os.environ.get('PYTEST_DB_SUFFIX', '')}{worker}"
    owner, default = connections["owner"], connections["default"]
    home = owner.settings_dict["NAME"]
    with django_db_blocker.unblock():
        with owner.cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            cursor.execute(f'CREATE DATABASE "{name}"')
        _use(name)
        call_command("migrate", database="owner", verbosity=0)
        yield
        _use(home)
        default.close()
        with owner.cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        owner.close()


def _use(name: str) -> None:
    for alias in ("default", "owner"):
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name
        settings.DATABASES[alias]["NAME"] = name


@pytest.fixture
def committed_db(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Let a test commit for real (threads, processes, servers); every table is emptied after it."""
    with django_db_blocker.unblock():
        try:
            yield
        finally:
            connections["default"].close()
            _empty_all_tables()


def _empty_all_tables() -> None:
    owner = connections["owner"]
    with owner.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(quote_ident(tablename), ', ') FROM pg_tables"
            " WHERE schemaname = 'public' AND tablename NOT IN"
            " ('django_migrations', 'django_content_type')"
        )
        (tables,) = cursor.fetchone()
        cursor.execute(f"TRUNCATE {tables} RESTART IDENTITY CASCADE")
    owner.close()


def make_shop(host: str, **values: Any) -> Shop:
    """Return a connected WooCommerce shop in euro, at rest in Amsterdam."""
    defaults: dict[str, Any] = {
        "platform": Shop.Platform.WOOCOMMERCE,
        "url": f"https://{host}",
        "name": host.split(".", maxsplit=1)[0].title(),
        "currency": "EUR",
        "decimals": 2,
        "timezone": "Europe/Amsterdam",
        "country": "NL",
        "installed_at": MORNING,
        "orders_read_at": MORNING,
    }
    return Shop.objects.create(host=host, **(defaults | values))


@pytest.fixture
def shop(db: None) -> Shop:
    """Return the shop a test is about."""
    return make_shop("shop.example", plugin_version="1.0.0")


@pytest.fixture
def other_shop(shop: Shop) -> Shop:
    """Return the second shop, which must never appear."""
    return make_shop("other.example")


@pytest.fixture
def in_shop(shop: Shop, other_shop: Shop) -> Iterator[AbstractContextManager[None]]:
    """Open the shop's scope for the whole test; the other shop exists beside it."""
    with access.scope(shop):
        yield  # type: ignore[misc]


@pytest.fixture
def owner_client(client: Any, shop: Shop) -> Any:
    """Return a browser signed in as the owner of the shop (and of no other)."""
    user = User.objects.create_user("owner@shop.example")
    Member.objects.create(user=user, shop=shop)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection that leaves this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if isinstance(address, tuple):
            host = address[0]
            if host != "localhost" and not ipaddress.ip_address(host).is_loopback:
                raise RuntimeError(f"a test tried to reach {host}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)

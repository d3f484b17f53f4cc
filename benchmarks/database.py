"""Lend a benchmark databases of its own, migrated, and drop them afterwards."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from urllib.parse import urlsplit

import django
import psycopg
from django.core.management import call_command
from django.db import connections
from psycopg import sql

from shopapp import embedded


@contextlib.contextmanager
def own() -> Iterator[None]:
    """Start Django on a new database: on the server that ``DATABASE_URL`` names, otherwise on a
    temporary embedded one. Processes started inside find the same database and ``var`` folder."""
    with _server() as (app, owner), tempfile.TemporaryDirectory(prefix="rebasket-") as var:
        name = f"rebasket_bench_{os.getpid()}"
        with _made(owner, name):
            os.environ.update(
                DJANGO_SETTINGS_MODULE="shopapp.settings",
                DATABASE_URL=_named(app, name),
                DATABASE_OWNER_URL=_named(owner, name),
                REBASKET_VAR=var,
            )
            django.setup()
            call_command("migrate", database="owner", verbosity=0)
            try:
                yield
            finally:
                connections.close_all()


@contextlib.contextmanager
def another() -> Iterator[str]:
    """Make and migrate a second database and return its name; ``use`` enters it."""
    name = f"{name_in_use()}_other"
    with _made(os.environ["DATABASE_OWNER_URL"], name):
        try:
            with use(name):
                call_command("migrate", database="owner", verbosity=0)
            yield name
        finally:
            connections.close_all()


@contextlib.contextmanager
def use(name: str) -> Iterator[None]:
    """Let Django speak to this database inside, and to the one before it afterwards."""
    before = name_in_use()
    _switch(name)
    try:
        yield
    finally:
        _switch(before)


def name_in_use() -> str:
    """Return the name of the database that Django speaks to."""
    return str(connections["default"].settings_dict["NAME"])


def _switch(name: str) -> None:
    for alias in ("default", "owner"):
        if connections[alias].settings_dict["NAME"] != name:
            connections[alias].close()
            connections[alias].settings_dict["NAME"] = name


@contextlib.contextmanager
def _server() -> Iterator[tuple[str, str]]:
    url = os.environ.get("DATABASE_URL")
    if url:
        yield url, os.environ["DATABASE_OWNER_URL"]
        return
    with embedded.temporary() as server:
        yield embedded.connection_urls(server)


@contextlib.contextmanager
def _made(owner_url: str, name: str) -> Iterator[None]:
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    with psycopg.connect(owner_url, autocommit=True) as connection:
        connection.execute(drop)
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        yield
    finally:
        with psycopg.connect(owner_url, autocommit=True) as connection:
            connection.execute(drop)


def _named(url: str, name: str) -> str:
    return urlsplit(url)._replace(path=f"/{name}").geturl()

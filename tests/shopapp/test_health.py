"""Health: alive without a database, ready only with a migrated one."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client

from shopapp import health


def test_alive_asks_nobody(client: Client) -> None:
    assert client.get("/health/live").json() == {"status": "ok"}


def test_ready_with_a_migrated_database(client: Client, db: None) -> None:
    assert client.get("/health/ready").status_code == 200


def test_not_ready_while_the_database_is_away(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: Any) -> None:
        raise DatabaseError

    monkeypatch.setattr(health, "MigrationExecutor", away)
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json()["error"]["code"] == "not_ready"

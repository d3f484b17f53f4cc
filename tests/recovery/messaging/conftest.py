"""Fixtures of the messaging tests: a queued message, and one whose links were mailed."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine

from recovery.messaging.models import Link, Message
from shopapp.shops import access, credentials
from shopapp.shops.models import Credential, Shop
from tests.conftest import MORNING
from tests.recovery.messaging import scene
from tests.recovery.messaging.scene import PLUGIN_SECRET, Mailed, mint


@pytest.fixture
def morning() -> Any:
    with time_machine.travel(MORNING, tick=False):
        yield


@pytest.fixture
def a_turn_takes_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recovery.messaging.delivery.time.monotonic", lambda: 0.0)


@pytest.fixture
def queued(shop: Shop, other_shop: Shop) -> Message:
    with access.scope(shop):
        contact, cart = scene.set_stage(shop)
        return scene.queue(shop, contact, cart)


@pytest.fixture
def mailed(shop: Shop, other_shop: Shop) -> Mailed:
    """Return a message and the paths of its links, by purpose."""
    with access.scope(shop):
        credentials.keep(shop, Credential.Kind.PLUGIN_SECRET, PLUGIN_SECRET, at=MORNING)
        contact, cart = scene.set_stage(shop)
        message = scene.queue(shop, contact, cart)
        return message, {
            purpose: mint(shop, purpose, message, contact=contact, cart=cart)
            for purpose in Link.Purpose
        }

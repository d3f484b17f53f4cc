from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from recovery.messaging import services
from recovery.messaging.models import Message
from shopapp.shops import access
from shopapp.shops.models import Shop
from tests.conftest import MORNING
from tests.recovery.messaging import scene


def take_turn(shop: Shop, at: Any = MORNING) -> int:
    services.prepare_due(shop, at=at)
    return services.hand_over_due(shop, at=at)


def test_a_due_message_becomes_one_mail(shop: Shop, other_shop: Shop) -> None:
    with access.scope(shop):
        contact, cart = scene.set_stage(shop)
        message = scene.queue(shop, contact, cart)
    assert take_turn(shop) == 1
    assert take_turn(shop, MORNING + timedelta(minutes=1)) == 0
    [sent] = mail.outbox
    assert sent.subject == "You left Wool runner at Shop"
    assert sent.to == ["anna@example.se"]
    with access.scope(shop):
        message.refresh_from_db()
    assert message.state == Message.State.SENT

"""What the frame of a shop's pages says is missing, and what it counts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from recovery.flows.models import Flow
from recovery.flows.services import make_presets, switch_on
from recovery.ingest.models import Delivery
from recovery.messaging.models import Sender
from shopapp.shops import access
from shopapp.shops.models import Shop
from tests.conftest import MORNING


def page(client: Client, shop: Shop) -> str:
    return client.get(f"/shops/{shop.pk}/results/").content.decode()


@pytest.mark.parametrize(
    ("email", "legal_address", "told"),
    [
        ("", "", "need a sender&#x27;s address"),
        ("hello@shop.example", "", "need a postal address"),
        ("hello@shop.example", "Storgatan 1, Stockholm", ""),
    ],
)
def test_a_flow_that_is_on_tells_what_its_mails_lack(
    owner_client: Client, shop: Shop, email: str, legal_address: str, told: str
) -> None:
    with access.scope(shop):
        Sender.objects.create(shop=shop, email=email, legal_address=legal_address)
        flow: Flow = make_presets(shop, at=MORNING)[0]
    assert "Mails are waiting" not in page(owner_client, shop)
    with access.scope(shop):
        switch_on(flow, look_back=timedelta(0), at=MORNING)
    shown = page(owner_client, shop)
    assert ("Mails are waiting" in shown) is bool(told)
    assert told in shown


def test_what_is_in_quarantine_is_counted_for_its_own_shop_only(
    owner_client: Client, shop: Shop, other_shop: Shop
) -> None:
    for one, number in ((shop, 2), (other_shop, 5)):
        with access.scope(one):
            Delivery.objects.bulk_create(
                Delivery(
                    shop=one,
                    source="webhook",
                    topic="order.updated",
                    event_key=str(key),
                    body=b"{",
                    received_at=MORNING,
                    due_at=MORNING,
                    state=Delivery.State.QUARANTINED,
                )
                for key in range(number)
            )
    assert "2 in quarantine" in page(owner_client, shop)

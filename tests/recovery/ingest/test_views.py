"""The inbox and import pages, for the shop's own people."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from recovery.ingest import handling
from recovery.ingest.models import Delivery, Reading
from shopapp.shops import access, credentials
from shopapp.shops.models import AccessRecord, Credential, Member, Shop
from tests.conftest import MORNING
from tests.recovery.ingest.conftest import Knock, inbox
from tests.recovery.ingest.little_store import ORDER

BODY = json.dumps(ORDER).encode()


@pytest.fixture
def stuck(knock: Knock, connected: Shop) -> Delivery:
    """Return a delivery in quarantine; a good one waits beside it."""
    knock("order.updated", BODY[:-1])
    handling.handle_waiting(connected, at=MORNING)
    knock("product.updated", BODY)
    return inbox(connected)[0]


def test_the_inbox_lists_news_by_its_state(
    owner_client: Client, connected: Shop, stuck: Delivery
) -> None:
    address = f"/shops/{connected.pk}/inbox/"
    everything = owner_client.get(address).content.decode()
    assert "Order changed" in everything
    assert "Product changed" in everything
    quarantined = owner_client.get(f"{address}?state=quarantined").content.decode()
    assert "not JSON" in quarantined
    assert "Product changed" not in quarantined
    assert owner_client.get(f"{address}?state=nonsense&page=99").status_code == 200


def test_a_part_of_the_inbox_is_answered_to_htmx(
    owner_client: Client, connected: Shop, stuck: Delivery
) -> None:
    part = owner_client.get(f"/shops/{connected.pk}/inbox/", headers={"HX-Request": "true"})
    assert part.content.decode().lstrip().startswith('<section id="inbox"')
    assert "no-store" in part["Cache-Control"]


def test_looking_at_a_body_is_written_down(
    owner_client: Client, connected: Shop, stuck: Delivery
) -> None:
    page = owner_client.get(f"/shops/{connected.pk}/inbox/{stuck.pk}/")
    assert "grace@lab.test" in page.content.decode()
    with access.scope(connected):
        seen = AccessRecord.objects.get()
    assert (seen.what, seen.subject) == ("delivery", str(stuck.pk))
    assert seen.user.email == "owner@shop.example"


@pytest.mark.parametrize("body", [b"[" * 100_000, b"\xff\x00", b"", b"<script>alert(1)</script>"])
def test_any_body_can_be_looked_at(
    owner_client: Client, connected: Shop, stuck: Delivery, body: bytes
) -> None:
    with access.scope(connected):
        Delivery.objects.filter(pk=stuck.pk).update(body=body)
    page = owner_client.get(f"/shops/{connected.pk}/inbox/{stuck.pk}/")
    assert page.status_code == 200
    assert b"<script>alert" not in page.content


def test_a_stuck_delivery_is_driven_again_by_a_press(
    owner_client: Client, connected: Shop, stuck: Delivery
) -> None:
    address = f"/shops/{connected.pk}/inbox/{stuck.pk}/"
    answer = owner_client.post(f"{address}redrive/")
    assert (answer.status_code, answer["Location"]) == (302, address)
    assert inbox(connected)[0].state == "new"
    assert owner_client.get(f"{address}redrive/").status_code == 405


def test_a_viewer_sees_the_inbox_and_drives_nothing(
    owner_client: Client, connected: Shop, stuck: Delivery
) -> None:
    Member.objects.update(role=Member.Role.VIEWER)
    assert owner_client.get(f"/shops/{connected.pk}/inbox/{stuck.pk}/").status_code == 200
    redriven = owner_client.post(f"/shops/{connected.pk}/inbox/{stuck.pk}/redrive/")
    started = owner_client.post(f"/shops/{connected.pk}/import/")
    assert (redriven.status_code, started.status_code) == (403, 403)
    assert inbox(connected)[0].state == "quarantined"


def test_another_shops_news_is_not_found(
    owner_client: Client, connected: Shop, other_shop: Shop, stuck: Delivery
) -> None:
    with access.scope(other_shop):
        theirs = Delivery.objects.create(
            shop=other_shop, source="webhook", topic="order.created", event_key="k", body=b"{}",
            received_at=MORNING, due_at=MORNING,
        )  # fmt: skip
    for path in ("", f"{theirs.pk}/"):
        assert owner_client.get(f"/shops/{other_shop.pk}/inbox/{path}").status_code == 404
    assert owner_client.get(f"/shops/{connected.pk}/inbox/{theirs.pk}/").status_code == 404
    assert owner_client.post(f"/shops/{connected.pk}/inbox/{theirs.pk}/redrive/").status_code == 404


def test_a_stranger_is_sent_to_sign_in(client: Client, connected: Shop, stuck: Delivery) -> None:
    answer = client.get(f"/shops/{connected.pk}/inbox/{stuck.pk}/")
    assert answer.status_code == 302
    assert "next=" in answer["Location"]


def test_the_import_is_started_by_a_press_and_shows_its_progress(
    owner_client: Client, connected: Shop
) -> None:
    address = f"/shops/{connected.pk}/import/"
    begins_by_itself = owner_client.get(address).content.decode()
    assert "Reading the store" in begins_by_itself
    with access.scope(connected):
        credentials.forget(connected, Credential.Kind.API_KEYS)
    assert "Nothing has been read yet" in owner_client.get(address).content.decode()
    assert owner_client.post(address)["Location"] == address
    running = owner_client.get(address).content.decode()
    assert "Reading the store" in running
    assert 'hx-trigger="every 1s"' in running
    with access.scope(connected):
        Reading.objects.update(state="done", done=3, finished_at=MORNING)
    assert "The store has been read" in owner_client.get(address).content.decode()

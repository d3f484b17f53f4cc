"""A shopper asks for their data: one row, the owners are told, the merchant hands a file over."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse

from recovery.privacy import services, tasks, telling
from recovery.privacy.dossier import sizes
from recovery.privacy.models import DataRequest
from shopapp.shops import access
from shopapp.shops.models import AccessRecord, Member, Shop, User
from tests.conftest import MORNING
from tests.recovery.messaging import scene as messaging_scene
from tests.recovery.privacy import scene

LATER = MORNING + timedelta(days=1)


@pytest.fixture
def asked(shop: Shop, other_shop: Shop) -> DataRequest:
    with access.scope(other_shop):
        scene.hold(other_shop)
    with access.scope(shop):
        scene.hold(shop)
        scene.stop_mails(shop)
        return services.take_request(shop, scene.REQUESTED, at=MORNING)


@pytest.fixture
def later() -> Any:
    with time_machine.travel(LATER, tick=False):
        yield


def page(shop: Shop) -> str:
    return reverse("settings:privacy", args=[shop.pk])


def file_of(shop: Shop, request: DataRequest) -> str:
    return reverse("settings:privacy_file", args=[shop.pk, request.pk])


def test_the_same_request_twice_is_one_row(shop: Shop, asked: DataRequest) -> None:
    with access.scope(shop):
        again = services.take_request(shop, scene.REQUESTED, at=LATER)
        assert again.pk == asked.pk
        assert again.due_at == MORNING + timedelta(days=30)
        assert DataRequest.objects.count() == 1


def test_the_file_holds_everything_of_this_person_alone(
    shop: Shop, other_shop: Shop, asked: DataRequest, owner_client: Client, later: None
) -> None:
    with access.scope(shop):
        stranger = messaging_scene.make_contact(shop, "bert@example.org", first_name="Bert")
        messaging_scene.make_cart(shop, stranger, ("10", "", 1), cart_id="bertscart")
        messaging_scene.make_order(shop, "9002", email="bert@example.org", first_name="Bert")
    answer = owner_client.get(file_of(shop, asked))
    assert answer["Content-Disposition"] == f'attachment; filename="personal-data-{asked.pk}.json"'
    text = answer.content.decode()
    assert "bert" not in text.lower()
    document = json.loads(text)
    assert dict(sizes(document)) == {
        "contact": 1, "consents": 1, "opt_outs": 1, "carts": 1, "orders": 1, "messages": 1,
        "clicks": 1, "flows": 1, "credits": 1, "looks": 0,
    }  # fmt: skip
    sections = {section["name"]: section["rows"] for section in document["sections"]}
    assert sections["contact"][0]["email"] == "anna.berg+shop@example.se"
    assert sections["orders"][0]["total"] == "49.90 EUR"
    assert sections["orders"][0]["meant_by_the_request"] is True
    assert sections["carts"][0]["lines"][0]["quantity"] == 1
    assert sections["messages"][0]["text"] == "Anna"
    assert "se-secret" not in text, "an address that opens the checkout is no data about a person"


def test_a_download_is_written_down(
    shop: Shop, asked: DataRequest, owner_client: Client, later: None
) -> None:
    owner_client.get(file_of(shop, asked))
    with access.scope(shop):
        record = AccessRecord.objects.get()
        asked.refresh_from_db()
    assert (record.what, record.subject) == ("data_request", str(asked.pk))
    assert asked.downloaded_at == LATER


def test_handing_over_is_noted_once(
    shop: Shop, asked: DataRequest, owner_client: Client, later: None
) -> None:
    assert "A shopper asks for their data" in _console(owner_client, shop)
    address = reverse("settings:privacy_handover", args=[shop.pk, asked.pk])
    assert owner_client.get(address).status_code == 405
    shown = owner_client.post(address, follow=True).content.decode()
    assert "Handed over" in shown
    owner_client.post(address)
    with access.scope(shop):
        asked.refresh_from_db()
    assert asked.handed_over_at == LATER
    assert asked.handed_over_by == User.objects.get(email="owner@shop.example")
    assert "A shopper asks for their data" not in _console(owner_client, shop)


def _console(client: Client, shop: Shop) -> str:
    return client.get(reverse("carts:list", args=[shop.pk])).content.decode()


@pytest.mark.parametrize(("role", "status"), [("owner", 200), ("staff", 200), ("viewer", 403)])
def test_who_may_see_it(
    role: str, status: int, shop: Shop, asked: DataRequest, owner_client: Client, later: None
) -> None:
    Member.objects.update(role=role)
    assert owner_client.get(page(shop)).status_code == status
    assert owner_client.get(file_of(shop, asked)).status_code == status
    tabs = owner_client.get(reverse("settings:store", args=[shop.pk])).content.decode()
    assert (page(shop) in tabs) == (status == 200)


def test_the_other_shops_request_is_not_there(
    shop: Shop, other_shop: Shop, asked: DataRequest, owner_client: Client, later: None
) -> None:
    with access.scope(other_shop):
        theirs = services.take_request(other_shop, scene.REQUESTED, at=MORNING)
    assert owner_client.get(file_of(shop, theirs)).status_code == 404
    assert owner_client.get(file_of(other_shop, theirs)).status_code == 404


def test_nothing_is_handed_over_of_somebody_who_was_erased(
    shop: Shop, asked: DataRequest, owner_client: Client, later: None
) -> None:
    with access.scope(shop):
        services.redact_contact(shop, scene.REDACTED, at=LATER)
    assert owner_client.get(file_of(shop, asked)).status_code == 404
    shown = owner_client.get(page(shop)).content.decode()
    assert "Erased since" in shown
    assert "anna" not in shown.lower()
    assert "1 contact, 1 cart, 1 order" in shown


def test_owners_with_a_mailbox_are_told_once(
    shop: Shop, asked: DataRequest, owner_client: Client, later: None
) -> None:
    for name, role in (("5@shopify.invalid", "owner"), ("staff@shop.example", "staff")):
        Member.objects.create(user=User.objects.create_user(name), shop=shop, role=role)
    tasks.sweep()
    tasks.sweep()
    assert [message.to for message in mail.outbox] == [["owner@shop.example"]]
    told = f"{mail.outbox[0].subject} {mail.outbox[0].body}"
    assert page(shop) in told
    assert "anna" not in told.lower()
    with access.scope(shop):
        asked.refresh_from_db()
    assert asked.tell_due_at is None


def test_a_mail_that_cannot_be_sent_is_tried_again_and_given_up(
    shop: Shop, asked: DataRequest, owner_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: Any, **__: Any) -> int:
        raise ConnectionRefusedError

    monkeypatch.setattr(telling, "send_mail", away)
    tries = 0
    while asked.tell_due_at is not None and tries < 20:
        telling.tell_owners(shop, at=asked.tell_due_at)
        tries += 1
        with access.scope(shop):
            asked.refresh_from_db()
    assert tries == telling.TRIES

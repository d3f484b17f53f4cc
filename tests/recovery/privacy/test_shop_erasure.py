"""A whole shop is erased: nothing is left but that it was there, unless it came back meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.apps import apps

from recovery.privacy import services
from recovery.privacy.models import Erasure
from shopapp.install.models import Installation
from shopapp.install.taking_up import take_up
from shopapp.platforms.facts import StoreFacts
from shopapp.shops import access, credentials
from shopapp.shops.models import Credential, Member, Shop, User
from shopapp.shops.tenancy import TenantModel
from tests.conftest import MORNING, make_shop
from tests.recovery.privacy import scene

GONE = MORNING + timedelta(days=10)
ASKED = GONE + timedelta(hours=48)


@pytest.fixture
def left(shop: Shop, other_shop: Shop) -> Shop:
    """Return a shop that was uninstalled, full of rows, with people in it."""
    for here in (shop, other_shop):
        with access.scope(here):
            scene.hold(here)
            services.take_request(here, scene.REQUESTED, at=MORNING)
            credentials.keep(here, Credential.Kind.API_KEYS, "keys", at=MORNING)
    owner = User.objects.create_user("owner@shop.example")
    both = User.objects.create_user("both@shop.example")
    for user, where in ((owner, shop), (both, shop), (both, other_shop)):
        Member.objects.create(user=user, shop=where)
    Installation.objects.create(
        state_hash="x", host=shop.host, store_url=shop.url, email="owner@shop.example",
        asked_at=MORNING, expires_at=MORNING, shop=shop,
    )  # fmt: skip
    Shop.objects.filter(pk=shop.pk).update(state=Shop.State.UNINSTALLED, uninstalled_at=GONE)
    shop.refresh_from_db()
    return shop


def rows(shop: Shop) -> dict[str, int]:
    """Return how many rows of which kind the shop has."""
    models = [model for model in apps.get_models() if issubclass(model, TenantModel)]
    with access.scope(shop):
        counts = {model._meta.label: model.objects.count() for model in models}
    return {label: count for label, count in counts.items() if count}


def test_everything_of_the_shop_goes(left: Shop, other_shop: Shop) -> None:
    theirs, people = rows(other_shop), User.objects.count()
    with access.scope(left):
        assert services.redact_shop(left, at=ASKED)
    assert rows(left) == {"privacy.Erasure": 1}
    left.refresh_from_db()
    assert (left.name, left.url, left.host) == ("", "", f"erased-{left.pk}.invalid")
    assert not Member.objects.filter(shop=left).exists()
    assert not Installation.objects.exists()
    assert rows(other_shop) == theirs
    emails = set(User.objects.values_list("email", flat=True))
    assert "owner@shop.example" not in emails
    assert "both@shop.example" in emails, "they work in another shop too"
    assert User.objects.count() == people


def test_the_proof_holds_counts_alone(left: Shop) -> None:
    with access.scope(left):
        services.redact_shop(left, at=ASKED)
        proof = Erasure.objects.get()
    assert proof.kind == Erasure.Kind.SHOP
    assert proof.counts["orders.order"] == 1
    assert all(isinstance(count, int) for count in proof.counts.values())


def test_twice_is_once(left: Shop) -> None:
    with access.scope(left):
        assert services.redact_shop(left, at=ASKED)
        assert not services.redact_shop(left, at=ASKED)
        assert Erasure.objects.count() == 1


def test_a_shop_that_was_installed_again_keeps_everything(left: Shop) -> None:
    Shop.objects.filter(pk=left.pk).update(
        state=Shop.State.CONNECTED, installed_at=GONE + timedelta(hours=1)
    )
    before = rows(left)
    with access.scope(left):
        assert not services.redact_shop(left, at=ASKED)
    assert rows(left) == before


def test_a_shop_that_just_came_back_keeps_everything_before_it_was_ever_read(
    left: Shop, other_shop: Shop
) -> None:
    """It is the shop of before that comes back, with new keys: its first reading takes a while."""
    Shop.objects.filter(pk=left.pk).update(orders_read_at=GONE - timedelta(minutes=1))
    with access.scope(left):
        credentials.forget(left, *Credential.Kind)
        keys = "keys of the new installation"
        credentials.keep(left, Credential.Kind.API_KEYS, keys, at=ASKED - timedelta(minutes=5))
    facts = StoreFacts("EUR", 2, "UTC", prices_include_tax=True)
    take_up(left.platform, left.host, facts, version="", at=ASKED - timedelta(minutes=5))
    before = rows(left)
    with access.scope(left):
        assert not services.redact_shop(left, at=ASKED)
    assert rows(left) == before


def test_a_shop_whose_orders_can_still_be_read_was_not_uninstalled(left: Shop) -> None:
    Shop.objects.filter(pk=left.pk).update(
        state=Shop.State.CONNECTED, orders_read_at=ASKED - timedelta(minutes=1)
    )
    with access.scope(left):
        assert not services.redact_shop(left, at=ASKED)


def test_an_uninstall_that_was_missed_does_not_save_the_data(left: Shop) -> None:
    Shop.objects.filter(pk=left.pk).update(
        state=Shop.State.CONNECTED, uninstalled_at=None, orders_read_at=GONE - timedelta(hours=1)
    )
    left.refresh_from_db()
    with access.scope(left):
        assert services.redact_shop(left, at=ASKED)
    left.refresh_from_db()
    assert left.state == Shop.State.UNINSTALLED
    assert rows(left) == {"privacy.Erasure": 1}


def test_the_store_may_come_back_as_a_new_shop(left: Shop) -> None:
    host = left.host
    with access.scope(left):
        services.redact_shop(left, at=ASKED)
    again = make_shop(host)
    assert again.pk != left.pk

"""Rotating the keys that seal secrets: nothing is lost, and the old key is needed no more."""

from __future__ import annotations

import pytest
from cryptography.fernet import Fernet
from django.core.management import call_command
from django.core.management.base import CommandError
from pytest_django import Settings

from recovery.contacts import erasure
from recovery.contacts.models import Suppression
from recovery.contacts.selectors import is_suppressed
from recovery.contacts.services import suppress
from recovery.ingest import webhooks
from recovery.ingest.models import Subscription
from shopapp.kit.sealed import CannotUnseal, seal
from shopapp.shops import access, credentials
from shopapp.shops.models import Credential, Shop
from tests.conftest import MORNING


@pytest.fixture
def old_key(settings: Settings) -> str:
    settings.SEAL_KEYS = [Fernet.generate_key().decode()]
    return str(settings.SEAL_KEYS[0])


def keep_secrets(shop: Shop) -> None:
    with access.scope(shop):
        credentials.keep(shop, Credential.Kind.API_KEYS, f"ck:{shop.pk}", at=MORNING)
        Subscription.objects.create(
            shop=shop,
            topic="order.created",
            platform_id="1",
            sealed_secret=seal(f"hook {shop.pk}", context=f"shop:{shop.pk}:webhook:order.created"),
            status="active",
            checked_at=MORNING,
        )


def test_after_the_rotation_the_old_key_can_go(
    shop: Shop, other_shop: Shop, old_key: str, settings: Settings
) -> None:
    keep_secrets(shop)
    keep_secrets(other_shop)
    new_key = Fernet.generate_key().decode()
    settings.SEAL_KEYS = [new_key, old_key]
    call_command("seal_anew")
    settings.SEAL_KEYS = [new_key]
    for one in (shop, other_shop):
        with access.scope(one):
            assert credentials.reveal(one, Credential.Kind.API_KEYS) == f"ck:{one.pk}"
        assert webhooks.secret_of(one, "order.created") == f"hook {one.pk}"


def test_an_erased_opt_out_holds_after_the_rotation(
    shop: Shop, other_shop: Shop, old_key: str, settings: Settings
) -> None:
    with access.scope(shop):
        suppress(
            shop, channel="email", address_key="anna@example.se",
            reason=Suppression.Reason.UNSUBSCRIBED, at=MORNING,
        )  # fmt: skip
        erasure.keep_suppressions(shop, frozenset({"anna@example.se"}))
    new_key = Fernet.generate_key().decode()
    settings.SEAL_KEYS = [new_key, old_key]
    call_command("seal_anew")
    settings.SEAL_KEYS = [new_key]
    with access.scope(shop):
        assert is_suppressed(channel="email", address_key="anna@example.se")
        assert not is_suppressed(channel="email", address_key="bert@example.se")
    # Nobody is taken for willing because a key was lost.
    settings.SEAL_KEYS = [Fernet.generate_key().decode()]
    with access.scope(shop), pytest.raises(CannotUnseal):
        is_suppressed(channel="email", address_key="anna@example.se")


def test_a_key_that_is_missing_is_told_and_destroys_nothing(
    shop: Shop, old_key: str, settings: Settings
) -> None:
    keep_secrets(shop)
    settings.SEAL_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(CommandError, match="2 secrets"):
        call_command("seal_anew")
    settings.SEAL_KEYS = [old_key]
    with access.scope(shop):
        assert credentials.reveal(shop, Credential.Kind.API_KEYS) == f"ck:{shop.pk}"

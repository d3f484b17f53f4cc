"""A shopper is erased: only counts remain, nothing brings them back, and an opt-out holds."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from recovery.contacts.models import Erased, Suppression
from recovery.contacts.selectors import is_suppressed
from recovery.contacts.services import suppress
from recovery.messaging import moves
from recovery.messaging.models import Message
from recovery.privacy import services
from recovery.privacy.models import Erasure
from shopapp.shops import access
from shopapp.shops.models import Shop, User
from shopapp.shops.tenancy import TenantModel
from tests.conftest import MORNING
from tests.recovery.messaging import scene as messaging_scene
from tests.recovery.privacy import scene

LATER = MORNING + timedelta(days=1)


@pytest.fixture
def held(shop: Shop, other_shop: Shop) -> scene.Held:
    user = User.objects.create_user("colleague@shop.example")
    user.memberships.create(shop=shop)
    with access.scope(other_shop):
        scene.hold(other_shop)
        scene.stop_mails(other_shop)
    with access.scope(shop):
        held = scene.hold(shop)
        scene.look_at(shop, held, user)
        scene.stop_mails(shop)
    return held


def traces(shop: Shop) -> list[str]:
    """Return every value of the shop's rows in which the shopper can still be found."""
    found = []
    for model in apps.get_models():
        if not issubclass(model, TenantModel):
            continue
        for row in model.objects.all().values():
            for name, value in row.items():
                shown = bytes(value).decode() if isinstance(value, memoryview) else str(value)
                found += [
                    f"{model._meta.label}.{name}: {shown[:60]}"
                    for trace in scene.TRACES
                    if trace in shown.lower()
                ]
    return found


def test_nothing_personal_remains_and_every_figure_stays(shop: Shop, held: scene.Held) -> None:
    with access.scope(shop):
        before = scene.results(shop)
        assert traces(shop)
        services.redact_contact(shop, scene.REDACTED, at=LATER)
        assert traces(shop) == []
        assert scene.results(shop) == before


def test_the_other_shop_keeps_everything(shop: Shop, other_shop: Shop, held: scene.Held) -> None:
    with access.scope(other_shop):
        before = traces(other_shop)
    with access.scope(shop):
        services.redact_contact(shop, scene.REDACTED, at=LATER)
    with access.scope(other_shop):
        assert traces(other_shop) == before
        assert Erasure.objects.count() == 0


def test_an_opt_out_still_stops_mail(shop: Shop, held: scene.Held) -> None:
    with access.scope(shop):
        services.redact_contact(shop, scene.REDACTED, at=LATER)
        for spelling in (scene.MAILBOX,):
            assert is_suppressed(channel="email", address_key=spelling)
        assert not is_suppressed(channel="email", address_key="bert@example.se")
        assert not suppress(
            shop, channel="email", address_key=scene.MAILBOX,
            reason=Suppression.Reason.BOUNCED, at=LATER,
        )  # fmt: skip
        assert Suppression.objects.count() == 1


def test_what_waits_is_withdrawn_and_the_run_ends(shop: Shop, held: scene.Held) -> None:
    with access.scope(shop):
        Message.objects.filter(pk=held.message.pk).update(state=Message.State.QUEUED)
        services.redact_contact(shop, scene.REDACTED, at=LATER)
        held.message.refresh_from_db()
        held.run.refresh_from_db()
    assert (held.message.state, held.message.reason) == ("skipped", "contact_erased")
    assert (held.run.state, held.run.outcome) == ("finished", "contact_erased")


def test_what_comes_back_for_a_mail_on_its_way_names_nobody(shop: Shop, held: scene.Held) -> None:
    """The transport was spoken to before the erasure, and says afterwards that it bounced."""
    with access.scope(shop):
        Suppression.objects.all().delete()
        Message.objects.filter(pk=held.message.pk).update(state=Message.State.HANDING_OVER)
        held.message.refresh_from_db()
        services.redact_contact(shop, scene.REDACTED, at=LATER)
        assert moves.record_sent(held.message, provider_id="", at=LATER)
        suppress(
            shop, channel="email", address_key=held.message.address_key,
            reason=Suppression.Reason.BOUNCED, at=LATER,
        )  # fmt: skip
        assert traces(shop) == []
        assert is_suppressed(channel="email", address_key=scene.MAILBOX)


def test_erased_twice_is_erased(shop: Shop, held: scene.Held) -> None:
    with access.scope(shop):
        services.redact_contact(shop, scene.REDACTED, at=LATER)
        before = scene.results(shop)
        person = services.redact_contact(shop, scene.REDACTED, at=LATER + timedelta(hours=1))
        # The order is meant by its id, and has nothing left to blank.
        assert not person.contacts
        assert not person.messages
        assert scene.results(shop) == before
        assert traces(shop) == []
        assert Erased.objects.count() == 4


def test_remarks_that_name_the_shopper_go(shop: Shop, held: scene.Held) -> None:
    with access.scope(shop):
        services.redact_contact(shop, scene.REDACTED, at=LATER)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM shops_remark")
        assert cursor.fetchone() == (0,)


def test_somebody_who_only_shares_the_phone_is_not_erased(shop: Shop, held: scene.Held) -> None:
    with access.scope(shop):
        bert: Any = messaging_scene.make_contact(shop, "bert@example.org", phone=scene.PHONE)
        theirs = messaging_scene.make_order(
            shop, "9002", email="bert@example.org", address_key="bert@example.org",
            phone=scene.PHONE,
        )  # fmt: skip
        services.redact_contact(shop, scene.REDACTED, at=LATER)
        bert.refresh_from_db()
        theirs.refresh_from_db()
        assert (bert.email, theirs.phone) == ("bert@example.org", scene.PHONE)

"""Make a newly connected store ready: its flows, its first import, its plugin, its webhooks.

Every step may be taken again. A store that is away is waited for; the merchant sees why.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from recovery.flows.services import make_presets
from recovery.ingest import plugin, reach
from recovery.ingest.connection import open_client
from recovery.ingest.models import Reach, Welcome
from recovery.ingest.readings import start_import
from recovery.ingest.webhooks import register_webhooks
from shopapp.kit import clock, later
from shopapp.platforms.answers import KeysRefused, StoreError, StoreUnavailable
from shopapp.platforms.base import Unreadable
from shopapp.platforms.connector import Client, HasCompanion, LearnsOurAddress, MakesWebhooks
from shopapp.schedule import RECONCILE_EVERY
from shopapp.shops import access
from shopapp.shops.models import Credential, Shop

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=240)
_FIRST_WAIT = timedelta(seconds=10)
_MAX_DOUBLINGS = 6
_NO_WEBHOOKS = "The store did not take our webhooks; it is read every 15 minutes instead."
_NO_SCRIPT = "The store did not take the address of our storefront script."


def welcome(shop: Shop, *, at: datetime) -> bool:
    """Do what is due for a connected shop; say whether it is all set.

    The first time for new keys that is everything; from then on its plugin is looked after.
    """
    row = _claim(shop, at=at)
    if row is None:
        return False
    with access.scope(shop):
        may_ask = reach.may_ask(shop, at=at)
    if not may_ask:
        return _wait(shop, row, row.problem, at=at)
    try:
        client = open_client(shop)
        greeted = _greet(shop, client, row, at=at)
    except (KeysRefused, StoreUnavailable) as error:
        reach.failed(shop, error, at=at)
        return _wait(shop, row, reach.problem_of(shop, error), at=at)
    if not greeted.settled:
        return _wait(shop, row, greeted.problem, at=at)
    with access.scope(shop):
        Welcome.objects.filter(pk=row.pk, keys_at=row.keys_at).update(
            done_at=row.done_at or at, due_at=at + RECONCILE_EVERY, attempts=0,
            problem=greeted.problem,
        )  # fmt: skip
    return True


def problem_of(shop: Shop) -> str:
    """Return in words what keeps the shop from being all set; '' when nothing does."""
    with access.scope(shop):
        row = Welcome.objects.first()
    return row.problem if row else ""


def _claim(shop: Shop, *, at: datetime) -> Welcome | None:
    """Take the shop's welcome, begun anew when its keys are new; None when it is not due."""
    with access.scope(shop):
        keys = Credential.objects.filter(kind=Credential.Kind.API_KEYS).first()
        if keys is None or shop.state == Shop.State.UNINSTALLED:
            return None
        begun = {"keys_at": keys.changed_at, "started_at": at, "due_at": at}
        row: Welcome
        row, made = Welcome.objects.select_for_update().get_or_create(shop=shop, defaults=begun)
        if made or row.keys_at != keys.changed_at:
            row.keys_at, row.started_at = keys.changed_at, at
            row.done_at, row.attempts, row.problem = None, 0, ""
            _begin(shop, at=at)
        elif row.due_at > at:
            return None
        row.due_at = at + clock.lasting(LEASE)
        row.save()
        return row


def _begin(shop: Shop, *, at: datetime) -> None:
    """Do what needs no network: with new keys, what the old ones failed at is forgotten."""
    Reach.objects.update(failures=0, resume_at=None, problem="")
    make_presets(shop, at=at)
    start_import(shop, at=at)
    later.enqueue("ingest.read", shop.pk)


def _greet(shop: Shop, client: Client, row: Welcome, *, at: datetime) -> plugin.Introduced:
    greeted = _introduce(shop, client, row, at=at)
    if row.done_at is not None:
        return greeted
    made = _make_webhooks(shop, client, at=at)
    told = _tell_script(shop, client)
    if made and told:
        with access.scope(shop):
            reach.answered(shop)
        return greeted
    problem = greeted.problem or (_NO_SCRIPT if made else _NO_WEBHOOKS)
    # Every reconciliation makes webhooks again; the script's address is told by nobody else.
    return plugin.Introduced(greeted.settled and told, problem)


def _make_webhooks(shop: Shop, client: Client, *, at: datetime) -> bool:
    """Make the store's webhooks, where they are to be made; False when it did not take them."""
    if not isinstance(client, MakesWebhooks):
        return True
    try:
        register_webhooks(shop, client, at=at)
    except (KeysRefused, StoreUnavailable):
        raise
    except (StoreError, Unreadable) as error:
        _log("webhooks could not be made", shop, error)
        return False
    return True


def _tell_script(shop: Shop, client: Client) -> bool:
    """Tell where the storefront script is, to a store that keeps it; False when it did not."""
    if not isinstance(client, LearnsOurAddress):
        return True
    try:
        client.tell_script(script_url=plugin.script_url(shop), shop=shop.public_id)
    except (KeysRefused, StoreUnavailable):
        raise
    except (StoreError, Unreadable) as error:
        _log("the script's address was not taken", shop, error)
        return False
    return True


def _log(what: str, shop: Shop, error: Exception) -> None:
    logger.warning(what, extra={"shop": shop.pk, "error": type(error).__name__})


def _introduce(shop: Shop, client: Client, row: Welcome, *, at: datetime) -> plugin.Introduced:
    """Connect or look after our plugin, on platforms that have one."""
    if not isinstance(client, HasCompanion):
        return plugin.Introduced(settled=True)
    if row.done_at is not None:
        return plugin.look_after(shop, client, since=at, at=at)
    return plugin.introduce(shop, client, since=row.started_at, at=at)


def _wait(shop: Shop, row: Welcome, problem: str, *, at: datetime) -> bool:
    """Come back later, when the store may be asked again; returns False."""
    wait = clock.lasting(_FIRST_WAIT * 2 ** min(row.attempts, _MAX_DOUBLINGS))
    with access.scope(shop):
        resting = Reach.objects.filter(resume_at__gt=at).first()
        due_at = max(at + wait, resting.resume_at) if resting else at + wait
        Welcome.objects.filter(pk=row.pk, keys_at=row.keys_at).update(
            due_at=due_at, attempts=min(row.attempts + 1, 1000), problem=problem[:300]
        )
    return False

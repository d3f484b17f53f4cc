"""Disconnect a store: nothing is sent any more, and nothing of us is left in it that we can take.

The order matters: webhooks go first, since revoked keys do not stop them, and the keys last. What
a store that is away or has refused our keys keeps is told to the merchant, who can delete it.
"""

from __future__ import annotations

import logging
from datetime import datetime

from recovery.flows.models import Flow, FlowRun
from recovery.flows.services import finish, switch_off
from recovery.ingest.connection import open_client
from recovery.ingest.models import Subscription, Welcome
from recovery.ingest.webhooks import delete_webhooks
from recovery.messaging.services import withdraw_for_shop
from shopapp.platforms.answers import NotFound, StoreError
from shopapp.platforms.connector import Client, HasCompanion, MakesWebhooks
from shopapp.platforms.registry import connector_for
from shopapp.shops import access, credentials
from shopapp.shops.models import Credential, Shop

logger = logging.getLogger(__name__)

REASON = "uninstalled"


def depart(shop: Shop, *, at: datetime) -> bool:
    """Disconnect the shop; False when it was disconnected already. Uses the network.

    Safe to call again: what a first try did not get to is done by the next.
    """
    if shop.state == Shop.State.UNINSTALLED:
        return False
    with access.scope(shop):
        _stop_recovery(shop, at=at)
    plugin_told = _take_out(shop)
    with access.scope(shop):
        # Whatever began while the store was spoken to.
        return _end(shop, plugin_version="" if plugin_told else shop.plugin_version, at=at)


def end(shop: Shop, *, at: datetime) -> bool:
    """Disconnect a shop whose platform has ended our access by itself; False when it was before.
    Needs the shop in scope, and no network."""
    if shop.state == Shop.State.UNINSTALLED:
        return False
    return _end(shop, plugin_version="", at=at)


def _end(shop: Shop, *, plugin_version: str, at: datetime) -> bool:
    _stop_recovery(shop, at=at)
    _forget_secrets(shop)
    rows = Shop.objects.filter(pk=shop.pk).exclude(state=Shop.State.UNINSTALLED)
    moved = rows.update(
        state=Shop.State.UNINSTALLED,
        uninstalled_at=at,
        plugin_version=plugin_version,
        own_cart_mail=False,
        sending_paused_at=None,
        sending_paused_reason="",
    )
    shop.refresh_from_db()
    logger.info("a shop was disconnected", extra={"shop": shop.pk})
    return moved == 1


def left_in_store(shop: Shop) -> list[str]:
    """Return what only the merchant can take out of the store, in words. Shop in scope."""
    words = connector_for(shop.platform).words
    left = [
        words.left_webhooks if Subscription.objects.exists() else "",
        words.left_keys,
        words.left_app if shop.plugin_version else "",
    ]
    return [one for one in left if one]


def _stop_recovery(shop: Shop, *, at: datetime) -> None:
    """End every run and withdraw every waiting message; connected again, the flows are off."""
    for run in FlowRun.objects.filter(state=FlowRun.State.ACTIVE).select_related(
        "flow__shop", "cart"
    ):
        finish(run, REASON, at=at)
    for flow in Flow.objects.filter(live=True):
        switch_off(flow, at=at)
    withdraw_for_shop(shop, reason=REASON, at=at)


def _take_out(shop: Shop) -> bool:
    """Delete our webhooks and then the plugin's connection; False when a plugin was not told."""
    try:
        client = open_client(shop)
        if isinstance(client, MakesWebhooks):
            delete_webhooks(shop, client)
    except StoreError as error:
        _log_left(shop, error)
        return not shop.has_plugin
    return _tell_plugin(shop, client) or not shop.has_plugin


def _tell_plugin(shop: Shop, client: Client) -> bool:
    if not isinstance(client, HasCompanion):
        return True
    try:
        client.plugin_connection_delete()
    except NotFound:
        return True
    except StoreError as error:
        _log_left(shop, error)
        return False
    return True


def _log_left(shop: Shop, error: StoreError) -> None:
    logger.warning(
        "something of ours stays in a store", extra={"shop": shop.pk, "error": type(error).__name__}
    )


def _forget_secrets(shop: Shop) -> None:
    """Forget every secret; a webhook's row stays while the webhook itself does."""
    credentials.forget(shop, *Credential.Kind)
    Subscription.objects.update(sealed_secret="", status="left")  # nosec B106
    Welcome.objects.all().delete()

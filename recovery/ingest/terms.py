"""What a store says of our own part in it: taken out, allowed more or less, a list made ready."""

from __future__ import annotations

from datetime import datetime

from recovery.ingest import departure, places
from recovery.ingest.models import Reading
from shopapp.kit import later
from shopapp.platforms.base import AccessChanged, AppUninstalled, ReadingReady
from shopapp.platforms.registry import connector_for
from shopapp.shops.models import Credential, Shop

Terms = AppUninstalled | AccessChanged | ReadingReady


def take_note(shop: Shop, event: Terms, *, at: datetime) -> None:
    """Act on such news; safe to call twice. The shop must be in scope."""
    match event:
        case AppUninstalled() if event.access_ended:
            _end(shop, event, at=at)
        case AppUninstalled():
            _forget_plugin(shop, event)
        case AccessChanged():
            _note_lacks(shop, event)
        case ReadingReady():
            _go_on_reading(shop, event, at=at)


def _note_lacks(shop: Shop, event: AccessChanged) -> None:
    """Note what the shop does not allow. News from before the newest keys is about older ones."""
    if not _is_older(Credential.Kind.API_KEYS, event):
        lacks = " ".join(connector_for(shop.platform).lacks(event.granted))[:500]
        Shop.objects.filter(pk=shop.pk).update(access_lacks=lacks)


def _end(shop: Shop, event: AppUninstalled, *, at: datetime) -> None:
    """End everything. News from before the newest keys is about an older connection."""
    if not _is_older(Credential.Kind.API_KEYS, event):
        departure.end(shop, at=at)


def _forget_plugin(shop: Shop, event: AppUninstalled) -> None:
    """Note that the plugin was taken out. Its keys still work: orders are read as before.

    News from before the newest connection is about an older one.
    """
    if not _is_older(Credential.Kind.PLUGIN_SECRET, event):
        Shop.objects.filter(pk=shop.pk).update(plugin_version="")


def _is_older(kind: Credential.Kind, event: AppUninstalled | AccessChanged) -> bool:
    return Credential.objects.filter(kind=kind, changed_at__gt=event.at).exists()


def _go_on_reading(shop: Shop, event: ReadingReady, *, at: datetime) -> None:
    for reading in Reading.objects.exclude(cursor=""):
        if event.token and places.read(reading.cursor).token == event.token:
            same = Reading.objects.filter(pk=reading.pk, cursor=reading.cursor)
            same.filter(due_at__gt=at).update(due_at=at)
            later.enqueue("ingest.read", shop.pk)

"""The companion plugin's end of the connection: given to it, looked after, taken away."""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from recovery.contacts.policy import box_countries
from recovery.contacts.wording import consent_wording
from shopapp.kit.safe_json import JsonObject
from shopapp.platforms.answers import (
    KeysRefused,
    NotFound,
    StoreError,
    StoreSaidNo,
    StoreUnavailable,
)
from shopapp.platforms.connector import HasCompanion
from shopapp.shops import access, credentials
from shopapp.shops.models import Credential, Shop

logger = logging.getLogger(__name__)

SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Introduced:
    """How it went. ``settled``: connected, or there is no plugin; otherwise ``problem`` says in
    words why not yet."""

    settled: bool
    problem: str = ""


def introduce(shop: Shop, client: HasCompanion, *, since: datetime, at: datetime) -> Introduced:
    """Give the plugin its connection, where it is installed. Tries since ``since`` share one
    secret, so that a try whose answer was lost does no harm."""
    try:
        client.plugin_connection_get()
        told = client.plugin_connection_post(_connection(shop, _secret(shop, since=since, at=at)))
    except NotFound:
        _forget(shop)
        return Introduced(settled=True)
    except StoreError as error:
        logger.warning(
            "the plugin was not connected", extra={"shop": shop.pk, "error": type(error).__name__}
        )
        return Introduced(settled=False, problem=_in_words(error))
    _note(shop, told)
    logger.info("the plugin is connected", extra={"shop": shop.pk})
    return Introduced(settled=True)


def look_after(shop: Shop, client: HasCompanion, *, since: datetime, at: datetime) -> Introduced:
    """Bring what we know of the plugin up to date, and connect one that was installed later.

    One that was connected before and has no connection now was disconnected by the merchant: it
    stays so until they press Connect.
    """
    try:
        told = client.plugin_connection_get()
    except NotFound:
        Shop.objects.filter(pk=shop.pk).exclude(plugin_version="").update(plugin_version="")
        return Introduced(settled=True)
    except StoreError as error:
        return Introduced(settled=True, problem=_in_words(error))
    if told.get("shop") == shop.public_id:
        _note(shop, told)
        return Introduced(settled=True)
    with access.scope(shop):
        known = Credential.objects.filter(kind=Credential.Kind.PLUGIN_SECRET).exists()
    if known or told.get("shop") is not None:
        Shop.objects.filter(pk=shop.pk).exclude(plugin_version="").update(plugin_version="")
        return Introduced(settled=True)
    return introduce(shop, client, since=since, at=at)


def _secret(shop: Shop, *, since: datetime, at: datetime) -> str:
    """Return the secret to give; it is kept before it is told, since reports may come at once."""
    with access.scope(shop):
        made_now = Credential.objects.filter(
            kind=Credential.Kind.PLUGIN_SECRET, changed_at__gte=since
        )
        if made_now.exists():
            known = credentials.reveal(shop, Credential.Kind.PLUGIN_SECRET)
            if known:
                return known
        secret = secrets.token_urlsafe(32)
        credentials.keep(shop, Credential.Kind.PLUGIN_SECRET, secret, at=at)
        return secret


def _connection(shop: Shop, secret: str) -> JsonObject:
    """Return the body of docs/wire.md, section 2."""
    consent = consent_wording(shop.name, shop.locale)
    return {
        "schema": SCHEMA,
        "shop": shop.public_id,
        "secret": secret,
        "app_url": settings.APP_URL,
        "script_url": script_url(shop),
        "consent": {
            "wording": consent.wording,
            "version": consent.version,
            "box_countries": [*box_countries()],
            "box_default": True,
        },
    }


def script_url(shop: Shop) -> str:
    """Return where the shop's storefront script is."""
    return f"{settings.APP_URL}/w/{shop.public_id}/rebasket.js"


def _note(shop: Shop, told: JsonObject) -> None:
    shop.plugin_version = str(told.get("plugin") or "")[:32]
    shop.own_cart_mail = told.get("own_cart_mail") is True
    shop.platform_version = str(told.get("woocommerce") or shop.platform_version)[:32]
    shop.save(update_fields=["plugin_version", "own_cart_mail", "platform_version"])


def _forget(shop: Shop) -> None:
    with access.scope(shop):
        credentials.forget(shop, Credential.Kind.PLUGIN_SECRET)
    shop.plugin_version = ""
    shop.save(update_fields=["plugin_version"])


def _in_words(error: StoreError) -> str:
    match error:
        case StoreSaidNo():
            said = error.message or error.code
            return f"The plugin did not take the connection: {said}"[:300]
        case KeysRefused():
            return "The plugin does not accept our keys. Whoever gave consent must manage the shop."
        case StoreUnavailable():
            return f"The plugin could not be reached. {error.reason}"[:300]
        case _:
            return "The plugin could not be reached."

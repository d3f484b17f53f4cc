"""Speak to a shop's store: with its keys, and with its settings as we know them."""

from __future__ import annotations

from shopapp.platforms.registry import Client, KeysRefused, StoreFacts, connector_for
from shopapp.shops import access, credentials
from shopapp.shops.models import Credential, Shop


def open_client(shop: Shop) -> Client:
    """Return a client with the shop's keys; raises KeysRefused when we hold none."""
    with access.scope(shop):
        keys = keys_of(shop)
    return client_with(shop, keys)


def keys_of(shop: Shop) -> str:
    """Return the shop's keys, '' when we hold none; the shop must be in scope."""
    return credentials.reveal(shop, Credential.Kind.API_KEYS)


def client_with(shop: Shop, keys: str) -> Client:
    """Return a client with these keys; raises KeysRefused when there are none."""
    if not keys:
        raise KeysRefused("we hold no keys of this store")
    connector = connector_for(shop.platform)
    return connector.open_client(shop.url, keys, plain_permalinks=shop.plain_permalinks)


def facts_of(shop: Shop) -> StoreFacts:
    """Return what gives the store's figures their meaning, as the install learnt it."""
    return StoreFacts(
        currency=shop.currency,
        decimals=shop.decimals,
        timezone=shop.timezone,
        prices_include_tax=shop.prices_include_tax,
        country=shop.country,
        name=shop.name,
    )

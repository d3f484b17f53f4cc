"""Speak to a shop's store: with its keys, and with its settings as we know them."""

from __future__ import annotations

from shopapp.platforms.registry import (
    Client,
    KeysRefused,
    NotFound,
    StoreFacts,
    StoreUnavailable,
    connector_for,
)
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


def believe_gone(shop: Shop, error: NotFound) -> None:
    """Return when this answer means that a thing is gone; raises StoreUnavailable when the store
    may only be half awake (its shop software switched off, say): nothing is gone by that."""
    if not connector_for(shop.platform).names_missing_thing(error):
        raise StoreUnavailable("No shop answers at the store's address.", temporary=True) from error


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

"""Speak to a shop's store: with its keys, and with its settings as we know them."""

from __future__ import annotations

from shopapp.kit import clock
from shopapp.platforms.answers import KeysRefused, NotFound, StoreUnavailable
from shopapp.platforms.connector import Client
from shopapp.platforms.facts import StoreFacts
from shopapp.platforms.registry import connector_for
from shopapp.shops import credentials, keys
from shopapp.shops.models import Credential, Shop


def open_client(shop: Shop) -> Client:
    """Return a client with the shop's keys, which it renews when the store refuses them; raises
    KeysRefused when we hold none. Uses the network where keys are due: no scope may be open."""
    # Keys live in real time, whatever the shown clock says.
    held = keys.fresh_keys(shop, at=clock.real_now())
    if not held:
        raise KeysRefused("we hold no keys of this store")

    def renew(refused: str) -> str:
        return keys.renewed_keys(shop, refused, at=clock.real_now())

    connector = connector_for(shop.platform)
    return connector.open_client(keys.address_of(shop), held, renew=renew)


def keys_of(shop: Shop) -> str:
    """Return the shop's keys as they are kept, '' when we hold none; the shop must be in scope."""
    return credentials.reveal(shop, Credential.Kind.API_KEYS)


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

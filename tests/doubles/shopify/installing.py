"""How the app comes into a shop and leaves it, and what it is allowed there."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from tests.doubles.shopify.payloads.app_json import (
    scopes_json,
    shop_redact_json,
    uninstalled_json,
)
from tests.doubles.shopify.shop import Shop

REDACT_WAIT = timedelta(hours=48)
"""shop/redact follows an uninstall after this, on the shown clock."""


def install(shop: Shop, scopes: Iterable[str] | None = None) -> None:
    """Let the merchant install the app with these scopes, the app's own where none are named. The
    app is not called: it learns of it when it is first opened."""
    with shop.action():
        shop.news.installed = shop.news.known = True
        shop.news.scopes = tuple(shop.setup.scopes if scopes is None else scopes)
        shop.uninstalled_at = None
        kept = [one for one in shop.news.waiting if one.topic != "shop/redact"]
        shop.news.waiting = kept


def uninstall(shop: Shop) -> None:
    """Let the merchant take the app out: its tokens end, its webhooks too, all but this last one
    and shop/redact 48 hours later."""
    with shop.action() as at:
        shop.tell("app/uninstalled", uninstalled_json(shop.state))
        shop.news.installed = False
        shop.news.scopes = ()
        shop.uninstalled_at = at
        shop.tokens.end_all()
        shop.tell("shop/redact", shop_redact_json(shop.state), wait=REDACT_WAIT)


def grant_scopes(shop: Shop, scopes: Iterable[str]) -> None:
    """Let the merchant grant these scopes instead of the present ones. Tokens keep working with
    the scopes that are granted now."""
    with shop.action():
        before, after = shop.news.scopes, tuple(scopes)
        shop.news.scopes = after
        payload = scopes_json(shop.state, shop.setup.app_id, before, after)
        shop.tell("app/scopes_update", payload)

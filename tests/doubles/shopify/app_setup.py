"""The app as Shopify knows it: its id and secrets, its address, what its configuration asks for."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from tests.doubles.base.http import Json

ACCESS_FILE = (
    Path(__file__).resolve().parents[2] / "fixtures" / "shopify" / "admin-2026-10.access.json"
)
APP_FILE = Path(__file__).resolve().parents[3] / "shopify.app.toml"
"""The app's own configuration, as it is published."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """One entry of ``[[webhooks.subscriptions]]``."""

    topics: tuple[str, ...]
    uri: str
    name: str = ""
    include_fields: tuple[str, ...] = ()
    compliance: bool = False

    def shaped(self, payload: Json) -> Json:
        """Return the payload with only the fields asked for, all where none is named."""
        if not self.include_fields or not isinstance(payload, dict):
            return payload
        wanted = {one.split(".")[0] for one in self.include_fields}
        return {key: value for key, value in payload.items() if key in wanted}


ALL_TOPICS = (
    "app/uninstalled", "app/scopes_update", "carts/create", "carts/update", "checkouts/create",
    "checkouts/update", "checkouts/delete", "orders/create", "orders/paid", "orders/updated",
    "orders/cancelled", "orders/fulfilled", "orders/delete", "refunds/create", "customers/create",
    "customers/update", "customers/delete", "customers_email_marketing_consent/update",
    "products/create", "products/update", "products/delete", "variants/in_stock",
    "variants/out_of_stock", "bulk_operations/finish", "discounts/redeemcode_added",
)  # fmt: skip
"""Every topic that the double tells, but the compliance topics."""

_USUAL = (
    Subscription(ALL_TOPICS, "/hooks/shopify/"),
    Subscription(
        ("customers/data_request", "customers/redact", "shop/redact"),
        "/hooks/shopify/compliance/",
        compliance=True,
    ),
)
_USUAL_SCOPES = (
    "read_orders", "read_all_orders", "read_products", "write_customers", "write_discounts",
    "write_pixels", "read_customer_events", "write_app_proxy", "write_marketing_events",
)  # fmt: skip


@dataclass(slots=True)
class AppSetup:
    """What the app's developer set up. ``secrets``: the oldest unrevoked one first, which signs.

    ``home``: the path that the admin opens. ``proxy``: the app proxy's prefix and sub-path in the
    shop and the app's address behind it.
    """

    client_id: str
    secrets: list[str]
    url: str
    app_id: int = 4_720_117
    handle: str = "rebasket"
    home: str = "/embedded/"
    scopes: tuple[str, ...] = _USUAL_SCOPES
    optional_scopes: tuple[str, ...] = ()
    subscriptions: tuple[Subscription, ...] = _USUAL
    redirect_urls: tuple[str, ...] = ("/install/shopify/callback/",)
    proxy: tuple[str, str, str] = ("apps", "rebasket", "/proxy/shopify")
    legacy_install: bool = False
    extensions: dict[str, str] = field(default_factory=dict)

    @property
    def signing_secret(self) -> str:
        """Return the secret that signs webhooks and proxied requests."""
        return self.secrets[0]

    @property
    def newest_secret(self) -> str:
        """Return the secret that ID tokens are signed with."""
        return self.secrets[-1]

    def rotate(self, secret: str) -> None:
        """Make a new secret beside the old one, which goes on signing until it is revoked."""
        self.secrets.append(secret)

    def revoke_oldest(self) -> None:
        """Take the oldest secret back."""
        if len(self.secrets) > 1:
            del self.secrets[0]

    def address_of(self, uri: str) -> str:
        """Return the whole address of a subscription's uri, which may be relative."""
        return uri if "://" in uri else self.url.rstrip("/") + uri

    def listening(self, topic: str, scopes: Iterable[str]) -> list[Subscription]:
        """Return the subscriptions of this topic that the granted scopes allow."""
        needed, have = topic_scopes(topic), tuple(scopes)
        if needed and not any(allows(have, one) for one in needed):
            return []
        return [one for one in self.subscriptions if topic in one.topics]


@cache
def _told_of_topics() -> dict[str, list[str]]:
    found: dict[str, list[str]] = json.loads(ACCESS_FILE.read_text(encoding="utf-8"))["topics"]
    return found


def topic_scopes(topic: str) -> tuple[str, ...]:
    """Return the scopes of which one is needed to hear of a topic, as the schema says."""
    return tuple(_told_of_topics().get(topic.replace("/", "_").upper(), ()))


def allows(granted: Iterable[str], needed: str) -> bool:
    """Say whether the granted scopes hold this one; writing implies reading."""
    have = set(granted)
    return needed in have or needed.replace("read_", "write_", 1) in have


def read_app_file(path: Path, *, client_id: str, secret: str, url: str) -> AppSetup:
    """Return the setup that an app's ``shopify.app.toml`` describes, for the app at this address.

    The file's own ``client_id`` and ``application_url`` are those of the published app.
    """
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    setup = AppSetup(client_id, [secret], url.rstrip("/"))
    access = told.get("access_scopes", {})
    setup.scopes = _scopes(access.get("scopes", ""))
    setup.optional_scopes = tuple(access.get("optional_scopes", ()))
    setup.legacy_install = bool(access.get("use_legacy_install_flow", False))
    setup.handle = told.get("handle", setup.handle)
    setup.home = urlsplit(told.get("application_url", "")).path or "/"
    setup.subscriptions = tuple(_subscriptions(told, told.get("application_url", "")))
    setup.redirect_urls = tuple(
        _relative(one, told.get("application_url", ""))
        for one in told.get("auth", {}).get("redirect_urls", ())
    )
    if proxy := told.get("app_proxy"):
        address = _relative(proxy["url"], told.get("application_url", ""))
        setup.proxy = (proxy["prefix"], proxy["subpath"], address)
    return setup


def _scopes(text: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in text.split(",") if one.strip())


def _relative(address: str, home: str) -> str:
    """Return an address of the published app as a path, so that it leads to the app under test."""
    parts = urlsplit(home)
    return address.removeprefix(f"{parts.scheme}://{parts.netloc}") if home else address


def _subscriptions(told: Json, home: str) -> Iterable[Subscription]:
    for one in told.get("webhooks", {}).get("subscriptions", ()):
        uri, fields = _relative(one["uri"], home), tuple(one.get("include_fields", ()))
        if topics := tuple(one.get("topics", ())):
            yield Subscription(topics, uri, one.get("name", ""), fields)
        if compliance := tuple(one.get("compliance_topics", ())):
            yield Subscription(compliance, uri, one.get("name", ""), compliance=True)

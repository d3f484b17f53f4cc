"""Who we are to Shopify: the app's id, secrets and scopes, from the environment.

Read each time it is asked, so that a secret that was replaced counts at once (after a restart).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from shopapp import env

API_VERSION = "2026-10"

SCOPES: tuple[str, ...] = (
    "read_orders",
    "read_products",
    "write_customers",
    "write_discounts",
    "write_marketing_events",
    "write_app_proxy",
)
"""What every shop is asked for; `shopify.app.toml` states the same, and docs/shopify.md why."""

OPTIONAL_SCOPES: tuple[str, ...] = ()
"""What a shop may allow later; none so far."""

APP_BRIDGE_URL = "https://cdn.shopify.com/shopifycloud/app-bridge.js"
POLARIS_URL = "https://cdn.shopify.com/shopifycloud/polaris.js"

_ORIGIN = re.compile(r"https?://[A-Za-z0-9.\[\]:-]{1,255}")


@dataclass(frozen=True, slots=True)
class AppIdentity:
    """The app as Shopify knows it. ``secrets``: the one that we sign with first, then an older one
    that Shopify may still sign with. ``stand_in``: the origin that plays every shop's admin, '' but
    in development."""

    client_id: str
    secrets: tuple[str, ...] = field(repr=False)
    bridge_url: str
    polaris_url: str
    stand_in: str
    scopes: tuple[str, ...]

    @property
    def is_known(self) -> bool:
        """Say whether this installation has a Shopify app at all."""
        return bool(self.client_id and self.secrets)


def identity() -> AppIdentity:
    """Return who we are. Raises BadEnvironment when the stand-in's address is no origin."""
    stand_in = env.text("SHOPIFY_STAND_IN", "").rstrip("/")
    if stand_in and not _ORIGIN.fullmatch(stand_in):
        raise env.BadEnvironment("SHOPIFY_STAND_IN must be an origin like http://127.0.0.1:9100")
    secrets = (env.text("SHOPIFY_API_SECRET", ""), env.text("SHOPIFY_API_SECRET_OLD", ""))
    return AppIdentity(
        client_id=env.text("SHOPIFY_API_KEY", ""),
        secrets=tuple(secret for secret in secrets if secret),
        bridge_url=env.text("SHOPIFY_APP_BRIDGE_URL", "") or APP_BRIDGE_URL,
        polaris_url=env.text("SHOPIFY_POLARIS_URL", "") or POLARIS_URL,
        stand_in=stand_in,
        scopes=SCOPES,
    )


def faults() -> list[tuple[str, str]]:
    """Return what may not be in production, each with a hint: a stand-in for Shopify, and half of
    an app (its pages could not know who comes, its webhooks not who speaks)."""
    app = identity()
    found = []
    if app.stand_in:
        hint = "The stand-in is for development, and would be given every shop's keys: unset it."
        found.append(("SHOPIFY_STAND_IN is set", hint))
    if bool(app.client_id) != bool(app.secrets):
        hint = "Set SHOPIFY_API_KEY and SHOPIFY_API_SECRET, or neither."
        found.append(("the Shopify app has an id or a secret, but not both", hint))
    return found


@dataclass(frozen=True, slots=True)
class Target:
    """Where a request to a shop's admin goes; ``headers`` have to go with it."""

    url: str
    headers: dict[str, str]


def api_target(host: str, path: str) -> Target:
    """Return where ``/admin/...`` of this shop is asked: at the shop, or at the stand-in, which is
    told for whom it stands."""
    stand_in = identity().stand_in
    if stand_in:
        return Target(f"{stand_in}{path}", {"X-Stand-In-Host": host})
    return Target(f"https://{host}{path}", {})


def graphql_path() -> str:
    """Return the path of the Admin API, in the version that our operations are written for."""
    return f"/admin/api/{API_VERSION}/graphql.json"

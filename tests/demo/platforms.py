"""What the demo needs of each platform: its double, and what the app is told of it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.demo.parts import ROOT
from tests.doubles.shopify.stand_in import CLIENT_ID, CLIENT_SECRET

Ports = dict[str, int]


@dataclass(frozen=True, slots=True)
class Platform:
    """A platform's double. ``ports``: the names of those it listens on.

    ``environment``: what the app is told of it. ``command``: how it is started, given the
    certificate of the app's https listener. ``store``: where shoppers find it. ``office``: the page
    of its admin where a merchant meets the app first.
    """

    ports: tuple[str, ...]
    environment: Callable[[Ports], dict[str, str]]
    command: Callable[[Ports, Path], list[str]]
    store: Callable[[Ports], str]
    office: Callable[[Ports], str]


def _origin(ports: Ports, name: str) -> str:
    return f"http://127.0.0.1:{ports[name]}"


def _woocommerce(ports: Ports, certificate: Path) -> list[str]:
    return [
        *(sys.executable, "-m", "tests.doubles.woocommerce"),
        *("--port", str(ports["store"]), "--https-port", str(ports["store_https"])),
        # A browser would warn of the shop's self-made certificate on every page.
        *("--home", "http"),
        *("--app", _origin(ports, "app")),
        *("--app-https", f"https://127.0.0.1:{ports['https']}", "--app-ca", str(certificate)),
        *("--profile", "nordic"),
    ]


WOOCOMMERCE = Platform(
    ports=("store", "store_https"),
    environment=lambda ports: {},
    command=_woocommerce,
    store=lambda ports: _origin(ports, "store"),
    office=lambda ports: f"{_origin(ports, 'store')}/wp-admin/admin.php?page=rebasket",
)


def _shopify(ports: Ports, _: Path) -> list[str]:
    return [
        *(sys.executable, "-m", "tests.doubles.shopify"),
        *("--port", str(ports["store"]), "--app-url", _origin(ports, "app")),
        *("--app-file", str(ROOT / "shopify.app.toml")),
        *("--client-id", CLIENT_ID, "--client-secret", CLIENT_SECRET),
    ]


def _shopify_environment(ports: Ports) -> dict[str, str]:
    store = _origin(ports, "store")
    return {
        "SHOPIFY_API_KEY": CLIENT_ID,
        "SHOPIFY_API_SECRET": CLIENT_SECRET,
        "SHOPIFY_STAND_IN": store,
        "SHOPIFY_APP_BRIDGE_URL": f"{store}/assets/app-bridge.js",
        # The double has no components of Shopify's: the pages stand without them.
        "SHOPIFY_POLARIS_URL": f"{store}/assets/polaris.js",
    }


SHOPIFY = Platform(
    ports=("store",),
    environment=_shopify_environment,
    command=_shopify,
    store=lambda ports: _origin(ports, "store"),
    office=lambda ports: f"{_origin(ports, 'store')}/admin",
)

PLATFORMS: dict[str, Platform] = {"woocommerce": WOOCOMMERCE, "shopify": SHOPIFY}

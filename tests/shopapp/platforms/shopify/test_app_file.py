"""`shopify.app.toml`, the code and the documentation say the same; and who the app is."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from django.urls import resolve

from shopapp import env
from shopapp.platforms.shopify import admin, identity, topics
from shopapp.platforms.shopify.identity import OPTIONAL_SCOPES, SCOPES
from shopapp.platforms.shopify.parse import _READERS
from tests.shopapp.platforms.shopify.signing import OTHER_SHOP, SHOP

ROOT = Path(__file__).resolve().parents[4]
APP: dict[str, Any] = tomllib.loads((ROOT / "shopify.app.toml").read_text(encoding="utf-8"))
GUIDE = (ROOT / "docs" / "shopify.md").read_text(encoding="utf-8")
HOME = "https://app.rebasket.example"


def test_the_app_asks_for_the_scopes_that_the_code_knows() -> None:
    assert APP["access_scopes"]["scopes"] == ",".join(SCOPES)
    assert APP["access_scopes"]["optional_scopes"] == list(OPTIONAL_SCOPES)
    assert "use_legacy_install_flow" not in APP["access_scopes"]


def test_the_guide_gives_a_reason_for_each_scope_and_for_no_other() -> None:
    table = GUIDE.split("| scope |", maxsplit=1)[1].split("\n\n", maxsplit=1)[0]
    assert re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE) == list(SCOPES)


def test_the_app_is_told_exactly_the_topics_that_we_read() -> None:
    usual, compliance = APP["webhooks"]["subscriptions"]
    assert usual == {"uri": f"{HOME}/hooks/shopify/", "topics": list(topics.TOPICS)}
    assert compliance == {
        "uri": f"{HOME}/hooks/shopify/compliance/",
        "compliance_topics": list(topics.COMPLIANCE),
    }
    assert set(_READERS) == set(topics.TOPICS) | set(topics.COMPLIANCE)


def test_payloads_come_in_the_version_that_we_ask_in() -> None:
    assert APP["webhooks"]["api_version"] == identity.API_VERSION
    assert identity.graphql_path() == "/admin/api/2026-10/graphql.json"


def test_every_address_of_the_app_is_at_one_origin_that_a_deployer_replaces() -> None:
    text = (ROOT / "shopify.app.toml").read_text(encoding="utf-8")
    settings = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    found = re.findall(r"https?://[^\"\s]+", "\n".join(settings))
    assert len(found) == 5
    assert all(address.startswith(f"{HOME}/") for address in found)


@pytest.mark.parametrize(
    "path",
    [
        APP["application_url"],
        *APP["auth"]["redirect_urls"],
        *(one["uri"] for one in APP["webhooks"]["subscriptions"]),
        f"{APP['app_proxy']['url']}/config.json",
    ],
)
def test_every_address_of_the_app_is_a_door_of_ours(path: str) -> None:
    assert resolve(path.removeprefix(HOME)).view_name


def test_the_app_runs_inside_the_admin_with_its_theme_extension() -> None:
    assert (APP["name"], APP["handle"], APP["embedded"]) == ("Rebasket", "rebasket", True)
    folders = [one for pattern in APP["extension_directories"] for one in ROOT.glob(pattern)]
    assert [folder.name for folder in folders if (folder / "shopify.extension.toml").exists()]
    assert APP["app_proxy"]["subpath"] == "rebasket"


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in ("KEY", "SECRET", "SECRET_OLD"):
        monkeypatch.delenv(f"SHOPIFY_API_{name}", raising=False)
    for name in ("STAND_IN", "APP_BRIDGE_URL", "POLARIS_URL"):
        monkeypatch.delenv(f"SHOPIFY_{name}", raising=False)
    return monkeypatch


def test_without_its_environment_there_is_no_app(app: pytest.MonkeyPatch) -> None:
    found = identity.identity()
    assert (found.client_id, found.secrets, found.stand_in) == ("", (), "")
    assert not found.is_known
    app.setenv("SHOPIFY_API_KEY", "key")
    assert not identity.identity().is_known


def test_the_app_is_who_its_environment_says(app: pytest.MonkeyPatch) -> None:
    app.setenv("SHOPIFY_API_KEY", "key")
    app.setenv("SHOPIFY_API_SECRET", "new")
    assert identity.identity().secrets == ("new",)
    app.setenv("SHOPIFY_API_SECRET_OLD", "old")
    found = identity.identity()
    assert (found.client_id, found.secrets, found.is_known) == ("key", ("new", "old"), True)
    assert found.bridge_url == "https://cdn.shopify.com/shopifycloud/app-bridge.js"
    assert found.polaris_url == "https://cdn.shopify.com/shopifycloud/polaris.js"
    assert found.scopes == SCOPES
    app.setenv("SHOPIFY_APP_BRIDGE_URL", "http://127.0.0.1:9100/bridge.js")
    assert identity.identity().bridge_url == "http://127.0.0.1:9100/bridge.js"


def test_a_shops_admin_is_at_the_shop_or_at_the_stand_in(app: pytest.MonkeyPatch) -> None:
    assert identity.api_target(SHOP, "/admin/x") == identity.Target(f"https://{SHOP}/admin/x", {})
    app.setenv("SHOPIFY_STAND_IN", "http://127.0.0.1:9100/")
    assert identity.api_target(SHOP, "/admin/x") == identity.Target(
        "http://127.0.0.1:9100/admin/x", {"X-Stand-In-Host": SHOP}
    )


@pytest.mark.parametrize("origin", ["127.0.0.1:9100", "ftp://x", "http://x/y", "http://a@b"])
def test_a_stand_in_that_is_no_origin_is_refused(app: pytest.MonkeyPatch, origin: str) -> None:
    app.setenv("SHOPIFY_STAND_IN", origin)
    with pytest.raises(env.BadEnvironment):
        identity.identity()


def test_each_shops_pages_are_framed_by_its_own_admin_alone(app: pytest.MonkeyPatch) -> None:
    assert admin.frame_ancestors(SHOP) == (f"https://{SHOP}", "https://admin.shopify.com")
    assert admin.frame_ancestors(OTHER_SHOP)[0] == f"https://{OTHER_SHOP}"
    for host in ("", "evil.example", "*.myshopify.com", f"{SHOP} evil.example", f"{SHOP};"):
        assert admin.frame_ancestors(host) == ()
    app.setenv("SHOPIFY_STAND_IN", "http://127.0.0.1:9100")
    assert admin.frame_ancestors(SHOP)[2:] == ("http://127.0.0.1:9100",)


@pytest.mark.parametrize(
    ("granted", "lacking"),
    [
        (SCOPES, ()),
        ((), SCOPES),
        (("write_orders", *SCOPES[1:]), ()),
        (("read_orders", "read_customers"), SCOPES[1:]),
        ((*SCOPES, "customer_read_orders", "", " "), ()),
        ((*SCOPES[:-1],), SCOPES[-1:]),
        (("unauthenticated_read_orders",), SCOPES),
    ],
)
def test_what_was_not_granted_is_named(granted: tuple[str, ...], lacking: tuple[str, ...]) -> None:
    assert admin.lacks(granted) == lacking


def test_merchants_read_words_and_no_codes() -> None:
    assert set(admin.words.news) == set(topics.TOPICS) | set(topics.COMPLIANCE)
    assert set(admin.words.access) >= {*SCOPES, *OPTIONAL_SCOPES}

"""The theme app extension: Shopify's rules for its files, and what its Liquid writes."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from liquid import Environment

from shopapp.platforms.shopify import storefront

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "widgets" / "shopify" / "extensions" / "rebasket-embed"
BLOCKS = sorted((FOLDER / "blocks").glob("*.liquid"))
LOCALES = sorted((FOLDER / "locales").glob("*.json"))
_SCHEMA = re.compile(r"{%\s*schema\s*%}(.*?){%\s*endschema\s*%}", re.DOTALL)
_FORBIDDEN = ("javascript", "stylesheet", "layout", "section", "sections", "include")


def schema(block: Path) -> Any:
    [text] = _SCHEMA.findall(block.read_text())
    return json.loads(text)


def words(locale: Path, key: str) -> str:
    told = json.loads(locale.read_text())
    for part in key.removeprefix("t:").split("."):
        told = told[part]
    assert isinstance(told, str)
    return told


def test_the_configuration_names_a_theme_extension() -> None:
    told = tomllib.loads((FOLDER / "shopify.extension.toml").read_text())
    assert told["type"] == "theme"
    app = tomllib.loads((ROOT / "shopify.app.toml").read_text())
    found = {path for pattern in app["extension_directories"] for path in ROOT.glob(pattern)}
    assert FOLDER in found


@pytest.mark.parametrize("block", BLOCKS, ids=lambda path: path.stem)
def test_a_block_keeps_to_the_rules(block: Path) -> None:
    told = schema(block)
    assert told["target"] == "body"
    assert block.stem == storefront.script_handle
    assert block.stat().st_size < 100_000
    text = block.read_text()
    assert not [one for one in _FORBIDDEN if re.search(rf"{{%-?\s*{one}\b", text)]
    for locale in LOCALES:
        assert 0 < len(words(locale, told["name"])) < 25
        assert words(locale, told["settings"][0]["content"])


def test_the_locales_hold_the_same_keys_within_the_limits() -> None:
    assert "en.default.schema.json" in {path.name for path in LOCALES}
    shapes = {tuple(sorted(json.loads(path.read_text())["embed"])) for path in LOCALES}
    assert len(shapes) == 1
    assert len(LOCALES) <= 100
    assert max(path.stat().st_size for path in LOCALES) <= 15_000
    assert sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file()) < 10_000_000


def rendered(script: str | None) -> str:
    source = _SCHEMA.sub("", BLOCKS[0].read_text())
    return (
        Environment()
        .from_string(source)
        .render(
            app={"metafields": {"rebasket": {"script": {"value": script}} if script else {}}},
            localization={"country": {"iso_code": "SE"}},
            request={"locale": {"iso_code": "sv"}},
            routes={"cart_url": "/sv/cart"},
        )
    )


def test_it_loads_the_apps_script_with_what_liquid_knows() -> None:
    html = rendered("https://app.example/w/abc/rebasket.js")
    assert re.sub(r"\s+", " ", html).strip() == (
        '<script src="https://app.example/w/abc/rebasket.js" data-country="SE" data-locale="sv"'
        ' data-cart-url="/sv/cart" defer ></script>'
    )


def test_it_names_nobody_to_shoppers_and_breaks_out_of_nothing() -> None:
    assert rendered(None).strip() == ""
    assert "rebasket" not in rendered("https://app.example/s.js").lower()
    assert "<b>" not in rendered('"><b>')


def test_the_switch_in_the_theme_editor_is_a_deep_link(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOPIFY_API_KEY", "client-id-123")
    monkeypatch.delenv("SHOPIFY_STAND_IN", raising=False)
    parts = urlsplit(storefront.script_switch("almgrenvik.myshopify.com"))
    assert (parts.scheme, parts.netloc) == ("https", "almgrenvik.myshopify.com")
    assert parts.path == "/admin/themes/current/editor"
    assert parse_qs(parts.query) == {
        "context": ["apps"],
        "template": ["index"],
        "activateAppId": ["client-id-123/rebasket"],
    }

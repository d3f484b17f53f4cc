"""Production refuses to start with what only a laptop may have."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from shopapp.checks import production_is_safe, refuse_unsafe_production
from shopapp.kit import clock


@pytest.fixture
def production(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    settings.PRODUCTION = True
    settings.SECRET_KEY = "s" * 50
    settings.SEAL_KEYS_GIVEN = True
    settings.ALLOW_LOOPBACK_STORES = False
    settings.APP_URL = "https://app.example"
    settings.CLOCK = clock.Setting()
    for name in ("API_KEY", "API_SECRET", "API_SECRET_OLD", "STAND_IN"):
        monkeypatch.delenv(f"SHOPIFY_{name}", raising=False)
    return settings


def codes() -> list[str | None]:
    return [error.id for error in production_is_safe()]


def test_a_complete_production_passes(production: Settings) -> None:
    assert codes() == []


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("SECRET_KEY", "laptop-only-secret-key-that-production-refuses", "rebasket.E001"),
        ("SEAL_KEYS_GIVEN", False, "rebasket.E002"),
        ("ALLOW_LOOPBACK_STORES", True, "rebasket.E003"),
        ("APP_URL", "http://app.example", "rebasket.E004"),
        ("CLOCK", clock.Setting(0, 0, 240), "rebasket.E005"),
    ],
)
def test_each_laptop_default_is_refused(
    production: Settings, name: str, value: Any, code: str
) -> None:
    setattr(production, name, value)
    assert codes() == [code]


def test_the_owner_role_is_refused_to_the_application(
    production: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = production.DATABASES["owner"]["USER"]
    monkeypatch.setitem(production.DATABASES["default"], "USER", owner)
    assert codes() == ["rebasket.E006"]


@pytest.mark.parametrize(
    "changed",
    [
        {"SHOPIFY_STAND_IN": "http://127.0.0.1:9100"},
        {"SHOPIFY_API_KEY": "key"},
        {"SHOPIFY_API_SECRET": "secret"},
    ],
)
def test_a_stand_in_for_a_platform_and_half_an_app_are_refused(
    production: Settings, monkeypatch: pytest.MonkeyPatch, changed: dict[str, str]
) -> None:
    for name, value in changed.items():
        monkeypatch.setenv(name, value)
    assert codes() == ["rebasket.E007"]


def test_a_whole_app_is_welcome(production: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOPIFY_API_KEY", "key")
    monkeypatch.setenv("SHOPIFY_API_SECRET", "secret")
    assert codes() == []


def test_a_server_or_worker_does_not_start_with_them(production: Settings) -> None:
    refuse_unsafe_production()
    production.ALLOW_LOOPBACK_STORES = True
    with pytest.raises(ImproperlyConfigured, match=r"rebasket\.E003"):
        refuse_unsafe_production()


def test_a_laptop_may_have_them_all(settings: Settings) -> None:
    settings.PRODUCTION = False
    settings.ALLOW_LOOPBACK_STORES = True
    assert codes() == []

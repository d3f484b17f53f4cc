"""Two Shopify shops, each with its people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connections
from playwright.sync_api import Browser, expect, sync_playwright
from pytest_django import Settings

from shopapp.kit import later
from shopapp.shops.models import Member, Shop, User
from tests.conftest import make_shop
from tests.doubles.base.server import Listener
from tests.shopapp.embedded_admin.admins import Admins, open_admins
from tests.shopapp.embedded_admin.tokens import APP, APP_KEY, HOST, OTHER_HOST, SECRET
from tests.shopapp.embedded_admin.visit import VITALS, Visit

ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_HANDLER = WSGIHandler()


@pytest.fixture(autouse=True)
def _app(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOPIFY_API_KEY", APP_KEY)
    monkeypatch.setenv("SHOPIFY_API_SECRET", SECRET)


def person_of(shop: Shop, number: str, role: str = Member.Role.OWNER) -> Member:
    """Return a member of the shop's staff who has been here before."""
    user = User.objects.create(
        email=f"shopify-{shop.pk}-{number}@admin.invalid",
        platform_user=f"shopify:{shop.pk}:{number}",
        password="!",
    )
    return Member.objects.create(user=user, shop=shop, role=role)


@pytest.fixture
def hedge(db: None) -> Shop:
    """The shop a test is about; its staff: 7 owns it, 8 is staff, 9 only looks."""
    shop = make_shop(HOST, platform=Shop.Platform.SHOPIFY)
    person_of(shop, "7")
    person_of(shop, "8", Member.Role.STAFF)
    person_of(shop, "9", Member.Role.VIEWER)
    return shop


@pytest.fixture
def thorn(hedge: Shop) -> Shop:
    """The second shop, of the same person 7 (another account there), which must never appear."""
    shop = make_shop(OTHER_HOST, platform=Shop.Platform.SHOPIFY)
    person_of(shop, "7")
    return shop


def _application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """Answer as the application does; a server's thread leaves no connection behind."""
    answer = _HANDLER(environ, start_response)
    try:
        return list(answer)
    finally:
        answer.close()
        connections.close_all()


@pytest.fixture
def woken(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, tuple[Any, ...]]]:
    taken: list[tuple[str, tuple[Any, ...]]] = []
    monkeypatch.setattr(later, "_send", lambda name, ids: taken.append((name, ids)))
    return taken


@pytest.fixture
def admins(
    committed_db: None,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    woken: list[tuple[str, tuple[Any, ...]]],
) -> Iterator[Admins]:
    settings.ALLOW_LOOPBACK_STORES = True
    settings.APP_URL = APP
    settings.ALLOWED_HOSTS = ["testserver"]
    with open_admins(APP, client_id=APP_KEY, secret=SECRET) as opened:
        monkeypatch.setenv("SHOPIFY_STAND_IN", opened.url)
        yield opened


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The system's Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def served(
    committed_db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Admins, str]]:
    """The app at one site (localhost) and the admins at another (127.0.0.1)."""
    # Playwright's loop runs in this thread; the database is asked between its steps.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    monkeypatch.setattr(later, "_send", lambda name, ids: None)
    settings.ALLOW_LOOPBACK_STORES = True
    settings.ALLOWED_HOSTS = ["localhost"]
    with Listener(_application) as listener:
        app = f"http://localhost:{listener.port}"
        settings.APP_URL = app
        with open_admins(app, client_id=APP_KEY, secret=SECRET) as admins:
            monkeypatch.setenv("SHOPIFY_STAND_IN", admins.url)
            monkeypatch.setenv("SHOPIFY_APP_BRIDGE_URL", f"{admins.url}/assets/app-bridge.js")
            monkeypatch.setenv("SHOPIFY_POLARIS_URL", f"{admins.url}/assets/polaris.js")
            yield admins, app


@pytest.fixture
def visit(chromium: Browser, served: tuple[Admins, str]) -> Iterator[Visit]:
    """A merchant at a desk."""
    context = chromium.new_context(viewport={"width": 1280, "height": 860}, reduced_motion="reduce")
    context.add_init_script(VITALS)
    context.set_default_timeout(20_000)
    expect.set_options(timeout=20_000)
    yield Visit(context.new_page(), *served)
    context.close()

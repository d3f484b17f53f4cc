"""The road of an install in a test: a browser, a store that answers for real, and a worker."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from django.test import Client

from shopapp.celery import app
from shopapp.install.models import Installation
from shopapp.shops.models import Shop
from tests.doubles.woocommerce import Store

RETURN = "/install/woocommerce/return/"


class Worker:
    """Takes in what would wake a worker, and does it when told to."""

    def __init__(self) -> None:
        self.waiting: deque[tuple[str, tuple[Any, ...]]] = deque()
        self.done: list[str] = []
        app.loader.import_default_modules()

    def send(self, name: str, ids: tuple[Any, ...]) -> None:
        """Stand in for ``kit.later._send``."""
        self.waiting.append((name, ids))

    def work(self, *names: str) -> None:
        """Do what waits, all of it or the tasks of these names; readings one page only."""
        for _ in range(len(self.waiting)):
            name, ids = self.waiting.popleft()
            if names and name not in names:
                self.waiting.append((name, ids))
                continue
            self.done.append(name)
            app.tasks[name](*ids)


@dataclass
class Road:
    """One merchant's browser on the way between our pages and the store's."""

    store: Store
    worker: Worker
    browser: Client = field(default_factory=Client)

    def ask(self, *, email: str = "owner@shop.example", address: str = "") -> Any:
        """Type the store's address into our form; returns our answer."""
        typed = {"store_url": address or self.store.home, "email": email}
        return self.browser.post("/install/", typed)

    def press_connect(self) -> Any:
        """Press the plugin's button; returns our answer."""
        home = self.store.home
        given = {
            "store": f"{home}/",
            "email": "somebody@elsewhere.example",
            "plugin": "1.0.0",
            "return": f"{home}/wp-admin/admin.php?page=rebasket",
        }
        return self.browser.get("/install/woocommerce/start", given)

    def consent(self, asked: Any, choice: str = "approve") -> str:
        """Press Approve or Deny on the store's page; returns where it sends the browser."""
        assert asked.status_code == 302, asked.content.decode()
        with httpx.Client(verify=False, trust_env=False, follow_redirects=False) as web:
            page = web.get(asked.headers["Location"], follow_redirects=True)
            found = re.search(rf'<a href="([^"]+)" class="[^"]*wc-auth-{choice}"', page.text)
            assert found, page.text
            target = found[1].replace("&amp;", "&")
            if choice == "deny":
                return target
            answer = web.get(str(page.url.join(target)))
            assert answer.status_code == 302, answer.text
            return answer.headers["Location"]

    def come_back(self, location: str, browser: Client | None = None) -> Any:
        """Follow the store's redirect to us; returns the page that follows, or our refusal."""
        parts = urlsplit(location)
        assert parts.path == RETURN
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        return (browser or self.browser).get(RETURN, query, follow=True)

    def connect(self, asked: Any) -> Any:
        """Go the whole way; returns the page that says what became of it."""
        page = self.come_back(self.consent(asked))
        self.worker.work("install.prove")
        return self.browser.get(page.request["PATH_INFO"])


def newest() -> Installation:
    """Return the install that was begun last."""
    return Installation.objects.latest("pk")


def only_shop() -> Shop:
    """Return the one shop there is."""
    return Shop.objects.get()

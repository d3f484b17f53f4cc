"""One shop: its state, its news and the app's place in it, handed to whoever acts in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.doubles.shopify.admin.bucket import Bucket
from tests.doubles.shopify.app_setup import AppSetup
from tests.doubles.shopify.bulk_state import BulkState
from tests.doubles.shopify.faults import ApiFaults
from tests.doubles.shopify.front_state import FrontState
from tests.doubles.shopify.news import News
from tests.doubles.shopify.profiles import Profile
from tests.doubles.shopify.settings import Settings, now
from tests.doubles.shopify.state import State
from tests.doubles.shopify.tokens import Tokens


@dataclass(slots=True)
class User:
    """Someone of the shop's staff: who an online token and an ID token are about."""

    id: int
    first_name: str
    last_name: str
    email: str
    locale: str = "en"
    owner: bool = True


@dataclass(slots=True)
class Shop:
    """What every action works on. Actions live in ``carts``, ``checkouts``, ``orders``, ``people``,
    ``shelving`` and ``installing``; each takes a shop first."""

    profile: Profile
    state: State
    news: News
    setup: AppSetup
    users: list[User]
    uninstalled_at: datetime | None = None
    tokens: Tokens = field(default_factory=Tokens)
    bucket: Bucket = field(default_factory=Bucket)
    bulk: BulkState = field(default_factory=BulkState)
    faults: ApiFaults = field(default_factory=ApiFaults)
    storage_url: str = ""
    """Where the files of bulk operations are served, without a slash."""
    code_seconds: float = 0.2
    """How long the shop takes to add a batch of codes, real time."""
    front: FrontState = field(default_factory=FrontState)

    @property
    def settings(self) -> Settings:
        """Return what the merchant set up once."""
        return self.state.settings

    @property
    def host(self) -> str:
        """Return ``name.myshopify.com``."""
        return self.settings.host

    @property
    def installed(self) -> bool:
        """Return whether the app is installed here."""
        return self.news.installed

    @property
    def scopes(self) -> tuple[str, ...]:
        """Return what the merchant granted the app."""
        return self.news.scopes

    def now(self) -> datetime:
        """Return the present moment as the demonstration sees it."""
        return now()

    @contextmanager
    def action(self) -> Iterator[datetime]:
        """Hold the lock while something happens at one moment; its news share an event id."""
        with self.news.action():
            yield now()

    def tell(self, topic: str, payload: object, *, wait: timedelta = timedelta(0)) -> None:
        """Queue a webhook."""
        self.news.tell(topic, payload, wait=wait)

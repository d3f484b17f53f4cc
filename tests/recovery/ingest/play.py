"""Random lives of a store, told to the app by deliveries that get lost, doubled, late and mixed.

What happens in the store, and what it tells of it, is its platform's (`woocommerce_life`,
`shopify_life`); what becomes of the news on its way is the same for all.
"""

from __future__ import annotations

import io
import random
from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from django.test.client import ClientHandler

from recovery.ingest import handling, reconciling
from recovery.ingest.models import Delivery, Reading
from shopapp.shops import access
from shopapp.shops.models import Shop

_LONGEST_WAIT = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Posting:
    """A delivery as it goes over the wire; ``headers`` as WSGI names them."""

    path: str
    headers: dict[str, str]
    body: bytes


class Life(ABC):
    """One store: its clock, what happens to it, and the news that it sends."""

    shop: Shop
    rng: random.Random
    kinds: list[Reading.Kind]

    @property
    @abstractmethod
    def now(self) -> datetime:
        """Return the moment."""

    @abstractmethod
    def open(self) -> None:
        """Put one thing of each kind into the store, of which nobody is told."""

    @abstractmethod
    def wait(self, seconds: int) -> None:
        """Let the store's clock go on."""

    @abstractmethod
    def change(self) -> None:
        """Let one thing happen in the store."""

    @abstractmethod
    def answer_outbound(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Let the store answer whatever the app asks for."""

    @abstractmethod
    def take_news(self) -> list[tuple[Hashable, Callable[[], Posting]]]:
        """Return the news since the last call: what makes it the same, and how it is written when
        it is sent."""

    @abstractmethod
    def again(self, posting: Posting) -> Posting:
        """Return the same news as another delivery."""

    @abstractmethod
    def differences(self) -> list[str]:
        """Return every field in which our rows are not as the store's own things; in scope."""


@dataclass(slots=True)
class Play:
    """One history: a store's life, and what becomes of the news about it."""

    life: Life
    app: ClientHandler
    queued: dict[Hashable, Callable[[], Posting]] = field(default_factory=dict)
    late: list[Posting] = field(default_factory=list)

    @property
    def rng(self) -> random.Random:
        """Return the history's own dice."""
        return self.life.rng

    def play(self, steps: int) -> None:
        """Let the store live for so many changes."""
        if self.rng.random() < 0.25:
            self.read_store()
        for _ in range(steps):
            self.life.change()
            self._queue_news()
            # Half of all changes share a second with the one before.
            self.life.wait(self.rng.choice((0, 0, 1, 90)))
            if self.rng.random() < 0.6:
                self.run_queue()
            if self.late and self.rng.random() < 0.3:
                self.post(self.late.pop(self.rng.randrange(len(self.late))))
            if self.rng.random() < 0.5:
                handling.handle_waiting(self.life.shop, at=self.life.now)
            if self.rng.random() < 0.08:
                self.life.wait(16 * 60)
                self.read_store()

    def end(self) -> None:
        """Let everything arrive that still will, and read the store in full a day later."""
        self.run_queue()
        for sent in self.late:
            self.post(sent)
        self._handle_all()
        self.life.wait(25 * 3600)
        self.read_store()
        self._handle_all()

    def read_store(self) -> None:
        """Read what is due of the store, as the worker would, and ask about what is in doubt.

        A list that the store still prepares is waited for; that it is ready may be told, or not.
        """
        for _ in range(100):
            while reconciling.read_next(self.life.shop, at=self.life.now):
                pass
            self._queue_news()
            if not (wait := self._wait_for_list()):
                return
            self.life.wait(wait)
        raise AssertionError("a reading never ends")

    def run_queue(self) -> None:
        """Send what is queued; some arrive late, doubled, or in disorder."""
        self._queue_news()
        entries = list(self.queued.values())
        self.rng.shuffle(entries)
        self.queued.clear()
        for write in entries:
            sent = write()
            fate = self.rng.random()
            if fate < 0.2:
                self.late.append(sent)
                continue
            self.post(sent)
            if fate < 0.35:
                self.post(sent)
                self.late.append(self.life.again(sent))

    def post(self, sent: Posting) -> None:
        """Post a delivery through the whole WSGI application, its middleware included."""
        environ = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": sent.path,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80",
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(sent.body),
            "wsgi.errors": io.StringIO(),
            "CONTENT_TYPE": "application/json",
            "CONTENT_LENGTH": str(len(sent.body)),
            **sent.headers,
        }
        answer = self.app(environ)
        assert answer.status_code == 200, sent

    def _queue_news(self) -> None:
        """Queue what is new; some of it gets lost, and the same news is queued once."""
        for same, write in self.life.take_news():
            if self.rng.random() > 0.15:
                self.queued.setdefault(same, write)

    def _wait_for_list(self) -> int:
        """Return the seconds until a reading that has begun goes on, 0 when none has."""
        with access.scope(self.life.shop):
            begun = Reading.objects.exclude(cursor="").order_by("due_at").first()
        if begun is None or begun.due_at - self.life.now > _LONGEST_WAIT:
            return 0
        return max(1, int((begun.due_at - self.life.now).total_seconds()) + 1)

    def _handle_all(self) -> None:
        while handling.handle_waiting(self.life.shop, at=self.life.now):
            pass


def unhandled(shop: Shop) -> list[str]:
    """Return the problems of deliveries that were not handled; the shop must be in scope."""
    stuck = Delivery.objects.filter(shop=shop).exclude(state=Delivery.State.HANDLED)
    return list(stuck.values_list("problem", flat=True))

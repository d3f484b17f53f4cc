"""Random lives of a store, told to the app by deliveries that get lost, doubled, late and mixed."""

from __future__ import annotations

import io
import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.test.client import ClientHandler

from recovery.ingest import handling, reconciling
from recovery.ingest.models import Delivery
from shopapp.shops.models import Shop
from tests.recovery.ingest.little_store import Json, LittleStore, signature


@dataclass(slots=True)
class Sent:
    """A delivery on its way: topic, delivery id and body as the store built it."""

    topic: str
    delivery_id: str
    body: bytes


@dataclass(slots=True)
class Play:
    """One history: a store's changes, and what becomes of the news about them."""

    shop: Shop
    store: LittleStore
    rng: random.Random
    app: ClientHandler
    changes: list[Callable[[Play], None]]
    queued: list[tuple[str, str, int]] = field(default_factory=list)
    late: list[Sent] = field(default_factory=list)

    @property
    def now(self) -> datetime:
        """Return the moment, a little after the store's whole second."""
        return self.store.now + timedelta(milliseconds=400)

    def play(self, steps: int) -> None:
        """Let the store live for so many changes."""
        if self.rng.random() < 0.25:
            self.read_store()
        for _ in range(steps):
            self.rng.choice(self.changes)(self)
            # Half of all changes share a second with the one before.
            self.store.wait(self.rng.choice((0, 0, 1, 90)))
            if self.rng.random() < 0.6:
                self.run_queue()
            if self.late and self.rng.random() < 0.3:
                self.post(self.late.pop(self.rng.randrange(len(self.late))))
            if self.rng.random() < 0.5:
                handling.handle_waiting(self.shop, at=self.now)
            if self.rng.random() < 0.08:
                self.store.wait(16 * 60)
                self.read_store()

    def end(self) -> None:
        """Let everything arrive that still will, and read the store in full a day later."""
        self.run_queue()
        for sent in self.late:
            self.post(sent)
        self._handle_all()
        self.store.wait(25 * 3600)
        self.read_store()

    def read_store(self) -> None:
        """Read what is due of the store, as the worker would, and ask about what is in doubt."""
        while reconciling.read_next(self.shop, at=self.now):
            pass

    def tell(self, route: str, thing_id: int, *topics: str) -> None:
        """Queue deliveries in any order; some get lost."""
        for topic in self.rng.sample(topics, len(topics)):
            entry = (topic, route, thing_id)
            # The same webhook for the same thing is queued once.
            heard = self._hook(topic)["status"] == "active" and self.rng.random() > 0.15
            if heard and entry not in self.queued:
                self.queued.append(entry)

    def run_queue(self) -> None:
        """Send what is queued, with bodies built now; some arrive late, doubled, or in disorder."""
        self.rng.shuffle(self.queued)
        for topic, route, thing_id in self.queued:
            gone = topic.endswith(".deleted")
            only_id = json.dumps({"id": thing_id}).encode()
            body = only_id if gone else self.store.body(route, thing_id)
            # Seconds name deliveries, so that different ones share an id.
            sent = Sent(topic, f"{topic}{self.store.now:%H%M%S}", body)
            fate = self.rng.random()
            if fate < 0.2:
                self.late.append(sent)
                continue
            self.post(sent)
            if fate < 0.35:
                self.post(sent)
                self.late.append(Sent(topic, f"again-{sent.delivery_id}", body))
        self.queued.clear()

    def post(self, sent: Sent) -> None:
        """Post a delivery through the whole WSGI application, its middleware included."""
        environ = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": f"/hooks/woocommerce/{self.shop.public_id}/",
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80",
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(sent.body),
            "wsgi.errors": io.StringIO(),
            "CONTENT_TYPE": "application/json",
            "CONTENT_LENGTH": str(len(sent.body)),
            "HTTP_X_WC_WEBHOOK_TOPIC": sent.topic,
            "HTTP_X_WC_WEBHOOK_DELIVERY_ID": sent.delivery_id,
            "HTTP_X_WC_WEBHOOK_SOURCE": f"https://{self.shop.host}/",
            "HTTP_X_WC_WEBHOOK_SIGNATURE": signature(sent.body, self._hook(sent.topic)["secret"]),
        }
        answer = self.app(environ)
        assert answer.status_code == 200, sent

    def one_of(self, route: str, *, kind: str = "", trashed: bool = False) -> int:
        """Return the id of a thing of this kind, 0 when there is none."""
        found = [
            thing_id
            for thing_id, thing in self.store.held[route].items()
            if (thing.get("status") == "trash") == trashed
            and (not kind or thing.get("type") == kind)
        ]
        return self.rng.choice(found) if found else 0

    def _hook(self, topic: str) -> Json:
        hooks = self.store.held["webhooks"].values()
        return next(hook for hook in hooks if hook["topic"] == topic)

    def _handle_all(self) -> None:
        while handling.handle_waiting(self.shop, at=self.now):
            pass


def unhandled(shop: Shop) -> list[str]:
    """Return the problems of deliveries that were not handled; the shop must be in scope."""
    stuck = Delivery.objects.filter(shop=shop).exclude(state=Delivery.State.HANDLED)
    return list(stuck.values_list("problem", flat=True))

"""Two thousand histories of stores: whatever becomes of their news, our rows end up as theirs.

Deliveries go through the whole WSGI application into PostgreSQL; the store is asked through the
connector's own client. Every field of every row is compared, but for what a platform cannot be
asked about (`shopify_rows` says what).
"""

from __future__ import annotations

import gc
import logging
import random
from collections.abc import Callable, Iterator

import pytest
from django.test.client import ClientHandler

from recovery.ingest.models import Reading
from shopapp.kit import clock
from shopapp.shops import access
from tests.conftest import MORNING
from tests.recovery.ingest import shopify_changes, woocommerce_changes
from tests.recovery.ingest.play import Life, Play, unhandled

CHUNK = 50
LIVES: dict[str, tuple[Callable[[int, random.Random], Life], int]] = {
    "woocommerce": (woocommerce_changes.begin, 1500),
    "shopify": (shopify_changes.begin, 500),
}
"""How a history of each platform begins, and how many are played."""


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.disable(logging.WARNING)
    gc.disable()
    yield
    gc.enable()
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize(
    ("platform", "chunk"),
    [(name, chunk) for name, (_, count) in LIVES.items() for chunk in range(count // CHUNK)],
)
def test_rows_end_up_as_the_store_has_them(
    db: None, monkeypatch: pytest.MonkeyPatch, platform: str, chunk: int
) -> None:
    app = ClientHandler(enforce_csrf_checks=True)
    begin, _ = LIVES[platform]
    for seed in range(chunk * CHUNK, (chunk + 1) * CHUNK):
        life = begin(seed, random.Random(seed))
        life.answer_outbound(monkeypatch)
        monkeypatch.setattr(clock, "now", lambda life=life: life.now)
        life.open()
        with access.scope(life.shop):
            Reading.objects.bulk_create(
                Reading(shop=life.shop, kind=kind, due_at=MORNING) for kind in life.kinds
            )
        play = Play(life, app)
        play.play(steps=life.rng.randrange(2, 7))
        play.end()
        with access.scope(life.shop):
            assert unhandled(life.shop) == [], f"seed {seed}"
            assert life.differences() == [], f"seed {seed}"

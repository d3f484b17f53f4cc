"""Workers are killed at every point of a message's way: by the sink's ledger nothing goes twice."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from django.conf import settings
from django.db import connections

from recovery.messaging.models import Message
from shopapp.shops import access
from shopapp.shops.models import Shop
from tests.conftest import MORNING, make_shop
from tests.recovery.messaging import mail_sink, scene
from tests.recovery.messaging.mail_sink import MailSink

ROOT = Path(__file__).resolve().parents[3]
BEFORE_COMMIT = ("preparing", "claiming")
IN_WORKER = ("preparing", "claiming", "committed", "recording")
POINTS = (*IN_WORKER, *mail_sink.POINTS)
PATIENCE = 20.0


class Workers:
    """Real worker processes on the test's own database and sink."""

    def __init__(self, port: int) -> None:
        self.said: queue.Queue[str] = queue.Queue()
        environment = {**os.environ, "DATABASE_URL": database_url(), "EMAIL_PORT": str(port)}
        environment |= {
            "DATABASE_OWNER_URL": database_url(),
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "LOG_LEVEL": "CRITICAL",
        }
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.recovery.messaging.worker"],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._reader = threading.Thread(target=self._listen)
        self._reader.start()
        self._pids: list[int] = []

    def start(self, *, at: datetime, point: str = "none") -> int:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{at.isoformat()} {point}\n")
        self._process.stdin.flush()
        while not (line := self.said.get(timeout=PATIENCE)).startswith("pid "):
            self.said.put(line)
        pid = int(line.removeprefix("pid "))
        self._pids.append(pid)
        return pid

    def stop(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        for pid in self._pids:
            if Path(f"/proc/{pid}").exists():
                os.kill(pid, signal.SIGKILL)
        self._process.wait(timeout=PATIENCE)
        self._reader.join()
        self._process.stdout.close()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.said.put(line.strip())


def database_url() -> str:
    database = settings.DATABASES["default"]
    where = urlencode({"host": database["HOST"], "port": database["PORT"]})
    who = quote(database["USER"]) + (f":{quote(word)}" if (word := database["PASSWORD"]) else "")
    return f"postgresql://{who}@/{database['NAME']}?{where}"


@pytest.fixture
def sink(committed_db: None) -> Iterator[MailSink]:
    with MailSink() as running:
        yield running


@pytest.fixture
def workers(sink: MailSink) -> Iterator[Workers]:
    running = Workers(sink.port)
    yield running
    running.stop()


def set_stage(messages: int, platform: str = "woocommerce") -> Shop:
    """Return a shop with so many queued messages, each to a mailbox of its own."""
    if platform == "shopify":
        shop = make_shop("shop.myshopify.com", platform=platform, url="https://shop.example")
    else:
        shop = make_shop("shop.example", plugin_version="1.0.0")
    with access.scope(shop):
        scene.make_sender(shop, quiet_from=time(0), quiet_until=time(0))
        scene.make_product(shop, "10", "Wool cap")
        for number in range(messages):
            contact = scene.make_contact(shop, f"person{number}@example.se")
            cart = scene.make_cart(shop, contact, ("10", "", 1))
            later = MORNING + timedelta(days=5)
            scene.queue(shop, contact, cart, too_late_at=later)
    return shop


def read_orders(at: datetime) -> None:
    Shop.objects.update(orders_read_at=at)
    connections["default"].close()


def reached(sink: MailSink, workers: Workers, point: str) -> None:
    if point in IN_WORKER:
        assert workers.said.get(timeout=PATIENCE) == f"at {point}"
    else:
        assert sink.reached.get(timeout=PATIENCE) == point


def states_of(shop: Shop) -> dict[str, tuple[str, str]]:
    with access.scope(shop):
        rows = Message.objects.values_list("address", "state", "reason")
        return {address: (state, reason) for address, state, reason in rows}


@pytest.mark.parametrize("platform", ["woocommerce", "shopify"])
def test_thirty_kills_send_nothing_twice_and_lose_only_what_was_in_flight(
    sink: MailSink, workers: Workers, platform: str
) -> None:
    shop = set_stage(60, platform)
    at = MORNING
    points = POINTS * 3
    for point in points:
        at += timedelta(minutes=10)
        read_orders(at)
        sink.stop_at(point)
        pid = workers.start(at=at, point=point)
        reached(sink, workers, point)
        os.kill(pid, signal.SIGKILL)
    at += timedelta(minutes=10)
    read_orders(at)
    sink.release()
    workers.start(at=at)
    assert workers.said.get(timeout=PATIENCE) == "done"

    states = states_of(shop)
    taken = Counter(sink.ledger)
    in_flight = [point for point in points if point not in BEFORE_COMMIT]
    unknown = [address for address, (state, _) in states.items() if state == "unknown"]
    sent = [address for address, (state, _) in states.items() if state == "sent"]
    assert len(points) == 30
    assert max(taken.values()) == 1
    assert len(sent) + len(unknown) == len(states) == 60
    assert len(unknown) == len(in_flight)
    assert {states[address] for address in unknown} == {("unknown", "cut_off")}
    assert set(sent) <= set(taken)
    # Of those in flight, the sink itself knows which it took: all of "accepted" and "recording".
    assert len(set(unknown) & set(taken)) == points.count("accepted") + points.count("recording")


def test_three_workers_at_once_send_each_message_once(sink: MailSink, workers: Workers) -> None:
    shop = set_stage(30)
    read_orders(MORNING)
    for _ in range(3):
        workers.start(at=MORNING)
    said = [workers.said.get(timeout=PATIENCE) for _ in range(3)]
    assert said == ["done"] * 3
    assert sorted(sink.ledger) == sorted(states_of(shop))
    assert {state for state, _ in states_of(shop).values()} == {"sent"}


def test_workers_at_once_keep_the_gap_between_two_mails_to_one_person(
    sink: MailSink, workers: Workers
) -> None:
    shop = set_stage(10)
    with access.scope(shop):
        for first in list(Message.objects.select_related("contact", "cart")):
            contact, cart = first.contact, first.cart
            assert contact is not None
            scene.queue(shop, contact, cart, too_late_at=MORNING + timedelta(days=5))
    read_orders(MORNING)
    for _ in range(3):
        workers.start(at=MORNING)
    assert [workers.said.get(timeout=PATIENCE) for _ in range(3)] == ["done"] * 3
    assert len(sink.ledger) == 10
    assert max(Counter(sink.ledger).values()) == 1
    with access.scope(shop):
        assert Message.objects.filter(state="queued", reason="too_soon").count() == 10

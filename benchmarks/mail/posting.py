"""Hand mails over to a sink on loopback: on the product's own road, and by Django's ``.send()``."""

from __future__ import annotations

import contextlib
import itertools
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from benchmarks.mail import stage
from recovery.messaging.channels.base import Mail
from recovery.messaging.channels.email import as_django
from recovery.messaging.models import Message
from recovery.messaging.services import hand_over_due, prepare_due
from shopapp.shops import access
from shopapp.shops.models import Shop

_ROOT = Path(__file__).resolve().parents[2]
_YARDSTICK = "yardstick-{}@example.org"


class Post:
    """A shop with queued messages and a sink that takes them."""

    def __init__(self, sink: subprocess.Popen[str], messages: int) -> None:
        self._sink = sink
        self._numbers = itertools.count()
        self._shop: Shop = stage.make_shop()
        stage.queue_messages(self._shop, messages)

    def prepare(self, count: int) -> float:
        """Judge and render this many messages; return how many per second."""
        started = time.perf_counter()
        ready = prepare_due(self._shop, at=stage.AT, limit=count)
        seconds = time.perf_counter() - started
        if ready != count:
            raise AssertionError(f"{ready} messages were prepared instead of {count}")
        return count / seconds

    def hand_over(self, count: int) -> float:
        """Hand this many prepared messages over; return how many per second."""
        started = time.perf_counter()
        sent = hand_over_due(self._shop, at=stage.AT, limit=count)
        seconds = time.perf_counter() - started
        if sent != count:
            raise AssertionError(f"{sent} messages were sent instead of {count}")
        return count / seconds

    def send_by_django(self, count: int) -> float:
        """Send the letter to as many other people by ``.send()``; return how many per second."""
        with access.scope(self._shop):
            letter = Message.objects.exclude(html="").order_by("pk")[0]
        started = time.perf_counter()
        for number in itertools.islice(self._numbers, count):
            as_django(
                Mail(
                    message_id=f"<{number}@app.example>",
                    from_name="Shop",
                    from_address="hello@shop.example",
                    to=_YARDSTICK.format(number),
                    subject=letter.subject,
                    text=letter.text,
                    html=letter.html,
                )
            ).send()
        return count / (time.perf_counter() - started)

    def sent(self) -> list[str]:
        """Return the addresses of all messages that the database holds as sent."""
        with access.scope(self._shop):
            rows = Message.objects.filter(state=Message.State.SENT)
            return list(rows.values_list("address", flat=True))

    def ledger(self) -> dict[str, int]:
        """End the sink and return how many mails each address was sent."""
        out, _ = self._sink.communicate(timeout=30)
        found: dict[str, int] = json.loads(out)
        return found


def yardstick(count: int) -> list[str]:
    """Return to whom the first mails sent by Django went."""
    return [_YARDSTICK.format(number) for number in range(count)]


@contextlib.contextmanager
def opened(messages: int) -> Iterator[Post]:
    """Run a sink, queue the messages, and end the sink afterwards whatever happens."""
    sink = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.mail.sink"],
        cwd=_ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        if sink.stdout is None:
            raise AssertionError("the sink was started with a pipe")
        settings.EMAIL_HOST = "127.0.0.1"
        settings.EMAIL_PORT = int(sink.stdout.readline())
        yield Post(sink, messages)
    finally:
        sink.kill()
        sink.wait()

"""The mails that arrived, and the SMTP door they came through."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from shopapp.kit import clock


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail as it arrived: when (shown time), for whom, and the message itself."""

    number: int
    arrived_at: datetime
    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage

    @property
    def subject(self) -> str:
        """Return the subject."""
        return str(self.message["Subject"] or "")

    def part(self, kind: str) -> str:
        """Return the text of the ``html`` or ``plain`` part, empty without one."""
        body = self.message.get_body(preferencelist=(kind,))
        return "" if body is None else str(body.get_content())


@dataclass(slots=True)
class Box:
    """Every mail, oldest first; safe to read while mails arrive."""

    mails: list[Mail] = field(default_factory=list)
    now: Callable[[], datetime] = clock.now
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, sender: str, recipients: tuple[str, ...], raw: bytes) -> None:
        """Keep a mail."""
        message = message_from_bytes(raw, policy=policy.default)
        with self._lock:
            number = len(self.mails) + 1
            self.mails.append(Mail(number, self.now(), sender, recipients, message))

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """Take a mail in, as aiosmtpd wants it."""
        self.add(envelope.mail_from, tuple(envelope.rcpt_tos), envelope.content)
        return "250 kept"


def open_smtp(box: Box, port: int) -> Controller:
    """Return a started SMTP server on loopback that fills the box."""
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    return controller

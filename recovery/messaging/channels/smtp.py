"""Lead one SMTP conversation so that it is known whether the server could have taken the mail."""

from __future__ import annotations

import contextlib
import smtplib
from email.utils import parseaddr
from typing import cast

from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import SafeMIMEMultipart

from recovery.messaging.channels.base import Failed, Outcome, Sent, Unknown

_OK = 250
_WILL_FORWARD = 251
_NO_SUCH_MAILBOX = (550, 551, 553)


def send(backend: EmailBackend, message: EmailMultiAlternatives) -> Outcome:
    """Open a connection of its own, lead the conversation, close it, and say what is known."""
    try:
        backend.open()
    except (OSError, smtplib.SMTPException) as error:
        # A wrong password is the operator's matter: the mail waits, it is not lost over it.
        return Failed(
            "provider_unreachable",
            permanent=False,
            problem=type(error).__name__,
            unreachable=True,
        )
    try:
        return _converse(backend, message)
    finally:
        with contextlib.suppress(OSError, smtplib.SMTPException):
            backend.close()


def _converse(backend: EmailBackend, message: EmailMultiAlternatives) -> Outcome:
    client = backend.connection
    if client is None:
        raise AssertionError("an opened backend has a connection")
    sender = parseaddr(message.from_email)[1]
    recipient = parseaddr(message.to[0])[1]
    body = cast(SafeMIMEMultipart, message.message()).as_bytes(linesep="\r\n")
    try:
        client.ehlo_or_helo_if_needed()
        code, said = client.mail(sender)
        if code != _OK:
            return _refusal(code, said, "sender_refused")
        code, said = client.rcpt(recipient)
        if code not in (_OK, _WILL_FORWARD):
            return _refusal(code, said, _recipient_reason(code, said))
    except (OSError, smtplib.SMTPException) as error:
        return Failed(
            "provider_unreachable",
            permanent=False,
            problem=type(error).__name__,
            unreachable=True,
        )
    return _hand_over_data(client, body)


def _hand_over_data(client: smtplib.SMTP, body: bytes) -> Outcome:
    try:
        code, said = client.data(body)
    except smtplib.SMTPDataError as error:
        # The server refused the DATA command itself: nothing was sent yet.
        return _refusal(error.smtp_code, _bytes(error.smtp_error), "refused")
    except (OSError, smtplib.SMTPException) as error:
        return Unknown("lost_connection", problem=type(error).__name__)
    if code != _OK:
        return _refusal(code, said, "refused")
    return Sent(provider_id=_shown(said))


def _refusal(code: int, said: bytes, reason: str) -> Failed:
    """Return a failure; only 5xx is for good, whatever else (also a broken answer) may pass."""
    problem = f"{code} {_shown(said)}"
    permanent = 500 <= code < 600
    return Failed(reason if permanent else "provider_busy", permanent=permanent, problem=problem)


def _recipient_reason(code: int, said: bytes) -> str:
    # 5.7.x speaks of policy (blocked sender), not of the mailbox (RFC 3463).
    return "bounced" if code in _NO_SUCH_MAILBOX and b"5.7." not in said else "refused"


def _bytes(text: bytes | str) -> bytes:
    return text if isinstance(text, bytes) else text.encode()


def _shown(said: bytes) -> str:
    return said.decode("utf-8", "replace").replace("\r", " ").replace("\n", " ")[:180]

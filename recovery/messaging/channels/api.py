"""Send through a provider's HTTP interface (django-anymail) and read its answer truly."""

from __future__ import annotations

import requests
from anymail.backends.base import AnymailBaseBackend
from anymail.exceptions import AnymailError, AnymailRecipientsRefused
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from urllib3.exceptions import MaxRetryError, NewConnectionError

from recovery.messaging.channels.base import Failed, Outcome, Sent, Unknown

_BUSY = frozenset({429, 503})
_OPERATORS_MATTER = frozenset({401, 402, 403, 407})


def speaks(backend: BaseEmailBackend) -> bool:
    """Say whether this backend is one of django-anymail's."""
    return isinstance(backend, AnymailBaseBackend)


def send(backend: BaseEmailBackend, message: EmailMultiAlternatives) -> Outcome:
    """Post the mail to the provider once and say what is known."""
    try:
        backend.send_messages([message])
    except AnymailRecipientsRefused as error:
        return Failed("refused", permanent=True, problem=_shown(error))
    except AnymailError as error:
        return _outcome(error)
    status = getattr(message, "anymail_status", None)
    return Sent(provider_id=str(getattr(status, "message_id", "") or "")[:200])


def _outcome(error: AnymailError) -> Outcome:
    status = getattr(error, "status_code", None)
    if status is None:
        return _unanswered(error)
    if status in _BUSY:
        return Failed("provider_busy", permanent=False, problem=f"HTTP {status}")
    if status in _OPERATORS_MATTER:
        return Failed(
            "provider_unreachable",
            permanent=False,
            problem=f"HTTP {status}",
            unreachable=True,
        )
    if 400 <= status < 500:
        return Failed("refused", permanent=True, problem=f"HTTP {status}")
    # 2xx with an unreadable body, or a server error: it may well have been taken.
    return Unknown("provider_unclear", problem=f"HTTP {status}")


def _unanswered(error: AnymailError) -> Outcome:
    if isinstance(error, requests.ConnectTimeout) or _never_connected(error.__cause__):
        return Failed(
            "provider_unreachable",
            permanent=False,
            problem=_shown(error.__cause__ or error),
            unreachable=True,
        )
    if isinstance(error, requests.RequestException):
        return Unknown("lost_connection", problem=_shown(error.__cause__ or error))
    # Raised before anything was posted: the message cannot be put in the provider's form.
    return Failed("refused", permanent=True, problem=_shown(error))


def _never_connected(cause: BaseException | None) -> bool:
    if not isinstance(cause, requests.ConnectionError) or not cause.args:
        return False
    inner = cause.args[0]
    reason = inner.reason if isinstance(inner, MaxRetryError) else inner
    return isinstance(reason, NewConnectionError)


def _shown(error: BaseException) -> str:
    return type(error).__name__

"""What the transport may answer, and what we say of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from anymail.exceptions import AnymailRecipientsRefused, AnymailUnsupportedFeature
from django.core import mail as outgoing
from urllib3.exceptions import MaxRetryError, NewConnectionError, ProtocolError

from recovery.messaging.channels import email
from recovery.messaging.channels.base import Failed, Mail, Sent, Unknown
from tests.recovery.messaging.mail_sink import MailSink

MAIL = Mail(
    message_id="<abc@app.example>",
    from_name="Norrsken, the shop",
    from_address="hello@norrsken.example",
    to="anna@example.se",
    subject="Din varukorg på Norrsken",
    text="Hej\n.\nen punkt",
    html="<p>Hej</p>",
    headers={"List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
)


@pytest.fixture
def sink(settings: Any) -> Iterator[MailSink]:
    with MailSink() as running:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        settings.EMAIL_TIMEOUT = 5
        yield running


def test_a_mail_that_was_taken_is_sent(sink: MailSink) -> None:
    assert email.send(MAIL) == Sent("taken")
    assert sink.ledger == ["anna@example.se"]


@pytest.mark.parametrize(
    ("point", "answer", "reason", "permanent"),
    [
        ("mail", "451 later", "provider_busy", False),
        ("mail", "550 not from you", "sender_refused", True),
        ("rcpt", "450 greylisted", "provider_busy", False),
        ("rcpt", "550 5.1.1 no such user", "bounced", True),
        ("rcpt", "550 5.7.1 blocked", "refused", True),
        ("rcpt", "554 no", "refused", True),
        ("data", "421 going down", "provider_busy", False),
        ("data", "554 no", "refused", True),
        ("body", "452 full", "provider_busy", False),
        ("body", "554 spam", "refused", True),
    ],
)
def test_a_servers_no_is_a_failure(
    sink: MailSink, point: str, answer: str, reason: str, permanent: bool
) -> None:
    sink.answers[point] = answer
    outcome = email.send(MAIL)
    assert isinstance(outcome, Failed)
    assert (outcome.reason, outcome.permanent) == (reason, permanent)
    assert outcome.problem == answer
    assert sink.ledger == []


@pytest.mark.parametrize("point", ["greeting", "mail", "rcpt"])
def test_a_connection_lost_before_data_is_a_failure_that_passes(sink: MailSink, point: str) -> None:
    sink.hang_up_at = point
    outcome = email.send(MAIL)
    assert isinstance(outcome, Failed)
    assert not outcome.permanent
    assert outcome.unreachable


@pytest.mark.parametrize(("point", "taken"), [("data", 0), ("body", 0), ("accepted", 1)])
def test_a_connection_lost_from_data_on_is_unknown(sink: MailSink, point: str, taken: int) -> None:
    sink.hang_up_at = point
    outcome = email.send(MAIL)
    assert isinstance(outcome, Unknown)
    assert outcome.reason == "lost_connection"
    assert len(sink.ledger) == taken


def test_a_server_that_says_nothing_after_the_body_is_unknown(
    sink: MailSink, settings: Any
) -> None:
    settings.EMAIL_TIMEOUT = 0.2
    sink.stop_at("accepted")
    assert isinstance(email.send(MAIL), Unknown)
    sink.release()


def test_no_server_is_a_failure_that_passes(sink: MailSink, settings: Any) -> None:
    settings.EMAIL_PORT = 1
    outcome = email.send(MAIL)
    assert isinstance(outcome, Failed)
    assert outcome.unreachable


@pytest.mark.parametrize("field", ["subject", "from_name", "to", "reply_to", "message_id"])
def test_no_line_break_reaches_a_header(sink: MailSink, field: str) -> None:
    values = {name: getattr(MAIL, name) for name in MAIL.__slots__}
    outcome = email.send(Mail(**{**values, field: "a@b.example\r\nBcc: all@example.com"}))
    assert outcome == Failed("refused", permanent=True, problem="BadHeaderError")
    assert sink.ledger == []


def test_the_message_is_plain_text_first_then_html() -> None:
    email.send(MAIL)
    [sent] = outgoing.outbox
    told = sent.message()
    kinds = [part.get_content_type() for part in told.walk()]
    assert kinds == ["multipart/alternative", "text/plain", "text/html"]
    assert told["From"] == '"Norrsken, the shop" <hello@norrsken.example>'
    assert told["Message-ID"] == MAIL.message_id
    assert told["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


class Answer:
    def __init__(self, status: int, body: Any = None) -> None:
        self.status_code = status
        self.text = "{}"
        self.headers: dict[str, str] = {}
        self._body = body

    def json(self) -> Any:
        if self._body is None:
            raise ValueError
        return self._body


@pytest.fixture
def provider(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that sets what the provider's HTTP interface answers or raises."""
    settings.EMAIL_BACKEND = "anymail.backends.postmark.EmailBackend"
    settings.ANYMAIL = {"POSTMARK_SERVER_TOKEN": "token"}

    def answers(what: Any) -> None:
        def request(self: Any, **kwargs: Any) -> Any:
            if isinstance(what, Exception):
                raise what
            return what

        monkeypatch.setattr(requests.Session, "request", request)

    return answers


def test_a_provider_that_took_it_names_it(provider: Any) -> None:
    provider(Answer(200, {"ErrorCode": 0, "Message": "OK", "MessageID": "id-1", "To": MAIL.to}))
    assert email.send(MAIL) == Sent("id-1")


@pytest.mark.parametrize(
    ("answer", "kind", "permanent"),
    [
        (Answer(429, {}), Failed, False),
        (Answer(503, {}), Failed, False),
        (Answer(401, {}), Failed, False),
        (Answer(422, {"ErrorCode": 300, "Message": "no"}), Failed, True),
        (Answer(500, {}), Unknown, None),
        (Answer(200), Unknown, None),
        (requests.ConnectTimeout(), Failed, False),
        (requests.ReadTimeout(), Unknown, None),
        (requests.ConnectionError(ProtocolError("cut")), Unknown, None),
        (
            requests.ConnectionError(
                MaxRetryError(None, "/", NewConnectionError(None, "refused"))  # type: ignore[arg-type]
            ),
            Failed,
            False,
        ),
    ],
)
def test_a_providers_answer_is_read_by_what_it_proves(
    provider: Any, answer: Any, kind: type, permanent: bool | None
) -> None:
    provider(answer)
    outcome = email.send(MAIL)
    assert isinstance(outcome, kind)
    if isinstance(outcome, Failed):
        assert outcome.permanent is permanent


def test_a_provider_that_refuses_the_recipient_fails_for_good(
    provider: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: Any) -> Any:
        raise AnymailRecipientsRefused

    monkeypatch.setattr("anymail.backends.postmark.EmailBackend.send_messages", refuse)
    outcome = email.send(MAIL)
    assert isinstance(outcome, Failed)
    assert outcome.permanent


def test_an_error_without_status_or_network_is_ours_and_for_good(
    provider: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: Any) -> Any:
        raise AnymailUnsupportedFeature("cannot be put into its form")

    monkeypatch.setattr("anymail.backends.postmark.EmailBackend.send_messages", refuse)
    outcome = email.send(MAIL)
    assert isinstance(outcome, Failed)
    assert outcome.permanent

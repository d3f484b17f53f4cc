"""A delivery is the store's own, or it is refused."""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest

from shopapp.platforms.woocommerce import verify
from shopapp.platforms.woocommerce.verify import Verdict
from tests.shopapp.platforms.woocommerce.recordings import Delivery, deliveries

SIGNED = [one for one in deliveries() if one.signature_valid]
NOW = datetime(2026, 11, 22, 15, 40, tzinfo=UTC)
BODY = '{"schema": 1, "näme": "é"}'.encode()


def test_every_recorded_delivery_is_here() -> None:
    assert len(SIGNED) >= 330
    assert [one.name for one in deliveries() if not one.signature_valid] == [
        "webhooks/coupon.deleted-1.json"
    ]


@pytest.mark.parametrize("one", SIGNED, ids=lambda one: one.name)
def test_every_recorded_signature_holds_and_breaks_with_any_changed_byte(one: Delivery) -> None:
    assert verify.webhook(one.body, one.signature, one.secret) is Verdict.VALID
    assert verify.webhook(one.body, one.signature, one.secret + "x") is Verdict.WRONG
    step = max(1, len(one.body) // 60)
    for place in {*range(0, len(one.body), step), len(one.body) - 1}:
        changed = bytearray(one.body)
        changed[place] ^= 1
        assert not verify.webhook(bytes(changed), one.signature, one.secret)
    assert not verify.webhook(one.body + b" ", one.signature, one.secret)
    assert not verify.webhook(one.body[:-1], one.signature, one.secret)


def test_each_single_byte_of_a_whole_delivery_is_covered() -> None:
    one = SIGNED[0]
    for place in range(len(one.body)):
        changed = one.body[:place] + bytes([one.body[place] ^ 0x80]) + one.body[place + 1 :]
        assert not verify.webhook(changed, one.signature, one.secret)


def test_each_changed_character_of_a_signature_is_noticed() -> None:
    one = SIGNED[0]
    for place, old in enumerate(one.signature):
        changed = one.signature[:place] + ("A" if old != "A" else "B") + one.signature[place + 1 :]
        assert not verify.webhook(one.body, changed, one.secret)


@pytest.mark.parametrize(
    "signature",
    [None, "", " ", "é" * 43 + "=", "{0},{0}", "{0}, {0}", " {0}", "{0}\n", "{0}=", "sha256={0}"],
)
def test_an_absent_empty_repeated_or_misshapen_signature_is_a_wrong_one(
    signature: str | None,
) -> None:
    one = SIGNED[0]
    given = signature.format(one.signature) if signature is not None else None
    assert verify.webhook(one.body, given, one.secret) is Verdict.WRONG


def test_without_a_secret_everything_is_wrong() -> None:
    """An empty secret would make a signature that anybody can compute."""
    empty = hmac.new(b"", BODY, hashlib.sha256)
    assert not verify.webhook(BODY, empty.hexdigest(), "")
    assert not verify.plugin(BODY, _plugin_signature(BODY, "", NOW), "", at=NOW)


def _plugin_signature(body: bytes, secret: str, at: datetime) -> str:
    sent = str(int(at.timestamp()))
    digest = hmac.new(secret.encode(), sent.encode() + b"." + body, hashlib.sha256).hexdigest()
    return f"t={sent},v1={digest}"


@pytest.mark.parametrize(
    ("age", "verdict"),
    [
        (timedelta(0), Verdict.VALID),
        (timedelta(minutes=5), Verdict.VALID),
        (timedelta(minutes=-5), Verdict.VALID),
        (timedelta(minutes=5, seconds=1), Verdict.LATE),
        (timedelta(minutes=-5, seconds=-1), Verdict.LATE),
        (timedelta(days=30), Verdict.LATE),
    ],
)
def test_a_late_report_is_told_apart_from_a_forged_one(age: timedelta, verdict: Verdict) -> None:
    signature = _plugin_signature(BODY, "s3cret", NOW - age)
    assert verify.plugin(BODY, signature, "s3cret", at=NOW) is verdict
    assert verify.plugin(BODY + b" ", signature, "s3cret", at=NOW) is Verdict.WRONG
    assert verify.plugin(BODY, signature, "other", at=NOW) is Verdict.WRONG
    assert bool(verdict) is (verdict is Verdict.VALID)


def test_the_time_of_a_report_is_signed_too() -> None:
    signature = _plugin_signature(BODY, "s", NOW - timedelta(days=1))
    fresh = f"t={int(NOW.timestamp())},{signature.partition(',')[2]}"
    assert verify.plugin(BODY, fresh, "s", at=NOW) is Verdict.WRONG


@pytest.mark.parametrize(
    "change",
    [
        lambda good: None,
        lambda good: "",
        lambda good: f"{good},{good}",
        lambda good: f"{good}\n",
        lambda good: good.replace(",", ", "),
        lambda good: good.replace("t=", "t=-"),
        lambda good: good.replace("t=", "t=٣"),
        lambda good: good.upper(),
        lambda good: good.replace("v1=", "v0="),
        lambda good: good[:-1],
        lambda good: good.partition(",")[2],
        lambda good: "t=" + "9" * 12 + ",v1=" + "a" * 64,
    ],
)
def test_a_misshapen_plugin_signature_is_a_wrong_one(change: object) -> None:
    assert callable(change)
    given = change(_plugin_signature(BODY, "s", NOW))
    assert verify.plugin(BODY, given, "s", at=NOW) is Verdict.WRONG


@pytest.mark.parametrize(
    ("content_type", "body", "ping"),
    [
        ("application/x-www-form-urlencoded", b"webhook_id=1", True),
        ("application/x-www-form-urlencoded; charset=UTF-8", b"webhook_id=123456", True),
        ("application/x-www-form-urlencoded", b"webhook_id=1\n", False),
        ("application/x-www-form-urlencoded", b"webhook_id=", False),
        ("application/x-www-form-urlencoded", b"webhook_id=1&x=2", False),
        ("application/x-www-form-urlencoded", b"xwebhook_id=1", False),
        ("application/x-www-form-urlencoded", "webhook_id=٣".encode(), False),
        ("application/json", b"webhook_id=1", False),
        (None, b"webhook_id=1", False),
        ("", b"", False),
    ],
)
def test_the_unsigned_ping_is_recognised_and_nothing_else(
    content_type: str | None, body: bytes, ping: bool
) -> None:
    assert verify.is_ping(content_type, body) is ping

"""Whether a delivery truly comes from the store: signatures judged over the raw body.

Pure. A secret, header or signature that is absent, empty, repeated or misshapen is a wrong one.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from datetime import datetime, timedelta
from enum import Enum

TOLERANCE = timedelta(minutes=5)

_WEBHOOK_SIGNATURE = re.compile(r"[A-Za-z0-9+/]{43}=")
_PLUGIN_SIGNATURE = re.compile(r"t=([0-9]{1,11}),v1=([0-9a-f]{64})")
_PING = re.compile(rb"webhook_id=[0-9]{1,20}")


class Verdict(Enum):
    """What a signature is worth; true only when it is VALID."""

    VALID = "valid"
    LATE = "late"
    """Rightly signed, but outside the tolerance: a re-delivery, or a clock that is wrong. Still
    applied, in its order, when its event id is unknown."""
    WRONG = "wrong"

    def __bool__(self) -> bool:
        return self is Verdict.VALID


def webhook(body: bytes, signature: str | None, secret: str) -> Verdict:
    """Return whether WooCommerce signed this body with our secret.

    ``signature``: the header X-WC-Webhook-Signature, base64 of HMAC-SHA256 over the raw body.
    It has no time in it, so it is never LATE. A header sent twice reaches us joined by a comma,
    which no base64 holds.
    """
    if not secret or not signature or not _WEBHOOK_SIGNATURE.fullmatch(signature):
        return Verdict.WRONG
    digest = hmac.new(secret.encode(), body, hashlib.sha256).digest()
    return _same(base64.b64encode(digest), signature)


def plugin(body: bytes, signature: str | None, secret: str, *, at: datetime) -> Verdict:
    """Return whether our plugin signed this body with the connection's secret, and in time.

    ``signature``: the header X-Rebasket-Signature, ``t=<unix>,v1=<hex>`` (docs/wire.md).
    """
    parts = _PLUGIN_SIGNATURE.fullmatch(signature or "")
    if not secret or parts is None:
        return Verdict.WRONG
    sent, digest = parts.groups()
    signed = hmac.new(secret.encode(), sent.encode() + b"." + body, hashlib.sha256)
    if not _same(signed.hexdigest().encode(), digest):
        return Verdict.WRONG
    in_time = abs(at.timestamp() - int(sent)) <= TOLERANCE.total_seconds()
    return Verdict.VALID if in_time else Verdict.LATE


def is_ping(content_type: str | None, body: bytes) -> bool:
    """Return whether this is WooCommerce's unsigned test post: a form ``webhook_id=<digits>``.

    It is answered 200 and nothing is stored; anything else without a signature is 401.
    """
    kind = (content_type or "").partition(";")[0].strip().lower()
    return kind == "application/x-www-form-urlencoded" and _PING.fullmatch(body) is not None


def _same(expected: bytes, given: str) -> Verdict:
    # Bytes: compare_digest raises on text that is not ASCII.
    return Verdict.VALID if hmac.compare_digest(expected, given.encode()) else Verdict.WRONG

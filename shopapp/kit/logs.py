"""Structured logs: one JSON object a line, ids only, with personal data blotted out."""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, datetime
from typing import Any

_PERSONAL = (
    (re.compile(r"[^\s@<>\"',;]+@[^\s@<>\"',;]+\.[^\s@<>\"',;]+"), "[address]"),
    (re.compile(r"\b(?:ck|cs)_[0-9a-f]{20,}\b"), "[key]"),
    (re.compile(r"\bshp[a-z]{2}_[A-Za-z0-9_-]{16,}"), "[key]"),
    (re.compile(r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_.-]+"), "[token]"),
    (re.compile(r"(?<=[?&=/])[A-Za-z0-9_-]{40,}"), "[token]"),
    (re.compile(r"(?<![\w.])\+\d[\d \-]{7,}\d"), "[phone]"),
)
# Django hangs the request on its records, and a request shows its address with the whole query.
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {
    "message",
    "asctime",
    "taskName",
    "request",
}


def blot(text: str) -> str:
    """Return the text without addresses, phone numbers, keys and tokens."""
    for pattern, name in _PERSONAL:
        text = pattern.sub(name, text)
    return text


class JsonLines(logging.Formatter):
    """Format a record as one line of JSON; every text in it goes through ``blot``."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one JSON line."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": blot(record.getMessage()),
        }
        for key, value in vars(record).items():
            if key not in _STANDARD and not key.startswith("_"):
                line[key] = value if isinstance(value, int | float) else blot(str(value))
        if record.exc_info:
            line["exception"] = blot(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)

"""Logs hold ids only: personal data and secrets are blotted out wherever they slip in."""

from __future__ import annotations

import json
import logging

import pytest

from shopapp.kit.logs import JsonLines, blot

SECRETS = [
    "anna.berg+shop@example.se",
    "ck_45a77f5547c386eba315d80341067709b3217504",
    "cs_03d351250123dc0f87a37914428e37e829d1a7e7",
    "shpat_0123456789abcdef0123456789abcdef",
    "shprt_0123456789abcdef0123456789abcdef",
    "shpss_0123456789abcdef0123456789abcdef",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI3In0.c2lnbmF0dXJl",
    "+46 70 123 45 67",
]


@pytest.mark.parametrize("secret", SECRETS)
def test_personal_data_and_keys_are_blotted_out(secret: str) -> None:
    assert secret not in blot(f"could not write to {secret}, sorry")


def test_a_token_in_an_address_is_blotted_out() -> None:
    token = "k" * 54
    assert token not in blot(f"GET /r/{token} and ?t={token}&x=1")


def test_ordinary_words_and_numbers_stay() -> None:
    text = "shop 12: 3 orders read in 0.25 s at 2026-11-23T10:00:00"
    assert blot(text) == text


def _line(record: logging.LogRecord) -> dict[str, object]:
    line: dict[str, object] = json.loads(JsonLines().format(record))
    return line


def test_a_record_is_one_line_of_json_with_its_ids() -> None:
    record = logging.makeLogRecord({"msg": "sent %s", "args": ("it",), "shop": 7, "name": "x"})
    line = _line(record)
    assert (line["message"], line["shop"], line["logger"]) == ("sent it", 7, "x")


def test_extras_and_tracebacks_are_blotted_too() -> None:
    try:
        raise ValueError(f"no such mailbox: {SECRETS[0]}")
    except ValueError as error:
        info = (type(error), error, error.__traceback__)
    record = logging.makeLogRecord({"msg": "failed", "exc_info": info, "who": SECRETS[0]})
    assert SECRETS[0] not in json.dumps(_line(record))

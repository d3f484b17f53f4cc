"""JSON from outside is bounded, unambiguous and storable, or refused in words."""

from __future__ import annotations

import pytest

from shopapp.kit.safe_json import BadJson, loads, loads_object


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (b'{"a": [1, 2.5, null, true, "x"]}', {"a": [1, 2.5, None, True, "x"]}),
        (b'"\\ud83c\\udf92"', "🎒"),
        ('"é"'.encode(), "é"),
        (b"9223372036854775807", 2**63 - 1),
        (b"-9223372036854775808", -(2**63)),
        (rb'"[[[[ \" [[[ \\"', r'[[[[ " [[[ ' + "\\"),
    ],
)
def test_ordinary_json_is_read(raw: bytes, value: object) -> None:
    assert loads(raw, max_bytes=1000, max_depth=3) == value


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "not JSON"),
        (b'{"a": 1', "not JSON"),
        (b"{'a': 1}", "not JSON"),
        (b'{"a": 1}x', "not JSON"),
        (b"\xff\xfe", "not UTF-8"),
        (b"\xef\xbb\xbf{}", "not JSON"),
        (b'"\xed\xa0\x80"', "not UTF-8"),
        (b'{"a": 1, "a": 2}', "twice"),
        (b'[{"a": {"b": 1, "b": 1}}]', "twice"),
        (b"NaN", "NaN"),
        (b"[Infinity]", "Infinity"),
        (b"-Infinity", "Infinity"),
        (b"1e999", "double"),
        (b"9223372036854775808", "64 bit"),
        (b"-9223372036854775809", "64 bit"),
        (b"1" * 900, "64 bit"),
        (b'"\\u0000"', "NUL"),
        (b'{"a\\u0000": 1}', "NUL"),
        (b'["\\ud800"]', "surrogate"),
        (b'{"a": ["\\udc00x"]}', "surrogate"),
        (b'"\x00"', "not JSON"),
        (b" " * 1001, "larger"),
    ],
)
def test_anything_else_is_refused_in_words(raw: bytes, reason: str) -> None:
    with pytest.raises(BadJson, match=reason) as caught:
        loads(raw, max_bytes=1000)
    assert reason in caught.value.reason


def test_depth_is_judged_before_parsing() -> None:
    """A hundred thousand brackets overflow the parser's stack: they must never reach it."""
    for raw in (b"[" * 100_000, b'{"a":' * 100_000, b"[" * 100_000 + b"]" * 100_000):
        with pytest.raises(BadJson, match="deeper"):
            loads(raw, max_bytes=10_000_000)
    assert loads(b"[" * 64 + b"]" * 64, max_bytes=1000)
    with pytest.raises(BadJson, match="deeper"):
        loads(b"[" * 65 + b"]" * 65, max_bytes=1000)


def test_brackets_inside_texts_are_no_depth() -> None:
    assert loads(b'"' + b"[" * 500 + b'"', max_bytes=1000) == "[" * 500


@pytest.mark.parametrize("piece", [b'"', b'\\"', b'"\\', b"\\", b'"[', b'\\"["'])
def test_hostile_quotes_cost_no_more_than_their_length(piece: bytes) -> None:
    with pytest.raises(BadJson):
        loads(b'"' + piece * 300_000 + b"\\", max_bytes=2_000_000)


def test_an_object_is_asked_for_by_name() -> None:
    assert loads_object(b"{}", max_bytes=10) == {}
    with pytest.raises(BadJson, match="not an object"):
        loads_object(b"[]", max_bytes=10)


def test_odd_characters_are_replaced_where_that_is_asked_for() -> None:
    raw = b'{"a\\u0000": ["\\ud800", {"b": "x\\u0000y"}], "c": "\\ud83c\\udf92"}'
    assert loads(raw, max_bytes=1000, clean=True) == {
        "a\ufffd": ["\ufffd", {"b": "x\ufffdy"}],
        "c": "\U0001f392",
    }
    with pytest.raises(BadJson, match="twice"):
        loads(b'{"a": 1, "a": 2}', max_bytes=1000, clean=True)

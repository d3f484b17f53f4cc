"""Turn a drawing into SVG, or into a small PNG with five colours."""

from __future__ import annotations

import re
import struct
import zlib
from functools import lru_cache

from tests.doubles.pictures.shapes import DRAWINGS

TINTS: dict[str, dict[str, str]] = {
    "oat": {"ground": "#f3ede1", "main": "#d3bf9b", "dark": "#a98f66", "light": "#e9dcc2"},
    "fjord": {"ground": "#e6edf2", "main": "#5b7c99", "dark": "#3d5a75", "light": "#8fabc2"},
    "clay": {"ground": "#f6e8e0", "main": "#c0714f", "dark": "#955238", "light": "#dda286"},
    "ink": {"ground": "#e7e8ed", "main": "#333a49", "dark": "#1e232e", "light": "#5d667a"},
    "moss": {"ground": "#ecefe2", "main": "#6b7a4b", "dark": "#4c5833", "light": "#95a374"},
    "sage": {"ground": "#eef3ec", "main": "#94ac91", "dark": "#6f886c", "light": "#bccdb9"},
    "ecru": {"ground": "#e8e1d3", "main": "#f2eadb", "dark": "#bfae8d", "light": "#fbf7ef"},
}
_TONES = ("ground", "main", "dark", "light")
_SIZE = 600
_SCALE = _SIZE / 400
_Point = tuple[float, float]


@lru_cache(maxsize=256)
def svg(picture: str) -> bytes:
    """Return ``kind/colour`` as an SVG picture."""
    kind, _, colour = picture.partition("/")
    tint = TINTS.get(colour, TINTS["oat"])
    paths = "".join(f'<path fill="{tint[tone]}" d="{d}"/>' for d, tone in DRAWINGS[kind])
    shade = '<ellipse cx="200" cy="344" rx="120" ry="9" fill="#000" opacity=".07"/>'
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400">'
        f'<rect width="400" height="400" fill="{tint["ground"]}"/>{shade}{paths}</svg>'
    ).encode()


@lru_cache(maxsize=256)
def png(picture: str) -> bytes:
    """Return ``kind/colour`` as a PNG picture of 600 by 600."""
    kind, _, colour = picture.partition("/")
    tint = TINTS.get(colour, TINTS["oat"])
    rows = [bytearray(_SIZE) for _ in range(_SIZE)]
    for d, tone in DRAWINGS[kind]:
        _fill(rows, _polygon(d), _TONES.index(tone))
    palette = b"".join(bytes.fromhex(tint[tone][1:]) for tone in _TONES)
    raw = b"".join(b"\0" + row for row in rows)
    head = struct.pack(">IIBBBBB", _SIZE, _SIZE, 8, 3, 0, 0, 0)
    parts = ((b"IHDR", head), (b"PLTE", palette), (b"IDAT", zlib.compress(raw, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in parts)


def _chunk(name: bytes, data: bytes) -> bytes:
    crc = zlib.crc32(name + data)
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", crc)


def _polygon(d: str) -> list[_Point]:
    """Return the outline of a path as points, its curves in twelve steps each."""
    points: list[_Point] = []
    for command, text in re.findall(r"([MLC])([^MLCZ]*)", d):
        numbers = [float(one) * _SCALE for one in text.replace(",", " ").split()]
        pairs = list(zip(numbers[::2], numbers[1::2], strict=True))
        if command == "C":
            points.extend(_curve(points[-1], pairs, step / 12) for step in range(1, 13))
        else:
            points.extend(pairs)
    return points


def _curve(start: _Point, pairs: list[_Point], t: float) -> _Point:
    weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
    four = [start, *pairs]
    x = sum(weight * point[0] for weight, point in zip(weights, four, strict=True))
    y = sum(weight * point[1] for weight, point in zip(weights, four, strict=True))
    return x, y


def _fill(rows: list[bytearray], points: list[_Point], tone: int) -> None:
    edges = list(zip(points, points[1:] + points[:1], strict=True))
    top = max(0, int(min(y for _, y in points)))
    bottom = min(_SIZE, int(max(y for _, y in points)) + 1)
    for line in range(top, bottom):
        at = line + 0.5
        crossed = sorted(
            x1 + (at - y1) * (x2 - x1) / (y2 - y1)
            for (x1, y1), (x2, y2) in edges
            if (y1 <= at) != (y2 <= at)
        )
        for left, right in zip(crossed[::2], crossed[1::2], strict=False):
            low, high = max(0, round(left)), min(_SIZE, round(right))
            rows[line][low:high] = bytes([tone]) * max(0, high - low)

"""The file of a bulk operation, fetched in parts from where Shopify keeps it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from shopapp.kit import egress
from shopapp.platforms.answers import StoreUnavailable
from shopapp.platforms.shopify.api import Api

PART = 512 * 1024
_LARGEST_PART = 32 * 1024 * 1024
_TIMEOUT = 90.0
_WHOLE, _A_PART, _BEHIND_THE_END = 200, 206, 416
_TOTAL = re.compile(r"bytes [0-9]+-[0-9]+/([0-9]{1,15})")


class Lost(Exception):
    """The file is not (or no longer) where Shopify said, or is no use."""


@dataclass(frozen=True, slots=True)
class Part:
    """Bytes of a file; ``is_end``: there are none behind them."""

    content: bytes
    is_end: bool


def part_of(api: Api, url: str, offset: int, *, size: int) -> Part:
    """Return ``size`` bytes of the file from ``offset`` on. Raises Lost, and StoreUnavailable where
    the file's host has a trouble that may pass."""
    if not url or size > _LARGEST_PART:
        raise Lost("no address, or a thing too large to be one")
    answer = _fetch(api, url, offset, size)
    if answer.status == _BEHIND_THE_END:
        return Part(b"", is_end=True)
    if answer.status == _A_PART:
        total = _TOTAL.fullmatch(answer.headers.get("Content-Range", ""))
        read_to = offset + len(answer.content)
        is_end = read_to >= int(total[1]) if total else len(answer.content) < size
        return Part(answer.content, is_end)
    if answer.status == _WHOLE:
        return Part(answer.content, is_end=len(answer.content) < size)
    if answer.status >= 500 or answer.status in (408, 429):
        reason = f"Shopify's files cannot be read ({answer.status})."
        raise StoreUnavailable(reason, temporary=True)
    raise Lost(f"the file's host answered {answer.status}")


def _fetch(api: Api, url: str, offset: int, size: int) -> egress.Response:
    try:
        return egress.request_part(
            url, start=offset, size=size, timeout=_TIMEOUT, resolver=api.resolver
        )
    except egress.EgressRefused as error:
        raise StoreUnavailable(str(error), temporary=False) from error
    except egress.EgressFailed as error:
        raise StoreUnavailable(str(error), temporary=True) from error

"""Looking at an address before anything is connected: does WooCommerce answer there?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import assert_never

from shopapp.kit import egress
from shopapp.kit.safe_json import Json
from shopapp.platforms.answers import (
    KeysRefused,
    NotFound,
    StoreError,
    StoreSaidNo,
    StoreUnavailable,
)
from shopapp.platforms.woocommerce import fields
from shopapp.platforms.woocommerce.answers import PageInsteadOfData, ask, read_answer
from shopapp.platforms.woocommerce.oauth import (
    BadStoreAddress,
    StoreAddress,
    normalise_store_url,
)
from shopapp.platforms.woocommerce.routes import WOO, Routes

_TIMEOUT = 10.0
_MAX_ANSWER = 4 * 1024 * 1024
_MAX_MOVES = 3
_GENERATOR = re.compile(rb"WooCommerce ([0-9]{1,3}(?:\.[0-9]{1,3}){1,3})")
_LANGUAGE = re.compile(rb"<html\b[^>]{0,300}?\blang=[\"']?([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})?)\b")


class NoWooCommerce(StoreError):
    """Something answers there, but no WooCommerce; the text says what, for the merchant."""


@dataclass(frozen=True, slots=True)
class Found:
    """A store that runs WooCommerce. ``address``: where it truly answers (perhaps after a
    redirect to www or https). ``version`` and ``language`` (say "sv-SE"): as its front page tells,
    '' where they are hidden."""

    address: StoreAddress
    plain_permalinks: bool
    name: str
    home: str
    version: str
    language: str = ""


def probe(
    address: StoreAddress,
    *,
    resolver: egress.Resolver = egress.look_up,
    max_moves: int = _MAX_MOVES,
) -> Found:
    """Return the store that answers at this address, or raise a StoreError.

    NoWooCommerce: it is another kind of site. StoreUnavailable: nothing usable answers.
    Redirects are followed one by one, each judged like the first.
    """
    index: tuple[Json, bool] | StoreAddress = _index(address, resolver)
    match index:
        case StoreAddress() as elsewhere:
            if max_moves == 0:
                raise StoreUnavailable("The store sends us in circles.", temporary=False)
            return probe(elsewhere, resolver=resolver, max_moves=max_moves - 1)
        case (about, plain):
            home = _home_above(address, about)
            if home is not None and max_moves > 0:
                return probe(home, resolver=resolver, max_moves=max_moves - 1)
            return _found(address, about, plain, resolver)
        case _:
            assert_never(index)


def _home_above(address: StoreAddress, about: Json) -> StoreAddress | None:
    """Return the shop's home when the address is of a page below it: WordPress answers the plain
    form of its index under any folder."""
    told = about if isinstance(about, dict) else {}
    try:
        home = normalise_store_url(fields.url(told.get("home")))
    except BadStoreAddress:
        return None
    if not address.key.startswith(f"{home.key}/"):
        return None
    return StoreAddress(f"{address.url.partition('://')[0]}://{home.key}", home.key)


def _found(
    address: StoreAddress, about: Json, plain_permalinks: bool, resolver: egress.Resolver
) -> Found:
    told = about if isinstance(about, dict) else {}
    namespaces = told.get("namespaces")
    if not isinstance(namespaces, list):
        raise NoWooCommerce("No WordPress shop answers at this address.")
    if WOO not in namespaces:
        raise NoWooCommerce("WordPress answers at this address, but without WooCommerce.")
    page = _front_page(address, resolver)
    return Found(
        address=address,
        plain_permalinks=plain_permalinks,
        name=fields.plain(told.get("name"), 200),
        home=fields.url(told.get("home")),
        version=_first(_GENERATOR, page),
        language=_first(_LANGUAGE, page),
    )


def _index(address: StoreAddress, resolver: egress.Resolver) -> tuple[Json, bool] | StoreAddress:
    """Return the public index and whether permalinks are plain, or the address to ask instead."""
    for plain in (False, True):
        answer = _get(Routes(address.url, plain).index(), resolver)
        try:
            return read_answer(answer), plain
        except (KeysRefused, StoreSaidNo) as error:
            raise StoreUnavailable(
                "This site does not let us look whether WooCommerce is there.", temporary=False
            ) from error
        except (PageInsteadOfData, NotFound):
            continue
        except StoreUnavailable as error:
            moved = _elsewhere(error)
            if moved is None:
                raise
            # A page of the same site (a login, a trailing slash) is no other address.
            if moved != address:
                return moved
    raise NoWooCommerce("No WordPress shop answers at this address.")


def _elsewhere(error: StoreUnavailable) -> StoreAddress | None:
    try:
        return normalise_store_url(error.location.partition("?")[0])
    except BadStoreAddress:
        return None


def _front_page(address: StoreAddress, resolver: egress.Resolver) -> bytes:
    """Return the front page, which tells version and language unless they are hidden."""
    try:
        return _get(f"{address.url}/", resolver).content
    except StoreUnavailable:
        return b""


def _first(pattern: re.Pattern[bytes], page: bytes) -> str:
    told = pattern.search(page)
    return told[1].decode() if told else ""


def _get(url: str, resolver: egress.Resolver) -> egress.Response:
    return ask(
        lambda: egress.request(
            "GET", url, timeout=_TIMEOUT, max_bytes=_MAX_ANSWER, resolver=resolver
        )
    )

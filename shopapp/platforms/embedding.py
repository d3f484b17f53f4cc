"""What pages of ours that stand inside a platform's own admin need of the platform.

An embedding is a module with the functions of `Embedding`; `registry.embeddings` knows them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from shopapp.platforms.connector import StoreAddress


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who opened our page in the admin, as the platform signed it a moment ago.

    ``host``: the shop, as `Shop.host`. ``person``: the platform's id of the member of staff.
    ``token``: what says so; it can be exchanged for access as long as it lives.
    """

    host: str
    person: str
    expires_at: datetime
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Access:
    """What the platform gave for a visitor's token: keys as the connector reads them, and what they
    allow in the platform's words."""

    keys: str = field(repr=False)
    granted: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Person:
    """Who the visitor is: whether the shop is theirs."""

    owns: bool


@dataclass(frozen=True, slots=True)
class Parts:
    """What a page in the admin loads.

    ``key_name``: the meta element that holds the app's key. ``bridge_url``: the script that signs
    its requests, first in the head. ``components_url``: the platform's own web components.
    ``query_names``: what our script takes out of the address that the browser shows. ``connect``:
    origins that the platform's scripts speak to.
    """

    key_name: str
    app_key: str
    bridge_url: str
    components_url: str
    query_names: tuple[str, ...] = ()
    connect: tuple[str, ...] = ()


class NotSigned(Exception):
    """The token is not the platform's, or its time is over: the page asks for a fresh one."""


class Embedding(Protocol):
    """What the product asks of a platform whose admin shows our pages."""

    token_name: str
    """The parameter that carries the token where a document is loaded."""
    query_names: frozenset[str]
    """What the admin adds to our addresses, the token too; a page never sees it."""
    retry_headers: Mapping[str, str]
    """What makes the admin's script ask once more with a fresh token."""

    def is_known(self) -> bool:
        """Say whether this installation has an app of this platform."""

    def visitor(self, token: str) -> Visitor:
        """Return who comes with this token; raises NotSigned. Compared with real time."""

    def host_named(self, query: Mapping[str, str]) -> str:
        """Return the shop that an unsigned query names, '' for none: good only for a way to sign
        in, and for who may frame that."""

    def says_framed(self, query: Mapping[str, str]) -> bool:
        """Say whether this query is the admin's, loading us into its frame."""

    def way_back(self, query: Mapping[str, str], url: str) -> dict[str, str]:
        """Return the query of the page whose script fetches a fresh token and comes back to
        ``url``."""

    def leads_back(self, query: Mapping[str, str], app_url: str) -> bool:
        """Say whether this is the query of such a page, and it comes back to ``app_url``."""

    def admin_url(self, host: str) -> str:
        """Return our place in this shop's admin."""

    def frame_ancestors(self, host: str) -> tuple[str, ...]:
        """Return the origins that may show this shop's pages, or a page of no shop ('')."""

    def parts(self) -> Parts:
        """Return what a page loads."""

    def give_access(self, visitor: Visitor, *, at: datetime) -> Access:
        """Return lasting access to the visitor's shop. Uses the network. Raises NotSigned for a
        token that ended on the way, or a StoreError."""

    def who(self, visitor: Visitor, *, at: datetime) -> Person:
        """Return who the visitor is, as the shop's admin says. Uses the network; raises as
        `give_access` does."""


def shop_address(host: str) -> StoreAddress:
    """Return where a shop answers whose storefront is not known yet."""
    return StoreAddress(host=host, url=f"https://{host}")

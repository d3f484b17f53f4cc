"""What the product asks of a platform, in words no platform owns.

A connector is a module with the functions of `Connector`. It opens a `Client`, one store's
interface. What only some platforms can do is a protocol of its own, which a client has or has not:
the product asks ``isinstance(client, MakesWebhooks)``, never for a platform's name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from shopapp.kit.safe_json import Json, JsonObject
from shopapp.platforms.answers import NotFound
from shopapp.platforms.base import Event
from shopapp.platforms.capabilities import (
    CodesMade,
    CustomerToWrite,
    Discount,
    HasCompanion,
    LearnsOurAddress,
    MakesCodes,
    MakesWebhooks,
    TakesCustomers,
    TakesReports,
)
from shopapp.platforms.facts import StoreFacts
from shopapp.platforms.words import Words

__all__ = [
    "CodesMade",
    "CustomerToWrite",
    "Discount",
    "HasCompanion",
    "LearnsOurAddress",
    "MakesCodes",
    "MakesWebhooks",
    "TakesCustomers",
    "TakesReports",
]
# What only some clients can do stands beside the contract, and is found here as well.

Kind = Literal["categories", "products", "variations", "customers", "orders", "checkouts"]
Renew = Callable[[str], str]
"""Takes the keys that the store refused, returns newer ones; raises KeysRefused."""


@dataclass(frozen=True, slots=True)
class StoreAddress:
    """Where a store answers. ``host`` is its identity; ``url`` where shoppers find it."""

    host: str
    url: str
    plain_permalinks: bool = False


@dataclass(frozen=True, slots=True)
class WebhookHead:
    """What a webhook's headers say; nothing of it is signed. Empty where absent.

    ``source``: the store that it names. ``said_at``: when the platform says it happened.
    ``binding``: to be acted on even for a shop that has left (the law asks for it).
    """

    topic: str
    delivery_id: str
    source: str
    signature: str
    said_at: datetime | None = None
    binding: bool = False


@dataclass(frozen=True, slots=True)
class PluginHead:
    """A signed report's event id and type; both empty when its body cannot be read.

    ``late``: signed outside the tolerance, to be applied in its order all the same.
    """

    event_id: str
    kind: str
    late: bool


@dataclass(frozen=True, slots=True)
class Where:
    """A place in a list of the store's things.

    ``full`` reads everything, ``since`` what changed after that moment. ``back_to``: things created
    before it are not wanted. ``page`` (from 1), ``last_id`` (the greatest read) and ``token`` (as
    the last `Told` gave it) are what a connector may go on by, each as it needs. ``parents``: the
    products whose variations are wanted.
    """

    kind: Kind
    mode: Literal["full", "since"]
    started_at: datetime
    since: datetime | None = None
    back_to: datetime | None = None
    page: int = 1
    last_id: int = 0
    token: str = ""
    parents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """One thing as the store tells it; ``parent`` is the product of a variation."""

    source: JsonObject
    id: str
    parent: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What the store told at a place.

    ``ordered``: the items follow each other by id, so that what is missing between them is gone.
    ``total``: of the whole list, None where it does not say. ``token``: where to go on. ``wait``:
    seconds after which to ask again, when the store is still preparing; then nothing was told, and
    ``made`` is how many things it has prepared.
    """

    items: tuple[Item, ...]
    last: bool
    total: int | None = None
    token: str = ""
    ordered: bool = True
    wait: float | None = None
    made: int | None = None

    @property
    def ids(self) -> tuple[str, ...]:
        """Return the ids of what was told, as far as it has any."""
        return tuple(item.id for item in self.items if item.id)


@dataclass(frozen=True, slots=True)
class RestoreLine:
    """A line to put back; ``position`` names it on a page that offers lines one by one."""

    position: int
    product_id: str
    variant_id: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Restore:
    """A cart to be opened again.

    ``secret``: the plugin's, '' without one. ``version``: the platform's. ``tags``: marks of the
    campaign for the address. ``code``: a discount to apply, '' for none.
    ``expires_at``: Unix seconds, real time, for what the store checks itself.
    """

    store: StoreAddress
    version: str
    secret: str
    click_ref: str
    tags: Mapping[str, str]
    lines: tuple[RestoreLine, ...]
    recovery_url: str
    code: str
    expires_at: int


@dataclass(frozen=True, slots=True)
class Straight:
    """One address that gives the shopper the cart back. ``reported``: a page of the store there
    tells us that a person arrived; otherwise our own page has to ask the browser on the way."""

    url: str
    reported: bool = True


@dataclass(frozen=True, slots=True)
class Ask:
    """An address that replaces the visitor's present cart: to be asked first."""

    url: str


@dataclass(frozen=True, slots=True)
class OneByOne:
    """No address takes all the lines: each line has its own, by its position."""

    urls: dict[int, str]


Way = Straight | Ask | OneByOne


class Client(Protocol):
    """One store's interface. Every method may raise a StoreError (`platforms.answers`)."""

    def store_facts(self) -> StoreFacts:
        """Return the store's settings (this also proves that the keys can read)."""

    def version(self) -> str:
        """Return the platform's version, '' where it has none."""

    def read(self, where: Where) -> Told:
        """Return what stands at this place of a list."""

    def order(self, order_id: str) -> JsonObject:
        """Return one order; NotFound when it is gone for good."""

    def product(self, product_id: str) -> JsonObject:
        """Return one product; NotFound when it is gone for good."""

    def variant(self, variant_id: str) -> JsonObject:
        """Return one variant; NotFound when it is gone for good."""

    def customer(self, customer_id: str) -> JsonObject:
        """Return one customer; NotFound when the account was erased."""


class Connector(Protocol):
    """What the product asks of a platform. Whatever cannot be read raises base.Unreadable."""

    words: Words
    kinds: tuple[Kind, ...]
    """What is read from a store, in the order of an import."""
    tells_carts: bool
    """Its own webhooks tell of every cart; otherwise a companion or the browser has to."""

    def wanted_topics(self) -> Mapping[str, str]:
        """Return the webhooks that have to be made in each store, with what each is good for; none
        where the platform itself has them written down for the app."""

    def read_webhook_head(self, headers: Mapping[str, str]) -> WebhookHead:
        """Return what a webhook's headers say of it."""

    def host_of(self, source: str) -> str:
        """Return the `Shop.host` that a webhook's ``source`` names; '' when that is no store."""

    def is_ping(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Say whether this is the platform's unsigned test post."""

    def app_secrets(self) -> tuple[str, ...]:
        """Return the secrets that sign all shops' webhooks; none where each has its own."""

    def webhook_signed(self, head: WebhookHead, body: bytes, secrets: tuple[str, ...]) -> bool:
        """Say whether the platform signed this body with one of these secrets."""

    def same_store(self, head: WebhookHead, body: bytes, host: str) -> bool:
        """Say whether headers and body speak of the store that we know under ``host``."""

    def delivery_keys(self, head: WebhookHead, body: bytes) -> tuple[str, str]:
        """Return what makes a delivery the same one, and what makes its content the same ('' where
        equal content may be new: only the first key counts then). At most 150 characters each."""

    def read_plugin_head(
        self, headers: Mapping[str, str], body: bytes, secret: str, *, at: datetime
    ) -> PluginHead | None:
        """Return a report's event id and type, None when our plugin did not sign it."""

    def parse_delivery(
        self, topic: str, body: bytes | Json, store: StoreFacts, *, said_at: datetime | None = None
    ) -> tuple[Event, ...]:
        """Return what a webhook tells."""

    def parse_plugin(self, report: bytes | Json, store: StoreFacts) -> tuple[Event, ...]:
        """Return what a plugin's report tells."""

    def parse_item(self, kind: Kind, item: Item, store: StoreFacts) -> tuple[Event, ...]:
        """Return what one thing of a list, or asked for by its id, tells. An order's figures that
        cannot be read leave who ordered and when."""

    def names_missing_thing(self, error: NotFound) -> bool:
        """Say whether the store looked and has no such thing."""

    def open_client(self, store: StoreAddress, keys: str, *, renew: Renew | None = None) -> Client:
        """Return a client of the store's interface; ``keys`` as `shops.credentials` keeps them."""

    def keys_due(self, keys: str, *, at: datetime) -> bool:
        """Say whether these keys have to be renewed before they are used (real time)."""

    def renew_at(self, keys: str) -> datetime | None:
        """Return when these keys have to be renewed at the latest, even where nobody uses them
        (real time); None: they last."""

    def renew_keys(self, store: StoreAddress, keys: str, *, at: datetime) -> str:
        """Return new keys for old ones, which may be presented again after an answer that was lost.
        Uses the network; raises KeysRefused when the merchant has to open the app again."""

    def lacks(self, granted: tuple[str, ...]) -> tuple[str, ...]:
        """Return what we need and were not allowed."""

    def way_to(self, restore: Restore) -> Way:
        """Return where a link to this cart leads. Pure."""

    def frame_ancestors(self, host: str) -> tuple[str, ...]:
        """Return the origins whose frames may show this shop's pages, none where it has a window of
        its own."""

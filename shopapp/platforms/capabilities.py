"""What only some platforms' clients can do: ``isinstance(client, MakesWebhooks)`` decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, runtime_checkable

from shopapp.kit.safe_json import JsonObject
from shopapp.platforms.base import ConsentGiven


@runtime_checkable
class MakesWebhooks(Protocol):
    """The store's webhooks are made through its interface, each with a secret of its own."""

    def webhooks(self) -> list[JsonObject]:
        """Return all webhooks of the store, other apps' too."""

    def create_webhook(
        self, *, name: str, topic: str, delivery_url: str, secret: str
    ) -> JsonObject:
        """Return the new webhook."""

    def update_webhook(self, webhook_id: str, **changes: str) -> JsonObject:
        """Return the changed webhook."""

    def delete_webhook(self, webhook_id: str) -> None:
        """Delete the webhook; one that is gone already is as good."""


@runtime_checkable
class HasCompanion(Protocol):
    """A plugin of ours may run in the store, with a connection of its own (docs/wire.md)."""

    def plugin_connection_post(self, connection: JsonObject) -> JsonObject:
        """Give the plugin its connection; NotFound where it is not installed."""

    def plugin_connection_get(self) -> JsonObject:
        """Return the plugin's word about its connection and outbox."""

    def plugin_connection_delete(self) -> None:
        """Make the plugin forget its secret and empty its outbox."""

    def plugin_poke(self) -> JsonObject:
        """Make the plugin send what waits."""


@runtime_checkable
class LearnsOurAddress(Protocol):
    """The store keeps for its own pages where our storefront script is."""

    def tell_script(self, *, script_url: str, shop: str) -> None:
        """Write down the script's address and the shop's public id."""


@dataclass(frozen=True, slots=True)
class CustomerToWrite:
    """A shopper that we learnt of and the merchant should find in the store's own admin."""

    email: str
    first_name: str = ""
    last_name: str = ""
    phone: str = ""
    locale: str = ""
    consent: ConsentGiven | None = None


@runtime_checkable
class TakesCustomers(Protocol):
    """The store takes customers and their consent from us."""

    def write_customer(self, customer: CustomerToWrite) -> str:
        """Make or complete the customer and set the consent; return the store's id of them.

        What the store knows is not overwritten by blanks. StoreSaidNo where it refuses this one.
        """


@runtime_checkable
class TakesReports(Protocol):
    """The store shows what became of an abandoned checkout's mails."""

    def report_sent(self, *, checkout_id: str, campaign: str, message: str, at: datetime) -> bool:
        """Tell that a mail about this checkout went out; False when it knows no such checkout.

        ``campaign`` names the flow's step, ``message`` is our id of the mail: told twice, it counts
        once.
        """


@dataclass(frozen=True, slots=True)
class Discount:
    """What every code of a campaign gives: a share of the cart (1 to 100 per cent) or an amount."""

    title: str
    percent: int | None
    amount: str
    currency: str
    starts_at: datetime
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class CodesMade:
    """How far the store has come with a batch of codes. ``failed``: code to reason."""

    done: bool
    made: int
    failed: Mapping[str, str] = field(default_factory=dict)


@runtime_checkable
class MakesCodes(Protocol):
    """The store makes single-use discount codes: one discount, many codes, each good once."""

    def create_discount(self, discount: Discount) -> str:
        """Return the store's id of the new discount. Its own first code is nobody's."""

    def add_codes(self, discount_id: str, codes: tuple[str, ...]) -> str:
        """Ask for these codes (at most 250) and return the batch's id; the store works on."""

    def codes_made(self, batch_id: str) -> CodesMade:
        """Return how far a batch is."""

    def end_discount(self, discount_id: str) -> None:
        """Switch the discount off, with all its codes."""

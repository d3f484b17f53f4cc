"""One Shopify shop's interface: what `platforms.connector.Client` asks for, and what else it can.

It makes no webhooks (`shopify.app.toml` names them for all shops) and has no plugin.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from shopapp.kit.safe_json import Json, JsonObject
from shopapp.platforms.answers import NotFound, StoreUnavailable
from shopapp.platforms.base import Unreadable
from shopapp.platforms.connector import CodesMade, CustomerToWrite, Discount, Told, Where
from shopapp.platforms.facts import StoreFacts
from shopapp.platforms.shopify import bulk, customers_out, fields, pages, reports
from shopapp.platforms.shopify import codes as discounts
from shopapp.platforms.shopify.api import Api, gid
from shopapp.platforms.shopify.facts import parse_store_facts

NAMESPACE = "rebasket"
Found = TypeVar("Found")


class Client:
    """One shop's interface. Every method may raise a StoreError."""

    def __init__(self, api: Api) -> None:
        """``api``: the shop's Admin API, with our keys."""
        self._api = api

    def store_facts(self) -> StoreFacts:
        """Return the shop's settings (this also proves that the keys can read)."""
        answer = self._api.ask("shop_facts")
        return _read(lambda: parse_store_facts(fields.as_object(answer.get("shop"), "shop")))

    def version(self) -> str:
        """Return '': all shops run the same Shopify."""
        return ""

    def read(self, where: Where) -> Told:
        """Return what stands at this place of a list: what changed page by page, everything through
        a bulk operation. Collections, few and without parts, always come page by page."""
        if where.mode == "full" and where.kind != "categories":
            return _read(lambda: bulk.read(self._api, where))
        return _read(lambda: pages.read(self._api, where, after=where.last_id))

    def order(self, order_id: str) -> JsonObject:
        """Return one order with all its lines; NotFound when it is gone for good."""
        node = self._one("order", gid("Order", order_id))
        return _read(lambda: pages.completed(self._api, "orders", node))

    def product(self, product_id: str) -> JsonObject:
        """Return one product with its variants; NotFound when it is gone for good."""
        node = self._one("product", gid("Product", product_id))
        return _read(lambda: pages.completed(self._api, "products", node))

    def variant(self, variant_id: str) -> JsonObject:
        """Return one variant with its product; NotFound when it is gone for good."""
        return self._one("variant", gid("ProductVariant", variant_id), root="productVariant")

    def customer(self, customer_id: str) -> JsonObject:
        """Return one customer; NotFound when the account was erased."""
        return self._one("customer", gid("Customer", customer_id))

    def tell_script(self, *, script_url: str, shop: str) -> None:
        """Write down the script's address and the shop's public id, where our theme extension finds
        them (``app.metafields.rebasket``)."""
        answer = self._api.ask("installation")
        owner = pages.expect(answer, "currentAppInstallation").get("id")
        told: list[Json] = [
            {
                "ownerId": owner,
                "namespace": NAMESPACE,
                "key": key,
                "type": "single_line_text_field",
                "value": value,
            }
            for key, value in (("script", script_url), ("shop", shop))
        ]
        self._api.change("installation_tell", "metafieldsSet", metafields=told)

    def write_customer(self, customer: CustomerToWrite) -> str:
        """Make or complete the customer and set the consent; return the shop's id of them."""
        return _read(lambda: customers_out.write_customer(self._api, customer))

    def report_sent(self, *, checkout_id: str, campaign: str, message: str, at: datetime) -> bool:
        """Tell that a mail about this checkout went out; False when the shop knows no such one."""
        del message  # The shop keeps one state for each checkout and campaign.
        return _read(
            lambda: reports.report_sent(
                self._api, checkout_id=checkout_id, campaign=campaign, at=at
            )
        )

    def create_discount(self, discount: Discount) -> str:
        """Return the shop's id of the new discount."""
        return _read(lambda: discounts.create_discount(self._api, discount))

    def add_codes(self, discount_id: str, codes: tuple[str, ...]) -> str:
        """Ask for these codes and return the batch's id; the shop works on."""
        return _read(lambda: discounts.add_codes(self._api, discount_id, codes))

    def codes_made(self, batch_id: str) -> CodesMade:
        """Return how far a batch is."""
        return _read(lambda: discounts.codes_made(self._api, batch_id))

    def end_discount(self, discount_id: str) -> None:
        """Switch the discount off, with all its codes."""
        discounts.end_discount(self._api, discount_id)

    def _one(self, operation: str, thing: str, *, root: str = "") -> JsonObject:
        node = self._api.ask(operation, id=thing).get(root or operation)
        if node is None:
            raise NotFound("NOT_FOUND")
        return _read(lambda: fields.as_object(node, operation))


def _read(read: Callable[[], Found]) -> Found:
    """Return what was read; an answer of another shape than we know is one that cannot be used."""
    try:
        return read()
    except Unreadable as error:
        reason = f"Shopify's answer cannot be read: {error}."
        raise StoreUnavailable(reason, temporary=True) from error

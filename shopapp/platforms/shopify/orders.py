"""Orders, from webhooks and from the Admin API alike.

GraphQL fields needed, Order: ``{legacyResourceId name createdAt updatedAt processedAt cancelledAt
displayFinancialStatus email phone customerLocale cartToken checkoutToken paymentGatewayNames
customAttributes{key value} customerJourneySummary{lastVisit{landingPage}}
totalPriceSet{shopMoney{amount currencyCode}} totalRefundedSet{shopMoney{amount currencyCode}}
customer{CUSTOMER, see people.py} billingAddress{ADDRESS} shippingAddress{ADDRESS}
lineItems(first:){nodes{LINE, see lines.py}}}``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from shopapp.kit.money import Money
from shopapp.kit.safe_json import Json, JsonObject
from shopapp.platforms.base import Line, OrderChanged, Shopper
from shopapp.platforms.facts import StoreFacts
from shopapp.platforms.shopify import fields, lines, money, people

_MAX_NUMBER = 64


@dataclass(frozen=True, slots=True)
class _Head:
    """What an order says without figures: who and when."""

    order_id: str
    number: str
    status: str
    cancelled: bool
    placed_at: datetime
    changed_at: datetime
    shopper: Shopper
    cart_id: str
    checkout_token: str
    click_ref: str
    gateway: str

    def order(self, total: Money, refunded: Money, found: tuple[Line, ...]) -> OrderChanged:
        """Return the order with these figures. Whatever was placed is an order, paid or not; only
        one that was cancelled ends nobody's recovery."""
        stage: Literal["placed", "cancelled"] = "cancelled" if self.cancelled else "placed"
        return OrderChanged(
            order_id=self.order_id,
            number=self.number,
            status="cancelled" if self.cancelled else self.status,
            stage=stage,
            placed_at=self.placed_at,
            changed_at=self.changed_at,
            total=total,
            refunded=refunded,
            lines=found,
            shopper=self.shopper,
            cart_id=self.cart_id,
            checkout_token=self.checkout_token,
            click_ref=self.click_ref,
            payment_method=self.gateway,
        )


def parse_order(order: JsonObject, store: StoreFacts) -> OrderChanged:
    """Return the order as it stands in a webhook's body, in the shop's currency."""
    currency = money.currency(order.get("currency") or store.currency)
    return _head(order).order(
        money.bag_or_text(order, "total_price", currency),
        _refunded(order, currency),
        lines.of_priced(order, currency),
    )


def parse_bare_order(order: JsonObject, store: StoreFacts) -> OrderChanged:
    """Return who ordered and when, without the figures and lines of a body in which these cannot be
    read: the order ends its shopper's recovery all the same."""
    nothing = money.nothing(money.currency(store.currency))
    return _head(order).order(nothing, nothing, ())


def parse_order_node(node: JsonObject) -> OrderChanged:
    """Return the order as it stands in a GraphQL node, in the shop's currency."""
    total = money.required_bag(node, "totalPriceSet")
    refunded = money.of_bag(node, "totalRefundedSet") or money.nothing(total.currency)
    return _node_head(node).order(total, refunded, lines.of_node(node))


def parse_bare_order_node(node: JsonObject, store: StoreFacts) -> OrderChanged:
    """Return who ordered and when, as `parse_bare_order` does."""
    nothing = money.nothing(money.currency(store.currency))
    return _node_head(node).order(nothing, nothing, ())


def _head(order: JsonObject) -> _Head:
    created_at = fields.instant(order, "created_at")
    return _Head(
        order_id=fields.identifier(order, "id"),
        number=_number(order),
        status=fields.optional_text(order, "financial_status").lower(),
        cancelled=order.get("cancelled_at") is not None,
        placed_at=fields.optional_instant(order, "processed_at") or created_at,
        changed_at=fields.optional_instant(order, "updated_at") or created_at,
        shopper=people.buyer(
            order,
            email=fields.optional_text(order, "email", people.MAX_EMAIL)
            or fields.optional_text(order, "contact_email", people.MAX_EMAIL),
            phone=fields.optional_text(order, "phone", people.MAX_PHONE),
            locale=fields.locale(order.get("customer_locale")),
        ),
        cart_id=fields.token(order.get("cart_token")),
        checkout_token=fields.token(order.get("checkout_token")),
        click_ref=lines.click(order, order.get("landing_site")),
        gateway=_gateway(order, "payment_gateway_names"),
    )


def _node_head(node: JsonObject) -> _Head:
    created_at = fields.instant(node, "createdAt")
    return _Head(
        order_id=fields.node_id(node),
        number=_number(node),
        status=fields.optional_text(node, "displayFinancialStatus").lower(),
        cancelled=node.get("cancelledAt") is not None,
        placed_at=fields.optional_instant(node, "processedAt") or created_at,
        changed_at=fields.optional_instant(node, "updatedAt") or created_at,
        shopper=people.buyer(
            node,
            email=fields.optional_text(node, "email", people.MAX_EMAIL),
            phone=fields.optional_text(node, "phone", people.MAX_PHONE),
            locale=fields.locale(node.get("customerLocale")),
        ),
        cart_id=fields.token(node.get("cartToken")),
        checkout_token=fields.token(node.get("checkoutToken")),
        click_ref=lines.click(node, _landing(node)),
        gateway=_gateway(node, "paymentGatewayNames"),
    )


def _refunded(order: JsonObject, currency: str) -> Money:
    """Return what was given back: the refunds' transactions that succeeded. One that states its
    amount only in the shopper's currency is converted at the order's own rate."""
    given = [
        _given_back(transaction, order, currency)
        for refund in fields.optional_rows(order, "refunds")
        for transaction in fields.optional_rows(refund, "transactions")
        if transaction.get("kind") == "refund" and transaction.get("status") == "success"
    ]
    none = money.nothing(currency)
    return Money(-money.minus(none, given).minor, none.currency, none.decimals)


def _given_back(transaction: JsonObject, order: JsonObject, currency: str) -> Money:
    told = money.of_bag(transaction, "amount_set")
    written = money.currency(transaction.get("currency") or currency)
    if told is not None or written == currency:
        return told or money.amount(transaction.get("amount"), currency)
    paid = fields.optional_object(
        fields.optional_object(order, "total_price_set"), "presentment_money"
    )
    whole = money.amount(paid.get("amount"), written)
    total = money.bag_or_text(order, "total_price", currency)
    given = money.amount(transaction.get("amount"), written)
    minor = round(given.minor * total.minor / whole.minor) if whole.minor else 0
    return Money(minor, total.currency, total.decimals)


def _number(order: JsonObject) -> str:
    return fields.name(order, "name")[:_MAX_NUMBER]


def _gateway(order: JsonObject, key: str) -> str:
    names = fields.texts(order, key)
    return fields.plain(names[0]) if names else ""


def _landing(node: JsonObject) -> Json:
    journey = fields.optional_object(node, "customerJourneySummary")
    return fields.optional_object(journey, "lastVisit").get("landingPage")

"""How the fields of customers, abandoned checkouts and orders are read."""

from __future__ import annotations

from typing import Any

from tests.doubles.shopify.admin.call import Call, Page, Reader
from tests.doubles.shopify.admin.paging import page_of
from tests.doubles.shopify.admin.plain_readers import attributes, money_bag
from tests.doubles.shopify.admin.shelf_readers import image_of
from tests.doubles.shopify.order_records import Order, OrderLine
from tests.doubles.shopify.payloads.checkout_json import recovery_url
from tests.doubles.shopify.payloads.customer_json import gid
from tests.doubles.shopify.pricing import PricedLine, price
from tests.doubles.shopify.records import Checkout, Customer


def _email(customer: Customer, _: Call) -> dict[str, Any] | None:
    if not customer.email:
        return None
    consent = customer.consent
    return {
        "emailAddress": customer.email,
        "marketingState": consent.state.upper(),
        "marketingUpdatedAt": consent.updated_at,
        "marketingOptInLevel": consent.opt_in_level.upper() if consent.updated_at else None,
    }


def _journey(order: Order, call: Call) -> dict[str, Any] | None:
    if not order.checkout_token:
        return None
    home = call.shop.state.url or f"https://{call.shop.host}"
    page = order.landing_site
    visit = {"landingPage": page if "://" in page else home + page} if page else None
    return {"lastVisit": visit}


def _order_money(amount: str) -> Reader:
    def read(order: Order, call: Call) -> dict[str, Any]:
        return money_bag(call.shop.settings, getattr(order, amount), order.currency)

    return read


def _order_lines(order: Order, call: Call) -> Page:
    lines = [(order, one) for one in order.lines]
    return page_of(lines, call.args, key=lambda one: one[1].id, number=lambda one: one[1].id)


def _line_money(pair: tuple[Order, OrderLine], call: Call) -> dict[str, Any]:
    order, line = pair
    return money_bag(call.shop.settings, line.price * line.quantity, order.currency)


def _allocations(pair: tuple[Order, OrderLine], call: Call) -> list[dict[str, Any]]:
    order, line = pair
    if not line.discount:
        return []
    amount = money_bag(call.shop.settings, line.discount, order.currency)
    return [{"allocatedAmountSet": amount}]


def _checkout_total(checkout: Checkout, call: Call) -> dict[str, Any]:
    priced = price(call.shop.state, checkout.lines, checkout.discount_codes, checkout.shipping_cost)
    return money_bag(call.shop.settings, priced.total, checkout.currency)


def _checkout_lines(checkout: Checkout, call: Call) -> Page:
    priced = price(call.shop.state, checkout.lines, checkout.discount_codes).lines
    rows = [(checkout, place, one) for place, one in enumerate(priced)]
    return page_of(rows, call.args, key=lambda row: row[1], number=lambda row: row[1])


Row = tuple[Checkout, int, PricedLine]


def _row_money(row: Row, call: Call) -> dict[str, Any]:
    checkout, _, priced = row
    return money_bag(call.shop.settings, priced.total, checkout.currency)


def _customer_of(thing: Checkout | Order, call: Call) -> Customer | None:
    return call.shop.state.customers.get(thing.customer_id)


def _default_address(customer: Customer, _: Call) -> Any:
    return customer.addresses[0] if customer.addresses else None


PEOPLE: dict[tuple[str, str], Reader] = {
    ("Customer", "firstName"): lambda one, _: one.first_name or None,
    ("Customer", "lastName"): lambda one, _: one.last_name or None,
    ("Customer", "defaultEmailAddress"): _email,
    ("Customer", "defaultPhoneNumber"): lambda one, _: (
        {"phoneNumber": one.phone} if one.phone else None
    ),
    ("Customer", "defaultAddress"): _default_address,
    ("Order", "billingAddress"): lambda one, _: one.billing,
    ("Order", "shippingAddress"): lambda one, _: one.shipping,
    ("Order", "cartToken"): lambda one, _: one.cart_token or None,
    ("Order", "checkoutToken"): lambda one, _: one.checkout_token or None,
    ("Order", "customAttributes"): lambda one, _: attributes(one.attributes),
    ("Order", "customer"): _customer_of,
    ("Order", "customerAcceptsMarketing"): lambda one, _: one.accepts_marketing,
    ("Order", "customerJourneySummary"): _journey,
    ("Order", "customerLocale"): lambda one, _: one.locale or None,
    ("Order", "displayFinancialStatus"): lambda one, _: one.financial_status,
    ("Order", "email"): lambda one, _: one.email or None,
    ("Order", "phone"): lambda one, _: one.phone or None,
    ("Order", "paymentGatewayNames"): lambda one, _: [one.gateway],
    ("Order", "lineItems"): _order_lines,
    ("Order", "processedAt"): lambda one, _: one.created_at,
    ("Order", "totalPriceSet"): _order_money("total"),
    ("Order", "totalRefundedSet"): _order_money("refunded"),
    ("LineItem", "id"): lambda pair, _: gid("LineItem", pair[1].id),
    ("LineItem", "title"): lambda pair, _: pair[1].title,
    ("LineItem", "variantTitle"): lambda pair, _: pair[1].variant_title or None,
    ("LineItem", "quantity"): lambda pair, _: pair[1].quantity,
    ("LineItem", "sku"): lambda pair, _: pair[1].sku or None,
    ("LineItem", "product"): lambda pair, call: call.shop.state.products.get(pair[1].product_id),
    ("LineItem", "variant"): lambda pair, call: call.shop.state.variants.get(pair[1].variant_id),
    ("LineItem", "originalTotalSet"): _line_money,
    ("LineItem", "discountAllocations"): _allocations,
    ("AbandonedCheckout", "abandonedCheckoutUrl"): lambda one, call: recovery_url(
        call.shop.state, one
    ),
    ("AbandonedCheckout", "billingAddress"): lambda one, _: one.billing,
    ("AbandonedCheckout", "shippingAddress"): lambda one, _: one.shipping,
    ("AbandonedCheckout", "customAttributes"): lambda one, _: attributes(one.attributes),
    ("AbandonedCheckout", "customer"): _customer_of,
    ("AbandonedCheckout", "lineItems"): _checkout_lines,
    ("AbandonedCheckout", "totalPriceSet"): _checkout_total,
    ("AbandonedCheckoutLineItem", "id"): lambda row, _: gid(
        "AbandonedCheckoutLineItem", row[0].id + row[1]
    ),
    ("AbandonedCheckoutLineItem", "title"): lambda row, _: row[2].product.title,
    ("AbandonedCheckoutLineItem", "variantTitle"): lambda row, _: (
        None if row[2].product.single else row[2].variant.title
    ),
    ("AbandonedCheckoutLineItem", "quantity"): lambda row, _: row[2].line.quantity,
    ("AbandonedCheckoutLineItem", "sku"): lambda row, _: row[2].variant.sku or None,
    ("AbandonedCheckoutLineItem", "image"): lambda row, call: image_of(
        call, row[2].variant.picture
    ),
    ("AbandonedCheckoutLineItem", "product"): lambda row, _: row[2].product,
    ("AbandonedCheckoutLineItem", "variant"): lambda row, _: row[2].variant,
    ("AbandonedCheckoutLineItem", "discountedTotalPriceWithCodeDiscount"): _row_money,
}

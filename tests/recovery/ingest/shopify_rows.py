"""What our rows of a Shopify shop should hold, worked out from the double's own records.

Compared are orders, products with their variants, collections, customers with what they last said
about mails, and the checkouts whose shopper is known. A cart that never came to the checkout cannot
be asked for on Shopify: where its news is lost, nobody can know of it, so it is not compared, but
that none is left living whose order was placed. Of a deleted checkout nothing tells but its news.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from recovery.carts.models import Cart, CartLine
from recovery.catalog.models import Category, Product, Variant
from recovery.contacts.models import Consent, Contact
from recovery.ingest.models import Reading
from recovery.orders.models import Order
from shopapp.shops.models import Shop
from tests.doubles.shopify.payloads.checkout_json import recovery_url
from tests.doubles.shopify.pricing import price
from tests.doubles.shopify.records import Checkout
from tests.doubles.shopify.records import Consent as Said
from tests.doubles.shopify.shop import Shop as Store

Fields = dict[str, Any]
Kind = Reading.Kind
_LIVING = ("open", "abandoned")
_GIVEN = {"subscribed": True, "unsubscribed": False, "redacted": False}


def differences(shop: Shop, store: Store, kinds: list[Reading.Kind]) -> list[str]:
    """Return every field in which our rows of these kinds are not as the shop's own things."""
    found: list[str] = []
    if Kind.ORDERS in kinds:
        found += _mirrored(Order, _orders(shop, store))
    if Kind.PRODUCTS in kinds:
        found += _mirrored(Product, _products(shop, store))
        found += _mirrored(Variant, _variants(shop, store))
    if Kind.CATEGORIES in kinds:
        found += _mirrored(Category, _collections(store))
    if Kind.CUSTOMERS in kinds:
        found += _customers(store)
    if Kind.CHECKOUTS in kinds:
        found += _checkouts(shop, store)
    return found


def _mirrored(model: Any, expected: dict[str, Fields]) -> list[str]:
    found: list[str] = []
    rows = {row.platform_id: row for row in model.objects.filter(vanished_at=None)}
    for platform_id, fields in expected.items():
        row = rows.pop(platform_id, None)
        if row is None:
            found.append(f"{model.__name__} {platform_id} is missing")
            continue
        found += [f"{model.__name__} {platform_id}.{one}" for one in _unlike(row, fields)]
        if getattr(row, "doubtful_since", None) is not None:
            found.append(f"{model.__name__} {platform_id} is left in doubt")
    return found + [f"{model.__name__} {one} is gone in the store" for one in rows]


def _unlike(row: Any, fields: Fields) -> Iterator[str]:
    for name, wanted in fields.items():
        ours = getattr(row, name)
        if name == "lines":
            ours = [(one["product_id"], one["variant_id"], one["quantity"]) for one in ours]
        if name == "category_ids":
            ours = sorted(ours)
        if ours != wanted:
            yield f"{name}: {ours!r} not {wanted!r}"


def _orders(shop: Shop, store: Store) -> dict[str, Fields]:
    return {
        str(one.id): {
            "number": one.name,
            "stage": "cancelled" if one.cancelled_at else "placed",
            "total_minor": _minor(one.total),
            "refunded_minor": _minor(one.refunded),
            "currency": shop.currency,
            "email": one.email,
            "customer_id": _number(one.customer_id, store.state.customers),
            "cart_id": one.cart_token,
            "checkout_token": one.checkout_token,
            "placed_at": one.created_at.replace(microsecond=0),
            "lines": [
                (
                    _number(row.product_id, store.state.products),
                    _number(row.variant_id, store.state.variants),
                    row.quantity,
                )
                for row in one.lines
            ],
        }
        for one in store.state.orders.values()
    }


def _number(number: int, held: Mapping[int, object]) -> str:
    """Return the id of a thing as an order names it: nothing once the thing is deleted."""
    return str(number) if number in held else ""


def _products(shop: Shop, store: Store) -> dict[str, Fields]:
    return {
        str(one.id): {
            "name": one.title,
            "kind": "simple" if one.single else "variable",
            "published": one.on_sale,
            "category_ids": sorted(
                str(number) for number in one.collection_ids if number in store.state.collections
            ),
            "available": one.on_sale and any(row.available for row in one.variants),
            "currency": shop.currency,
        }
        for one in store.state.products.values()
    }


def _variants(shop: Shop, store: Store) -> dict[str, Fields]:
    return {
        str(one.id): {
            "product_id_there": str(one.product_id),
            "price_minor": _minor(one.price),
            "regular_minor": _minor(max(one.compare_at or one.price, one.price)),
            "available": one.available and store.state.products[one.product_id].on_sale,
            "stock": one.stock if one.tracked else None,
            "sku": one.sku,
            "currency": shop.currency,
        }
        for one in store.state.variants.values()
    }


def _collections(store: Store) -> dict[str, Fields]:
    return {
        str(one.id): {"name": one.title, "slug": one.handle}
        for one in store.state.collections.values()
    }


def _customers(store: Store) -> list[str]:
    rows = {row.customer_id: row for row in Contact.objects.exclude(customer_id="")}
    found = []
    for one in store.state.customers.values():
        row = rows.pop(str(one.id), None)
        if row is None:
            found.append(f"Contact {one.id} is missing")
            continue
        wanted = {"email": one.email, "first_name": one.first_name, "last_name": one.last_name}
        # What the shop leaves blank is not taken from a person that we know more of.
        filled = {name: value for name, value in wanted.items() if value}
        found += [f"Contact {one.id}.{text}" for text in _unlike(row, filled)]
        if (said := _said(row)) != (wanted_word := _word(one.consent)):
            found.append(f"Contact {one.id} said {said} not {wanted_word}")
    return found + [f"Contact {one} is gone in the store" for one in rows]


def _word(consent: Said) -> bool | None:
    return _GIVEN.get(consent.state)


def _said(contact: Contact) -> bool | None:
    newest = Consent.objects.filter(contact=contact, channel="email").order_by("-at", "-pk").first()
    return None if newest is None else newest.given


def _checkouts(shop: Shop, store: Store) -> list[str]:
    found: list[str] = []
    for one in store.state.checkouts.values():
        rows = list(Cart.objects.filter(alias=one.token))
        living = [row for row in rows if row.state in _LIVING]
        if one.completed_at is not None:
            found += [f"Cart {one.token} lives on after its order"] * len(living)
        elif one.has_contact:
            if len(living) == 1:
                found += _checkout(store, one, living[0])
            elif living or (one.lines and not _ordered_since(store, one)):
                found.append(f"Checkout {one.token} is {len(living)} living carts")
    for order in store.state.orders.values():
        names = {"cart_id": order.cart_token} if order.cart_token else {"pk": 0}
        if Cart.objects.filter(**names, state__in=_LIVING, changed_at__lt=order.created_at):
            found.append(f"the cart of order {order.id} lives on")
    return found


def _ordered_since(store: Store, one: Checkout) -> bool:
    """Say whether its shopper ordered something when it had begun: that ends it as well."""
    begun = one.created_at.replace(microsecond=0)
    orders = store.state.orders.values()
    return any(order.email == one.email and order.created_at >= begun for order in orders)


def _checkout(store: Store, one: Checkout, row: Cart) -> list[str]:
    lines = sorted(
        CartLine.objects.filter(cart=row).values_list("variant_id", "quantity"),
        key=lambda it: it[0],
    )
    wanted = {
        "stage": "checkout",
        "total_minor": _minor(
            price(store.state, one.lines, one.discount_codes, one.shipping_cost).total
        ),
        "recovery_url": recovery_url(store.state, one),
        "checkout_id": str(one.id),
    }
    found = [f"Cart {one.token}.{text}" for text in _unlike(row, wanted)]
    bought = sorted((str(line.variant_id), line.quantity) for line in one.lines)
    if lines != bought:
        found.append(f"Cart {one.token} holds {lines} not {bought}")
    email = row.contact.email if row.contact else ""
    return found + ([] if email == one.email else [f"Cart {one.token} is {email}'s"])


def _minor(amount: Any) -> int:
    return round(amount * 100)

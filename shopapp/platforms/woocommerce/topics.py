"""The webhooks that we ask a store for, and what each is good for."""

from __future__ import annotations

TOPICS: dict[str, str] = {
    "order.created": "An order was placed; may arrive after its own order.updated.",
    "order.updated": "An order was paid, changed, refunded, or is still a draft.",
    "order.deleted": "An order was put in the trash; erasing one sends nothing.",
    "order.restored": "An order came back from the trash; nothing else tells so.",
    "product.created": "A product or a variation was made.",
    "product.updated": "A product's or a variation's price, stock or text changed.",
    "product.deleted": "A product or variation (or a coupon!) was put in the trash.",
    "product.restored": "A product or variation came back from the trash.",
    "customer.created": "A WordPress user was made, perhaps a customer.",
    "customer.updated": "A customer's account changed.",
    "customer.deleted": "A customer's account was erased.",
}
"""Topic and meaning, in the order in which they are created. Carts have no topic."""

TOLD: dict[str, str] = {
    "order.created": "Order placed",
    "order.updated": "Order changed",
    "order.deleted": "Order put in the trash",
    "order.restored": "Order restored",
    "product.created": "Product added",
    "product.updated": "Product changed",
    "product.deleted": "Product put in the trash",
    "product.restored": "Product restored",
    "customer.created": "Customer added",
    "customer.updated": "Customer changed",
    "customer.deleted": "Customer deleted",
}
"""The topics as a merchant reads them."""

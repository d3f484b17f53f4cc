"""The webhooks that the app has written down in ``shopify.app.toml``, and what each is good for."""

from __future__ import annotations

TOPICS: dict[str, str] = {
    "app/uninstalled": "The merchant took the app out; our keys ended with it.",
    "app/scopes_update": "The merchant allowed us more or less.",
    "bulk_operations/finish": "A list that an import waits for is ready.",
    "carts/create": "A shopper of the online store put a first thing into a cart.",
    "carts/update": "A shopper's cart changed; it names nobody.",
    "checkouts/create": "A shopper went to the checkout.",
    "checkouts/update": "A shopper gave an address, changed or completed the checkout.",
    "checkouts/delete": "A checkout is gone; nothing can be restored any more.",
    "orders/create": "An order was placed; may arrive after its own orders/updated.",
    "orders/updated": "An order was paid, changed, refunded or fulfilled.",
    "orders/paid": "An order was paid; also told by orders/updated, which may get lost.",
    "orders/cancelled": "An order was cancelled.",
    "orders/delete": "An order was deleted.",
    "customers/create": "A customer was made.",
    "customers/update": "A customer's account changed.",
    "customers/delete": "A customer's account was deleted.",
    "customers_email_marketing_consent/update": "A customer agreed to mails, or no longer does.",
    "products/create": "A product was made.",
    "products/update": "A product's or variant's price, stock or text changed.",
    "products/delete": "A product was deleted.",
    "variants/in_stock": "A variant came into stock.",
    "variants/out_of_stock": "A variant ran out.",
}
"""Topic and meaning, all at ``/hooks/shopify/``. Deliveries come in any order, twice or never."""

COMPLIANCE: dict[str, str] = {
    "customers/data_request": "A shopper asked the shop for their data.",
    "customers/redact": "A shopper's data has to be erased.",
    "shop/redact": "Everything of this shop has to be erased: it left 48 hours ago.",
}
"""What the law asks for, at ``/hooks/shopify/compliance/``: acted on for shops that left, too."""

TOLD: dict[str, str] = {
    "app/uninstalled": "App uninstalled",
    "app/scopes_update": "Permissions changed",
    "bulk_operations/finish": "List for the import ready",
    "carts/create": "Cart started",
    "carts/update": "Cart changed",
    "checkouts/create": "Checkout started",
    "checkouts/update": "Checkout changed",
    "checkouts/delete": "Checkout deleted",
    "orders/create": "Order placed",
    "orders/updated": "Order changed",
    "orders/paid": "Order paid",
    "orders/cancelled": "Order cancelled",
    "orders/delete": "Order deleted",
    "customers/create": "Customer added",
    "customers/update": "Customer changed",
    "customers/delete": "Customer deleted",
    "customers_email_marketing_consent/update": "Consent to mails changed",
    "products/create": "Product added",
    "products/update": "Product changed",
    "products/delete": "Product deleted",
    "variants/in_stock": "Variant in stock again",
    "variants/out_of_stock": "Variant sold out",
    "customers/data_request": "Shopper asked for their data",
    "customers/redact": "Shopper to be erased",
    "shop/redact": "Shop to be erased",
}
"""The topics as a merchant reads them."""

_DATED = frozenset(
    topic
    for topic in TOPICS
    if topic.partition("/")[0] in {"checkouts", "orders", "customers", "products", "carts"}
    and not topic.endswith("/delete")
)


def is_known(topic: str) -> bool:
    """Say whether we asked for this topic."""
    return topic in TOPICS or topic in COMPLIANCE


def is_binding(topic: str) -> bool:
    """Say whether the law has us act on this topic, even for a shop that has left."""
    return topic in COMPLIANCE


def is_dated(topic: str) -> bool:
    """Say whether the payload carries ``updated_at``: then the same topic, thing and moment are
    the same news, however often and under whichever delivery id they come."""
    return topic in _DATED

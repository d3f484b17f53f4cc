"""What a scope lets an app do, in words for merchants."""

from __future__ import annotations

_THINGS = {
    "orders": "orders and abandoned checkouts",
    "all_orders": "orders older than 60 days",
    "products": "products and stock",
    "customers": "customers and what they agreed to",
    "discounts": "discount codes",
    "marketing_events": "marketing campaigns",
    "app_proxy": "pages of its own in the online store",
    "pixels": "its pixel",
    "customer_events": "what shoppers do in the online store",
}


def meaning(scope: str) -> str:
    """Return what this scope allows."""
    verb, _, thing = scope.partition("_")
    deed = "View" if verb == "read" else "View and change"
    return f"{deed} {_THINGS.get(thing, thing.replace('_', ' '))}"

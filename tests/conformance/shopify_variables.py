"""Good variables for each of our operations, about the story's things."""

from __future__ import annotations

from typing import Any

from tests.conformance.shopify_bench import Bench
from tests.conformance.shopify_story import Story
from tests.doubles.shopify import discounting
from tests.doubles.shopify.admin.paging import cursor
from tests.doubles.shopify.payloads.customer_json import gid

EVERYTHING = "updated_at:>='2020-01-01T00:00:00Z' AND id:>1"
Variables = dict[str, Any]


def variables_of(bench: Bench, story: Story) -> dict[str, Variables]:
    """Return the variables of each operation by its name; bulk operations by what they run."""
    return {**_readings(bench, story), **_about_one(story), **_changes(bench, story)}


def _readings(bench: Bench, story: Story) -> dict[str, Variables]:
    lists = ("checkouts", "customers", "orders", "products")
    found = {name: {"query": EVERYTHING} for name in lists}
    only = f"id:{story.checkout.id}"
    return {
        **found,
        "collections": {"query": "id:>1"},
        "checkout_lines": {"query": only, "after": _cursor(0)},
        "shop_facts": {},
        "installation": {},
        "bulk_recent": {},
        "customer_by_email": {"email": "tove@mail.example"},
        "discount_by_code": {"code": "spring-first"},
        "activity": {"remote": "rebasket:step"},
    }


def _about_one(story: Story) -> dict[str, Variables]:
    order, line = story.order, story.order.lines[0]
    product = gid("Product", line.product_id)
    return {
        "order": {"id": gid("Order", order.id)},
        "order_lines": {"id": gid("Order", order.id), "after": _cursor(line.id)},
        "product": {"id": product},
        "product_collections": {"id": product, "after": _cursor(0)},
        "product_variants": {"id": product, "after": _cursor(1)},
        "variant": {"id": gid("ProductVariant", line.variant_id)},
        "customer": {"id": gid("Customer", order.customer_id)},
        "abandonment": {"checkout": gid("AbandonedCheckout", story.checkout.id)},
    }


def _changes(bench: Bench, story: Story) -> dict[str, Variables]:
    work = discounting.add_codes(bench.shop, story.discount, ["A-1", "A-2"])
    discount, customer = story.discount.id, gid("Customer", story.checkout.customer_id)
    consent = {"marketingState": "UNSUBSCRIBED", "marketingOptInLevel": "SINGLE_OPT_IN"}
    return {
        "customer_consent": {"input": {"customerId": customer, "emailMarketingConsent": consent}},
        "customer_set": {"email": "new@mail.example", "customer": {"email": "new@mail.example"}},
        "discount_create": {"discount": new_discount("NEW-FIRST")},
        "discount_codes_add": {
            "discount": gid("DiscountCodeNode", discount),
            "codes": [{"code": "B-1"}],
        },
        "discount_codes_made": {"id": gid("DiscountRedeemCodeBulkCreation", work.id)},
        "discount_end": {"id": gid("DiscountCodeNode", discount)},
        "installation_tell": {"metafields": [metafield()]},
        "activity_set": {"input": new_activity("step")},
        "bulk_run": {"query": "{ products { edges { node { id } } } }"},
    }


def new_discount(code: str) -> Variables:
    """Return the input of a good discount of 15 per cent."""
    return {
        "title": "Spring",
        "code": code,
        "startsAt": "2026-03-01T00:00:00Z",
        "usageLimit": 1,
        "context": {"all": "ALL"},
        "customerGets": {"items": {"all": True}, "value": {"percentage": 0.15}},
    }


def new_activity(campaign: str) -> Variables:
    """Return the input of a good marketing activity."""
    return {
        "title": campaign,
        "remoteId": f"rebasket:{campaign}",
        "remoteUrl": "https://app.rebasket.example/",
        "marketingChannelType": "EMAIL",
        "tactic": "ABANDONED_CART",
        "status": "ACTIVE",
        "utm": {"campaign": campaign, "source": "rebasket", "medium": "email"},
    }


def metafield() -> Variables:
    """Return a good metafield."""
    owner = gid("AppInstallation", 1)
    return {
        "ownerId": owner,
        "namespace": "rebasket",
        "key": "script",
        "type": "single_line_text_field",
        "value": "https://app.rebasket.example/s.js",
    }


def _cursor(place: int) -> str:
    """Return a cursor behind this place of a list of lines."""
    return cursor((place, place))

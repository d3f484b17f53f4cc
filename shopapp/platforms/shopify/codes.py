"""Single-use discount codes: one discount per campaign, many codes, each good once.

https://shopify.dev/docs/api/admin-graphql/latest/mutations/discountRedeemCodeBulkAdd (250 a call,
made by and by). The discount's limit of one use holds for each of its codes.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

from shopapp.kit.safe_json import Json, JsonObject
from shopapp.platforms.answers import NotFound, StoreUnavailable
from shopapp.platforms.connector import CodesMade, Discount
from shopapp.platforms.shopify import fields, pages
from shopapp.platforms.shopify.api import Api, gid

MAX_CODES = 250
_DISCOUNT, _BATCH = "DiscountCodeNode", "DiscountRedeemCodeBulkCreation"
_TAKEN = "TAKEN"


def create_discount(api: Api, discount: Discount) -> str:
    """Return the shop's id of the new discount. Where its answer gets lost, the discount is found
    again by its first code."""
    first = secrets.token_urlsafe(18)
    told = _input(discount, first)
    try:
        payload = api.change("discount_create", "discountCodeBasicCreate", discount=told)
    except StoreUnavailable as error:
        found = _discount_of(api, first) if error.temporary else ""
        if not found:
            raise
        return found
    return fields.identifier(pages.expect(payload, "codeDiscountNode"), "id")


def add_codes(api: Api, discount_id: str, codes: tuple[str, ...]) -> str:
    """Ask for these codes, at most 250, and return the batch's id. A code that the discount has
    already counts as made."""
    if not 0 < len(codes) <= MAX_CODES:
        raise ValueError(f"between 1 and {MAX_CODES} codes")
    rows: list[Json] = [{"code": code} for code in codes]
    discount = gid(_DISCOUNT, discount_id)
    payload = api.change(
        "discount_codes_add", "discountRedeemCodeBulkAdd", discount=discount, codes=rows
    )
    return fields.identifier(pages.expect(payload, "bulkCreation"), "id")


def codes_made(api: Api, batch_id: str) -> CodesMade:
    """Return how far a batch is; NotFound when the shop knows no such batch.

    What failed is told at the end; a code that this very discount has already is none of it.
    """
    answer = api.ask("discount_codes_made", id=gid(_BATCH, batch_id))
    batch = answer.get("discountRedeemCodeBulkCreation")
    if not isinstance(batch, dict):
        raise NotFound("NOT_FOUND")
    made = fields.as_whole(batch.get("importedCount"), "importedCount")
    done = fields.flag(batch, "done")
    if not done:
        return CodesMade(done=False, made=made)
    discount, failed = fields.optional_node_id(batch, "discountCode"), {}
    for row in fields.rows(batch, "codes"):
        code, errors = fields.text(row, "code"), fields.optional_rows(row, "errors")
        if errors and _is_taken(errors) and discount and _discount_of(api, code) == discount:
            made += 1
        elif errors:
            failed[code] = fields.plain(errors[0].get("message"))
    return CodesMade(done=True, made=made, failed=failed)


def end_discount(api: Api, discount_id: str) -> None:
    """Switch the discount off, with all its codes."""
    api.change("discount_end", "discountCodeDeactivate", id=gid(_DISCOUNT, discount_id))


def _input(discount: Discount, first_code: str) -> JsonObject:
    value: JsonObject = {"discountAmount": {"amount": discount.amount, "appliesOnEachItem": False}}
    if discount.percent is not None:
        value = {"percentage": discount.percent / 100}
    return {
        "title": discount.title,
        "code": first_code,
        "startsAt": _moment(discount.starts_at),
        "endsAt": _moment(discount.ends_at) if discount.ends_at else None,
        "usageLimit": 1,
        "appliesOncePerCustomer": True,
        "context": {"all": "ALL"},
        "customerGets": {"items": {"all": True}, "value": value},
    }


def _discount_of(api: Api, code: str) -> str:
    """Return the id of the discount that this code belongs to, '' for none."""
    return fields.optional_node_id(api.ask("discount_by_code", code=code), "codeDiscountNodeByCode")


def _is_taken(errors: list[JsonObject]) -> bool:
    return any(error.get("code") == _TAKEN for error in errors)


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"

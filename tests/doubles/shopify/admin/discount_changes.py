"""Discounts and their codes: made, added to by and by, ended."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.doubles.shopify.admin.call import Call, Page, Reader, number_in, user_error
from tests.doubles.shopify.admin.inputs import amount_of, moment_of
from tests.doubles.shopify.admin.paging import page_of
from tests.doubles.shopify.discounting import add_codes, end_discount, new_discount, work_on
from tests.doubles.shopify.order_records import CodeWork, Discount
from tests.doubles.shopify.payloads.customer_json import gid
from tests.doubles.shopify.pricing import code_named

_NODES = ("DiscountCodeNode", "DiscountNode")
_LONGEST = 255


def _create(_: Any, call: Call) -> dict[str, Any]:
    told = call.args["basicCodeDiscount"]
    wrong = _wrong(call, told)
    if wrong:
        return {"codeDiscountNode": None, "userErrors": [wrong]}
    value = told["customerGets"]["value"]
    percent = value.get("percentage")
    starts_at = moment_of(told["startsAt"])
    assert starts_at is not None
    made = new_discount(
        call.shop,
        title=told["title"],
        code=told["code"],
        percent=None if percent is None else Decimal(str(percent)),
        amount=amount_of((value.get("discountAmount") or {}).get("amount") or "0"),
        starts_at=starts_at,
        ends_at=moment_of(told.get("endsAt")),
        usage_limit=told.get("usageLimit"),
        once_per_customer=bool(told.get("appliesOncePerCustomer")),
        combines=told.get("combinesWith") or {},
    )
    return {"codeDiscountNode": made, "userErrors": []}


def _wrong(call: Call, told: dict[str, Any]) -> dict[str, Any] | None:
    """Return what is wrong with a new discount, None for nothing."""
    base = "basicCodeDiscount"
    for name in ("title", "code", "startsAt", "customerGets"):
        if not told.get(name):
            return user_error(f"{name} can't be blank", [base, name], "BLANK")
    if not (told.get("context") or told.get("customerSelection")):
        return user_error("Context must be present", [base, "context"], "MISSING_ARGUMENT")
    if len(told["code"]) > _LONGEST:
        return user_error("Code is too long", [base, "code"], "TOO_LONG")
    if code_named(call.shop.state, told["code"]):
        message = "Code must be unique. Please try a different code."
        return user_error(message, [base, "code"], "TAKEN")
    percent = (told["customerGets"].get("value") or {}).get("percentage")
    if percent is not None and not 0 < percent <= 1:
        path = [base, "customerGets", "value", "percentage"]
        message = "Value must be between 0.0 and 1.0"
        return user_error(message, path, "VALUE_OUTSIDE_RANGE")
    ends_at, starts_at = moment_of(told.get("endsAt")), moment_of(told["startsAt"])
    if ends_at and starts_at and ends_at <= starts_at:
        message = "Ends at needs to be after starts_at"
        return user_error(message, [base, "endsAt"], "END_DATE_BEFORE_START_DATE")
    return None


def _discount(call: Call, value: str) -> Discount | None:
    return call.shop.state.discounts.get(number_in(value, *_NODES))


def _add(_: Any, call: Call) -> dict[str, Any]:
    discount = _discount(call, call.args["discountId"])
    codes = [one["code"] for one in call.args["codes"]]
    if discount is None:
        wrong = user_error("Code discount does not exist.", ["discountId"], "INVALID")
    elif not codes:
        wrong = user_error("Codes can't be blank", ["codes"], "BLANK")
    else:
        return {"bulkCreation": add_codes(call.shop, discount, codes), "userErrors": []}
    return {"bulkCreation": None, "userErrors": [wrong]}


def _creation(_: Any, call: Call) -> CodeWork | None:
    number = number_in(call.args["id"], "DiscountRedeemCodeBulkCreation")
    work = call.shop.state.code_works.get(number)
    if work:
        work_on(call.shop, work)
    return work


def _codes(work: CodeWork, call: Call) -> Page:
    rows = [(place, code, work) for place, code in enumerate(work.codes)]
    return page_of(rows, call.args, key=lambda row: row[0], number=lambda row: row[0])


def _errors(row: tuple[int, str, CodeWork], _: Call) -> list[dict[str, Any]]:
    message = row[2].failed.get(row[1].lower())
    return [user_error(message, ["code"], "TAKEN")] if message else []


def _deactivate(_: Any, call: Call) -> dict[str, Any]:
    discount = _discount(call, call.args["id"])
    if discount is None:
        wrong = user_error("Code discount does not exist.", ["id"], "INVALID")
        return {"codeDiscountNode": None, "userErrors": [wrong]}
    end_discount(call.shop, discount)
    return {"codeDiscountNode": discount, "userErrors": []}


def _by_code(_: Any, call: Call) -> Discount | None:
    found = code_named(call.shop.state, call.args["code"])
    return found[0] if found else None


DISCOUNTS: dict[tuple[str, str], Reader] = {
    ("Mutation", "discountCodeBasicCreate"): _create,
    ("Mutation", "discountRedeemCodeBulkAdd"): _add,
    ("Mutation", "discountCodeDeactivate"): _deactivate,
    ("QueryRoot", "discountRedeemCodeBulkCreation"): _creation,
    ("QueryRoot", "codeDiscountNodeByCode"): _by_code,
    ("DiscountCodeNode", "id"): lambda one, _: gid("DiscountCodeNode", one.id),
    ("DiscountRedeemCodeBulkCreation", "codes"): _codes,
    ("DiscountRedeemCodeBulkCreation", "codesCount"): lambda one, _: len(one.codes),
    ("DiscountRedeemCodeBulkCreation", "importedCount"): lambda one, _: len(one.imported),
    ("DiscountRedeemCodeBulkCreation", "failedCount"): lambda one, _: len(one.failed),
    ("DiscountRedeemCodeBulkCreation", "discountCode"): lambda one, call: (
        call.shop.state.discounts.get(one.discount_id)
    ),
    ("DiscountRedeemCodeBulkCreationCode", "code"): lambda row, _: row[1],
    ("DiscountRedeemCodeBulkCreationCode", "errors"): _errors,
}

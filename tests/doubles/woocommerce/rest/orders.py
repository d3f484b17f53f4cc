"""Orders of REST v3."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from tests.doubles.base.http import Json
from tests.doubles.woocommerce.errors import ApiError, invalid_param, unknown_id
from tests.doubles.woocommerce.records import Meta, Order
from tests.doubles.woocommerce.rest.call import Answer, Call, created, numbers, page_of, within
from tests.doubles.woocommerce.rest.order_json import order_json
from tests.doubles.woocommerce.settings import gmt, now
from tests.doubles.woocommerce.shopkeeping import (
    STATUSES,
    Wanted,
    create_order,
    delete_order,
    pay,
    refund,
    set_status,
    touch_order,
    trash_order,
)

_LISTED = ["any", "trash", *STATUSES]
_HIDDEN = {"trash", "auto-draft", "checkout-draft"}


def _words(options: list[str]) -> str:
    return ", ".join(options[:-1]) + f", and {options[-1]}"


def list_orders(call: Call) -> Answer:
    """Answer a page of orders; drafts and trash only when asked for by name."""
    wanted = (call.query.get("status") or call.query.get("status[]") or "any").split(",")
    for place, status in enumerate(wanted):
        if status not in _LISTED:
            message = f"status[{place}] is not one of {_words(_LISTED)}."
            raise invalid_param("status", message, "rest_not_in_enum", None)
    found = [one for one in call.state.orders.values() if _matches(call, one, wanted)]
    extra = "" if "status" in call.query else "&status%5B0%5D=any"
    return page_of(
        call,
        _sorted(call, found),
        lambda one: order_json(call.state, one, call.root),
        extra + "&dp=2&context=view",
    )


def _matches(call: Call, order: Order, wanted: list[str]) -> bool:
    listed = order.status in wanted or ("any" in wanted and order.status not in _HIDDEN)
    include, customer = numbers(call, "include"), call.query.get("customer")
    search = call.query.get("search", "").lower()
    return (
        listed
        and (include is None or order.id in include)
        and (customer is None or str(order.customer_id) == customer)
        and (not search or search in order.billing.get("email", "").lower())
        and within(call, order.created_at, order.modified_at)
    )


def _sorted(call: Call, found: list[Order]) -> list[Order]:
    descending = call.query.get("order", "desc") == "desc"
    match call.query.get("orderby", "date"):
        case "modified":
            return sorted(found, key=lambda one: (one.modified_at, one.id), reverse=descending)
        case "id":
            return sorted(found, key=lambda one: one.id, reverse=descending)
        case _:
            return sorted(found, key=lambda one: (one.created_at, one.id), reverse=descending)


def _order(call: Call) -> Order:
    order = call.state.orders.get(call.id())
    if order is None:
        raise unknown_id("shop_order")
    return order


def get_order(call: Call) -> Answer:
    """Answer one order."""
    return Answer(order_json(call.state, _order(call), call.root))


def _status(posted: dict[str, Json]) -> str:
    status = str(posted.get("status", "pending"))
    if status not in STATUSES:
        message = f"status is not one of {_words(STATUSES)}."
        raise invalid_param("status", message, "rest_not_in_enum", None)
    return status


def _amount(text: Json) -> Decimal:
    try:
        return Decimal(str(text))
    except InvalidOperation:
        return Decimal(0)


def create(call: Call) -> Answer:
    """Create an order; a product that does not exist gives an empty line, as in the real one."""
    posted = call.fields()
    lines = [
        (
            int(one.get("product_id", 0)),
            int(one.get("variation_id", 0)),
            int(one.get("quantity", 1)),
        )
        for one in posted.get("line_items", [])
    ]
    shipping = posted.get("shipping_lines") or []
    wanted = Wanted(
        lines=lines,
        billing=posted.get("billing", {}),
        shipping=posted.get("shipping", {}),
        status=_status(posted),
        customer_id=int(posted.get("customer_id", 0)),
        payment_method=posted.get("payment_method", ""),
        payment_title=posted.get("payment_method_title", ""),
        coupons=[one["code"] for one in posted.get("coupon_lines", []) if "code" in one],
        shipping_cost=_amount(shipping[0].get("total", "0")) if shipping else None,
        shipping_method=(
            str(shipping[0].get("method_id", "")) if shipping else "",
            str(shipping[0].get("method_title", "")) if shipping else "",
            "",
        ),
        note=posted.get("customer_note", ""),
        meta=[(one["key"], one["value"]) for one in posted.get("meta_data", [])],
        paid=bool(posted.get("set_paid")),
    )
    order = create_order(call.shop.news, wanted)
    return created(call, order_json(call.state, order, call.root), f"orders/{order.id}")


def update(call: Call) -> Answer:
    """Change an order; saving it unchanged is news too."""
    order, posted = _order(call), call.fields()
    with call.state.lock:
        order.billing.update(posted.get("billing", {}))
        order.shipping.update(posted.get("shipping", {}))
        order.note = posted.get("customer_note", order.note)
        for one in posted.get("meta_data", []):
            _put_meta(call, order, str(one["key"]), str(one["value"]))
        if posted.get("set_paid") and not order.paid_at:
            pay(call.shop.news, order)
        elif "status" in posted and _status(posted) != order.status:
            set_status(call.shop.news, order, _status(posted))
        else:
            touch_order(call.shop.news, order)
    return Answer(order_json(call.state, order, call.root))


def _put_meta(call: Call, order: Order, key: str, value: str) -> None:
    for row in order.meta:
        if row.key == key:
            row.value = value
            return
    order.meta.append(Meta(call.state.next_id("meta"), key, value))


def remove(call: Call) -> Answer:
    """Trash an order, or delete it for good with ``force=true``."""
    order = _order(call)
    before = order_json(call.state, order, call.root)
    if call.query.get("force") == "true":
        delete_order(call.shop.news, order)
    elif order.status == "trash":
        raise ApiError(
            "woocommerce_rest_already_trashed", "The order has already been deleted.", 410
        )
    else:
        trash_order(call.shop.news, order)
    return Answer(before)


def create_note(call: Call) -> Answer:
    """Write a note on an order, which makes no news."""
    order = _order(call)
    base = f"{call.root}/wp-json/wc/v3/orders/{order.id}"
    note_id = call.state.next_id("comment")
    allowed = {"allow": ["GET", "DELETE"]}
    body = {
        "id": note_id,
        "author": "WooCommerce",
        "date_created": call.state.settings.local(now()),
        "date_created_gmt": gmt(now()),
        "note": str(call.fields().get("note", "")),
        "customer_note": False,
        "_links": {
            "self": [{"href": f"{base}/notes/{note_id}", "targetHints": allowed}],
            "collection": [{"href": f"{base}/notes"}],
            "up": [{"href": base}],
        },
    }
    return created(call, body, f"orders/{order.id}/notes/{note_id}")


def create_refund(call: Call) -> Answer:
    """Give money back; more than is left answers 500, as measured."""
    order, posted = _order(call), call.fields()
    amount = _amount(posted.get("amount", "0"))
    left = order.total - sum((one.total for one in order.refunds), Decimal(0))
    if amount <= 0 or amount > left:
        raise ApiError("woocommerce_rest_cannot_create_order_refund", "Invalid refund amount", 500)
    made = refund(call.shop.news, order, amount, str(posted.get("reason", "")))
    body = {"id": made.id, "amount": call.state.settings.fixed(amount), "reason": made.reason}
    return created(call, body, f"orders/{order.id}/refunds/{made.id}")

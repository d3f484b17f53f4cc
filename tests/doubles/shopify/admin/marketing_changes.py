"""What apps tell of their own work: activities, what became of abandonments, metafields."""

from __future__ import annotations

from typing import Any

from tests.doubles.shopify.admin.call import Call, Page, Reader, number_in, user_error
from tests.doubles.shopify.admin.paging import page_of
from tests.doubles.shopify.order_records import MarketingActivity, Metafield
from tests.doubles.shopify.payloads.customer_json import gid
from tests.doubles.shopify.records import Checkout


def _set_activity(_: Any, call: Call) -> dict[str, Any]:
    """Make the activity of a remote id, or change it; what marks its links stays as it was."""
    told, state = call.args["input"], call.shop.state
    utm = told.get("utm") or {}
    marks = (utm.get("source", ""), utm.get("medium", ""), utm.get("campaign", ""))
    parameter, remote_id = told.get("urlParameterValue") or "", told["remoteId"]
    known = next((one for one in state.activities.values() if one.remote_id == remote_id), None)
    wrong = _wrong_activity(call, known, marks, parameter)
    if wrong:
        return {"marketingActivity": None, "userErrors": [wrong]}
    with call.shop.action() as at:
        if known is None:
            known = MarketingActivity(
                state.next_id("activity"), "", "", "", "", remote_id, parameter, at, at, "", *marks
            )
            state.activities[known.id] = known
        known.title, known.status, known.tactic = told["title"], told["status"], told["tactic"]
        known.channel, known.remote_url = told["marketingChannelType"], told["remoteUrl"]
        known.updated_at = at
    return {"marketingActivity": known, "userErrors": []}


def _wrong_activity(
    call: Call, known: MarketingActivity | None, marks: tuple[str, str, str], parameter: str
) -> dict[str, Any] | None:
    """Return what is wrong with an activity's marks, None for nothing."""
    if not any(marks) and not parameter:
        message = "Non-hierarchical marketing activities need UTM parameters or a URL parameter."
        code = "NON_HIERARCHIAL_REQUIRES_UTM_URL_PARAMETER"
        return user_error(message, ["input"], code)
    if known and (known.source, known.medium, known.campaign) != marks:
        message = "The UTM parameters cannot be modified."
        return user_error(message, ["input", "utm"], "IMMUTABLE_UTM_PARAMETERS")
    others = (one for one in call.shop.state.activities.values() if one is not known)
    if any(marks) and any((one.source, one.medium, one.campaign) == marks for one in others):
        message = "A marketing activity with the same UTM campaign, medium, and source exists."
        code = "MARKETING_ACTIVITY_WITH_UTM_CAMPAIGN_ALREADY_EXISTS"
        return user_error(message, ["input", "utm"], code)
    return None


def _activities(_: Any, call: Call) -> Page:
    args = call.args
    numbers = {
        number_in(one, "MarketingActivity") for one in args.get("marketingActivityIds") or ()
    }
    remote = set(args.get("remoteIds") or ())
    found = [
        one
        for one in call.shop.state.activities.values()
        if (not numbers or one.id in numbers) and (not remote or one.remote_id in remote)
    ]
    return page_of(found, args, key=lambda one: one.created_at, number=lambda one: one.id)


def _abandonment(_: Any, call: Call) -> Checkout | None:
    number = number_in(call.args["abandonedCheckoutId"], "AbandonedCheckout")
    checkout = call.shop.state.checkout_of(number)
    if checkout is None or not checkout.has_contact:
        return None
    if not checkout.abandonment_id:
        checkout.abandonment_id = call.shop.state.next_id("abandonment")
    return checkout


def _delivered(_: Any, call: Call) -> dict[str, Any]:
    state = call.shop.state
    number = number_in(call.args["abandonmentId"], "Abandonment")
    activity = number_in(call.args["marketingActivityId"], "MarketingActivity")
    checkout = next((one for one in state.checkouts.values() if one.abandonment_id == number), None)
    if checkout is None:
        wrong = user_error("Abandonment not found", ["abandonmentId"], "ABANDONMENT_NOT_FOUND")
    elif activity not in state.activities:
        message = "Marketing activity not found"
        wrong = user_error(message, ["marketingActivityId"], "MARKETING_ACTIVITY_NOT_FOUND")
    else:
        checkout.reported[gid("MarketingActivity", activity)] = call.args["deliveryStatus"]
        return {"abandonment": checkout, "userErrors": []}
    return {"abandonment": None, "userErrors": [wrong]}


def _set_metafields(_: Any, call: Call) -> dict[str, Any]:
    state, made = call.shop.state, []
    for place, told in enumerate(call.args["metafields"]):
        if not told.get("type"):
            path = ["metafields", str(place), "type"]
            wrong = user_error("Type can't be blank", path, "BLANK")
            return {"metafields": [], "userErrors": [wrong]}
        namespace = told.get("namespace") or f"app--{call.shop.setup.app_id}"
        key = (told["ownerId"], namespace, told["key"])
        with call.shop.action() as at:
            before = state.metafields.get(key)
            number = before.id if before else state.next_id("metafield")
            born = before.created_at if before else at
            field = Metafield(number, *key, told["type"], told["value"], born, at)
            state.metafields[key] = field
        made.append(field)
    return {"metafields": made, "userErrors": []}


MARKETING: dict[tuple[str, str], Reader] = {
    ("Mutation", "marketingActivityUpsertExternal"): _set_activity,
    ("Mutation", "abandonmentUpdateActivitiesDeliveryStatuses"): _delivered,
    ("Mutation", "metafieldsSet"): _set_metafields,
    ("QueryRoot", "marketingActivities"): _activities,
    ("QueryRoot", "abandonmentByAbandonedCheckoutId"): _abandonment,
    ("Abandonment", "id"): lambda one, _: gid("Abandonment", one.abandonment_id),
}

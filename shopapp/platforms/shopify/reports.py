"""Telling the shop's marketing pages which mails about abandoned checkouts went out.

A step of a flow is one marketing activity there, and each abandonment has its state with it:
https://shopify.dev/docs/api/admin-graphql/latest/mutations/abandonmentUpdateActivitiesDeliveryStatuses
"""

from __future__ import annotations

from datetime import UTC, datetime

from shopapp.kit.safe_json import JsonObject
from shopapp.platforms.answers import StoreSaidNo
from shopapp.platforms.shopify import fields, identity, pages
from shopapp.platforms.shopify.api import Api, gid

_EXISTS = "MARKETING_ACTIVITY_WITH_REMOTE_ID_ALREADY_EXISTS"
_UNKNOWN = {"ABANDONMENT_NOT_FOUND", "DELIVERY_STATUS_INFO_NOT_FOUND"}
_MAX_TITLE = 255


def report_sent(api: Api, *, checkout_id: str, campaign: str, at: datetime) -> bool:
    """Tell that a mail of this campaign about this checkout went out; False when the shop knows no
    such checkout. Told twice, it counts once: the shop keeps a state, not a number."""
    abandonment = _abandonment(api, checkout_id)
    if not abandonment:
        return False
    activity = _activity(api, campaign) or _new_activity(api, campaign)
    try:
        api.change(
            "abandonment_sent",
            "abandonmentUpdateActivitiesDeliveryStatuses",
            abandonment=abandonment,
            activity=activity,
            at=f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        )
    except StoreSaidNo as error:
        if error.code in _UNKNOWN:
            return False
        raise
    return True


def _abandonment(api: Api, checkout_id: str) -> str:
    answer = api.ask("abandonment", checkout=gid("AbandonedCheckout", checkout_id))
    return _id(answer.get("abandonmentByAbandonedCheckoutId"))


def _activity(api: Api, campaign: str) -> str:
    answer = api.ask("activity", remote=_remote_id(campaign))
    rows = fields.rows(pages.expect(answer, "marketingActivities"), "nodes")
    return _id(rows[0]) if rows else ""


def _new_activity(api: Api, campaign: str) -> str:
    try:
        payload = api.change(
            "activity_create", "marketingActivityCreateExternal", input=_input(api, campaign)
        )
    except StoreSaidNo as error:
        # Another worker was quicker, or our first answer got lost.
        found = _activity(api, campaign) if error.code == _EXISTS else ""
        if not found:
            raise
        return found
    return _id(pages.expect(payload, "marketingActivity"))


def _input(api: Api, campaign: str) -> JsonObject:
    """Return the activity; its UTM marks are those of the links in the mails."""
    return {
        "title": campaign[:_MAX_TITLE],
        "remoteId": _remote_id(campaign),
        "remoteUrl": f"https://{api.host}/admin/apps/{identity.identity().client_id}",
        "marketingChannelType": "EMAIL",
        "tactic": "ABANDONED_CART",
        "status": "ACTIVE",
        "utm": {"campaign": campaign, "source": "rebasket", "medium": "email"},
    }


def _remote_id(campaign: str) -> str:
    return f"rebasket:{campaign}"


def _id(node: object) -> str:
    return fields.text(node, "id") if isinstance(node, dict) else ""

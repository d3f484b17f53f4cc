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

_UNKNOWN = {"ABANDONMENT_NOT_FOUND", "DELIVERY_STATUS_INFO_NOT_FOUND"}
_MAX_TITLE = 255


def report_sent(api: Api, *, checkout_id: str, campaign: str, at: datetime) -> bool:
    """Tell that a mail of this campaign about this checkout went out; False when the shop knows no
    such checkout. Told twice, it counts once: the shop keeps a state, not a number."""
    abandonment = _abandonment(api, checkout_id)
    if not abandonment:
        return False
    activity = _activity(api, campaign) or _new_activity(api, campaign, at)
    try:
        api.change(
            "abandonment_sent",
            "abandonmentUpdateActivitiesDeliveryStatuses",
            abandonment=abandonment,
            activity=activity,
            at=_moment(at),
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


def _new_activity(api: Api, campaign: str, at: datetime) -> str:
    """Return the new activity. Where another worker was quicker, it is the same one again: the
    shop knows it by our own id."""
    payload = api.change(
        "activity_set", "marketingActivityUpsertExternal", input=_input(api, campaign, at)
    )
    return _id(pages.expect(payload, "marketingActivity"))


def _input(api: Api, campaign: str, at: datetime) -> JsonObject:
    """Return the activity; its UTM marks are those of the links in the mails."""
    return {
        "title": campaign[:_MAX_TITLE],
        "remoteId": _remote_id(campaign),
        "remoteUrl": f"https://{api.host}/admin/apps/{identity.identity().client_id}",
        "marketingChannelType": "EMAIL",
        "tactic": "ABANDONED_CART",
        "status": "ACTIVE",
        "start": _moment(at),
        "utm": {"campaign": campaign, "source": "rebasket", "medium": "email"},
    }


def _remote_id(campaign: str) -> str:
    return f"rebasket:{campaign}"


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _id(node: object) -> str:
    return fields.text(node, "id") if isinstance(node, dict) else ""

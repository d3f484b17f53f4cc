"""The store's webhooks that point at us: made, kept switched on, and taken away."""

from __future__ import annotations

import logging
import secrets
from datetime import datetime

from django.conf import settings

from recovery.ingest.models import Subscription
from shopapp.kit.safe_json import JsonObject
from shopapp.kit.sealed import CannotUnseal, reseal, seal, unseal
from shopapp.platforms.connector import MakesWebhooks
from shopapp.platforms.registry import connector_for
from shopapp.shops import access
from shopapp.shops.models import Shop

logger = logging.getLogger(__name__)

ACTIVE = "active"
MISSING = "missing"
_NAME = "Rebasket"


def delivery_url(shop: Shop) -> str:
    """Return the address that the shop's webhooks are sent to."""
    return f"{settings.APP_URL}/hooks/{shop.platform}/{shop.public_id}/"


def register_webhooks(shop: Shop, client: MakesWebhooks, *, at: datetime) -> list[Subscription]:
    """Make the store send every topic we need, each signed with a secret of its own.

    Safe to call again: what is ours and right is kept, what is paused or disabled is switched on,
    what is missing is made, and what points at us without our knowing its secret is deleted.
    Raises StoreError. No transaction may be open.
    """
    theirs = [hook for hook in client.webhooks() if _points_at_us(hook, shop)]
    known = {row.topic: row for row in subscriptions(shop)}
    kept = []
    for topic in connector_for(shop.platform).wanted_topics():
        row = known.get(topic)
        hook = _of(theirs, row, delivery_url(shop))
        if row is None or hook is None or not _open(row):
            kept.append(_make(shop, client, topic, at=at))
        else:
            kept.append(_switched_on(shop, client, row, hook))
    with access.scope(shop):
        Subscription.objects.filter(topic__in=[row.topic for row in kept]).update(checked_at=at)
    ours = {row.platform_id for row in kept}
    for hook in theirs:
        if str(hook.get("id")) not in ours:
            client.delete_webhook(str(hook["id"]))
    return kept


def delete_webhooks(shop: Shop, client: MakesWebhooks) -> int:
    """Delete the store's webhooks that point at us, and what we know of them; return how many.

    Before the keys are given up: revoked keys do not stop webhooks. Raises StoreError.
    """
    theirs = [hook for hook in client.webhooks() if _points_at_us(hook, shop)]
    for hook in theirs:
        client.delete_webhook(str(hook["id"]))
    with access.scope(shop):
        Subscription.objects.all().delete()
    return len(theirs)


def subscriptions(shop: Shop) -> list[Subscription]:
    """Return the webhooks as last looked at, by topic."""
    with access.scope(shop):
        return list(Subscription.objects.order_by("topic"))


def secret_of(shop: Shop, topic: str) -> str:
    """Return the topic's own secret, '' when there is no such webhook of ours."""
    with access.scope(shop):
        row = Subscription.objects.filter(topic=topic).first()
    return _open(row) if row else ""


def seal_anew(shop: Shop) -> tuple[int, int]:
    """Seal the webhooks' secrets under the current key; return how many, and how many no key opens.

    Needs the shop in scope.
    """
    done = lost = 0
    for row in Subscription.objects.select_for_update().filter(shop=shop):
        try:
            row.sealed_secret = reseal(row.sealed_secret, context=_context(shop.pk, row.topic))
        except CannotUnseal:
            lost += 1
            continue
        row.save(update_fields=["sealed_secret"])
        done += 1
    return done, lost


def _switched_on(
    shop: Shop, client: MakesWebhooks, row: Subscription, hook: JsonObject
) -> Subscription:
    """Return the subscription after the store sends it (again)."""
    problem = ""
    if hook.get("status") != ACTIVE:
        problem = f"was {hook.get('status')} in the store; switched on again"[:300]
        logger.warning("a webhook was switched off", extra={"shop": shop.pk, "topic": row.topic})
        hook = client.update_webhook(row.platform_id, status=ACTIVE)
    found = (str(hook.get("status"))[:32], problem)
    if found != (row.status, row.problem):
        row.status, row.problem = found
        with access.scope(shop):
            row.save(update_fields=["status", "problem"])
    return row


def _make(shop: Shop, client: MakesWebhooks, topic: str, *, at: datetime) -> Subscription:
    """Create the webhook; its secret is committed first, since deliveries may come at once."""
    secret = secrets.token_urlsafe(32)
    with access.scope(shop):
        row: Subscription = Subscription.objects.update_or_create(
            shop=shop,
            topic=topic,
            defaults={
                "platform_id": "",
                "sealed_secret": seal(secret, context=_context(shop.pk, topic)),
                "status": MISSING,
                "checked_at": at,
                "problem": "",
            },
        )[0]
    hook = client.create_webhook(
        name=f"{_NAME}: {topic}", topic=topic, delivery_url=delivery_url(shop), secret=secret
    )
    row.platform_id, row.status = str(hook.get("id")), str(hook.get("status"))[:32]
    with access.scope(shop):
        row.save(update_fields=["platform_id", "status"])
    return row


def _of(theirs: list[JsonObject], row: Subscription | None, address: str) -> JsonObject | None:
    if row is None or not row.platform_id:
        return None
    return next(
        (
            hook
            for hook in theirs
            if str(hook.get("id")) == row.platform_id
            and hook.get("topic") == row.topic
            and hook.get("delivery_url") == address
        ),
        None,
    )


def _points_at_us(hook: JsonObject, shop: Shop) -> bool:
    """Say whether it sends to this shop's door, under this address of ours or an older one."""
    address = hook.get("delivery_url")
    return isinstance(address, str) and address.rstrip("/").endswith(
        f"/hooks/{shop.platform}/{shop.public_id}"
    )


def _open(row: Subscription) -> str:
    try:
        return unseal(row.sealed_secret, context=_context(row.shop_id, row.topic))
    except CannotUnseal:
        return ""


def _context(shop_id: int, topic: str) -> str:
    return f"shop:{shop_id}:webhook:{topic}"

"""The inbox's doors: verify the raw body, commit one row, answer in milliseconds."""

from __future__ import annotations

from datetime import UTC, datetime

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from recovery.ingest import keys, webhooks
from recovery.ingest.models import Delivery
from recovery.ingest.services import receive
from shopapp.kit import clock, later
from shopapp.kit.errors import AppError, Unreachable, Unsigned
from shopapp.platforms.connector import Connector, WebhookHead
from shopapp.platforms.registry import connector_for
from shopapp.shops import access, credentials
from shopapp.shops.models import Credential, Shop

_STRANGE = "Sent by a store at another address. Handle it only if your shop has moved."


class Gone(AppError):
    """The shop took the app out: nothing more needs to be sent."""

    status = 410
    code = "gone"


class TooLarge(AppError):
    """Larger than anything that a store sends."""

    status = 413
    code = "too_large"


@csrf_exempt
@require_POST
def webhook(request: HttpRequest, platform: str, public_id: str) -> HttpResponse:
    """Take in a platform's webhook. Unsigned ones are 401, but for the platform's ping."""
    shop, body = _shop(platform, public_id), _body(request)
    connector = connector_for(shop.platform)
    if connector.is_ping(request.headers, body):
        return JsonResponse({})
    _refuse_if_gone(shop)
    head = connector.read_webhook_head(request.headers)
    if not connector.webhook_signed(head, body, _secrets(shop, connector, head)):
        raise Unsigned("The signature is missing or wrong.")
    _keep(shop, connector, head, body)
    return JsonResponse({})


@csrf_exempt
@require_POST
def shared(request: HttpRequest, platform: str) -> HttpResponse:
    """Take in a webhook of a platform that sends all shops' to one address.

    The signature is judged before anything else, so that the unsigned learn nothing of which shops
    there are; without a secret of ours nobody is believed. A shop that is not here yet is 404 (the
    platform tries again), one that left is 410; what binds us by law is taken in all the same.
    """
    connector, body = _connector(platform), _body(request)
    head = connector.read_webhook_head(request.headers)
    secrets = connector.app_secrets()
    if not secrets or not connector.webhook_signed(head, body, secrets):
        raise Unsigned("The signature is missing or wrong.")
    host = connector.host_of(head.source)
    shop = Shop.objects.filter(platform=platform, host=host).first() if host else None
    if shop is None:
        if not head.binding:
            raise Unreachable("There is no such shop here.")
        return JsonResponse({})  # Nothing is kept of a shop that was never here.
    if not head.binding:
        _refuse_if_gone(shop)
    _keep(shop, connector, head, body)
    return JsonResponse({})


@csrf_exempt
@require_POST
def plugin(request: HttpRequest, platform: str, public_id: str) -> HttpResponse:
    """Take in a report of the companion plugin; 401 unless the connection's secret signed it.

    One that was signed more than five minutes ago is still taken in: its event id makes it count
    once, and its own time puts it in its order.
    """
    shop, body = _shop(platform, public_id), _body(request)
    _refuse_if_gone(shop)
    with access.scope(shop):
        secret = credentials.reveal(shop, Credential.Kind.PLUGIN_SECRET)
    connector = connector_for(shop.platform)
    # Signatures live in real time, whatever the shown clock says.
    head = connector.read_plugin_head(request.headers, body, secret, at=datetime.now(UTC))
    if head is None:
        raise Unsigned("The signature is missing or wrong.")
    receive(
        shop,
        source=Delivery.Source.PLUGIN,
        topic=head.kind or "unreadable",
        event_key=keys.of_plugin(head.event_id, body),
        body=body,
        at=clock.now(),
    )
    later.enqueue("ingest.handle_waiting", shop.pk)
    return JsonResponse({})


def _keep(shop: Shop, connector: Connector, head: WebhookHead, body: bytes) -> None:
    """Commit a signed delivery once, and wake a worker for it."""
    # A copy of the store (for tests, or moved) signs with the same secrets: a person decides.
    strange = "" if connector.same_store(head, body, shop.host) else _STRANGE
    event_key, content_key = connector.delivery_keys(head, body)
    receive(
        shop,
        source=Delivery.Source.WEBHOOK,
        topic=head.topic,
        event_key=event_key,
        content_key=content_key,
        body=body,
        said_at=head.said_at,
        at=clock.now(),
        problem=strange,
    )
    later.enqueue("ingest.handle_waiting", shop.pk)


def _connector(platform: str) -> Connector:
    try:
        return connector_for(platform)
    except KeyError as error:
        raise Unreachable("There is no such platform here.") from error


def _secrets(shop: Shop, connector: Connector, head: WebhookHead) -> tuple[str, ...]:
    """Return what may have signed this: the app's secrets, or the webhook's own."""
    return connector.app_secrets() or (webhooks.secret_of(shop, head.topic),)


def _shop(platform: str, public_id: str) -> Shop:
    shop = access.shop_by_public_id(public_id)
    if shop.platform != platform:
        raise Unreachable("There is no such shop here.")
    return shop


def _refuse_if_gone(shop: Shop) -> None:
    if shop.state == Shop.State.UNINSTALLED:
        raise Gone("This shop is no longer connected.")


def _body(request: HttpRequest) -> bytes:
    try:
        return request.body
    except RequestDataTooBig as error:
        raise TooLarge("This is larger than any news of a store.") from error

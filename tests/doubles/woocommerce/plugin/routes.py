"""The plugin's own REST routes: the app connects it, asks after it and wakes it."""

from __future__ import annotations

from tests.doubles.base.http import Json, Request
from tests.doubles.woocommerce.errors import ApiError, invalid_param, no_route
from tests.doubles.woocommerce.plugin.outbox import report, send_waiting
from tests.doubles.woocommerce.plugin.state import PLUGIN_VERSION, Connection, PluginState
from tests.doubles.woocommerce.records import ApiKey
from tests.doubles.woocommerce.settings import (
    PHP_VERSION,
    WOOCOMMERCE_VERSION,
    WORDPRESS_VERSION,
)
from tests.doubles.woocommerce.shop import Shop


def answer_plugin(shop: Shop, request: Request, route: str, key: ApiKey | None) -> Json:
    """Return what a plugin route answers; raises ApiError."""
    plugin = shop.plugin
    if plugin is None:
        raise no_route()
    if key is None:
        message = "Sorry, you are not allowed to do that."
        raise ApiError("rest_forbidden", message, 401)
    match request.method, route.removeprefix("/wc-rebasket/v1/").rstrip("/"):
        case "POST", "connection":
            plugin.connection = _connection(request)
            plugin.over = False
            return about(shop, plugin)
        case "GET", "connection":
            return {**about(shop, plugin), **_waiting(plugin)}
        case "DELETE", "connection":
            disconnect(plugin)
            return about(shop, plugin)
        case "POST", "poke":
            plugin.over = False
            sent = send_waiting(plugin, shop.client)
            shop.deliveries.run()
            return {"sent": sent, "waiting": len(plugin.outbox)}
    raise no_route()


def about(shop: Shop, plugin: PluginState) -> Json:
    """Return what the plugin says about itself and its shop."""
    return {
        "schema": 1,
        "plugin": PLUGIN_VERSION,
        "woocommerce": WOOCOMMERCE_VERSION,
        "wordpress": WORDPRESS_VERSION,
        "php": PHP_VERSION,
        "merchant_email": plugin.merchant_email,
        "home_url": f"{shop.home}/",
        "plain_permalinks": shop.plain_permalinks,
        "own_cart_mail": plugin.own_cart_mail,
    }


def disconnect(plugin: PluginState, *, tell: bool = False) -> None:
    """Forget the connection and what waits; ``tell``: the merchant did it, say so first."""
    if tell and plugin.connection:
        report(plugin, "plugin.stopped", "plugin", {})
        return
    with plugin.lock:
        plugin.connection = None
        plugin.outbox.clear()


def _waiting(plugin: PluginState) -> Json:
    with plugin.lock:
        oldest = plugin.outbox[0].queued_at if plugin.outbox else None
        waiting = {"waiting": len(plugin.outbox), "oldest_at": oldest}
    return {"shop": plugin.connection.shop if plugin.connection else None, "outbox": waiting}


def _connection(request: Request) -> Connection:
    try:
        posted = request.json()
        consent = posted["consent"]
        if posted["schema"] != 1:
            raise ValueError("schema")
        return Connection(
            shop=str(posted["shop"]),
            secret=str(posted["secret"]),
            app_url=str(posted["app_url"]).rstrip("/"),
            script_url=str(posted["script_url"]),
            wording=str(consent["wording"]),
            version=str(consent["version"]),
            box_countries=tuple(consent["box_countries"]),
            box_default=bool(consent["box_default"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        name = str(error.args[0]) if error.args else "body"
        raise invalid_param(name, f"{name} is missing.", "rest_missing", None) from error

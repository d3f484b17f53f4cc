"""What a store says about itself: the index, its settings and its system status."""

from __future__ import annotations

from tests.doubles.base.http import Json
from tests.doubles.woocommerce.errors import ApiError
from tests.doubles.woocommerce.rest.call import Answer, Call
from tests.doubles.woocommerce.settings import (
    PHP_VERSION,
    WOOCOMMERCE_VERSION,
    WORDPRESS_VERSION,
    Settings,
    now,
)

NAMESPACES = [
    "oembed/1.0", "wc/v3", "wc/v1", "wc/pos/v1/catalog", "jetpack/v4", "wc-admin", "wc-analytics",
    "wc/store", "wc/store/v1", "wc/private", "wc/v2", "wc-admin-email", "wc-telemetry",
    "wccom-site/v3", "wp-abilities/v1", "wp/v2", "wp-site-health/v1", "wp-block-editor/v1",
]  # fmt: skip

_POSITIONS = {
    "left": "Left",
    "right": "Right",
    "left_space": "Left with space",
    "right_space": "Right with space",
}


def index(call: Call) -> Answer:
    """Answer the site's index, which names its interfaces."""
    settings = call.state.settings
    login = f"{call.root}/wp-admin/authorize-application.php"
    own = ["wc-rebasket/v1"] if call.shop.plugin else []
    body = {
        "name": settings.name,
        "description": settings.tagline,
        "url": call.root,
        "home": call.root,
        "gmt_offset": settings.gmt_offset(now()),
        "timezone_string": settings.zone,
        "namespaces": [*NAMESPACES, *own],
        "authentication": {"application-passwords": {"endpoints": {"authorization": login}}},
    }
    return Answer(body)


def _setting(name: str, label: str, kind: str, default: str, value: str, about: str) -> Json:
    return {
        "id": f"woocommerce_{name}",
        "label": label,
        "description": about,
        "type": kind,
        "default": default,
        "tip": about,
        "value": value,
    }


def _choice(row: Json, options: dict[str, str]) -> Json:
    return {**row, "options": options}


def _general(settings: Settings) -> list[Json]:
    place = settings.country + (f":{settings.state}" if settings.state else "")
    currency = _setting(
        "currency", "Currency", "select", "USD", settings.currency,
        "This controls what currency prices are listed at in the catalog and which currency"
        " gateways will take payments in.",
    )  # fmt: skip
    position = _setting(
        "currency_pos", "Currency position", "select", "left", settings.position,
        "This controls the position of the currency symbol.",
    )  # fmt: skip
    base = _setting(
        "default_country", "Country / State", "select", "US:CA", place,
        "The country and state or province, if any, in which your business is located.",
    )  # fmt: skip
    coupons = "Enable the use of coupon codes"
    return [
        _setting("store_address", "Address line 1", "text", "", settings.street, "Your address."),
        _setting("store_city", "City", "text", "", settings.city, "The city of your business."),
        _choice(base, {place: settings.city}),
        _setting("store_postcode", "Postcode / ZIP", "text", "", settings.postcode, "If any."),
        _setting("calc_taxes", "Enable taxes", "checkbox", "no", "no", "Enable tax rates."),
        _setting("enable_coupons", "Enable coupons", "checkbox", "yes", "yes", coupons),
        _choice(currency, {settings.currency: f"{settings.currency} — {settings.currency}"}),
        _choice(position, _POSITIONS),
        _setting(
            "price_thousand_sep", "Thousand separator", "text", ",", settings.thousand,
            "This sets the thousand separator of displayed prices.",
        ),
        _setting(
            "price_decimal_sep", "Decimal separator", "text", ".", settings.decimal,
            "This sets the decimal separator of displayed prices.",
        ),
        _setting(
            "price_num_decimals", "Number of decimals", "number", "2", str(settings.decimals),
            "This sets the number of decimal points shown in displayed prices.",
        ),
    ]  # fmt: skip


def _linked(call: Call, row: Json, *, single: bool) -> Json:
    base = f"{call.root}/wp-json/wc/v3/settings/general"
    allowed = {"allow": ["GET", "POST", "PUT", "PATCH"]}
    shown = {**row, "group_id": "general"} if single else dict(row)
    shown["_links"] = {
        "self": [{"href": f"{base}/{row['id']}", "targetHints": allowed}],
        "collection": [{"href": base}],
    }
    return shown


def general_settings(call: Call) -> Answer:
    """Answer the general settings that matter to a reader."""
    rows = _general(call.state.settings)
    return Answer([_linked(call, row, single=False) for row in rows])


def general_setting(call: Call) -> Answer:
    """Answer one general setting."""
    for row in _general(call.state.settings):
        if row["id"] == call.named["name"]:
            return Answer(_linked(call, row, single=True))
    raise ApiError("rest_setting_setting_invalid", "Invalid setting.", 404)


def current_currency(call: Call) -> Answer:
    """Answer the shop's currency."""
    settings = call.state.settings
    base = f"{call.root}/wp-json/wc/v3/data/currencies"
    itself = {"href": f"{base}/{settings.currency}", "targetHints": {"allow": ["GET"]}}
    body = {
        "code": settings.currency,
        "name": settings.currency,
        "symbol": settings.symbol_html,
        "_links": {"self": [itself], "collection": [{"href": base}]},
    }
    return Answer(body)


def _environment(call: Call) -> Json:
    return {
        "home_url": call.root,
        "site_url": call.root,
        "version": WOOCOMMERCE_VERSION,
        "wp_version": WORDPRESS_VERSION,
        "wp_multisite": False,
        "wp_debug_mode": False,
        "wp_cron": True,
        "wp_environment_type": "local",
        "language": call.state.settings.locale,
        "server_info": "nginx/1.22.1",
        "php_version": PHP_VERSION,
        "default_timezone": "UTC",
    }


def system_status(call: Call) -> Answer:
    """Answer the parts of the system status that matter to a reader."""
    settings = call.state.settings
    plugin = {
        "plugin": "woocommerce/woocommerce.php",
        "name": "WooCommerce",
        "version": WOOCOMMERCE_VERSION,
        "version_latest": WOOCOMMERCE_VERSION,
        "url": "https://woocommerce.com/",
        "author_name": "Automattic",
        "author_url": "https://woocommerce.com",
        "network_activated": False,
    }
    body = {
        "environment": _environment(call),
        "active_plugins": [plugin],
        "inactive_plugins": [],
        "settings": {
            "api_enabled": False,
            "force_ssl": False,
            "currency": settings.currency,
            "currency_symbol": settings.symbol_html,
            "currency_position": settings.position,
            "thousand_separator": settings.thousand,
            "decimal_separator": settings.decimal,
            "number_of_decimals": settings.decimals,
        },
        "security": {"secure_connection": call.request.scheme == "https", "hide_errors": True},
    }
    return Answer(body)

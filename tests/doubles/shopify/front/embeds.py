"""App embeds: the extension's own Liquid, rendered where the merchant switched it on."""

from __future__ import annotations

import re
from pathlib import Path

from liquid import Environment

from tests.doubles.base.http import Json
from tests.doubles.shopify.shop import Shop

BLOCKS = Path(__file__).parents[4] / "widgets/shopify/extensions/rebasket-embed/blocks"
_SCHEMA = re.compile(r"{%-?\s*schema\s*-?%}.*?{%-?\s*endschema\s*-?%}", re.DOTALL)
_LIQUID = Environment()


def handles() -> list[str]:
    """Return the embeds that the app brings, by handle: their files' names."""
    return sorted(path.stem for path in BLOCKS.glob("*.liquid"))


def embedded(shop: Shop) -> str:
    """Return what the embeds that are switched on write at the end of the body."""
    if not shop.installed:
        return ""
    return "".join(
        f'<div id="shopify-block-{handle}" class="shopify-block shopify-app-block">'
        f"{render_embed(shop, handle)}</div>"
        for handle in handles()
        if handle in shop.front.embeds
    )


def render_embed(shop: Shop, handle: str) -> str:
    """Return what one embed writes, with the few things that Liquid knows here."""
    source = _SCHEMA.sub("", (BLOCKS / f"{handle}.liquid").read_text(encoding="utf-8"))
    settings = shop.settings
    return _LIQUID.from_string(source).render(
        app={"metafields": _app_metafields(shop)},
        localization={"country": {"iso_code": settings.country}},
        request={"locale": {"iso_code": settings.locale}},
        routes={"cart_url": "/cart", "root_url": "/"},
        shop={"permanent_domain": settings.host, "name": settings.name},
    )


def _app_metafields(shop: Shop) -> Json:
    """Return the metafields that the app keeps on its own installation."""
    found: Json = {}
    for (owner, namespace, key), field in shop.state.metafields.items():
        if "/AppInstallation/" in owner:
            found.setdefault(namespace, {})[key] = {"value": field.value, "type": field.type}
    return found

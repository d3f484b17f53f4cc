"""Where a store's REST routes are, and how a request to them is signed. Pure."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlencode

from woocommerce.oauth import OAuth

WOO = "wc/v3"
PLUGIN = "wc-rebasket/v1"
INDEX_FIELDS = "name,url,home,gmt_offset,timezone_string,namespaces"


@dataclass(frozen=True, slots=True)
class Routes:
    """The addresses of one store's REST routes. ``store_url``: without a slash at the end."""

    store_url: str
    plain_permalinks: bool = False

    def index(self) -> str:
        """Return the public index of all routes, cut down to what tells who is there. It is
        asked without keys: outside of WooCommerce's own routes they are an unknown user."""
        return self._address("", {"_fields": INDEX_FIELDS})

    def of(self, namespace: str, route: str, params: Mapping[str, str] | None = None) -> str:
        """Return the address of ``/<namespace>/<route>`` with these parameters."""
        return self._address(f"{namespace}/{route.strip('/')}", dict(params or {}))

    def _address(self, route: str, params: dict[str, str]) -> str:
        if self.plain_permalinks:
            params = {"rest_route": f"/{route}", **params}
            if route:
                # WooCommerce accepts keys only where it finds this text in the request's
                # address, which plain permalinks do not have: a decoy brings it in.
                params["_u"] = "wp-json/wc/" if route.startswith(WOO) else "wp-json/wc-"
            return f"{self.store_url}/index.php?{urlencode(params, safe='/')}"
        query = f"?{urlencode(params)}" if params else ""
        return f"{self.store_url}/wp-json/{route}{query}"


class _Signer(OAuth):  # type: ignore[misc]
    """The signer of the WooCommerce package, which leaves ``/`` unescaped in values while
    WooCommerce itself escapes it (as in ``rest_route=/wc/v3/orders``)."""

    @staticmethod
    def normalize_parameters(params: Mapping[str, object] | None) -> OrderedDict[str, str]:
        """Return the parameters escaped twice, as PHP's rawurlencode does."""
        return OrderedDict(
            (_escaped(str(key)), _escaped(str(value))) for key, value in (params or {}).items()
        )


def signed(method: str, url: str, *, consumer_key: str, consumer_secret: str) -> str:
    """Return this address with its OAuth 1.0a signature (HMAC-SHA256, in the query): what a
    store on plain http takes instead of Basic."""
    signer = _Signer(
        url, consumer_key, consumer_secret, method=method, oauth_timestamp=int(time.time())
    )
    # Slashes stay readable in the query: the decoy of plain permalinks is looked for as text.
    return str(signer.get_oauth_url()).replace("%2F", "/")


def _escaped(text: str) -> str:
    return quote(unquote(text), safe="").replace("%", "%25")

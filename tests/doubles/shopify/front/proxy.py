"""The app proxy: pages of the shop's own address that the app answers."""

from __future__ import annotations

import hashlib
import hmac
from urllib.parse import urlencode

import httpx

from shopapp.kit.clock import real_now
from tests.doubles.base.http import Request, Response, text_answer
from tests.doubles.shopify.shop import Shop

STRIPPED = frozenset(
    """accept-patch accept-ranges connection cookie date delta-base im p3p pragma preference-applied
    proxy-authenticate public-key-pins server service-worker-allowed set-cookie trailer tk warning
    x-powered-by content-length content-encoding transfer-encoding""".split()
)
"""Headers of the app's answer that no visitor sees. The last three are the connection's own."""

_ADDED = ("shop", "logged_in_customer_id", "path_prefix", "timestamp", "signature")


def is_proxied(shop: Shop, path: str) -> bool:
    """Say whether this address of the shop is answered by the app."""
    prefix, subpath, _ = shop.setup.proxy
    return shop.installed and (path + "/").startswith(f"/{prefix}/{subpath}/")


def answer_proxied(
    shop: Shop, request: Request, client: httpx.Client, *, customer_id: int = 0
) -> Response:
    """Ask the app and hand its answer on: signed, no cookies either way, redirects followed."""
    prefix, subpath, address = shop.setup.proxy
    base = f"/{prefix}/{subpath}"
    query = [(key, value) for key, value in request.pairs if key not in _ADDED]
    query += [
        ("shop", shop.host),
        ("logged_in_customer_id", str(customer_id or "")),
        ("path_prefix", base),
        ("timestamp", str(int(real_now().timestamp()))),
    ]
    query.append(("signature", sign(query, shop.setup.signing_secret)))
    kept = {"accept", "accept-language", "content-type", "user-agent"}
    headers = {key: value for key, value in request.headers.items() if key in kept}
    headers["X-Forwarded-Host"] = request.host
    url = f"{shop.setup.address_of(address)}{request.path.removeprefix(base)}?{urlencode(query)}"
    try:
        answer = client.request(
            request.method, url, content=request.body, headers=headers, follow_redirects=True
        )
    except httpx.HTTPError:
        return text_answer("There was an error in the third-party application.", 502)
    passed = [(key, value) for key, value in answer.headers.items() if key not in STRIPPED]
    return Response(answer.status_code, answer.content, passed)


def sign(query: list[tuple[str, str]], secret: str) -> str:
    """Return the signature of a query: equal keys joined by commas, sorted, nothing between."""
    joined: dict[str, list[str]] = {}
    for key, value in query:
        joined.setdefault(key, []).append(value)
    text = "".join(sorted(f"{key}={','.join(values)}" for key, values in joined.items()))
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()

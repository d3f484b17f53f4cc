"""The whole double as one handler: files, the token endpoint, the Admin API, then the pages."""

from __future__ import annotations

import re

import httpx

from tests.doubles.base.http import Request, Response
from tests.doubles.shopify.admin.endpoint import answer_graphql, as_json
from tests.doubles.shopify.authorize import answer_authorize
from tests.doubles.shopify.control import answer_control
from tests.doubles.shopify.delivery import Deliveries
from tests.doubles.shopify.front.door import answer_front
from tests.doubles.shopify.oauth import answer_token
from tests.doubles.shopify.shop import Shop
from tests.doubles.shopify.storage import answer_storage

_API = re.compile(r"/admin/api/([^/]+)/graphql\.json")
_FILE = re.compile(r"/storage/bulk/([0-9]+)\.jsonl")


def answer(shop: Shop, request: Request, deliveries: Deliveries, client: httpx.Client) -> Response:
    """Answer a request to this shop. ``client`` asks the app for what it serves in the shop."""
    if found := _FILE.fullmatch(request.path):
        return answer_storage(shop.bulk, request, int(found[1]))
    if request.path.startswith("/__double/"):
        return answer_control(shop, deliveries, request)
    if request.path == "/admin/oauth/access_token":
        return answer_token(shop, request) if request.method == "POST" else as_json({}, 405)
    if request.path == "/admin/oauth/authorize":
        return answer_authorize(shop, request)
    if found := _API.fullmatch(request.path):
        if request.method != "POST":
            return as_json({"errors": "Not Found"}, 404)
        return answer_graphql(shop, request, found[1])
    if request.path.startswith("/admin/api/"):
        return as_json({"errors": "Not Found"}, 404)
    return answer_front(shop, request, client)

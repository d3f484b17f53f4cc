"""The one door to all pages of a shop: files, the admin, what the app answers, the online store."""

from __future__ import annotations

import httpx

from tests.doubles.base.http import Request, Response
from tests.doubles.shopify.front.office import answer_office, is_office
from tests.doubles.shopify.front.proxy import answer_proxied, is_proxied
from tests.doubles.shopify.front.routes import answer_file, answer_store
from tests.doubles.shopify.shop import Shop


def answer_front(shop: Shop, request: Request, client: httpx.Client) -> Response:
    """Answer whatever a person's browser asks of this shop. ``client`` asks the app.

    Nothing is locked while the app is asked: it may ask the shop something before it answers.
    """
    if found := answer_file(request):
        return found
    if is_office(request.path):
        return answer_office(shop, request)
    if is_proxied(shop, request.path):
        signed_in = request.cookies.get("customer", "")
        customer_id = int(signed_in) if signed_in.isdigit() else 0
        return answer_proxied(shop, request, client, customer_id=customer_id)
    return answer_store(shop, request)

"""Two Shopify shops that answer on loopback, with their admins."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx

from tests.doubles.base.http import Request, Response, as_wsgi
from tests.doubles.base.server import Listener
from tests.doubles.shopify.admin.endpoint import answer_graphql
from tests.doubles.shopify.app_setup import AppSetup
from tests.doubles.shopify.front.door import answer_front
from tests.doubles.shopify.front.id_tokens import id_token
from tests.doubles.shopify.installing import install
from tests.doubles.shopify.oauth import answer_token
from tests.doubles.shopify.profiles import KYOTO, NORDIC
from tests.doubles.shopify.seed import open_shop
from tests.doubles.shopify.shop import Shop

STAND_IN = "x-stand-in-host"


@dataclass(slots=True)
class Admins:
    """Both shops behind one origin, as the stand-in is asked: by the header, the first without."""

    first: Shop
    second: Shop
    client: httpx.Client
    url: str = ""
    asked: list[str] = field(default_factory=list)

    def answer(self, request: Request) -> Response:
        """Answer the app or a person's browser."""
        wanted = request.headers.get(STAND_IN, self.first.host)
        shop = self.second if wanted == self.second.host else self.first
        path = request.path
        if path == "/admin/oauth/access_token":
            self.asked.append(request.json().get("requested_token_type", "refresh"))
            return answer_token(shop, request)
        if path.startswith("/admin/api/"):
            return answer_graphql(shop, request, path.split("/")[3])
        return answer_front(shop, request, self.client)

    def token(self, shop: Shop | None = None, *, owner: bool = True) -> str:
        """Return an ID token of the owner or of another member of the staff."""
        chosen = shop or self.first
        user = next(one for one in chosen.users if one.owner is owner)
        return id_token(chosen, user, "a session")


@contextmanager
def open_admins(app_url: str, *, client_id: str, secret: str) -> Iterator[Admins]:
    """Run both shops' admins until the block ends; the app is installed in both."""
    with httpx.Client() as client:
        shops = [
            open_shop(profile, AppSetup(client_id, [secret], app_url), orders=6)
            for profile in (NORDIC, KYOTO)
        ]
        for shop in shops:
            install(shop)
        admins = Admins(shops[0], shops[1], client)
        with Listener(as_wsgi(admins.answer)) as listener:
            admins.url = listener.url
            yield admins

"""Two Shopify shops that answer on loopback, with their admins."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.doubles.base.http import Environ, StartResponse
from tests.doubles.base.server import Listener
from tests.doubles.shopify.front.id_tokens import id_token
from tests.doubles.shopify.installing import install
from tests.doubles.shopify.shop import Shop
from tests.doubles.shopify.stand_in import StandIn


@dataclass(slots=True)
class Admins:
    """Both shops behind one origin. ``asked``: what the token endpoint was asked for, in order."""

    stand_in: StandIn
    url: str = ""
    asked: list[str] = field(default_factory=list)

    @property
    def first(self) -> Shop:
        """Return the shop that a browser finds here."""
        return self.stand_in.shop

    @property
    def second(self) -> Shop:
        """Return the other shop."""
        return list(self.stand_in.shops.values())[1]

    def wsgi(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer, and note what the token endpoint is asked."""
        if environ["PATH_INFO"] == "/admin/oauth/access_token":
            body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            environ["wsgi.input"] = io.BytesIO(body)
            self.asked.append(json.loads(body).get("requested_token_type", "another"))
        return self.stand_in.wsgi(environ, start_response)

    def token(self, shop: Shop | None = None, *, owner: bool = True) -> str:
        """Return an ID token of the owner or of another member of the staff."""
        chosen = shop or self.first
        user = next(one for one in chosen.users if one.owner is owner)
        return id_token(chosen, user, "a session")


@contextmanager
def open_admins(app_url: str, *, client_id: str, secret: str) -> Iterator[Admins]:
    """Run both shops' admins until the block ends; the app is installed in both."""
    stand_in = StandIn(
        ("nordic", "kyoto"),
        app_url=app_url,
        client_id=client_id,
        client_secret=secret,
        threads=False,
        past_orders=6,
    )
    with stand_in:
        for shop in stand_in.shops.values():
            install(shop)
        admins = Admins(stand_in)
        with Listener(admins.wsgi) as listener:
            admins.url = listener.url
            yield admins

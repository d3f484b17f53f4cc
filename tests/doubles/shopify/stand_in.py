"""Shopify in this process: the handle that tests and the demonstration hold."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType

import httpx

from tests.doubles.base.http import Request, Response, WsgiApp, as_wsgi
from tests.doubles.base.outgoing import outgoing_client
from tests.doubles.base.server import Listener
from tests.doubles.shopify.app import answer
from tests.doubles.shopify.app_setup import APP_FILE, AppSetup, read_app_file
from tests.doubles.shopify.delivery import Deliveries
from tests.doubles.shopify.news import Delivered
from tests.doubles.shopify.profiles import PROFILES, Profile
from tests.doubles.shopify.seed import open_shop
from tests.doubles.shopify.seed_big import fill
from tests.doubles.shopify.shop import Shop

logger = logging.getLogger(__name__)

CLIENT_ID = "2c6f9d4a7b1e4c0f8a3d5e6b7c8d9e0f"
CLIENT_SECRET = "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"


class StandIn:
    """Some running shops. ``with StandIn() as shopify:`` listens and sends by itself;
    ``StandIn(threads=False)`` only answers through ``shopify.wsgi`` and sends when told to.

    The first shop answers at the first port, each other one at a port of its own; whatever the
    port, the header ``X-Stand-In-Host`` chooses a shop, as the app's own requests do.

    ``app_file``: the app's ``shopify.app.toml``, which says what is subscribed and asked for; None
    subscribes to all that the double tells.
    ``transport``: how webhooks reach the app without threads. ``app_ca``: a certificate to trust
    besides the usual ones. ``tick``: real seconds between two runs of the queue. ``big``: so many
    orders and products more.
    """

    def __init__(
        self,
        profiles: Sequence[str | Profile] = ("nordic",),
        *,
        port: int = 0,
        app_url: str = "http://app.test",
        client_id: str = CLIENT_ID,
        client_secret: str = CLIENT_SECRET,
        app_file: Path | None = APP_FILE,
        app_ca: Path | None = None,
        threads: bool = True,
        transport: httpx.BaseTransport | None = None,
        past_orders: int = 70,
        tick: float = 0.3,
        big: tuple[int, int] | None = None,
    ) -> None:
        """Seed the shops; nothing listens yet and the app is in none of them."""
        if app_file:
            setup = read_app_file(app_file, client_id=client_id, secret=client_secret, url=app_url)
        else:
            setup = AppSetup(client_id, [client_secret], app_url.rstrip("/"))
        chosen = [PROFILES[one] if isinstance(one, str) else one for one in profiles]
        self.setup = setup
        self.shops = {
            one.settings.host: open_shop(one, setup, orders=past_orders) for one in chosen
        }
        self.shop = next(iter(self.shops.values()))
        if big:
            fill(self.shop, orders=big[0], products=big[1])
        self._port, self._threads, self._tick = port, threads, tick
        self._client = outgoing_client(app_ca, transport)
        self._deliveries = {host: Deliveries(one, self._client) for host, one in self.shops.items()}
        self._listeners: list[Listener] = []
        self._stopping = threading.Event()
        self._worker: threading.Thread | None = None
        self.url = "http://shopify.test"
        self._place()
        self.wsgi = self._wsgi(self.shop)

    def __enter__(self) -> StandIn:
        """Begin to listen and to send, unless this is the mode without threads."""
        if self._threads:
            self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop everything."""
        self.stop()

    def start(self) -> None:
        """Listen on a port for each shop, and send news in the background."""
        for shop in self.shops.values():
            listener = Listener(self._wsgi(shop), 0 if self._listeners else self._port)
            self._listeners.append(listener)
            shop.state.url = listener.url
        self.url = self._listeners[0].url
        for shop in self.shops.values():
            shop.storage_url = shop.state.url
        self._worker = threading.Thread(target=self._send, daemon=True)
        self._worker.start()

    def stop(self) -> None:
        """Stop listening and sending."""
        self._stopping.set()
        for one in self._deliveries.values():
            one.over = True
        for listener in self._listeners:
            listener.stop()
        if self._worker:
            self._worker.join(timeout=10)
        self._client.close()

    def run_queue(self) -> int:
        """Send the webhooks that are due, in all shops; return how many were tried."""
        return sum(one.run() for one in self._deliveries.values())

    def another(self, profile: str | Profile) -> Shop:
        """Open one more shop, which only the header reaches."""
        chosen = PROFILES[profile] if isinstance(profile, str) else profile
        shop = open_shop(chosen, self.setup, orders=0)
        self.shops[shop.host] = shop
        self._deliveries[shop.host] = Deliveries(shop, self._client)
        shop.state.url, shop.storage_url = f"https://{shop.host}", self.url
        return shop

    @property
    def deliveries(self) -> list[Delivered]:
        """Return every delivery that was tried, of all shops, by time."""
        found = [line for shop in self.shops.values() for line in shop.news.ledger]
        return sorted(found, key=lambda one: one.at)

    def _place(self) -> None:
        for shop in self.shops.values():
            shop.state.url = f"https://{shop.host}"
            shop.storage_url = self.url

    def _wsgi(self, usual: Shop) -> WsgiApp:
        return as_wsgi(self._handler(usual))

    def _handler(self, usual: Shop) -> Callable[[Request], Response]:
        def handle(request: Request) -> Response:
            named = request.headers.get("x-stand-in-host", "") or request.host
            shop = self.shops.get(named.lower())
            if shop is None and request.headers.get("x-stand-in-host"):
                return Response(404, b"Not Found")
            shop = shop or usual
            return answer(shop, request, self._deliveries[shop.host], self._client)

        return handle

    def _send(self) -> None:
        while not self._stopping.wait(self._tick):
            try:
                self.run_queue()
            except Exception:
                logger.exception("a run of the queue failed")

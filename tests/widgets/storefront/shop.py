"""A shop and the app on two local origins: pages, the Store API as recorded, and a ledger."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

ROOT = Path(__file__).parents[3]
SERVED = ROOT / "static" / "storefront"
SOURCES = ROOT / "widgets" / "storefront" / "src"
CARTS = ROOT / "tests" / "fixtures" / "woocommerce"
PAGES = Path(__file__).parent / "pages"

EMPTY = "store-api/cart_get_no_session.json"
FULL = "more/store-api/carts/guest-several-lines-variations.json"
FULL_WITH_ADDRESS = "more/store-api/carts/guest-with-email-and-address.json"
PUBLIC_ID = "3mJr7AoUCs1tYpQ9kLxWvB"
CART_ID = "0f" * 16

CONFIG: dict[str, Any] = {
    "schema": 1,
    "locale": "en",
    "dir": "ltr",
    "consent": {
        "wording": "Yes, Lindqvist & Co may e-mail me about this cart. I can stop it at any time.",
        "version": "2026-11-1",
        "box": True,
    },
    "texts": {},
    "brand": {"name": "Lindqvist & Co", "accent": "#0f5c46"},
    "reported": True,
    "visitor": False,
    "pages": {"cart": "/cart/"},
    "popup": {"enabled": True, "days": 7, "after_seconds": 0},
    "reminder": {"enabled": True, "minutes": 30},
}


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as a server saw it."""

    server: str
    method: str
    path: str
    query: dict[str, list[str]]
    body: Any
    headers: dict[str, str]


@dataclass
class Shop:
    """The state of both origins; tests change it and read the ledger."""

    cart: str = EMPTY
    plugin: bool = True
    rename: str = ""
    parents: dict[int, int] = field(default_factory=lambda: {49: 48, 59: 58, 68: 67})
    config: dict[str, Any] = field(default_factory=lambda: json.loads(json.dumps(CONFIG)))
    config_status: int = 200
    post_status: int = 202
    config_gate: threading.Event | None = None
    page_headers: dict[str, str] = field(default_factory=dict)
    rest_link: str = '<link rel="https://api.w.org/" href="/wp-json/">'
    body_class: str | None = None
    html: str = '<html lang="en">'
    script: str = ""
    head: str = ""
    ledger: list[Asked] = field(default_factory=list)
    shop_url: str = ""
    app_url: str = ""

    def asked(self, path: str, method: str = "") -> list[Asked]:
        """Returns the requests whose path ends so, in their order."""
        return [
            one
            for one in list(self.ledger)
            if one.path.endswith(path) and one.method != "OPTIONS" and method in ("", one.method)
        ]

    def bodies(self, path: str) -> list[Any]:
        """Returns what was posted to a path of the app."""
        return [one.body for one in self.asked(f"/{path}", "POST")]

    def page(self, path: str) -> str:
        """Returns the shop's page at a path, as a theme with WooCommerce would."""
        body = (PAGES / "shop.html").read_text()
        src = f"{self.app_url}/w/{PUBLIC_ID}/rebasket.js"
        classes = {
            "/cart/": "woocommerce-cart woocommerce-page",
            "/checkout/": "woocommerce-checkout woocommerce-page",
            "/checkout/order-received/90/": "woocommerce-checkout woocommerce-order-received",
        }
        script = f'<script defer src="{src}" {self.script}></script>'
        values = {
            "@html": self.html,
            "@head": f"{self.rest_link}{self.head}{script}",
            "@class": classes.get(path, "") if self.body_class is None else self.body_class,
        }
        for name, value in values.items():
            body = body.replace(name, value)
        return body

    def store_cart(self) -> tuple[bytes, str]:
        """Returns the recorded cart (moved to this origin) and its Cart-Hash."""
        response = json.loads((CARTS / self.cart).read_text())["response"]
        if self.plugin:
            response["json"]["extensions"] = {"rebasket": {"cart_id": CART_ID}}
        for item in response["json"]["items"] if self.rename else ():
            item["name"] = self.rename
        text = json.dumps(response["json"]).replace("http://127.0.0.1:8801", self.shop_url)
        return text.encode(), dict(response["headers"])["Cart-Hash"]


class _Handler(BaseHTTPRequestHandler):
    shop: Shop
    server_name = ""

    def log_message(self, *_: object) -> None:
        """Say nothing: the ledger tells."""

    def note(self) -> Asked:
        """Write this request into the ledger."""
        parts = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length)) if length else None
        asked = Asked(
            self.server_name,
            self.command,
            parts.path,
            parse_qs(parts.query),
            body,
            {name.lower(): value for name, value in self.headers.items()},
        )
        self.shop.ledger.append(asked)
        return asked

    def answer(
        self, body: bytes | str, kind: str, status: int = 200, headers: dict[str, str] | None = None
    ) -> None:
        """Send an answer."""
        data = body.encode() if isinstance(body, str) else body
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)


class _ShopPages(_Handler):
    server_name = "shop"

    def do_GET(self) -> None:
        """Answer as the shop."""
        asked = self.note()
        route = asked.query.get("rest_route", [""])[0] or asked.path.removeprefix("/wp-json")
        if route == "/wc/store/v1/cart":
            body, digest = self.shop.store_cart()
            self.answer(body, "application/json; charset=UTF-8", headers={"Cart-Hash": digest})
        elif route == "/wc/store/v1/products":
            asked_for = asked.query["include"][0].split(",")
            named = {int(one): self.shop.parents.get(int(one)) for one in asked_for}
            found = [{"id": one, "parent": parent} for one, parent in named.items() if parent]
            self.answer(json.dumps(found), "application/json; charset=UTF-8")
        elif asked.path.startswith("/src/"):
            self.answer((SOURCES / asked.path[5:]).read_bytes(), "text/javascript")
        elif asked.path.startswith("/wp-content/"):
            self.answer(_picture(asked.path), "image/svg+xml")
        elif asked.path == "/bare":
            self.answer("<!doctype html><title>Bare</title>", "text/html")
        elif asked.path == "/favicon.ico":
            self.answer("", "image/x-icon", 204)
        else:
            page = self.shop.page(asked.path)
            self.answer(page, "text/html; charset=utf-8", headers=self.shop.page_headers)


class _App(_Handler):
    server_name = "app"

    def cross(self) -> dict[str, str]:
        """Returns the CORS headers."""
        return {
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Allow-Headers": "Content-Type",
            "Access-Control-Allow-Methods": "GET, POST",
        }

    def do_OPTIONS(self) -> None:
        """Answer a preflight."""
        self.note()
        self.answer("", "text/plain", 204, self.cross())

    def do_GET(self) -> None:
        """Answer with the configuration or a script."""
        name = self.note().path.rpartition("/")[2]
        if name == "config.json":
            if self.shop.config_gate:
                self.shop.config_gate.wait(20)
            body = json.dumps(self.shop.config)
            self.answer(body, "application/json", self.shop.config_status, self.cross())
        else:
            self.answer((SERVED / name).read_bytes(), "text/javascript", headers=self.cross())

    def do_POST(self) -> None:
        """Take what the script reports."""
        self.note()
        self.answer("{}", "application/json", self.shop.post_status, self.cross())


def _picture(path: str) -> str:
    hue = sum(path.encode()) % 360
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 60">'
        f'<rect width="60" height="60" fill="hsl({hue} 28% 84%)"/>'
        f'<path d="M18 20h24l4 26H14z" fill="hsl({hue} 32% 44%)"/></svg>'
    )


@contextmanager
def open_shop() -> Iterator[Shop]:
    """Yields a shop that answers on two free ports, and closes both."""
    shop = Shop()
    servers = []
    for handler, attribute in ((_ShopPages, "shop_url"), (_App, "app_url")):
        bound = type(handler.__name__, (handler,), {"shop": shop})
        server = ThreadingHTTPServer(("127.0.0.1", 0), bound)
        server.daemon_threads = True
        setattr(shop, attribute, f"http://127.0.0.1:{server.server_address[1]}")
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        servers.append(server)
    try:
        yield shop
    finally:
        if shop.config_gate:
            shop.config_gate.set()
        for server in servers:
            server.shutdown()
            server.server_close()

"""The one page that says what to click."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape
from typing import Any

from tests.demo.stage import SCALE, Stage

_STYLE = """
:root{color-scheme:light dark;--line:light-dark(#e3e2de,#34363c);
--soft:light-dark(#5f626b,#a9abb3);--accent:light-dark(#00684a,#5fcf9f)}
body{margin:0;font:16px/1.55 system-ui,sans-serif;background:light-dark(#fbfaf7,#17181c)}
main{max-width:680px;margin:0 auto;padding:56px 20px}
h1{font-size:28px;letter-spacing:-.02em;margin:0 0 6px}
p{color:var(--soft);margin:0 0 20px}ol{list-style:none;counter-reset:step;padding:0;margin:28px 0}
li{counter-increment:step;display:grid;grid-template-columns:36px 1fr;padding:16px 0;
border-top:1px solid var(--line)}
li::before{content:counter(step);color:var(--soft);font-variant-numeric:tabular-nums}
li b{display:block;font-weight:600}li small{color:var(--soft);font-size:14px}
a{color:var(--accent);text-underline-offset:3px}
"""


def start_app(stage: Stage) -> Callable[[dict[str, Any], Any], Iterable[bytes]]:
    """Return the WSGI application of the start page."""
    body = _page(stage).encode()

    def app(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        del environ
        start("200 OK", [("Content-Type", "text/html; charset=utf-8")])
        return [body]

    return app


def _page(stage: Stage) -> str:
    steps = _steps(stage)
    rows = "".join(f"<li><div><b>{one}</b><small>{text}</small></div></li>" for one, text in steps)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>Rebasket, the demo</title><style>{_STYLE}</style></head><body><main>"
        "<h1>Rebasket, on your own machine</h1>"
        f"<p>A shop, the app and a mailbox. Nothing leaves this computer. An hour lasts "
        f"{3600 // SCALE} seconds here, so a cart left now is written to in about a minute. "
        "Nights are quiet: what falls due after 21:00 by the demo's clock goes out at 8:00, "
        "at most three minutes later."
        "</p>"
        f"<ol>{rows}</ol></main></body></html>"
    )


def _link(url: str, text: str) -> str:
    return f'<a href="{escape(url)}" target="_blank">{escape(text)}</a>'


def _steps(stage: Stage) -> list[tuple[str, str]]:
    begin = _shopify if stage.platform == "shopify" else _woocommerce
    return [*begin(stage), *_shared(stage)]


def _woocommerce(stage: Stage) -> list[tuple[str, str]]:
    return [
        (
            f"Connect the shop: {_link(stage.office, 'the plugin’s page')}",
            "Click Connect, then Approve in the store. You are signed in as its owner.",
        ),
        (
            f"Say who writes: {_link(stage.app, 'Rebasket')}, Settings, Sender",
            "A sender's address and a postal address. Then switch both flows on, under Flows.",
        ),
    ]


def _shopify(stage: Stage) -> list[tuple[str, str]]:
    editor = f"{stage.store}/admin/themes/current/editor?context=apps"
    return [
        (
            f"Install the app: {_link(stage.office, 'the shop’s admin')}",
            "Sign in as the owner, then click Install twice: once in the admin, once on its own "
            "grant screen. The app opens in the admin's frame.",
        ),
        (
            "Say who writes: Rebasket in the admin's menu, Settings, Sender",
            "A sender's address and a postal address; Save is in the admin's head. Then switch "
            "both flows on, under Flows.",
        ),
        (
            f"Switch the app embed on: {_link(editor, 'the theme’s editor')}",
            "Tick Cart recovery and save: only then is the script in the storefront.",
        ),
    ]


def _shared(stage: Stage) -> list[tuple[str, str]]:
    return [
        (
            f"Go shopping in {_link(stage.store, 'the shop')}",
            "Put something into the cart, then move the pointer out through the top of the window: "
            "leave an address, tick the box.",
        ),
        (
            f"Open {_link(stage.mailbox, 'the mailbox')}",
            "Confirm the address from the first mail. Then leave the shop alone and watch the cart "
            "under Carts, In recovery: the next mail comes by itself.",
        ),
        (
            "Follow the mail's link on another device",
            "A private window will do. The cart is there. Place the order, and look at Results.",
        ),
    ]

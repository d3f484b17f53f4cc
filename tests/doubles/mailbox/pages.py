"""The mailbox as a web page: a list, and each mail in a frame of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape
from typing import Any
from urllib.parse import parse_qs

from tests.doubles.mailbox.box import Box, Mail

StartResponse = Callable[[str, list[tuple[str, str]]], Any]

_STYLE = """
:root{color-scheme:light dark;--line:light-dark(#e3e2de,#34363c);
--soft:light-dark(#5f626b,#a9abb3)}
*{box-sizing:border-box}
body{margin:0;font:15px/1.5 system-ui,sans-serif;background:light-dark(#fbfaf7,#17181c)}
.frame{display:grid;grid-template-columns:minmax(280px,360px) 1fr;min-height:100vh}
nav{border-inline-end:1px solid var(--line);overflow:auto;height:100vh}
h1{font-size:18px;margin:0;padding:20px}
nav a{display:block;padding:12px 20px;border-top:1px solid var(--line);color:inherit;
text-decoration:none}
nav a[aria-current]{background:light-dark(#efeee9,#24262c)}nav b{display:block;font-weight:600}
small{color:var(--soft)}main{display:flex;flex-direction:column;height:100vh}
header{padding:20px;border-bottom:1px solid var(--line)}header h2{margin:0 0 4px;font-size:18px}
iframe{border:0;flex:1;width:100%;background:#fff}.empty{padding:20px;color:var(--soft)}
pre{padding:20px;white-space:pre-wrap;overflow:auto;margin:0;flex:1}
@media(max-width:720px){.frame{grid-template-columns:1fr}nav{height:auto;max-height:40vh}
main{height:auto}iframe{min-height:80vh}}
"""


def mailbox_app(box: Box) -> Callable[[dict[str, Any], StartResponse], Iterable[bytes]]:
    """Return the WSGI application that shows this box."""

    def app(environ: dict[str, Any], start: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "/").strip("/").split("/")
        query = parse_qs(environ.get("QUERY_STRING", ""))
        status, kind, body = _answer(box, path, query)
        start(status, [("Content-Type", f"{kind}; charset=utf-8"), ("Cache-Control", "no-store")])
        return [body.encode()]

    return app


def _answer(box: Box, path: list[str], query: dict[str, list[str]]) -> tuple[str, str, str]:
    if path == [""]:
        mail = box.mails[-1] if box.mails else None
        return "200 OK", "text/html", _page(box, mail, query)
    mail = _find(box, path[0])
    if mail is None:
        return "404 Not Found", "text/html", "<p>There is no such mail.</p>"
    if path[1:] == ["html"]:
        return "200 OK", "text/html", _with_open_links(mail.part("html"))
    return "200 OK", "text/html", _page(box, mail, query)


def _find(box: Box, number: str) -> Mail | None:
    return next((mail for mail in box.mails if str(mail.number) == number), None)


def _with_open_links(html: str) -> str:
    """Links open in a new tab: in the frame they would show the shop inside the mailbox."""
    return html.replace("<head>", '<head><base target="_blank">', 1)


def _page(box: Box, mail: Mail | None, query: dict[str, list[str]]) -> str:
    plain = query.get("as") == ["text"]
    rows = "".join(_row(one, one is mail) for one in reversed(box.mails))
    shown = _shown(mail, plain) if mail else '<p class="empty">Mails appear here by themselves.</p>'
    refresh = (
        "" if mail and mail is not box.mails[-1] else '<meta http-equiv="refresh" content="4">'
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width,initial-scale=1">{refresh}'
        f"<title>Mailbox</title><style>{_STYLE}</style></head><body><div class=frame>"
        f"<nav><h1>Mailbox</h1>{rows}</nav><main>{shown}</main></div></body></html>"
    )


def _row(mail: Mail, current: bool) -> str:
    mark = ' aria-current="true"' if current else ""
    to = escape(", ".join(mail.recipients))
    return (
        f'<a href="/{mail.number}"{mark}><b>{escape(mail.subject)}</b>'
        f"<small>to {to} · {mail.arrived_at:%a %H:%M}</small></a>"
    )


def _shown(mail: Mail, plain: bool) -> str:
    other = (
        f'<a href="/{mail.number}">as HTML</a>'
        if plain
        else f'<a href="/{mail.number}?as=text">as text</a>'
    )
    head = (
        f"<header><h2>{escape(mail.subject)}</h2><small>from {escape(str(mail.message['From']))}"
        f" to {escape(', '.join(mail.recipients))} · {other}</small></header>"
    )
    if plain or not mail.part("html"):
        return f"{head}<pre>{escape(mail.part('plain'))}</pre>"
    return f'{head}<iframe title="The mail" src="/{mail.number}/html"></iframe>'

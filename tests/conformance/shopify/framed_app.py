"""A tiny app for the admin's frame: what a page of ours would hold, and what it was asked."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.doubles.base.http import Request, Response, redirect_to, text_answer

_PAGE = """<!doctype html><html><head><title>{title}</title>
<meta name="shopify-api-key" content="client-id-123"><script src="{admin}/app-bridge.js"></script>
</head><body><s-app-nav><a href="/embedded/" rel="home">Home</a><a href="/embedded/carts">Carts</a>
<a href="/embedded/settings">Settings</a></s-app-nav><h1>{title}</h1>
<form data-save-bar action="/saved" method="get"><label>Name <input name="name" value="one"></label>
<label>Kind <select name="kind"><option>a</option><option selected>b</option></select></label>
<label><input type="checkbox" name="on" checked> On</label></form></body></html>"""
_PATCH = '<script data-api-key="client-id-123" src="{admin}/app-bridge.js"></script>'


@dataclass
class FramedApp:
    """``refuse``: how many requests are answered as with an expired token. ``patch``: documents
    without a token lead to the page that holds only App Bridge."""

    admin: str = ""
    refuse: int = 0
    patch: bool = False
    asked: list[Request] = field(default_factory=list)

    def answer(self, request: Request) -> Response:
        """Answer the frame."""
        self.asked.append(request)
        if request.path == "/api":
            if self.refuse:
                self.refuse -= 1
                refused = text_answer("", 401)
                return refused.add("X-Shopify-Retry-Invalid-Session-Request", "1")
            return text_answer(request.body.decode() or "nothing")
        if request.path == "/patch":
            return text_answer(_PATCH.format(admin=self.admin))
        if self.patch and "id_token" not in request.query:
            return redirect_to(f"/patch?shopify-reload={request.path}")
        title = request.path.strip("/").rpartition("/")[2].title()
        return text_answer(_PAGE.format(title=title, admin=self.admin))

    def tokens(self, path: str) -> list[str]:
        """Return the tokens that came with requests for this path, in order."""
        return [
            one.headers.get("authorization", "").removeprefix("Bearer ")
            for one in self.asked
            if one.path == path
        ]

"""Answers that several pages give."""

from __future__ import annotations

import re

from tests.doubles.base.http import Json, Request, Response, text_answer
from tests.doubles.shopify.settings import dump

_PART = re.compile(r"\[([^\]]*)\]")


def json_answer(body: Json, status: int = 200) -> Response:
    """Return this value as JSON, never to be kept."""
    headers = [("Content-Type", "application/json; charset=utf-8"), ("Cache-Control", "no-store")]
    return Response(status, dump(body), headers)


def drawn(picture: str) -> str:
    """Return where the drawing ``kind/colour`` is served."""
    return f"/cdn/pictures/{picture}.svg"


def moved(address: str, status: int = 302) -> Response:
    """Return a redirect."""
    return text_answer("", status).add("Location", address)


def fields_of(request: Request) -> Json:
    """Return a posted body, JSON or a form whose names nest as ``items[0][id]``."""
    if "json" in request.headers.get("content-type", ""):
        try:
            body = request.json()
        except ValueError:
            return {}
        return body if isinstance(body, dict) else {}
    return nested(list(request.form.items()))


def nested(pairs: list[tuple[str, str]]) -> Json:
    """Return names such as ``attributes[gift]`` as values in values; numbered ones as a list."""
    root: Json = {}
    for name, value in pairs:
        parts = [name.partition("[")[0], *_PART.findall(name)]
        place = root
        for part in parts[:-1]:
            place = place.setdefault(part, {})
            if not isinstance(place, dict):
                break
        else:
            place[parts[-1]] = value
    return {key: _listed(value) for key, value in root.items()}


def _listed(value: Json) -> Json:
    if not isinstance(value, dict):
        return value
    inner = {key: _listed(one) for key, one in value.items()}
    return (
        list(inner.values())
        if inner and all(key in ("", *"0123456789") for key in inner)
        else inner
    )

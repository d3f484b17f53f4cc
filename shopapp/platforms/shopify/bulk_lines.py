"""Lines of a bulk operation's file, put together to things with their parts. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from shopapp.kit.safe_json import BadJson, JsonObject, loads
from shopapp.platforms.connector import Kind

_MAX_LINE = 8 * 1024 * 1024
_MAX_DEPTH = 32
_PARTS: dict[str, str] = {
    "LineItem": "lineItems",
    "AbandonedCheckoutLineItem": "lineItems",
    "ProductVariant": "variants",
    "Collection": "collections",
}
_PICTURES = "media"
_EMPTY: dict[Kind, tuple[str, ...]] = {
    "orders": ("lineItems",),
    "checkouts": ("lineItems",),
    "products": ("variants", "collections"),
}


class Disordered(Exception):
    """A line that is no JSON object, or whose parent does not stand before it."""


def things(kind: Kind, content: bytes, *, is_end: bool) -> tuple[list[JsonObject], int]:
    """Return the whole things in this part of a file, in the shape in which pages bring them, and
    the number of bytes that they take.

    Unless the file ends here, the last thing is left out: more of its parts may follow.
    Raises Disordered.
    """
    found: list[JsonObject] = []
    known: dict[str, JsonObject] = {}
    last_start = 0
    for start, line in _lines(content, is_end=is_end):
        node = _object(line)
        parent = node.pop("__parentId", None)
        if parent is None:
            known = {}
            last_start = start
            found.append(_with_empty_parts(node, _EMPTY.get(kind, ())))
        elif isinstance(parent, str) and parent in known:
            _put(node, known[parent])
        else:
            raise Disordered("a part without its thing")
        known[str(node.get("id"))] = node
    if is_end:
        return found, len(content)
    return found[:-1], last_start


def _lines(content: bytes, *, is_end: bool) -> Iterator[tuple[int, bytes]]:
    """Yield each whole line with where it begins."""
    start = 0
    while (end := content.find(b"\n", start)) >= 0:
        if end > start:
            yield start, content[start:end]
        start = end + 1
    if is_end and start < len(content):
        yield start, content[start:]


def _object(line: bytes) -> JsonObject:
    try:
        value = loads(line, max_bytes=_MAX_LINE, max_depth=_MAX_DEPTH, clean=True)
    except BadJson as error:
        raise Disordered(error.reason) from error
    if not isinstance(value, dict):
        raise Disordered("not an object")
    return value


def _put(node: JsonObject, parent: JsonObject) -> None:
    part = _PARTS.get(_type(node), _PICTURES)
    if part == "variants":
        _with_empty_parts(node, (_PICTURES,))
    connection = parent.setdefault(part, {"nodes": []})
    nodes = connection.get("nodes") if isinstance(connection, dict) else None
    if not isinstance(nodes, list):
        raise Disordered("a part where the thing has none")
    nodes.append(node)


def _with_empty_parts(node: JsonObject, parts: tuple[str, ...]) -> JsonObject:
    for part in parts:
        node[part] = {"nodes": []}
    return node


def _type(node: JsonObject) -> str:
    """Return the type that a global id names: ``gid://shopify/LineItem/1`` is a LineItem."""
    told = node.get("id")
    return told.removeprefix("gid://shopify/").partition("/")[0] if isinstance(told, str) else ""

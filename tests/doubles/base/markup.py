"""HTML from Python values: everything is escaped unless it is markup already."""

from __future__ import annotations

from html import escape, unescape


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


Child = str | int | None
_EMPTY = {"input", "img", "link", "meta", "br", "hr"}


def tag(name: str, /, *children: Child, **attributes: str | int | bool | None) -> Markup:
    """Return an element. ``class_`` and ``for_`` lose their underscore, others become hyphens;
    False and None leave an attribute out."""
    written = ""
    for own, value in attributes.items():
        key = own.rstrip("_").replace("_", "-")
        if value is True:
            written += f" {key}"
        elif value is not None and value is not False:
            written += f' {key}="{escape(str(value))}"'
    if name in _EMPTY:
        return Markup(f"<{name}{written}>")
    return Markup(f"<{name}{written}>{joined(*children)}</{name}>")


def joined(*children: Child) -> Markup:
    """Return the children one after the other."""
    return Markup("".join(_safe(one) for one in children if one is not None))


def plain(text: str) -> str:
    """Return a stored name as people read it: WordPress keeps names with entities."""
    return unescape(text)


def _safe(child: str | int) -> str:
    return child if isinstance(child, Markup) else escape(str(child), quote=False)

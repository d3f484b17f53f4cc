"""The pass that a frame within our page needs where our page stands in an admin."""

from __future__ import annotations

from urllib.parse import urlencode

from django import template
from django.template import Context

from shopapp.shops import passes
from shopapp.shops.embedding import session_of

register = template.Library()


@register.simple_tag(takes_context=True)
def pass_query(context: Context, path: str) -> str:
    """Return the query ('' outside of an admin) with which a frame of ours may load this path."""
    request = context.get("request")
    session = session_of(request) if request is not None else None
    if session is None or session.member is None:
        return ""
    return urlencode({passes.NAME: passes.pass_to(path, session.member)})

"""Which other origins may show a page in a frame, and whose scripts it loads there."""

from __future__ import annotations

import re
from dataclasses import dataclass

_OWN_ANCESTORS = re.compile(r"frame-ancestors [^;]*")


@dataclass(frozen=True, slots=True)
class Framing:
    """A page that stands in somebody else's frame. ``scripts`` and ``connect`` are origins."""

    ancestors: tuple[str, ...]
    scripts: tuple[str, ...] = ()
    connect: tuple[str, ...] = ()


def policy(nonce: str, framing: Framing | None) -> str:
    """Return the Content-Security-Policy of a page that sets none of its own."""
    if framing is None:
        return (
            "default-src 'self'; img-src 'self' data: https: http:; "
            f"style-src 'self' 'nonce-{nonce}'; script-src 'self' 'nonce-{nonce}'; "
            "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
        )
    scripts = " ".join(["'self'", f"'nonce-{nonce}'", *framing.scripts])
    # The platform's components write their own style elements, which know no nonce of ours.
    styles = " ".join(["'self'", "'unsafe-inline'", *framing.scripts])
    connect = " ".join(["'self'", *framing.scripts, *framing.connect])
    fonts = " ".join(["'self'", *framing.scripts])
    ancestors = " ".join(framing.ancestors) or "'none'"
    return (
        "default-src 'self'; img-src 'self' data: https: http:; "
        f"style-src {styles}; script-src {scripts}; connect-src {connect}; font-src {fonts}; "
        "object-src 'none'; base-uri 'none'; form-action 'self'; "
        f"frame-ancestors {ancestors}"
    )


def widened(given: str, framing: Framing) -> str:
    """Return a page's own policy for a frame within ours: every frame around it has to be named."""
    ancestors = " ".join(["'self'", *framing.ancestors])
    return _OWN_ANCESTORS.sub(f"frame-ancestors {ancestors}", given)

"""Merchants' texts: Liquid in a sandbox that loads nothing, ends soon, sees plain values only."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from liquid import Environment
from liquid.exceptions import LiquidError

Plain = str | int | bool | None
Values = Mapping[str, Plain | Mapping[str, Plain]]
_MAX_SOURCE = 20_000
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u2028\u2029]")
# Tags that bring other templates in, and such as no mail needs.
_NOT_FOR_MAILS = ("include", "render", "tablerow", "ifchanged", "increment", "decrement")


class _Sandbox(Environment):
    block_nesting_limit: ClassVar[int] = 8
    context_depth_limit: ClassVar[int] = 8
    loop_iteration_limit: ClassVar[int | None] = 1_000
    local_namespace_limit: ClassVar[int | None] = 100_000
    output_stream_limit: ClassVar[int | None] = 50_000

    def setup_tags_and_filters(self, *, extra: bool = False) -> None:
        super().setup_tags_and_filters(extra=extra)
        for tag in _NOT_FOR_MAILS:
            self.tags.pop(tag, None)


@dataclass(frozen=True, slots=True)
class Unrenderable:
    """A text that cannot be rendered; ``problem`` tells the merchant what is wrong with it."""

    problem: str


# The text stays plain here; the layout escapes it where it becomes HTML.
_ENVIRONMENT = _Sandbox(autoescape=False)


def render_text(source: str, values: Values) -> str | Unrenderable:
    """Return a merchant's text with its values filled in, or why that cannot be done."""
    if len(source) > _MAX_SOURCE:
        return Unrenderable("This text is too long.")
    try:
        rendered: str = _ENVIRONMENT.from_string(source).render(**values)
    except LiquidError as error:
        return Unrenderable(_sentence(error))
    # Such input drives filters past what they can hold (round: 1e9, 2 to the power of a googol).
    except (ArithmeticError, ValueError, TypeError, RecursionError, MemoryError) as error:
        return Unrenderable(f"This text cannot be worked out ({type(error).__name__}).")
    return _CONTROL.sub("", rendered)


def one_line(text: str) -> str:
    """Return the text on one line, as a subject or a name must be: no header can be smuggled in."""
    return " ".join(text.split())


def _sentence(error: LiquidError) -> str:
    said = one_line(str(error.message or type(error).__name__))
    return said[:1].upper() + said[1:200]

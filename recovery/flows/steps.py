"""A flow's steps as values, read from and written to a version's JSON."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any


@dataclass(frozen=True, slots=True)
class EmailStep:
    """One mail. ``after`` and ``too_late`` count from the moment of abandonment and from when the
    step was due; ``content`` holds subject, preheader, heading, text and button, and where the mail
    gives a ``discount`` its id."""

    key: str
    after: timedelta
    too_late: timedelta
    content: dict[str, str]
    on: bool = True


CONTENT_FIELDS = ("subject", "preheader", "heading", "text", "button")


def read(steps: list[dict[str, Any]]) -> tuple[EmailStep, ...]:
    """Return the steps of a version's JSON. Raises KeyError or ValueError for what is none."""
    return tuple(_read_one(step) for step in steps)


def _read_one(step: dict[str, Any]) -> EmailStep:
    if step["kind"] != "email":
        raise ValueError(f"unknown kind of step: {step['kind']!r}")
    content = {name: str(step["content"].get(name, "")) for name in CONTENT_FIELDS}
    if step["content"].get("discount"):
        content["discount"] = str(step["content"]["discount"])
    return EmailStep(
        key=str(step["key"]),
        after=timedelta(minutes=int(step["after_minutes"])),
        too_late=timedelta(minutes=int(step["too_late_minutes"])),
        content=content,
        on=bool(step.get("on", True)),
    )


def write(steps: tuple[EmailStep, ...]) -> list[dict[str, Any]]:
    """Return the JSON of these steps."""
    return [
        {
            "kind": "email",
            "key": step.key,
            "after_minutes": int(step.after.total_seconds() // 60),
            "too_late_minutes": int(step.too_late.total_seconds() // 60),
            "content": dict(step.content),
            "on": step.on,
        }
        for step in steps
    ]

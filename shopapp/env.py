"""Typed readers of the environment that fail loudly and name the variable."""

from __future__ import annotations

import os


class BadEnvironment(Exception):
    """An environment variable is missing or cannot be read; the message says which and why."""


def text(name: str, default: str | None = None) -> str:
    """Return the variable's text; without a default it must be set."""
    value = os.environ.get(name, default)
    if value is None:
        raise BadEnvironment(f"{name} is not set")
    return value


def flag(name: str, *, default: bool) -> bool:
    """Return a switch: 1/true/yes/on or 0/false/no/off."""
    value = os.environ.get(name)
    if value is None or value == "":
        return default
    if value.lower() in {"1", "true", "yes", "on"}:
        return True
    if value.lower() in {"0", "false", "no", "off"}:
        return False
    raise BadEnvironment(f"{name} must be 1 or 0, not {value!r}")


def number(name: str, default: float) -> float:
    """Return a number, whole or not."""
    value = os.environ.get(name)
    if value is None or value == "":
        return default
    try:
        return float(value)
    except ValueError as error:
        raise BadEnvironment(f"{name} must be a number, not {value!r}") from error


def words(name: str, default: str = "") -> list[str]:
    """Return a comma-separated list without blanks."""
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]

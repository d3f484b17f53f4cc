"""System checks that stop a production start which would be unsafe."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.core.exceptions import ImproperlyConfigured

from shopapp.platforms import production


@register(Tags.security)
def production_is_safe(**_: Any) -> list[Error]:
    """Refuse laptop defaults in production: secrets, loopback stores, plain http, a fast clock, a
    platform's stand-in."""
    if not settings.PRODUCTION:
        return []
    wrong = [
        (
            settings.SECRET_KEY == settings.LAPTOP_KEY,
            "SECRET_KEY is the laptop's",
            "Set SECRET_KEY to 50 random characters.",
            "rebasket.E001",
        ),
        (
            not settings.SEAL_KEYS_GIVEN,
            "SEAL_KEYS is not set",
            "Set SEAL_KEYS to one or more Fernet keys, the current one first.",
            "rebasket.E002",
        ),
        (
            settings.ALLOW_LOOPBACK_STORES,
            "ALLOW_LOOPBACK_STORES is on",
            "Stores on loopback are for development: unset it.",
            "rebasket.E003",
        ),
        (
            not settings.APP_URL.startswith("https://"),
            "APP_URL is not https",
            "Shops hand over their keys and shoppers' data: set an https address.",
            "rebasket.E004",
        ),
        (
            settings.CLOCK.scale != 1,
            "REBASKET_CLOCK is set",
            "The fast clock is for demonstrations: unset it.",
            "rebasket.E005",
        ),
        (
            settings.DATABASES["default"]["USER"] == settings.DATABASES["owner"]["USER"],
            "the application uses the database's owner role",
            "Give DATABASE_URL a role that owns nothing, so that row-level security binds it.",
            "rebasket.E006",
        ),
    ]
    wrong += [(True, message, hint, "rebasket.E007") for message, hint in production.faults()]
    return [Error(message, hint=hint, id=code) for bad, message, hint, code in wrong if bad]


def refuse_unsafe_production() -> None:
    """Stop a server or worker that would start with laptop defaults in production.

    ``manage.py`` runs the checks by itself; granian and Celery do not.
    """
    errors = production_is_safe()
    if errors:
        told = "; ".join(f"{error.id} {error.msg}: {error.hint}" for error in errors)
        raise ImproperlyConfigured(told)

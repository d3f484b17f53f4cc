"""Secrets at rest: sealed with the operator's keys and bound to the row they belong to."""

from __future__ import annotations

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

_LENGTH_BYTES = 4


class CannotSeal(Exception):
    """There is no usable key to seal with: nothing is ever stored in the clear instead."""


class CannotUnseal(Exception):
    """This token was not sealed with our keys for this context."""


def seal(text: str, *, context: str) -> str:
    """Return the sealed text; only the same ``context`` (which names the row) opens it.

    Sealed with the first key of the setting SEAL_KEYS. Raises CannotSeal without keys.
    """
    try:
        keys = _keys()
    except ValueError as error:
        raise CannotSeal(str(error)) from error
    # The context stands inside what is authenticated, with its length, so that no two pairs
    # of context and text give the same bytes.
    bound = context.encode()
    plain = len(bound).to_bytes(_LENGTH_BYTES) + bound + text.encode()
    return keys.encrypt(plain).decode("ascii")


def unseal(token: str, *, context: str) -> str:
    """Return the text that was sealed for this context, under any of our keys.

    Raises CannotUnseal for another context, another key, a damaged token or no keys.
    """
    try:
        plain = _keys().decrypt(token.encode())
    except (InvalidToken, ValueError) as error:
        # No detail: which of the reasons it was is nobody's business but the operator's keys.
        raise CannotUnseal("sealed with other keys, or damaged") from error
    end = _LENGTH_BYTES + int.from_bytes(plain[:_LENGTH_BYTES])
    if plain[_LENGTH_BYTES:end] != context.encode():
        raise CannotUnseal("sealed for another row")
    return plain[end:].decode()


def reseal(token: str, *, context: str) -> str:
    """Return the same secret sealed under the current key: what a key rotation writes back."""
    return seal(unseal(token, context=context), context=context)


def _keys() -> MultiFernet:
    keys = [key for key in getattr(settings, "SEAL_KEYS", None) or () if key]
    if not keys:
        raise ValueError("SEAL_KEYS is empty")
    return MultiFernet([Fernet(key) for key in keys])

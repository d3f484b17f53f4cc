"""ID tokens as the token endpoint checks them; `front.id_tokens` makes them."""

from __future__ import annotations

from typing import Any

import jwt

from tests.doubles.shopify.app_setup import AppSetup

_LEEWAY = 10


def read_id_token(setup: AppSetup, token: str) -> dict[str, Any] | None:
    """Return the claims of a good ID token of this app, None for any other."""
    for secret in setup.secrets:
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                secret,
                algorithms=["HS256"],
                audience=setup.client_id,
                leeway=_LEEWAY,
                options={"require": ["exp", "nbf", "iss", "dest", "sub", "aud"]},
            )
        except jwt.InvalidTokenError:
            continue
        return claims
    return None

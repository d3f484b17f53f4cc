"""What the admin hands an app in its frame: ID tokens, and the signed query of the first load."""

from __future__ import annotations

import base64
import hashlib
import hmac
import uuid
from datetime import timedelta
from urllib.parse import urlencode

import jwt

from shopapp.kit.clock import real_now
from tests.doubles.shopify.shop import Shop, User

LIFE = timedelta(minutes=1)


def id_token(shop: Shop, user: User, session: str, *, age: timedelta = timedelta(0)) -> str:
    """Return an ID token about this user; ``age`` is how long ago it was made (real time)."""
    made = int((real_now() - age).timestamp())
    ticket = str(uuid.uuid4())
    claims: dict[str, str | int] = {
        "iss": f"https://{shop.host}/admin",
        "dest": f"https://{shop.host}",
        "aud": shop.setup.client_id,
        "sub": str(user.id),
        "exp": made + int(LIFE.total_seconds()),
        "nbf": made,
        "iat": made,
        "jti": ticket,
        "sid": hashlib.sha256(session.encode()).hexdigest(),
        "sig": hmac.new(session.encode(), ticket.encode(), hashlib.sha256).hexdigest(),
    }
    return jwt.encode(claims, shop.setup.newest_secret, algorithm="HS256")


def fresh_token(shop: Shop, user: User, session: str) -> str:
    """Return what App Bridge gets now: a fresh token, or an old one while the switch says so."""
    shop.front.issued += 1
    age = timedelta(minutes=10) if shop.front.stale_tokens else timedelta(0)
    return id_token(shop, user, session, age=age)


def host_of(shop: Shop) -> str:
    """Return the ``host`` parameter: where this shop's admin is, in base64 without padding."""
    place = f"admin.shopify.com/store/{shop.settings.handle}"
    return base64.b64encode(place.encode()).decode().rstrip("=")


def first_query(shop: Shop, user: User, session: str) -> dict[str, str]:
    """Return the query of the app's first document in the frame, signed."""
    query = {
        "embedded": "1",
        "host": host_of(shop),
        "id_token": fresh_token(shop, user, session),
        "locale": user.locale,
        "session": hashlib.sha256(session.encode()).hexdigest(),
        "shop": shop.host,
        "timestamp": str(int(real_now().timestamp())),
    }
    return {**query, "hmac": query_hmac(query, shop.setup.signing_secret)}


def query_hmac(query: dict[str, str], secret: str) -> str:
    """Return the signature of a query: sorted, joined by ``&``, in hexadecimal digits."""
    text = urlencode(sorted(query.items()))
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()

"""Who visits: sessions by cookie or Cart-Token, as WooCommerce keeps them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import time
from urllib.parse import quote

from tests.doubles.base.http import Request, Response
from tests.doubles.woocommerce.records import Visit
from tests.doubles.woocommerce.shop import Shop

GUEST_SECONDS = 48 * 3600


class DamagedToken(Exception):
    """A Cart-Token whose payload cannot be read: WooCommerce answers 500 to it."""


def session_cookie_name(shop: Shop) -> str:
    """Return the name of the cookie that holds the session's id."""
    digest = hashlib.md5(shop.profile.key.encode(), usedforsecurity=False).hexdigest()
    return f"wp_woocommerce_session_{digest}"


def new_visit() -> Visit:
    """Return a visit with a new random guest id; it is kept only once it holds something."""
    return Visit("t_" + secrets.token_hex(15))


def visit_of(shop: Shop, request: Request) -> Visit:
    """Return the visit behind a request: by a good Cart-Token, by cookie, or a new one."""
    token = request.headers.get("cart-token", "")
    named = token_owner(shop, token) if token else ""
    if not named:
        cookie = request.cookies.get(session_cookie_name(shop), "")
        named = cookie.replace("%7C", "|").split("|")[0]
    return shop.state.visits.get(named) or new_visit()


def has_good_token(shop: Shop, request: Request) -> bool:
    """Tell whether the request carries a Cart-Token of ours."""
    token = request.headers.get("cart-token", "")
    return bool(token) and bool(token_owner(shop, token))


def keep(shop: Shop, visit: Visit) -> None:
    """Keep the visit from now on."""
    shop.state.visits[visit.id] = visit


def logged_in(shop: Shop, visit: Visit, customer_id: int) -> Visit:
    """Return the visit of this customer: carts are merged on the next page load."""
    customer = shop.state.customers[customer_id]
    own = shop.state.visits.get(str(customer_id)) or Visit(str(customer_id))
    known = {line.key for line in own.lines}
    own.lines.extend(line for line in visit.lines if line.key not in known)
    own.notes.update(visit.notes)
    own.customer_id = customer_id
    own.billing = {**customer.billing, **{k: v for k, v in own.billing.items() if v}}
    own.shipping = {**customer.shipping, **{k: v for k, v in own.shipping.items() if v}}
    shop.state.visits.pop(visit.id, None)
    keep(shop, own)
    return own


def _coded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _token_signature(shop: Shop, head: str) -> str:
    secret = f"salt-{shop.profile.key}-{shop.profile.seed}".encode()
    return _coded(hmac.new(secret, head.encode(), hashlib.sha256).digest())


def cart_token(shop: Shop, visit: Visit) -> str:
    """Return a Cart-Token for this visit, good for 48 real hours."""
    issued = int(time.time())
    claims = {"user_id": visit.id, "exp": issued + GUEST_SECONDS, "iss": "store-api", "iat": issued}
    header = _coded(b'{"alg":"HS256","typ":"JWT"}')
    head = f"{header}.{_coded(json.dumps(claims, separators=(',', ':')).encode())}"
    return f"{head}.{_token_signature(shop, head)}"


def token_owner(shop: Shop, token: str) -> str:
    """Return whose token this is, empty when it is not ours; raises DamagedToken."""
    head, _, signature = token.rpartition(".")
    if head.count(".") != 1:
        return ""
    payload = head.split(".")[1]
    try:
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except ValueError as error:
        raise DamagedToken from error
    if not hmac.compare_digest(_token_signature(shop, head).encode(), signature.encode()):
        return ""
    return str(claims["user_id"]) if claims["exp"] > time.time() else ""


def nonce(shop: Shop) -> str:
    """Return the nonce which writes without a Cart-Token need."""
    return hashlib.md5(f"nonce-{shop.profile.key}".encode(), usedforsecurity=False).hexdigest()[:10]


def set_cart_cookies(
    shop: Shop, request: Request, response: Response, visit: Visit, cart_hash: str
) -> None:
    """Set the cookies of a cart: readable ones for scripts, and the session's own."""
    if visit.lines or visit.notices:
        keep(shop, visit)
    if visit.lines and request.cookies.get("woocommerce_cart_hash") != cart_hash:
        response.add("Set-Cookie", "woocommerce_items_in_cart=1; path=/")
        response.add("Set-Cookie", f"woocommerce_cart_hash={cart_hash}; path=/")
    elif not visit.lines and request.cookies.get("woocommerce_items_in_cart"):
        gone = "expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; path=/"
        response.add("Set-Cookie", f"woocommerce_items_in_cart=0; {gone}")
        response.add("Set-Cookie", f"woocommerce_cart_hash=0; {gone}")
    name = session_cookie_name(shop)
    if visit.id in shop.state.visits and not request.cookies.get(name, "").startswith(visit.id):
        expires = int(time.time()) + GUEST_SECONDS
        value = quote(f"{visit.id}|{expires}|{expires - 3600}|$generic${secrets.token_hex(8)}")
        response.add("Set-Cookie", f"{name}={value}; Max-Age={GUEST_SECONDS}; path=/; HttpOnly")

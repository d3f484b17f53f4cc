"""Shopify's official libraries and ours agree, whichever of them signs and whichever checks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode

import pytest
import shopify
import shopify_app
import time_machine
from shopify_app.types import RequestInput

from shopapp.kit.clock import real_now
from shopapp.platforms.shopify import id_token, verify
from shopapp.platforms.shopify.identity import AppIdentity
from tests.shopapp.platforms.shopify import signing
from tests.shopapp.platforms.shopify.official import Official
from tests.shopapp.platforms.shopify.signing import (
    CLIENT_ID,
    NOW,
    OLD_SECRET,
    OTHER_SHOP,
    SECRET,
    SHOP,
)

BODIES = ['{"id":788032119674292922}', '{"title":"Käse „Süß“ 🧀"}', "[]", " \n"]
APP = AppIdentity(CLIENT_ID, (SECRET, OLD_SECRET), "", "", "", ())
PYTHON = shopify_app.ShopifyApp(
    client_id=CLIENT_ID, client_secret=SECRET, old_client_secret=OLD_SECRET
)
OAUTH = {"code": "0907a61c", "host": "YWRtaW4uc2hvcGlmeS5jb20", "shop": SHOP, "state": "n-1_2"}
ODD = {"shop": SHOP, "state": "a b&c=d%e+f/ü:~*", "locale": "en-GB"}
PROXY = {"logged_in_customer_id": "7", "path_prefix": "/apps/rebasket", "shop": SHOP}


@pytest.fixture(scope="module")
def node() -> Iterator[Official]:
    library = Official()
    yield library
    library.close()


def now() -> str:
    """Return the real moment as a query carries it: the libraries have their own clock."""
    return str(int(real_now().timestamp()))


def python_webhook(body: str, signature: str, name: str = "X-Shopify-Hmac-Sha256") -> bool:
    prefix = name.removesuffix("Hmac-Sha256").removesuffix("hmac-sha256")
    headers = {name: signature, f"{prefix}Shop-Domain": SHOP}
    request = RequestInput(method="POST", url="https://app.example/", headers=headers, body=body)
    return bool(PYTHON.verify_webhook_req(request).ok)


def python_proxy(query: str) -> bool:
    url = f"https://app.example/proxy/shopify?{query}"
    request = RequestInput(method="GET", url=url, headers={}, body="")
    return bool(PYTHON.verify_app_proxy_req(request).ok)


def python_token(token: str) -> bool:
    headers = {"Authorization": f"Bearer {token}"}
    request = RequestInput(method="GET", url="https://app.example/x", headers=headers, body="")
    return bool(PYTHON.verify_app_home_req(request, "/patch").ok)


@pytest.mark.parametrize("body", BODIES)
def test_webhooks_that_they_sign_we_believe(node: Official, body: str) -> None:
    signature = node.ask("sign_webhook", body=body)
    assert verify.webhook(body.encode(), signature, (SECRET,))
    assert verify.webhook(body.encode(), signature, (OLD_SECRET, SECRET))
    assert not verify.webhook(body.encode(), signature, (OLD_SECRET,))


@pytest.mark.parametrize("body", BODIES)
def test_webhooks_that_we_sign_they_believe(node: Official, body: str) -> None:
    signature = signing.webhook(body.encode())
    assert node.ask("check_webhook", body=body, signature=signature)
    assert python_webhook(body, signature)
    assert python_webhook(body, signature, "shopify-hmac-sha256")
    assert python_webhook(body, signing.webhook(body.encode(), OLD_SECRET))
    assert not node.ask("check_webhook", body=body + " ", signature=signature)


@pytest.mark.parametrize("told", [OAUTH, ODD], ids=["usual", "odd"])
def test_the_admins_queries_that_they_sign_we_believe(node: Official, told: dict[str, str]) -> None:
    query = {**told, "timestamp": now()}
    by_node = node.ask("sign_query", query=query, signator="admin")
    by_python = python_oauth(query)
    for signature in (by_node, by_python):
        written = urlencode({**query, "hmac": signature})
        assert verify.admin_query(written, (SECRET,), at=real_now()) == query
        assert verify.admin_query(written, (OLD_SECRET, SECRET), at=real_now()) == query
        assert verify.admin_query(written, (OLD_SECRET,), at=real_now()) is None


@pytest.mark.parametrize("told", [OAUTH, ODD], ids=["usual", "odd"])
def test_the_admins_queries_that_we_sign_they_believe(node: Official, told: dict[str, str]) -> None:
    query = dict(parse_qsl(signing.admin({**told, "timestamp": now()})))
    assert node.ask("check_query", query=query, signator="admin")
    assert not node.ask("check_query", query={**query, "state": "x"}, signator="admin")


def test_a_usual_query_of_the_admin_is_signed_the_same_by_all(node: Official) -> None:
    query = {**OAUTH, "timestamp": now()}
    ours = dict(parse_qsl(signing.admin(query)))["hmac"]
    assert ours == node.ask("sign_query", query=query, signator="admin") == python_oauth(query)


def python_oauth(query: dict[str, str]) -> str:
    session: Any = type("Signing", (shopify.Session,), {"secret": SECRET})
    return str(session.calculate_hmac(query))


PROXIED = [
    [*PROXY.items()],
    [*PROXY.items(), ("logged_in_customer", "no")],
    [*PROXY.items(), ("extra", "1"), ("extra", "2")],
    [*PROXY.items(), ("name", "Käse & Brot=gut, 100%+"), ("empty", "")],
]


@pytest.mark.parametrize("pairs", PROXIED)
def test_the_proxys_requests_that_they_sign_we_believe(
    node: Official, pairs: list[tuple[str, str]]
) -> None:
    query = [*pairs, ("timestamp", now())]
    found = {key: one if len(one) > 1 else one[0] for key, one in as_lists(query).items()}
    signature = node.ask("sign_query", query=found, signator="appProxy")
    call = verify.app_proxy(urlencode([*query, ("signature", signature)]), (SECRET,), at=real_now())
    assert call is not None
    assert (call.shop, call.customer_id, call.path_prefix) == (SHOP, "7", "/apps/rebasket")
    assert list(call.query) == pairs[3:]


@pytest.mark.parametrize("pairs", PROXIED)
def test_the_proxys_requests_that_we_sign_they_believe(
    node: Official, pairs: list[tuple[str, str]]
) -> None:
    query = signing.proxied([*pairs, ("timestamp", now())])
    found = {key: one if len(one) > 1 else one[0] for key, one in as_lists(query).items()}
    assert node.ask("check_query", query=found, signator="appProxy")
    assert python_proxy(query)
    assert not python_proxy(query.replace("rebasket", "rebasked"))
    assert python_proxy(signing.proxied([*pairs, ("timestamp", now())], OLD_SECRET))


def as_lists(query: str | list[tuple[str, str]]) -> dict[str, list[str]]:
    written = query if isinstance(query, str) else urlencode(query)
    return parse_qs(written, keep_blank_values=True)


def claims(**changed: object) -> dict[str, object]:
    at = int(real_now().timestamp())
    own = {"iss": f"https://{SHOP}/admin", "dest": f"https://{SHOP}", "sub": "42", "sid": "s"}
    return {**own, "exp": at + 60, "nbf": at, "iat": at, **changed}


@pytest.mark.parametrize("secret", [SECRET, OLD_SECRET])
def test_id_tokens_that_they_sign_we_believe(node: Official, secret: str) -> None:
    token = node.ask("sign_token", claims=claims(), secret=secret)
    found = id_token.check(token, APP)
    assert (found.shop, found.user_id, found.session_id) == (SHOP, "42", "s")


def test_id_tokens_that_they_would_not_sign_for_us_we_refuse(node: Official) -> None:
    with pytest.raises(id_token.BadIdToken):
        id_token.check(node.ask("sign_token", claims=claims(), key="another app"), APP)
    with pytest.raises(id_token.BadIdToken):
        id_token.check(node.ask("sign_token", claims=claims(dest=f"https://{OTHER_SHOP}")), APP)


def test_id_tokens_that_we_sign_they_believe(node: Official) -> None:
    at = int(real_now().timestamp())
    token = signing.id_token(exp=at + 60, nbf=at, iat=at)
    assert node.ask("check_token", token=token) == "42"
    assert python_token(token)
    assert python_token(signing.id_token(OLD_SECRET, exp=at + 60, nbf=at, iat=at))
    old = signing.id_token(exp=at - 11, nbf=at - 71, iat=at - 71)
    assert node.ask("check_token", token=old) == ""
    assert not python_token(old)
    with pytest.raises(id_token.ExpiredIdToken):
        id_token.check(old, APP)


@pytest.mark.parametrize("leeway", [9, 11])
def test_all_give_a_token_ten_seconds_more(node: Official, leeway: int) -> None:
    at = int(real_now().timestamp())
    token = signing.id_token(exp=at - leeway, nbf=at - 60 - leeway, iat=at - 60 - leeway)
    ours = True
    try:
        id_token.check(token, APP)
    except id_token.ExpiredIdToken:
        ours = False
    assert ours is python_token(token) is bool(node.ask("check_token", token=token))
    assert ours is (leeway < 10)


@pytest.mark.parametrize(
    "shop",
    [SHOP, "a-1.myshopify.com", "x.myshopify.com.evil.com", "evil.com", "", "-a.myshopify.com",
     "exampleshop.myshopify.com/x", "exa mple.myshopify.com", "exampleshop.myshopify.com\n"],
)  # fmt: skip
def test_a_shop_of_ours_is_a_shop_of_theirs(node: Official, shop: str) -> None:
    """Ours is stricter at most: what we take for a shop they do too."""
    if verify.shop_host(shop):
        assert node.ask("shop", shop=shop) == shop
    assert bool(verify.shop_host(shop)) is bool(re.fullmatch(r"\w[\w-]*\w\.myshopify\.com", shop))


@time_machine.travel(NOW, tick=False)
def test_shopifys_own_python_library_and_ours_share_one_clock() -> None:
    assert python_token(signing.id_token())
    assert id_token.check(signing.id_token(), APP).shop == SHOP

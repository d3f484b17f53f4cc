"""ID tokens: only the admin's own, for our app, for one shop, and only for a minute."""

from __future__ import annotations

import base64
import json
from datetime import timedelta

import pytest
import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st

from shopapp.platforms.shopify import id_token
from shopapp.platforms.shopify.identity import AppIdentity
from tests.shopapp.platforms.shopify import signing
from tests.shopapp.platforms.shopify.signing import (
    CLIENT_ID,
    NOW,
    OLD_SECRET,
    OTHER_SHOP,
    SECRET,
    SHOP,
)

APP = AppIdentity(CLIENT_ID, (SECRET, OLD_SECRET), "", "", "", ())
STAMP = int(NOW.timestamp())


@pytest.fixture(autouse=True)
def at_noon() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.mark.parametrize("secret", [SECRET, OLD_SECRET])
def test_a_token_says_who_asks(secret: str) -> None:
    token = signing.id_token(secret)
    assert id_token.check(token, APP) == id_token.IdToken(
        shop=SHOP,
        user_id="42",
        session_id="aaea182f2732d44c23057c0fea584021a4485b2bd25d3eb7fd349313ad24c685",
        expires_at=NOW + timedelta(seconds=60),
        text=token,
    )


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": STAMP - 11, "nbf": STAMP - 71},
        {"nbf": STAMP + 11, "iat": STAMP, "exp": STAMP + 71},
    ],
    ids=["over", "not yet"],
)
def test_a_token_of_another_minute_has_expired(claims: dict[str, int]) -> None:
    for secret in (SECRET, OLD_SECRET):
        with pytest.raises(id_token.ExpiredIdToken):
            id_token.check(signing.id_token(secret, **claims), APP)


def test_ten_seconds_are_forgiven() -> None:
    assert id_token.check(signing.id_token(exp=STAMP - 9, nbf=STAMP - 69), APP).shop == SHOP
    assert id_token.check(signing.id_token(nbf=STAMP + 9), APP).shop == SHOP


def refused(token: str) -> None:
    with pytest.raises(id_token.BadIdToken) as said:
        id_token.check(token, APP)
    assert type(said.value) is id_token.BadIdToken


@pytest.mark.parametrize("name", ["iss", "dest", "aud", "sub", "exp", "nbf", "jti", "sid"])
def test_a_token_without_a_claim_is_refused(name: str) -> None:
    refused(signing.id_token(**{name: None}))


@pytest.mark.parametrize("name", ["iss", "dest", "aud", "sub", "exp", "nbf", "sid"])
@pytest.mark.parametrize("value", ["", [], {}, "é\x00", ["a", "b"], "x" * 300])
def test_a_claim_of_another_shape_is_refused(name: str, value: object) -> None:
    refused(signing.id_token(**{name: value}))


def test_our_app_among_others_is_not_our_app() -> None:
    refused(signing.id_token(aud=[CLIENT_ID]))
    refused(signing.id_token(aud=[CLIENT_ID, "another"]))


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "another-app"},
        {"dest": f"https://{OTHER_SHOP}"},
        {"iss": f"https://{OTHER_SHOP}/admin"},
        {"iss": f"https://{SHOP}/other"},
        {"iss": f"http://{SHOP}/admin"},
        {"dest": f"http://{SHOP}"},
        {"dest": SHOP},
        {"dest": f"https://{SHOP}/?x=1"},
        {"dest": f"https://{SHOP}#x"},
        {"dest": f"https://{SHOP}:444", "iss": f"https://{SHOP}:444/admin"},
        {"dest": f"https://a@{SHOP}", "iss": f"https://a@{SHOP}/admin"},
        {"dest": "https://evil.example", "iss": "https://evil.example/admin"},
        {"dest": "https://[", "iss": "https://[/admin"},
        {"sub": "root"},
        {"exp": STAMP + 0.5},
        {"exp": 10**20},
    ],
)
def test_a_token_for_another_app_or_shop_is_refused(claims: dict[str, object]) -> None:
    refused(signing.id_token(**claims))


@pytest.mark.parametrize("secret", ["", "x", "shpss_another", CLIENT_ID])
def test_a_token_by_another_secret_is_refused(secret: str) -> None:
    refused(signing.id_token(secret))
    refused(signing.id_token(secret, exp=STAMP - 100))


@pytest.mark.parametrize("algorithm", ["none", "None", "HS512", "HS384", "RS256", "hs256", ""])
def test_no_other_algorithm_counts(algorithm: str) -> None:
    token = signing.id_token(SECRET, {"alg": algorithm, "typ": "JWT"})
    refused(token)
    refused(token.rpartition(".")[0] + ".")


@pytest.mark.parametrize("token", ["", ".", "..", "a.b", "a.b.c", "a.b.c.d", "é.é.é", "a" * 5000])
def test_what_is_no_token_is_refused(token: str) -> None:
    refused(token)


def test_no_character_of_a_token_can_be_another() -> None:
    token = signing.id_token()
    signature = token.rpartition(".")[2]
    for at, one in enumerate(token):
        for other in {"A", "b", "0", "-", ".", "=", "é"} - {one}:
            changed = token[:at] + other + token[at + 1 :]
            last = at == len(token) - 1 and len(signature) % 4 != 0
            if last and padded(changed) == padded(token):
                continue  # The last character has bits that no byte needs.
            with pytest.raises(id_token.BadIdToken):
                id_token.check(changed, APP)


def padded(token: str) -> bytes:
    last = token.rpartition(".")[2]
    return base64.urlsafe_b64decode(last.encode("ascii", "replace") + b"==")


def test_without_an_app_there_are_no_tokens() -> None:
    for app in (AppIdentity("", (), "", "", "", ()), AppIdentity(CLIENT_ID, (), "", "", "", ())):
        with pytest.raises(id_token.BadIdToken):
            id_token.check(signing.id_token(), app)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(["iss", "dest", "aud", "sub", "exp", "nbf", "iat", "sid"]),
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
    | st.lists(st.text(max_size=5), max_size=2)))  # fmt: skip
def test_no_claim_makes_the_check_fail_otherwise(claims: dict[str, object]) -> None:
    try:
        found = id_token.check(signing.id_token(**claims), APP)
    except id_token.BadIdToken:
        return
    assert found.shop == SHOP


@pytest.mark.parametrize(
    ("header", "token"),
    [("Bearer abc", "abc"), ("bearer  abc ", "abc"), ("Basic abc", ""), ("abc", ""), ("", ""),
     (None, "")],
)  # fmt: skip
def test_the_header_carries_the_token(header: str | None, token: str) -> None:
    assert id_token.bearer(header) == token


def test_the_documented_claims_are_the_ones_we_read() -> None:
    told = json.loads(
        (signing.FIXTURES / "answers" / "session_token_payload.json").read_text(encoding="utf-8")
    )
    with time_machine.travel(told["iat"] + 1, tick=False):
        found = id_token.check(signing.id_token(**told), APP)
    assert (found.shop, found.user_id, found.session_id) == (SHOP, told["sub"], told["sid"])

"""The double's one-click authorization walks as recorded, over TLS, step by step."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.conformance.lab import LAB, fill
from tests.conformance.shapes import FIXTURES, body_differences, kind_of
from tests.doubles.woocommerce import Store

HOST = "https://127.0.0.1:8802"
_RETURN = "https://127.0.0.1:8811/woo/return?x=1"
_ASKED = {
    "app_name": "Cart Rescue Lab",
    "scope": "read_write",
    "user_id": "merchant-42:state-abc123",
    "return_url": _RETURN,
    "callback_url": "https://127.0.0.1:8811/woo/callback?sig=deadbeef",
}


def _steps() -> dict[str, dict[str, Any]]:
    read = json.loads((FIXTURES / "wc-auth" / "https-steps.json").read_text("utf-8"))
    return {one["step"]: one for one in read}


STEPS = _steps()
REFUSALS = [name for name in STEPS if name.startswith("err-")]


@contextmanager
def _shop(
    answers: Callable[[httpx.Request], httpx.Response], *, login_required: bool = False
) -> Iterator[tuple[Store, httpx.Client]]:
    store = Store(
        LAB, threads=False, plugin=False, past_orders=0, home=HOST,
        transport=httpx.MockTransport(answers), login_required=login_required,
    )  # fmt: skip
    fill(store.state)
    store.state.keys.clear()
    with httpx.Client(transport=httpx.WSGITransport(app=store.wsgi), base_url=HOST) as client:
        yield store, client


def _status_of(request: httpx.Request) -> httpx.Response:
    """Answer as the recorder's receiver: the status that the path names, 200 otherwise."""
    parts = request.url.path.split("/")
    return httpx.Response(int(parts[2]) if parts[1] == "status" else 200)


def _approve_link(client: httpx.Client, **changes: str) -> str:
    page = client.get("/wc-auth/v1/authorize", params={**_ASKED, **changes})
    assert page.status_code == 200
    start = page.text.index("/wc-auth/v1/access_granted/")
    return page.text[start : page.text.index('"', start)].replace("&amp;", "&")


@pytest.mark.parametrize("name", REFUSALS)
def test_refusals_are_pages_with_the_recorded_status(name: str) -> None:
    recorded = STEPS[name]
    with _shop(_status_of) as (store, client):
        address = recorded["request"]["url"]
        if name.startswith("err-callback"):
            callback = parse_qs(urlsplit(address).query)["callback_url"][0]
            address = HOST + _approve_link(client, callback_url=callback)
        answer = client.get(address)
        assert store.state.keys == {}
    assert answer.status_code == recorded["response"]["status"] == 401
    assert "<title>Access denied</title>" in answer.text
    theirs = dict(recorded["response"]["headers"])
    for header in ("Content-Type", "Expires", "Cache-Control"):
        assert answer.headers[header] == theirs[header]


def test_a_stranger_signs_in_first_and_comes_back_to_the_question() -> None:
    with _shop(_status_of, login_required=True) as (_, client):
        first = client.get(STEPS["authorize-not-logged-in"]["request"]["url"])
        assert first.status_code == STEPS["authorize-not-logged-in"]["response"]["status"]
        theirs = dict(STEPS["authorize-not-logged-in"]["response"]["headers"])["Location"]
        ours = first.headers["location"]
        assert urlsplit(ours).path == urlsplit(theirs).path
        assert parse_qs(urlsplit(ours).query) == parse_qs(urlsplit(theirs).query)
        form = client.get(ours)
        assert (form.status_code, "woocommerce-login-nonce" in form.text) == (200, True)
        onward = f"{HOST}/wc-auth/v1/authorize/?{urlsplit(ours).query}"
        data = {"username": "owner", "password": "owner-password", "redirect": onward}
        entered = client.post(ours, data=data)
        assert entered.status_code == STEPS["login-post"]["response"]["status"]
        assert "Approve" in client.get(entered.headers["location"]).text


def test_approval_hands_the_keys_over_before_the_browser_returns() -> None:
    seen: list[httpx.Request] = []

    def receive(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200)

    with _shop(receive) as (store, client):
        answer = client.get(_approve_link(client))
        [key] = store.state.keys.values()
    theirs = dict(STEPS["access-granted"]["response"]["headers"])
    assert answer.status_code == STEPS["access-granted"]["response"]["status"]
    assert answer.headers["location"] == theirs["Location"]
    [posted] = seen
    line = (FIXTURES / "wc-auth" / "callback-posts.jsonl").read_text("utf-8").splitlines()[0]
    recorded = json.loads(line)
    body = json.loads(posted.content)
    assert body_differences(json.loads(recorded["body"]), body) == []
    assert list(body) == list(json.loads(recorded["body"]))
    assert kind_of(body["key_id"]) == "number"
    assert posted.headers["Content-Type"] == dict(recorded["headers"])["Content-Type"]
    assert (body["user_id"], body["consumer_key"]) == (_ASKED["user_id"], key.key)
    assert str(posted.url) == _ASKED["callback_url"]


def test_denial_leads_back_without_keys() -> None:
    with _shop(_status_of) as (store, client):
        page = client.get("/wc-auth/v1/authorize", params=_ASKED)
        assert "success=0&amp;user_id=merchant-42:state-abc123" in page.text
        assert store.state.keys == {}


def test_plain_permalinks_ask_by_query() -> None:
    with _shop(_status_of) as (_, client):
        query = {"wc-auth-version": "1", "wc-auth-route": "authorize", **_ASKED}
        assert "Approve" in client.get("/", params=query).text

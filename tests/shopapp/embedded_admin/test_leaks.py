"""Nothing of a visit inside an admin stays behind: in logs, in caches, in a frame that shows none
of our words."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from shopapp.kit.logs import JsonLines
from shopapp.shops.models import Shop
from tests.shopapp.embedded_admin.tokens import HOST, OTHER_HOST, bearer, id_token


def load(client: Client, path: str, token: str, **more: Any) -> Any:
    """Load a document as the admin's frame does."""
    query = {"id_token": token, "shop": HOST, "host": "aG9zdA", "embedded": "1"}
    return client.get(path, query | more, headers={"sec-fetch-dest": "iframe"})


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Iterator[list[str]]:
    """Collect what the logs' own formatter writes."""
    written: list[str] = []

    class Collector(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            written.append(JsonLines().format(record))

    caplog.set_level("INFO")
    handler = Collector()
    logging.getLogger().addHandler(handler)
    yield written
    logging.getLogger().removeHandler(handler)


@pytest.mark.parametrize("path", ["/shops/{shop}/carts/", "/shops/{shop}/nothing/", "/account/"])
@pytest.mark.parametrize("again", ["0", "9"])
def test_no_log_names_a_token(
    client: Client, hedge: Shop, thorn: Shop, lines: list[str], path: str, again: str
) -> None:
    """A refused one may still be good elsewhere: where this machine's clock is wrong."""
    for token in (id_token(), id_token(aud="another-app"), id_token(OTHER_HOST), id_token(exp=1)):
        load(client, path.format(shop=hedge.pk), token, again=again, q="vera@shop.example")
        told = "\n".join(lines)
        assert lines
        assert token.split(".")[2] not in told
        assert token.split(".")[1][:30] not in told
        assert "vera" not in told


def test_a_callbacks_code_is_in_no_log(client: Client, hedge: Shop, lines: list[str]) -> None:
    answer = client.get("/install/shopify/callback/", {"code": "c0de", "state": "s", "shop": HOST})
    assert answer.status_code == 404
    assert lines
    assert "c0de" not in "\n".join(lines)


def test_that_we_do_not_know_who_comes_is_said_inside_the_frame(
    client: Client, hedge: Shop, thorn: Shop
) -> None:
    answer = load(client, reverse("carts:list", args=[hedge.pk]), "nonsense", again="9")
    assert answer.status_code == 401
    assert "Close this page and open it anew" in answer.content.decode()
    assert "X-Frame-Options" not in answer.headers
    policy = answer.headers["Content-Security-Policy"]
    assert f"frame-ancestors https://{HOST} https://admin.shopify.com" in policy
    assert OTHER_HOST not in policy


def test_that_page_stands_in_no_frame_of_anybody_else(client: Client, hedge: Shop) -> None:
    path = reverse("carts:list", args=[hedge.pk])
    answer = load(client, path, "nonsense", again="9", shop="evil.example")
    policy = answer.headers["Content-Security-Policy"]
    assert "evil.example" not in policy
    assert "frame-ancestors https://admin.shopify.com" in policy


@pytest.mark.parametrize("path", ["/", "/shops/{shop}/settings/", "/shops/{shop}/nothing/"])
def test_no_cache_keeps_what_an_admin_was_shown(
    client: Client, hedge: Shop, thorn: Shop, path: str
) -> None:
    for answer in (
        load(client, path.format(shop=hedge.pk), id_token()),
        client.get(path.format(shop=hedge.pk), headers=bearer(id_token())),
    ):
        assert "no-store" in answer.headers["Cache-Control"]


def test_without_an_app_a_pass_is_just_a_word_in_an_address(
    client: Client, hedge: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SHOPIFY_API_KEY")
    answer = client.get(reverse("carts:list", args=[hedge.pk]), {"pass": "x"})
    assert answer.headers["Location"].startswith("/sign-in/")

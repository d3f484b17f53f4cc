"""Who comes from inside an admin: by a signed token, without a cookie, to one shop."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from shopapp.shops import passes
from shopapp.shops.models import Member, Remark, Shop, User
from tests.shopapp.embedded_admin.tokens import HOST, OTHER_HOST, bearer, id_token

RETRY = "X-Shopify-Retry-Invalid-Session-Request"


def carts(shop: Shop) -> str:
    return reverse("carts:list", args=[shop.pk])


def sender(shop: Shop) -> str:
    return reverse("settings:sender", args=[shop.pk])


def load(client: Client, path: str, token: str, host: str = HOST, **more: Any) -> Any:
    """Load a document as the admin's frame does."""
    query = {"id_token": token, "shop": host, "host": "aG9zdA", "embedded": "1", "hmac": "00"}
    return client.get(path, query | more, headers={"sec-fetch-dest": "iframe"})


def test_a_document_and_a_script_are_let_in_without_a_cookie(client: Client, hedge: Shop) -> None:
    page = load(client, carts(hedge), id_token(), tab="live")
    assert page.status_code == 200
    fetched = client.get(carts(hedge), headers=bearer(id_token()))
    assert fetched.status_code == 200
    for answer in (page, fetched):
        assert not answer.cookies
        assert "Set-Cookie" not in answer.headers
    assert not client.cookies


def test_what_the_admin_added_to_the_address_is_in_no_link_of_the_page(
    client: Client, hedge: Shop
) -> None:
    token = id_token()
    text = load(client, carts(hedge), token, q="wool").content.decode()
    assert token not in text
    assert "hmac=00" not in text
    assert "q=wool" in text


def test_a_cookie_is_not_read(client: Client, hedge: Shop, thorn: Shop) -> None:
    """A signed-in person's cookie, where a browser still sends it, opens nothing more."""
    outsider = User.objects.create_user("both@shop.example")
    Member.objects.create(user=outsider, shop=thorn)
    client.force_login(outsider, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(carts(thorn)).status_code == 200
    assert client.get(carts(thorn), headers=bearer(id_token())).status_code == 404
    assert client.get(carts(hedge), headers=bearer(id_token())).status_code == 200


def test_a_form_is_posted_without_a_csrf_token_and_its_word_comes_with_the_next_page(
    hedge: Shop, thorn: Shop
) -> None:
    browser = Client(enforce_csrf_checks=True)
    path = reverse("settings:recovery", args=[hedge.pk])
    form = {"checkout_cutoff_minutes": "45", "cart_cutoff_minutes": "90"}
    answer = browser.post(path, form, headers=bearer(id_token()))
    assert answer.status_code == 302
    assert Remark.objects.count() == 1
    other = browser.get(carts(thorn), headers=bearer(id_token(OTHER_HOST)))
    text = browser.get(answer.headers["Location"], headers=bearer(id_token())).content.decode()
    assert "data-toast-close" not in other.content.decode()
    assert "data-toast-close" in text
    assert Remark.objects.count() == 0
    assert browser.post(path, form).status_code == 403, "without the token, CSRF counts as ever"
    assert not browser.cookies.get("sessionid")


@pytest.mark.parametrize(
    "token",
    [
        "",
        "nonsense",
        "a.b.c",
        id_token(exp=1_700_000_000),
        id_token(nbf=4_000_000_000),
        id_token(aud="another-app"),
        id_token(secret="another secret of thirty-two letters"),
        id_token(algorithm="none"),
        id_token(dest="https://thorn.myshopify.com"),
        id_token("evil.example"),
        id_token(user="7; drop"),
    ],
)
def test_a_token_that_is_none_is_refused_and_asked_for_again(
    client: Client, hedge: Shop, token: str
) -> None:
    scripted = client.get(carts(hedge), headers=bearer(token))
    assert scripted.status_code == 401
    assert scripted.headers[RETRY] == "1"
    assert scripted.headers["HX-Reswap"] == "none"
    posted = client.post(sender(hedge), {}, headers=bearer(token))
    assert posted.status_code == 401
    loaded = load(client, carts(hedge), token, tab="lost")
    assert loaded.status_code == 302
    there = urlsplit(loaded.headers["Location"])
    assert there.path == "/embedded/session/"
    query = parse_qs(there.query)
    assert query["shop"] == [HOST]
    back = query["shopify-reload"][0]
    assert back.startswith(f"http://127.0.0.1:8000{carts(hedge)}?")
    assert "tab=lost" in back
    assert "id_token" not in back


def test_a_token_that_was_good_is_refused_when_its_minute_is_over(
    client: Client, hedge: Shop
) -> None:
    past = int(time.time()) - 90
    token = id_token(exp=past + 60, nbf=past, iat=past)
    assert client.get(carts(hedge), headers=bearer(token)).status_code == 401


def test_a_document_in_a_frame_without_a_token_fetches_one_and_others_sign_in(
    client: Client, hedge: Shop
) -> None:
    framed = client.get(carts(hedge), headers={"sec-fetch-dest": "iframe"})
    assert urlsplit(framed.headers["Location"]).path == "/embedded/session/"
    scripted = client.get(carts(hedge), headers={"x-embedded": "1"})
    assert scripted.status_code == 401
    assert scripted.headers[RETRY] == "1"
    plain = client.get(carts(hedge))
    assert urlsplit(plain.headers["Location"]).path == "/sign-in/"


def test_tokens_that_are_refused_for_ever_end_in_words(client: Client, hedge: Shop) -> None:
    path, query = carts(hedge), {"embedded": "1"}
    for _ in range(3):
        answer = client.get(path, query)
        back = urlsplit(parse_qs(urlsplit(answer.headers["Location"]).query)["shopify-reload"][0])
        query = {name: found[0] for name, found in parse_qs(back.query).items()}
    assert client.get(path, query).status_code == 401


def test_the_page_that_fetches_a_token_leads_nowhere_but_here(client: Client, db: None) -> None:
    back = "http://127.0.0.1:8000/shops/1/carts/"
    page = client.get("/embedded/session/", {"shop": HOST, "shopify-reload": back})
    text = page.content.decode()
    assert page.status_code == 200
    assert "app-bridge.js" in text
    assert (
        f"frame-ancestors https://{HOST} https://admin.shopify.com"
        in (page.headers["Content-Security-Policy"])
    )
    assert "X-Frame-Options" not in page.headers
    for elsewhere in ("https://evil.example/", "//evil.example/", "javascript:1", "", "http://["):
        answer = client.get("/embedded/session/", {"shop": HOST, "shopify-reload": elsewhere})
        assert answer.status_code == 400


def test_only_this_shops_admin_may_show_its_pages(client: Client, hedge: Shop) -> None:
    page = load(client, carts(hedge), id_token())
    policy = page.headers["Content-Security-Policy"]
    assert f"frame-ancestors https://{HOST} https://admin.shopify.com" in policy
    assert "*" not in policy
    assert "X-Frame-Options" not in page.headers
    assert page.headers["Referrer-Policy"] == "strict-origin"
    outside = client.get("/sign-in/")
    assert "frame-ancestors 'none'" in outside.headers["Content-Security-Policy"]
    assert outside.headers["X-Frame-Options"] == "DENY"


def test_the_head_begins_with_the_admins_script(client: Client, hedge: Shop) -> None:
    text = load(client, carts(hedge), id_token()).content.decode()
    assert text.index("shopify-api-key") < text.index("app-bridge.js") < text.index("polaris.js")
    assert text.index("app-bridge.js") == text.index("<script src=") + len(
        '<script src="https://cdn.shopify.com/shopifycloud/'
    )
    assert "s-app-nav" in text
    assert "Sign out" not in text
    outside = client.get("/sign-in/").content.decode()
    assert "app-bridge" not in outside


def test_a_viewer_looks_and_changes_nothing(client: Client, hedge: Shop) -> None:
    headers = bearer(id_token(user="9"))
    assert client.get(carts(hedge), headers=headers).status_code == 200
    assert client.post(sender(hedge), {}, headers=headers).status_code == 403


def test_a_person_not_known_yet_goes_through_the_door(client: Client, hedge: Shop) -> None:
    stranger = id_token(user="55")
    assert client.get(carts(hedge), headers=bearer(stranger)).status_code == 403
    loaded = load(client, carts(hedge), stranger)
    assert urlsplit(loaded.headers["Location"]).path == "/embedded/"


@pytest.mark.parametrize("state", [Shop.State.REFUSED, Shop.State.UNINSTALLED])
def test_a_shop_whose_access_ended_goes_through_the_door_once(
    client: Client, hedge: Shop, state: str
) -> None:
    Shop.objects.filter(pk=hedge.pk).update(state=state)
    loaded = load(client, carts(hedge), id_token())
    assert urlsplit(loaded.headers["Location"]).path == "/embedded/"
    assert load(client, carts(hedge), id_token(), arrived="1").status_code == 200


def test_a_pass_opens_one_picture_to_look_at(client: Client, hedge: Shop, thorn: Shop) -> None:
    member = Member.objects.get(shop=hedge, role=Member.Role.VIEWER)
    given = passes.pass_to(carts(hedge), member)
    assert client.get(carts(hedge), {"pass": given}).status_code == 200
    for path in (carts(thorn), sender(hedge)):
        answer = client.get(path, {"pass": given})
        assert urlsplit(answer.headers["Location"]).path == "/embedded/session/"
    assert client.post(carts(hedge) + f"?pass={given}").status_code in {302, 403, 405}
    Member.objects.filter(pk=member.pk).delete()
    assert client.get(carts(hedge), {"pass": given}).status_code == 302


def test_pages_of_no_shop_are_not_there_in_an_admin(client: Client, hedge: Shop) -> None:
    headers = bearer(id_token())
    assert client.get("/account/", headers=headers).status_code == 404
    home = client.get("/", headers=headers)
    assert home.headers["Location"] == carts(hedge)

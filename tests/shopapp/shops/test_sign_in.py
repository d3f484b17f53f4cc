"""Signing in: by mailed link, which only a button spends, or by a password that is guarded."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client

from shopapp.kit import clock, later
from shopapp.kit.logs import JsonLines
from shopapp.shops import accounts
from shopapp.shops.models import Member, Shop, SignInLink, User
from shopapp.shops.tasks import mail_link

PASSWORD = "a long and quiet afternoon"


@pytest.fixture
def anna(db: None) -> User:
    user = User.objects.create_user("anna@shop.example", PASSWORD)
    User.objects.update(confirmed_at=clock.real_now())
    return user


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, tuple[Any, ...]]]:
    """Return what workers are woken for."""
    taken: list[tuple[str, tuple[Any, ...]]] = []
    monkeypatch.setattr(later, "enqueue", lambda name, *ids: taken.append((name, ids)))
    return taken


def link_for(user: User) -> str:
    """Mail a link and return its address."""
    accounts.mail_link(user, at=clock.real_now())
    return "/sign-in/" + str(mail.outbox[-1].body).split("/sign-in/")[1].split()[0]


def is_in(browser: Client) -> bool:
    return browser.get("/account/").status_code == 200


def test_looking_at_the_link_spends_nothing_and_its_button_signs_in(
    client: Client, anna: User
) -> None:
    link = link_for(anna)
    for _ in range(3):
        page = client.get(link)
        assert "anna@shop.example" in page.content.decode()
    client.head(link)
    assert not is_in(client)
    client.post(link)
    assert is_in(client)


def test_a_link_works_once(client: Client, anna: User) -> None:
    link = link_for(anna)
    client.post(link)
    second = Client()
    assert second.post(link).status_code == 410
    assert second.get(link).status_code == 410
    assert not is_in(second)


def test_a_link_works_for_twenty_minutes(client: Client, anna: User) -> None:
    link = link_for(anna)
    with time_machine.travel(clock.real_now() + timedelta(minutes=20, seconds=1)):
        assert client.post(link).status_code == 410
        assert "This link is over" in client.get(link).content.decode()


def test_a_guessed_link_is_over(client: Client, anna: User) -> None:
    assert client.post("/sign-in/guessed/").status_code == 410
    assert client.get("/sign-in/guessed/").status_code == 410


def test_links_lie_in_the_database_as_hashes_only(anna: User) -> None:
    token = link_for(anna).split("/")[2]
    assert token not in SignInLink.objects.get().token_hash


def test_known_and_unknown_addresses_are_answered_and_worked_on_alike(
    client: Client, anna: User, sent: list[Any]
) -> None:
    for email in ("Anna@Shop.example", "nobody@shop.example"):
        answer = client.post("/sign-in/", {"email": email}, follow=True)
        assert answer.redirect_chain == [("/sign-in/sent/", 302)]
        assert email.lower() not in answer.content.decode().lower()
    assert sent == [("shops.mail_link", (anna.pk,)), ("shops.mail_link", (0,))]
    for _, ids in sent:
        mail_link(*ids)
    assert [one.to for one in mail.outbox] == [["anna@shop.example"]]


def test_one_address_gets_five_links_an_hour(client: Client, anna: User, sent: list[Any]) -> None:
    answers = [client.post("/sign-in/", {"email": anna.email}).status_code for _ in range(6)]
    assert answers == [302] * 5 + [429]


@pytest.mark.parametrize("there", ["https://evil.example/", "//evil.example", "javascript:x()"])
def test_nobody_is_led_to_another_site(
    client: Client, anna: User, there: str, sent: list[Any]
) -> None:
    client.post("/sign-in/", {"email": anna.email, "next": there})
    assert client.post(link_for(anna)).headers["Location"] == "/"
    form = {"email": anna.email, "password": PASSWORD, "next": there}
    assert Client().post("/sign-in/password/", form).headers["Location"] == "/"


def test_the_page_that_was_wanted_is_reached_after_the_link(
    client: Client, anna: User, sent: list[Any]
) -> None:
    client.post("/sign-in/", {"email": anna.email, "next": "/shops/7/flows/"})
    assert client.post(link_for(anna)).headers["Location"] == "/shops/7/flows/"


def test_a_password_signs_in_and_a_wrong_one_does_not_say_which_part_was_wrong(
    client: Client, anna: User
) -> None:
    wrong = client.post("/sign-in/password/", {"email": anna.email, "password": "x"})
    unknown = client.post("/sign-in/password/", {"email": "no@b.example", "password": "x"})
    assert wrong.context["form"].non_field_errors() == unknown.context["form"].non_field_errors()
    client.post("/sign-in/password/", {"email": anna.email, "password": PASSWORD})
    assert is_in(client)


def test_a_password_tried_too_often_ends_in_a_page_that_offers_the_link(
    client: Client, anna: User
) -> None:
    form = {"email": anna.email, "password": "guess"}
    answers = [client.post("/sign-in/password/", form) for _ in range(9)]
    assert answers[-1].status_code == 429
    assert "have a link mailed" in answers[-1].content.decode()
    right = client.post("/sign-in/password/", {"email": anna.email, "password": PASSWORD})
    assert right.status_code == 429
    assert client.post(link_for(anna)).status_code == 302


def test_an_account_without_a_password_is_not_entered_by_one(client: Client, db: None) -> None:
    User.objects.create_user("link@shop.example")
    for password in ("", "!", "None"):
        form = {"email": "link@shop.example", "password": password}
        assert client.post("/sign-in/password/", form).status_code == 422


def test_a_new_password_is_long_and_ends_the_other_sessions(client: Client, anna: User) -> None:
    other = Client()
    client.post(link_for(anna))
    other.post(link_for(anna))
    short = client.post("/account/", {"password": "short", "password_again": "short"})
    assert short.status_code == 422
    new = "another long and quiet afternoon"
    client.post("/account/", {"password": new, "password_again": new})
    assert is_in(client)
    assert not is_in(other)


def test_signing_out_takes_a_button(client: Client, anna: User) -> None:
    client.post(link_for(anna))
    assert client.get("/sign-out/").status_code == 405
    assert is_in(client)
    client.post("/sign-out/")
    assert not is_in(client)


def test_who_has_one_shop_is_led_to_it_and_who_has_two_chooses(
    owner_client: Client, shop: Shop, other_shop: Shop
) -> None:
    assert owner_client.get("/").headers["Location"] == f"/shops/{shop.pk}/carts/"
    Member.objects.create(user=User.objects.get(), shop=other_shop)
    page = owner_client.get("/").content.decode()
    assert shop.host in page
    assert other_shop.host in page


def test_no_token_reaches_the_log(
    client: Client, anna: User, caplog: pytest.LogCaptureFixture
) -> None:
    token = link_for(anna).split("/")[2]
    for path in (f"/sign-in/{token}/", f"/sign-in/{token}", f"/r/{token}/mistyped"):
        client.get(path)
    lines = [JsonLines().format(record) for record in caplog.records]
    assert any("/sign-in/[token]/" in line for line in lines)
    assert not any(token in line for line in lines)


def test_a_password_set_before_the_address_was_confirmed_is_gone_with_the_first_link(
    client: Client, db: None
) -> None:
    squatted = User.objects.create_user("squatted@shop.example", PASSWORD)
    client.post(link_for(squatted))
    form = {"email": squatted.email, "password": PASSWORD}
    assert Client().post("/sign-in/password/", form).status_code == 422
    assert is_in(client)

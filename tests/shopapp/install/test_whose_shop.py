"""Nobody gets a shop, or into somebody's account, by a link, a guess or another's browser."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from pytest_django import Settings

from shopapp.install.tasks import sweep
from shopapp.kit import clock
from shopapp.shops import accounts
from shopapp.shops.models import Member, Shop, SignInLink, User
from tests.shopapp.install.road import Road, newest, only_shop

BACKEND = "django.contrib.auth.backends.ModelBackend"


def signed_in(user: User) -> Client:
    browser = Client()
    browser.force_login(user, backend=BACKEND)
    return browser


def who(browser: Client) -> str:
    """Return the address that the browser is signed in with, '' for nobody."""
    page = browser.get("/account/")
    return page.context["user"].email if page.status_code == 200 else ""


def entrance(page: Any) -> str:
    return str(page.request["PATH_INFO"])


def test_a_consent_given_in_another_browser_ends_the_install(plugin_road: Road) -> None:
    location = plugin_road.consent(plugin_road.press_connect())
    answer = plugin_road.come_back(location, Client())
    assert answer.status_code == 404
    assert "another browser" in answer.content.decode()
    assert newest().status == "failed"
    assert newest().sealed_keys == ""
    # The one who sent the owner to that page tries to go on.
    plugin_road.come_back(location)
    sweep()
    plugin_road.worker.work()
    assert not Shop.objects.exists()


def test_even_a_forerunner_is_stopped_while_the_keys_are_proven(
    plugin_road: Road, monkeypatch: pytest.MonkeyPatch
) -> None:
    location = plugin_road.consent(plugin_road.press_connect())
    plugin_road.come_back(location)

    def arrive(*_: object, **__: object) -> str:
        plugin_road.come_back(location, Client())
        return "owner@shop.example"

    monkeypatch.setattr("shopapp.install.proving._merchant_email", arrive)
    plugin_road.worker.work("install.prove")
    assert newest().status == "failed"
    assert not Shop.objects.exists()


def test_the_page_of_an_install_is_its_browsers_alone(road: Road) -> None:
    page = road.connect(road.ask())
    for method in ("get", "post"):
        assert getattr(Client(), method)(entrance(page)).status_code == 404


def test_a_return_without_an_install_is_a_clear_page(road: Road) -> None:
    for query in ({}, {"success": "1"}, {"success": "1", "user_id": "guess"}):
        answer = Client().get("/install/woocommerce/return/", query)
        assert answer.status_code == 404
        assert "start again" in answer.content.decode()


def test_the_plugins_link_does_not_put_a_store_into_the_account_that_is_signed_in(
    plugin_road: Road,
) -> None:
    bystander = User.objects.create_user("bystander@other.example")
    plugin_road.browser.force_login(bystander, backend=BACKEND)
    page = plugin_road.connect(plugin_road.press_connect())
    assert not Member.objects.filter(user=bystander).exists()
    assert "bystander@other.example" in page.content.decode(), "the button says who goes on"
    entered = plugin_road.browser.post(entrance(page))
    assert entered.headers["Location"] == f"/shops/{only_shop().pk}/import/"
    assert Member.objects.filter(user=bystander).exists()


def test_no_get_signs_anybody_in(plugin_road: Road) -> None:
    page = plugin_road.connect(plugin_road.press_connect())
    plugin_road.browser.get(entrance(page))
    assert who(plugin_road.browser) == ""


def test_the_entrance_works_once_and_soon(plugin_road: Road) -> None:
    page = plugin_road.connect(plugin_road.press_connect())
    with time_machine.travel(clock.real_now() + timedelta(hours=2)):
        late = plugin_road.browser.post(entrance(page))
        assert late.headers["Location"] == "/sign-in/sent/"
    plugin_road.browser.post(entrance(page))
    assert who(plugin_road.browser) == plugin_road.store.shop.plugin.merchant_email  # type: ignore[union-attr]
    states = plugin_road.browser.session["install_states"]
    again = Client()
    session = again.session
    session["install_states"] = states
    session.save()
    assert again.post(entrance(page)).headers["Location"] == "/sign-in/sent/"
    assert who(again) == ""


def test_the_sessions_key_changes_with_signing_in(plugin_road: Road) -> None:
    page = plugin_road.connect(plugin_road.press_connect())
    before = plugin_road.browser.session.session_key
    plugin_road.browser.post(entrance(page))
    assert plugin_road.browser.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()


def test_an_account_that_is_there_already_is_entered_by_a_mailed_link_only(
    plugin_road: Road,
) -> None:
    plugin = plugin_road.store.shop.plugin
    assert plugin is not None
    User.objects.create_user(plugin.merchant_email)
    page = plugin_road.connect(plugin_road.press_connect())
    assert "Mail me a link" in page.content.decode()
    answer = plugin_road.browser.post(entrance(page))
    assert answer.headers["Location"] == "/sign-in/sent/"
    assert who(plugin_road.browser) == ""
    plugin_road.worker.work("shops.mail_link")
    assert [one.to for one in mail.outbox] == [[plugin.merchant_email]]


def test_a_typed_address_of_somebody_elses_account_signs_nobody_in(road: Road) -> None:
    victim = User.objects.create_user("victim@other.example")
    page = road.connect(road.ask(email="Victim@Other.example"))
    road.browser.post(entrance(page))
    assert who(road.browser) == ""
    assert SignInLink.objects.count() == 0, "the worker mails it, to the victim"
    assert User.objects.get() == victim


def test_who_took_an_unconfirmed_address_before_loses_it_to_the_stores_owner(
    plugin_road: Road, settings: Settings
) -> None:
    plugin = plugin_road.store.shop.plugin
    assert plugin is not None
    squatted = User.objects.create_user(plugin.merchant_email, "a-password-of-the-squatter")
    squatter = signed_in(squatted)
    plugin_road.connect(plugin_road.press_connect())
    assert who(squatter) == ""
    squatted.refresh_from_db()
    assert not squatted.has_usable_password()


def test_the_first_mailed_link_ends_every_session_of_an_address_that_was_only_claimed(
    plugin_road: Road,
) -> None:
    page = plugin_road.connect(plugin_road.press_connect())
    plugin_road.browser.post(entrance(page))
    user = Member.objects.get().user
    assert who(plugin_road.browser) == user.email
    accounts.mail_link(user, at=clock.real_now())
    token = str(mail.outbox[-1].body).split("/sign-in/")[1].split("/")[0]
    owner = Client()
    owner.post(f"/sign-in/{token}/")
    assert who(owner) == user.email
    assert who(plugin_road.browser) == ""


def test_somebody_else_who_manages_the_store_joins_and_the_others_are_told(road: Road) -> None:
    road.connect(road.ask(email="first@shop.example"))
    second = Road(road.store, road.worker, Client())
    second.connect(second.ask(email="second@shop.example"))
    road.worker.work("install.tell_members")
    (told,) = mail.outbox
    assert told.to == ["first@shop.example"]
    assert "second@shop.example" in str(told.body)
    assert Member.objects.filter(shop=only_shop()).count() == 2
    road.worker.work("install.tell_members")
    assert len(mail.outbox) == 1


def test_a_lost_wake_up_does_not_keep_the_news_of_a_newcomer(road: Road) -> None:
    road.connect(road.ask(email="first@shop.example"))
    second = Road(road.store, road.worker, Client())
    second.connect(second.ask(email="second@shop.example"))
    road.worker.waiting.clear()
    with time_machine.travel(clock.real_now() + timedelta(minutes=3)):
        sweep()
        road.worker.work("install.tell_members")
    assert len(mail.outbox) == 1


def test_a_plugins_link_to_a_store_without_the_plugin_asks_for_an_address(road: Road) -> None:
    page = road.connect(road.press_connect())
    assert "Type the store&#x27;s address and yours" in page.content.decode()
    assert not Shop.objects.exists()
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("there", "shown"),
    [
        ("{home}/wp-admin/admin.php?page=rebasket", True),
        ("https://evil.example/wp-admin/", False),
        ("javascript:alert(1)", False),
        ("{home}.evil.example/", False),
        ("//evil.example/", False),
        ("http://[", False),
    ],
)
def test_the_way_back_leads_to_the_store_alone(plugin_road: Road, there: str, shown: bool) -> None:
    home = plugin_road.store.home
    given = {"store": home, "return": there.format(home=home)}
    asked = plugin_road.browser.get("/install/woocommerce/start", given)
    page = plugin_road.come_back(plugin_road.consent(asked, "deny")).content.decode()
    assert ("Back to WordPress" in page) is shown
    assert "evil.example" not in page


def test_starting_too_often_is_refused(road: Road) -> None:
    answers = [road.ask(address="nothing.invalid").status_code for _ in range(31)]
    assert answers[0] == 422
    assert answers[-1] == 429


def test_both_forms_are_guarded_against_other_sites(road: Road) -> None:
    page = road.connect(road.ask())
    strict = Client(enforce_csrf_checks=True, headers={"Cookie": ""})
    strict.cookies = road.browser.cookies
    assert strict.post(entrance(page)).status_code == 403
    assert strict.post("/install/", {"store_url": "x", "email": "a@b.example"}).status_code == 403

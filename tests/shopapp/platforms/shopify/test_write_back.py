"""What we tell a shop: its shoppers and their consent, the mails that went out, where we are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import override_settings

from shopapp.platforms.answers import StoreSaidNo
from shopapp.platforms.base import ConsentGiven
from shopapp.platforms.connector import CustomerToWrite
from tests.shopapp.platforms.shopify.admin import HOST, Pauses, refused, shopify

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ANN = "gid://shopify/Customer/5"
UNKNOWN: dict[str, Any] = {"customerByIdentifier": None}
WRITTEN = {"customerSet": {"customer": {"id": ANN}, "userErrors": []}}
CONSENTED: dict[str, Any] = {"customerEmailMarketingConsentUpdate": {"userErrors": []}}
AGREED = ConsentGiven(True, at=NOON, source="popup")
REFUSED = ConsentGiven(False, at=NOON)


@pytest.fixture(autouse=True)
def _loopback_stores() -> Iterator[None]:
    with override_settings(ALLOW_LOOPBACK_STORES=True, EGRESS_EXTRA_CA_FILE=""):
        yield


def _known(state: str = "NOT_SUBSCRIBED", at: str | None = None, **values: Any) -> dict[str, Any]:
    mail = {"emailAddress": "ann@example.com", "marketingState": state, "marketingUpdatedAt": at}
    account = {"id": ANN, "firstName": "Ann", "lastName": None, "locale": "en"}
    return {"customerByIdentifier": account | {"defaultEmailAddress": mail} | values}


def test_a_new_shopper_becomes_a_customer_with_their_consent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shopper = CustomerToWrite("ann@example.com", "Ann", "Lee", "+4930123", "de", AGREED)
    with shopify(
        monkeypatch, CustomerByEmail=[UNKNOWN], CustomerSet=[WRITTEN], CustomerConsent=[CONSENTED]
    ) as admin:
        assert Pauses().client().write_customer(shopper) == "5"
    (_, _), (_, written), (_, consent) = admin.asked
    assert written == {
        "email": "ann@example.com",
        "customer": {
            "email": "ann@example.com",
            "firstName": "Ann",
            "lastName": "Lee",
            "phone": "+4930123",
            "locale": "de",
        },
    }
    assert consent["input"] == {
        "customerId": ANN,
        "emailMarketingConsent": {
            "marketingState": "SUBSCRIBED",
            "marketingOptInLevel": "SINGLE_OPT_IN",
            "consentUpdatedAt": "2026-11-23T12:00:00Z",
        },
    }


def test_what_the_shop_knows_is_not_overwritten(monkeypatch: pytest.MonkeyPatch) -> None:
    shopper = CustomerToWrite("ann@example.com", "Anna", "Lee", "", "fr")
    with shopify(monkeypatch, CustomerByEmail=[_known()], CustomerSet=[WRITTEN]) as admin:
        Pauses().client().write_customer(shopper)
    assert admin.asked[1][1]["customer"] == {"email": "ann@example.com", "lastName": "Lee"}


def test_nothing_new_is_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    with shopify(monkeypatch, CustomerByEmail=[_known()]) as admin:
        assert Pauses().client().write_customer(CustomerToWrite("ann@example.com", "A")) == "5"
    assert admin.names == ["CustomerByEmail"]


def test_a_phone_number_that_another_has_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    shopper = CustomerToWrite("ann@example.com", "Ann", phone="+4930123")
    taken = refused("customerSet", "TAKEN", "Phone has already been taken")
    with shopify(monkeypatch, CustomerByEmail=[UNKNOWN], CustomerSet=[taken, WRITTEN]) as admin:
        assert Pauses().client().write_customer(shopper) == "5"
    written = [variables["customer"] for name, variables in admin.asked if name == "CustomerSet"]
    assert ["phone" in one for one in written] == [True, False]


def test_a_shopper_whom_the_shop_refuses_is_a_no(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = refused("customerSet", "INVALID", "Email is invalid")
    with shopify(monkeypatch, CustomerByEmail=[UNKNOWN], CustomerSet=[wrong]):
        with pytest.raises(StoreSaidNo) as raised:
            Pauses().client().write_customer(CustomerToWrite("ann@", "Ann"))
    assert (raised.value.code, raised.value.message) == ("INVALID", "Email is invalid")


@pytest.mark.parametrize(
    ("state", "at", "ours", "told"),
    [
        ("NOT_SUBSCRIBED", None, AGREED, "SUBSCRIBED"),
        ("PENDING", "2026-11-23T12:30:00Z", AGREED, "SUBSCRIBED"),
        ("UNSUBSCRIBED", "2026-11-23T11:00:00Z", AGREED, "SUBSCRIBED"),
        ("UNSUBSCRIBED", "2026-11-23T13:00:00Z", AGREED, ""),
        ("UNSUBSCRIBED", "2026-11-23T11:00:00Z", ConsentGiven(True), ""),
        ("UNSUBSCRIBED", None, AGREED, ""),
        ("REDACTED", None, AGREED, ""),
        ("INVALID", None, AGREED, ""),
        ("SUBSCRIBED", None, REFUSED, "UNSUBSCRIBED"),
        ("SUBSCRIBED", "2026-11-01T11:00:00Z", AGREED, ""),
        ("SUBSCRIBED", "2026-11-23T11:00:00Z", REFUSED, "UNSUBSCRIBED"),
        ("SUBSCRIBED", "2026-11-23T13:00:00Z", REFUSED, ""),
        ("NOT_SUBSCRIBED", None, REFUSED, "UNSUBSCRIBED"),
        ("NOT_SUBSCRIBED", None, ConsentGiven(None), ""),
        ("NOT_SUBSCRIBED", None, None, ""),
    ],
)
def test_the_newer_word_about_marketing_stands(
    monkeypatch: pytest.MonkeyPatch,
    state: str,
    at: str | None,
    ours: ConsentGiven | None,
    told: str,
) -> None:
    shopper = CustomerToWrite("ann@example.com", consent=ours)
    with shopify(
        monkeypatch, CustomerByEmail=[_known(state, at)], CustomerConsent=[CONSENTED]
    ) as admin:
        Pauses().client().write_customer(shopper)
    consents = [
        variables["input"]["emailMarketingConsent"]
        for name, variables in admin.asked
        if name == "CustomerConsent"
    ]
    assert [one["marketingState"] for one in consents] == ([told] if told else [])
    assert all(("marketingOptInLevel" in one) == (told == "SUBSCRIBED") for one in consents)


FOUND = {"abandonmentByAbandonedCheckoutId": {"id": "gid://shopify/Abandonment/3"}}
ACTIVITY = {"id": "gid://shopify/MarketingActivity/9"}
SENT: dict[str, Any] = {"abandonmentUpdateActivitiesDeliveryStatuses": {"userErrors": []}}


def _report(monkeypatch: pytest.MonkeyPatch, **replies: Any) -> tuple[bool, list[Any]]:
    with shopify(monkeypatch, **replies) as admin:
        done = (
            Pauses()
            .client()
            .report_sent(checkout_id="88", campaign="cart-email-1", message="m1", at=NOON)
        )
    return done, admin.asked


def test_a_mail_that_went_out_is_reported_to_its_abandonment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SHOPIFY_API_KEY", "client-id")
    made = {"marketingActivityUpsertExternal": {"marketingActivity": ACTIVITY, "userErrors": []}}
    done, asked = _report(
        monkeypatch,
        Abandonment=[FOUND],
        Activity=[{"marketingActivities": {"nodes": []}}],
        ActivitySet=[made],
        AbandonmentSent=[SENT],
    )
    assert done
    assert asked[0] == ("Abandonment", {"checkout": "gid://shopify/AbandonedCheckout/88"})
    activity = asked[2][1]["input"]
    assert activity["remoteId"] == "rebasket:cart-email-1"
    assert activity["remoteUrl"] == f"https://{HOST}/admin/apps/client-id"
    assert activity["utm"] == {"campaign": "cart-email-1", "source": "rebasket", "medium": "email"}
    assert asked[3][1] == {
        "abandonment": "gid://shopify/Abandonment/3",
        "activity": ACTIVITY["id"],
        "at": "2026-11-23T12:00:00Z",
    }


def test_a_campaign_is_made_known_once(monkeypatch: pytest.MonkeyPatch) -> None:
    done, asked = _report(
        monkeypatch,
        Abandonment=[FOUND],
        Activity=[{"marketingActivities": {"nodes": [ACTIVITY]}}],
        AbandonmentSent=[SENT],
    )
    assert done
    assert [name for name, _ in asked] == ["Abandonment", "Activity", "AbandonmentSent"]


def test_a_checkout_that_the_shop_does_not_know_is_no_failure(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    nothing = {"abandonmentByAbandonedCheckoutId": None}
    assert _report(monkeypatch, Abandonment=[nothing])[0] is False
    gone = refused("abandonmentUpdateActivitiesDeliveryStatuses", "ABANDONMENT_NOT_FOUND")
    activity = {"marketingActivities": {"nodes": [ACTIVITY]}}
    assert not _report(
        monkeypatch, Abandonment=[FOUND], Activity=[activity], AbandonmentSent=[gone]
    )[0]


def test_another_refusal_of_a_report_is_a_no(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = refused("abandonmentUpdateActivitiesDeliveryStatuses", "MARKETING_ACTIVITY_NOT_FOUND")
    activity = {"marketingActivities": {"nodes": [ACTIVITY]}}
    with pytest.raises(StoreSaidNo):
        _report(monkeypatch, Abandonment=[FOUND], Activity=[activity], AbandonmentSent=[wrong])


def test_the_theme_extension_finds_where_our_script_is(monkeypatch: pytest.MonkeyPatch) -> None:
    owner = "gid://shopify/AppInstallation/4"
    with shopify(
        monkeypatch,
        Installation=[{"currentAppInstallation": {"id": owner}}],
        InstallationTell=[{"metafieldsSet": {"userErrors": []}}],
    ) as admin:
        Pauses().client().tell_script(script_url="https://app.example/s.js", shop="k9")
    written = admin.asked[1][1]["metafields"]
    assert {(one["namespace"], one["key"], one["value"]) for one in written} == {
        ("rebasket", "script", "https://app.example/s.js"),
        ("rebasket", "shop", "k9"),
    }
    assert {(one["ownerId"], one["type"]) for one in written} == {(owner, "single_line_text_field")}

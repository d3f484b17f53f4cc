"""Where links to carts lead: to the shop, with the cart, and with nothing about the person."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shopapp.platforms.connector import Restore, RestoreLine, StoreAddress, Straight
from shopapp.platforms.shopify.restoring import way_to
from tests.shopapp.platforms.shopify.signing import OTHER_SHOP, SHOP

STORE = StoreAddress(host=SHOP, url="https://tea.example")
TAGS = {"utm_source": "rebasket", "utm_medium": "email", "utm_content": "ref_1"}
LINES = (RestoreLine(0, "33", "44", 2), RestoreLine(1, "35", "46", 1))
CHECKOUT = "https://tea.example/548380009/checkouts/abc123/recover?key=s3cret&locale=en"


def restore(**changed: Any) -> Restore:
    told: dict[str, Any] = {
        "store": STORE, "version": "", "secret": "", "click_ref": "ref_1", "tags": TAGS,
        "lines": LINES, "recovery_url": "", "code": "", "expires_at": 0,
    }  # fmt: skip
    return Restore(**{**told, **changed})


def led(**changed: Any) -> tuple[str, dict[str, str], bool]:
    way = way_to(restore(**changed))
    assert isinstance(way, Straight)
    parts = urlsplit(way.url)
    where = f"{parts.scheme}://{parts.netloc}{parts.path}"
    return where, dict(parse_qsl(parts.query, keep_blank_values=True)), way.reported


def test_a_cart_opens_in_the_storefront_where_our_script_reports() -> None:
    marks = {"storefront": "true", "attributes[_rebasket]": "ref_1", **TAGS}
    assert led() == ("https://tea.example/cart/44:2,46:1", marks, True)


def test_a_code_is_applied_on_the_way() -> None:
    assert led(code="SAVE-10")[1]["discount"] == "SAVE-10"
    assert led(code="A&B=c #1")[1]["discount"] == "A&B=c #1"
    for odd in ("A,B", " ", "", "x" * 256):
        assert "discount" not in led(code=odd)[1]


def test_a_checkout_opens_itself_and_we_ask_on_the_way() -> None:
    where, marks, reported = led(recovery_url=CHECKOUT, code="SAVE-10")
    assert where == "https://tea.example/548380009/checkouts/abc123/recover"
    assert marks == {"key": "s3cret", "locale": "en", **TAGS, "discount": "SAVE-10"}
    assert reported is False


def test_marks_that_are_there_already_are_replaced() -> None:
    url = f"{CHECKOUT}&discount=OLD&utm_source=other"
    _, marks, _ = led(recovery_url=url, code="NEW")
    assert (marks["discount"], marks["utm_source"]) == ("NEW", "rebasket")
    way = way_to(restore(recovery_url=url, code="NEW"))
    assert isinstance(way, Straight)
    assert way.url.count("discount=") == way.url.count("utm_source=") == 1


@pytest.mark.parametrize(
    "host", [SHOP, "tea.example", "www.tea.example", "TEA.example", "checkout.shopify.com"]
)
def test_a_checkout_is_at_the_shop_or_at_shopifys(host: str) -> None:
    assert led(recovery_url=f"https://{host}/1/checkouts/abc123/recover")[2] is False


@pytest.mark.parametrize(
    "url",
    ["http://tea.example/1/checkouts/abc123", "https://evil.example/1/checkouts/abc123",
     f"https://{OTHER_SHOP}/1/checkouts/abc123", "https://tea.example.evil.example/checkouts/abc123",
     "https://tea.example:8443/checkouts/abc123", "https://tea.example@evil.example/checkouts/a",
     "https://a:b@tea.example/checkouts/abc123", "javascript:alert(1)", "//tea.example/checkouts/a",
     "https://[", "https://tea.example:x/", "https://wwww.tea.example/checkouts/abc123"],
)  # fmt: skip
def test_a_checkout_elsewhere_is_not_gone_to(url: str) -> None:
    assert led(recovery_url=url)[0] == "https://tea.example/cart/44:2,46:1"


def test_a_checkout_of_the_stand_in_is_gone_to_in_development_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url = "http://127.0.0.1:9100/1/checkouts/abc123/recover"
    assert led(recovery_url=url)[0] == "https://tea.example/cart/44:2,46:1"
    monkeypatch.setenv("SHOPIFY_STAND_IN", "http://127.0.0.1:9100")
    assert led(recovery_url=url) == (url, TAGS, False)
    assert led(recovery_url=url.replace("9100", "9101"))[0].startswith("https://tea.example/cart/")


def test_the_stand_ins_own_storefronts_are_gone_to_in_development_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    played = StoreAddress(host=SHOP, url="http://127.0.0.1:9103")
    url = "http://127.0.0.1:9103/1/checkouts/abc123/recover"
    assert led(store=played, recovery_url=url)[0] == "http://127.0.0.1:9103/cart/44:2,46:1"
    monkeypatch.setenv("SHOPIFY_STAND_IN", "http://127.0.0.1:9100")
    assert led(store=played, recovery_url=url) == (url, TAGS, False)
    assert led(recovery_url=url)[0] == "https://tea.example/cart/44:2,46:1"
    assert led(store=played, recovery_url="http:///x")[0].endswith("/cart/44:2,46:1")


def test_without_a_line_that_can_be_named_it_is_the_first_page() -> None:
    odd = (RestoreLine(0, "33", "", 1), RestoreLine(1, "33", "x", 1), RestoreLine(2, "33", "44", 0))
    for lines in ((), odd):
        assert led(lines=lines) == ("https://tea.example/", TAGS, True)
    assert led(lines=(*odd, *LINES))[0] == "https://tea.example/cart/44:2,46:1"
    assert way_to(restore(lines=(), tags={})) == Straight("https://tea.example/")


def test_a_link_without_a_reference_notes_none() -> None:
    assert "attributes[_rebasket]" not in led(click_ref="")[1]


@settings(deadline=None)
@given(st.text(max_size=40), st.text(max_size=60))
def test_no_code_or_address_breaks_a_link(code: str, url: str) -> None:
    way = way_to(restore(code=code, recovery_url=url))
    assert isinstance(way, Straight)
    assert way.url.startswith("https://tea.example/cart/44:2,46:1?")

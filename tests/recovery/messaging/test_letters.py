from __future__ import annotations

from typing import Any

import pytest

from recovery.catalog.models import Product, Variant
from recovery.contacts.models import Contact
from recovery.messaging import letters
from recovery.messaging.liquid_texts import Unrenderable
from recovery.messaging.models import Message, Sender
from recovery.messaging.rendering import CONFIRM_MARK, Letter
from recovery.messaging.selectors import sender_of
from shopapp.shops.models import Shop
from tests.conftest import MORNING
from tests.recovery.messaging import scene

pytestmark = pytest.mark.usefixtures("in_shop")


def compose(shop: Shop, contact: Any, cart: Any, **values: Any) -> Any:
    defaults: dict[str, Any] = {"kind": Message.Kind.FLOW, "content": scene.CONTENT}
    return letters.compose(shop, sender_of(shop), cart=cart, contact=contact, **(defaults | values))


def test_names_and_prices_are_the_catalogs_present_ones(shop: Shop) -> None:
    contact, cart = scene.set_stage(shop)
    Product.objects.filter(platform_id="10").update(price_minor=1995, name="Cap, new name")
    letter = compose(shop, contact, cart)
    assert "Cap, new name: 2 × €19.95" in letter.text
    assert "Wool runner (42): 1 × €89.00" in letter.text
    for old in ("24.95", "29.95", "999.99", "a name that only the cart knows"):
        assert old not in letter.html + letter.text


@pytest.mark.parametrize(
    "gone",
    [{"available": False}, {"vanished_at": MORNING}, {"published": False}],
)
def test_what_cannot_be_bought_is_left_out(shop: Shop, gone: dict[str, Any]) -> None:
    contact, cart = scene.set_stage(shop)
    Product.objects.filter(platform_id="10").update(**gone)
    letter = compose(shop, contact, cart)
    assert "Wool cap" not in letter.html + letter.text
    assert "Wool runner" in letter.text


def test_a_variant_of_a_product_that_was_taken_down_is_left_out(shop: Shop) -> None:
    contact, cart = scene.set_stage(shop)
    Product.objects.filter(platform_id="12").update(published=False)
    assert "Wool runner" not in compose(shop, contact, cart).text


def test_a_cart_of_which_nothing_is_left_makes_no_letter(shop: Shop) -> None:
    contact, cart = scene.set_stage(shop)
    Product.objects.update(available=False)
    Variant.objects.update(available=False)
    assert compose(shop, contact, cart) is None


def test_a_step_without_items_shows_none_but_may_name_the_first(shop: Shop) -> None:
    contact, cart = scene.set_stage(shop)
    letter = compose(shop, contact, cart, content={**scene.CONTENT, "items": False})
    assert letter.subject == "You left Wool runner at Shop"
    assert "€89.00" not in letter.text


def test_prices_are_written_as_the_shopper_writes_them(shop: Shop) -> None:
    contact, cart = scene.set_stage(shop)
    letter = compose(shop, contact, cart, locale="sv_SE")
    assert "2 × 24,95\u00a0€" in letter.text
    assert "Sluta få de här mejlen" in letter.text


def test_a_broken_text_is_told_with_the_name_of_its_field(shop: Shop) -> None:
    contact, cart = scene.set_stage(shop)
    answer = compose(shop, contact, cart, content={**scene.CONTENT, "heading": "{{ oops"})
    assert isinstance(answer, Unrenderable)
    assert answer.problem.startswith("heading: ")


@pytest.mark.parametrize("name", ["Anna\r\nBcc: all@example.com", "Anna\nX: y", "Anna\u2028Bcc: x"])
def test_no_header_comes_in_through_a_name(shop: Shop, name: str) -> None:
    contact, cart = scene.set_stage(shop)
    contact.first_name = name
    Product.objects.filter(platform_id="10").update(name=f"Cap\r\nBcc: {name}")
    content = {**scene.CONTENT, "subject": "{{ first_name }}\r\nBcc: you@example.com"}
    letter = compose(shop, contact, cart, content=content)
    assert len(letter.subject.splitlines()) == 1


def test_my_cart_is_a_fixed_form_in_the_shoppers_language(shop: Shop) -> None:
    scene.make_sender(shop)
    scene.make_product(shop, "10", "Wool cap")
    contact = scene.make_contact(
        shop,
        "typed@example.se",
        first_name="Buy pills at evil.example",
        evidence=Contact.Evidence.BROWSER,
        confirmed_at=None,
    )
    cart = scene.make_cart(shop, contact, ("10", "", 1), signed=False)
    letter = compose(
        shop,
        contact,
        cart,
        kind=Message.Kind.MY_CART,
        content={"text": "Buy pills at evil.example"},
        locale="nl",
    )
    assert isinstance(letter, Letter)
    assert letter.subject == "Je winkelwagen bij Shop"
    assert CONFIRM_MARK in letter.html
    assert CONFIRM_MARK in letter.text
    assert "evil" not in letter.html + letter.text
    assert "a name that only the cart knows" not in letter.html + letter.text


def test_a_confirmed_address_is_not_asked_again(shop: Shop) -> None:
    contact, cart = scene.set_stage(shop)
    assert CONFIRM_MARK not in compose(shop, contact, cart, kind=Message.Kind.MY_CART).html


def test_a_name_that_only_a_browser_gave_is_not_repeated(shop: Shop) -> None:
    contact, cart = scene.set_stage(shop)
    contact.evidence = Contact.Evidence.BROWSER
    assert "Hello,\n" in compose(shop, contact, cart).text


def test_a_test_is_marked_in_subject_and_letter(shop: Shop) -> None:
    contact, cart = scene.set_stage(shop)
    letter = compose(shop, contact, cart, kind=Message.Kind.TEST)
    assert letter.subject.startswith("[Test] ")
    assert letter.text.startswith("Test\n")


def test_a_logo_or_colour_that_is_none_is_left_out(shop: Shop) -> None:
    sender = Sender(shop=shop, logo_url="javascript:alert(1)", brand_color="red;}")
    head = letters.letterhead(shop, sender)
    assert head.logo_url == ""
    assert head.colour == "#00684a"

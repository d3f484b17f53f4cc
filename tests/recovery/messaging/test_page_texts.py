"""Shoppers' pages speak the language of the mail that led to them."""

from __future__ import annotations

from dataclasses import astuple, fields

import pytest
from django.test import Client

from recovery.messaging import links
from recovery.messaging.fixed_texts import LANGUAGES, locale_of
from recovery.messaging.models import Link
from recovery.messaging.page_texts import ENGLISH, PageTexts, page_of
from shopapp.kit import clock
from shopapp.shops import access
from shopapp.shops.models import Shop
from tests.recovery.messaging import scene


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
def test_every_language_says_everything_in_its_own_words(language: str) -> None:
    spoken, _, texts = page_of(locale_of(language))
    assert spoken == language
    assert not set(astuple(texts)) & set(astuple(ENGLISH))
    for field in fields(PageTexts):
        own, english = getattr(texts, field.name), getattr(ENGLISH, field.name)
        assert own.count("{address}") == english.count("{address}")
        assert own.count("{shop}") == english.count("{shop}")


def test_an_unsubscribe_page_is_in_the_shops_language(client: Client, shop: Shop) -> None:
    Shop.objects.filter(pk=shop.pk).update(locale="ar")
    shop.refresh_from_db()
    with access.scope(shop):
        contact = scene.make_contact(shop)
        _, address = links.mint(
            shop, Link.Purpose.UNSUBSCRIBE, at=clock.now(), contact=contact, cart=None
        )
    text = client.get(address).content.decode()
    assert '<html lang="ar" dir="rtl"' in text
    assert "هل تريد إيقاف هذه الرسائل؟" in text
    assert "a…@example.se" in text

"""The presets' texts: in the shop's language, whole, and renderable in each."""

from __future__ import annotations

import pytest

from recovery.flows import services, steps
from recovery.flows.models import Flow
from recovery.flows.presets import PRESETS
from recovery.messaging.liquid_texts import render_text
from shopapp.shops import access
from shopapp.shops.models import Shop
from tests.conftest import MORNING

VALUES: dict[str, str | int | bool | None] = {
    "first_name": "Anna",
    "first_item": "Wool runner",
    "shop_name": "Shop",
    "count": 3,
}
LANGUAGES = ("en", "nl", "sv", "pl", "ar")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.key)
def test_every_text_of_every_language_can_be_rendered(preset: object, language: str) -> None:
    for step in preset.steps_in(language):  # type: ignore[attr-defined]
        assert set(step.content) == set(steps.CONTENT_FIELDS)
        for source in step.content.values():
            shown = render_text(source, VALUES)
            assert isinstance(shown, str)
            assert shown.strip()
            assert "{" not in shown
        assert "Anna" in str(render_text(step.content["text"], VALUES))


def test_no_language_leaves_a_text_in_english() -> None:
    for preset in PRESETS:
        for language in LANGUAGES[1:]:
            for own, english in zip(preset.steps_in(language), preset.steps, strict=True):
                assert not set(own.content.values()) & set(english.content.values())


@pytest.mark.parametrize(
    ("locale", "subject"),
    [
        ("sv_SE", "{{ first_item }} ligger kvar i din varukorg"),
        ("ar", "تركت {{ first_item }} في سلتك"),
        ("nl-BE", "{{ first_item }} ligt nog in je winkelwagen"),
        ("fi", "You left {{ first_item }} in your cart"),
        ("", "You left {{ first_item }} in your cart"),
    ],
)
def test_a_shops_flows_come_in_its_own_language(locale: str, subject: str, shop: Shop) -> None:
    shop.locale = locale
    with access.scope(shop):
        services.make_presets(shop, at=MORNING)
        flow = Flow.objects.get(preset="cart-standard")
        first = services.newest_version(flow).steps[0]
    assert first["content"]["subject"] == subject

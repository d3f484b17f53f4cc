"""Sealed secrets open for their own row and with our keys only."""

from __future__ import annotations

import pytest
from cryptography.fernet import Fernet
from django.test import override_settings

from shopapp.kit.sealed import CannotSeal, CannotUnseal, reseal, seal, unseal

OLD, NEW, OTHER = (Fernet.generate_key().decode() for _ in range(3))


@override_settings(SEAL_KEYS=[NEW])
@pytest.mark.parametrize("text", ["", "cs_secret", "ключ 🔑", "x" * 10_000])
def test_a_sealed_text_comes_back_and_cannot_be_read_in_between(text: str) -> None:
    token = seal(text, context="shop:1:secret")
    assert unseal(token, context="shop:1:secret") == text
    assert not text or text not in token
    assert token != seal(text, context="shop:1:secret")


@override_settings(SEAL_KEYS=[NEW])
@pytest.mark.parametrize("context", ["shop:2:secret", "shop:1:secre", "shop:1:secrets", ""])
def test_a_token_moved_to_another_row_stays_closed(context: str) -> None:
    token = seal("s", context="shop:1:secret")
    with pytest.raises(CannotUnseal):
        unseal(token, context=context)


@override_settings(SEAL_KEYS=[NEW])
def test_context_and_text_cannot_be_shifted_into_each_other() -> None:
    with pytest.raises(CannotUnseal):
        unseal(seal("bc", context="a"), context="ab")


@pytest.mark.parametrize("token", ["", "x", "gAAAA", "é", "gAAAAABkaaaa"])
def test_a_damaged_token_stays_closed(token: str) -> None:
    with override_settings(SEAL_KEYS=[NEW]), pytest.raises(CannotUnseal):
        unseal(token, context="c")


def test_without_keys_nothing_is_sealed_or_opened() -> None:
    with override_settings(SEAL_KEYS=[NEW]):
        token = seal("s", context="c")
    for keys in ([], None, [""], ["too short"]):
        with override_settings(SEAL_KEYS=keys):
            with pytest.raises(CannotSeal):
                seal("s", context="c")
            with pytest.raises(CannotUnseal):
                unseal(token, context="c")


def test_rotation_seals_anew_under_the_first_key() -> None:
    with override_settings(SEAL_KEYS=[OLD]):
        token = seal("s", context="c")
    with override_settings(SEAL_KEYS=[NEW, OLD]):
        assert unseal(token, context="c") == "s"
        renewed = reseal(token, context="c")
        with pytest.raises(CannotUnseal):
            reseal(token, context="another")
    with override_settings(SEAL_KEYS=[NEW]):
        assert unseal(renewed, context="c") == "s"
        with pytest.raises(CannotUnseal):
            unseal(token, context="c")
    with override_settings(SEAL_KEYS=[OTHER]), pytest.raises(CannotUnseal):
        unseal(renewed, context="c")

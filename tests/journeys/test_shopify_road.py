"""The main job on Shopify, from the grant screen to the redaction, as the demo walks it."""

from __future__ import annotations

import pytest

from tests.demo.road import walk
from tests.demo.stage import stage


@pytest.mark.timeout(600)
def test_the_road_ends_in_two_recovered_orders_and_an_empty_house(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("REBASKET_CLOCK", raising=False)
    with stage("shopify") as running:
        status = walk(running)
    told = capsys.readouterr().out
    assert "installed after 2 clicks" in told
    assert "the database holds counts and nobody's data" in told
    assert told.endswith("2 recovered orders\n")
    assert status == 0

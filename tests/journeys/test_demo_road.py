"""The main job, from the Connect button to a recovered order, as `make demo-check` walks it."""

from __future__ import annotations

import pytest

from tests.demo.road import walk
from tests.demo.stage import stage


@pytest.mark.timeout(400)
def test_the_road_ends_in_one_recovered_order(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("REBASKET_CLOCK", raising=False)
    with stage() as running:
        status = walk(running)
    told = capsys.readouterr().out
    assert "connected after 2 clicks" in told
    assert told.endswith("1 recovered order\n")
    assert status == 0

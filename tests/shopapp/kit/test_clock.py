"""The one clock: real by default, faster for demonstrations."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from shopapp.kit import clock


@pytest.mark.parametrize("text", [None, ""])
def test_without_a_setting_the_time_is_real(text: str | None) -> None:
    assert clock.read_setting(text) == clock.Setting()


@pytest.mark.parametrize("text", ["1,2", "a,b,c", "0,0,0", "0,0,-3", "1,2,3,4"])
def test_a_setting_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        clock.read_setting(text)


def test_shown_time_runs_from_its_start_at_its_scale(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
    monkeypatch.setattr(clock, "SETTING", clock.Setting(1000.0, shown.timestamp(), 240.0))
    with time_machine.travel(1015.0, tick=False):
        assert clock.now() == shown + timedelta(hours=1)
        assert clock.real_now() == datetime.fromtimestamp(1015, UTC)
    assert clock.lasting(timedelta(seconds=30)) == timedelta(hours=2)

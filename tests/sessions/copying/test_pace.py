from __future__ import annotations

from ssmtui.sessions.copying.pace import Pace


def test_rate_and_time_left_come_with_the_second_measurement():
    now = [0.0]
    pace = Pace(lambda: now[0])
    assert pace.words(0, 4096) == "0 B of 4.0 KiB  0%"
    now[0] = 2.0
    assert pace.words(1024, 4096) == "1.0 KiB of 4.0 KiB  25%  512 B/s  6s left"


def test_the_rate_is_that_of_the_last_seconds():
    now = [0.0]
    pace = Pace(lambda: now[0])
    pace.words(0, 10_000)
    now[0] = 100.0
    pace.words(1_000, 10_000)
    now[0] = 101.0
    assert pace.words(3_000, 10_000).endswith("2.0 KiB/s  3s left")


def test_nothing_is_all_there():
    assert Pace(lambda: 0.0).words(0, 0) == "0 B of 0 B  100%"

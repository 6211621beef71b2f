from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from ssmtui.simulator.shell.commands.making import formatted, seconds
from ssmtui.simulator.shell.invocation import Complaint


@pytest.mark.parametrize(
    ("script", "printed"),
    [
        (
            "seq 3; seq 2 3; seq 5 -2 1; seq -w 9 10; seq -s, 3; seq 0 0.5 1",
            "1\n2\n3\n2\n3\n5\n3\n1\n09\n10\n1,2,3\n0.0\n0.5\n1.0\n",
        ),
        ("seq 100000 | tail -n 1; seq 3 1", "100000\n"),
        ("yes | head -n 2; yes no | head -n 1", "y\ny\nno\n"),
        (
            "basename /a/b.txt .txt; basename /; dirname /a/b; dirname a; dirname /a",
            "b\n/\n/a\n.\n/\n",
        ),
        ("realpath /bin/../etc; readlink -f /bin", "/etc\n/usr/bin\n"),
        (
            "date; date +%F; date -u +'%H:%M:%S %Z'; date -d @0 +%Y; date -I; date -d yesterday +%d; date -d '2 hours ago' +%H",
            "Mon Nov  2 08:00:00 UTC 2026\n2026-11-02\n08:00:00 UTC\n1970\n2026-11-02\n01\n06\n",
        ),
        ("date -d 2026-01-05 '+%a %j %u'; date +%s", "Mon 005 1\n1793606400\n"),
    ],
)
async def test_output(bench: Any, script: str, printed: str) -> None:
    assert await bench.out(script) == printed


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("seq", "missing operand"),
        ("seq x", "invalid floating point"),
        ("seq 1 0 2", "Zero increment"),
        ("sleep", "missing operand"),
        ("sleep x", "invalid time interval"),
        ("date -d nonsense", "invalid date"),
        ("basename", "missing operand"),
        ("realpath /nope/x", "No such file"),
        ("date -d @99999999999999", "invalid date"),
    ],
)
async def test_problems(bench: Any, script: str, message: str) -> None:
    assert message in (await bench.run(script)).stderr


async def test_sleep_takes_simulated_time(bench: Any) -> None:
    printed = await bench.during(bench.out("date +%S; sleep 1m 5s; date +%S"), 65)
    assert printed == "00\n05\n"


def test_durations() -> None:
    assert [seconds(word) for word in ("5", "0.5s", "2m", "1h", "1d")] == [5, 0.5, 120, 3600, 86400]
    with pytest.raises(Complaint):
        seconds("-1")


def test_dates_do_not_follow_the_host_s_locale() -> None:
    moment = datetime(2026, 3, 5, 14, 7, 9, tzinfo=UTC)
    assert (
        formatted(moment, "%A %B %e %I:%M %p %D %T %% %Q %-d")
        == "Thursday March  5 02:07 PM 03/05/26 14:07:09 % %Q 05"
    )

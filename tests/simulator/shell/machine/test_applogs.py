from __future__ import annotations

from ssmtui.simulator.shell.machine import applogs
from ssmtui.simulator.shell.machine.series import Record

START = 1_793_606_400.0  # 2026-11-02T08:00:00Z


def test_lines_have_every_level() -> None:
    series = applogs.app_series("i-1", 0.0)
    levels = {record.level for record in series.between(START, START + 3600)}
    assert levels == {"info", "warning", "err"}


def test_how_lines_look() -> None:
    record = Record(START + 0.25, "app", "text", "err")
    assert applogs.app_format(record) == "2026-11-02T08:00:00.250Z ERROR text"
    assert applogs.stamp(START) == "Nov  2 08:00:00"
    assert applogs.syslog("host")(record) == "Nov  2 08:00:00 host app[1337]: text"
    assert applogs.access_format(record) == "10.0.0.7 - - [02/Nov/2026:08:00:00 +0000] text"
    assert applogs.agent_format(record) == "2026-11-02 08:00:00.2500 text"


def test_the_journal_has_the_units_that_speak() -> None:
    series = applogs.journal(["sshd", "cron", "silent"], "i-1", 0.0)
    units = {record.unit for record in series.between(START, START + 86400)}
    assert units == {"sshd", "cron", "systemd", "kernel"}


def test_the_firehose_is_fast() -> None:
    series = applogs.firehose_series("i-1", 0.0)
    assert abs(len(list(series.between(START, START + 1))) - 500) < 5


def test_the_web_is_visited() -> None:
    series = applogs.access_series("i-1", 0.0)
    assert all("HTTP/1.1" in record.text for record in series.between(START, START + 60))

from __future__ import annotations

from ssmtui.simulator.shell.machine.processes import ProcessTable
from ssmtui.simulator.shell.machine.windows import boot, event_logs, hot_fixes, units


def test_the_lower_the_level_the_fewer_updates() -> None:
    counts = [len(hot_fixes("i-1", level, 0.0)) for level in range(3)]
    assert counts[0] < counts[1] < counts[2]


def test_updates_are_not_older_than_the_image() -> None:
    assert all(one.installed >= 1.79e9 for one in hot_fixes("i-1", 2, 1.79e9))


def test_events_have_three_parts() -> None:
    for series in event_logs("i-1", 0.0).values():
        records = series.last(20, 0.0, 1.79e9)
        assert len(records) == 20
        assert all(record.text.count("|") == 2 for record in records)


def test_services_of_a_role() -> None:
    assert "W3SVC" in [unit.name for unit in units("app")]
    assert "W3SVC" not in [unit.name for unit in units("store")]


def test_processes_have_pids_of_their_own() -> None:
    table = ProcessTable(1000)
    boot(table, 0.0)
    assert len(list(table)) > 10

from __future__ import annotations

import pytest

from ssmtui.simulator.shell.machine.processes import (
    MOST_STARTED,
    Process,
    ProcessTable,
    TooManyProcesses,
    boot,
)


def test_names() -> None:
    assert Process(1, 0, "root", "/usr/sbin/sshd -D", 0.0).name == "sshd"
    assert Process(1, 0, "root", "[kthreadd]", 0.0).name == "kthreadd"
    assert Process(1, 0, "root", "nginx: master process", 0.0).name == "nginx"


def test_the_table() -> None:
    table = ProcessTable(1000)
    boot(table, 5.0, "/sbin/init")
    daemon = table.spawn("root", "daemon", 5.0)
    assert table.get(1) is not None
    assert daemon.pid == 1001
    assert table.named("daemon") == [daemon]
    table.remove(daemon)
    assert table.get(daemon.pid) is None


def test_people_may_start_only_so_many() -> None:
    table = ProcessTable(1000)
    started = [
        table.start("jane", "x", 0.0, parent=1, tty="?", state="S") for _ in range(MOST_STARTED)
    ]
    with pytest.raises(TooManyProcesses):
        table.start("jane", "x", 0.0, parent=1, tty="?", state="S")
    table.finish(started[0])
    table.finish(started[0])
    table.start("jane", "x", 0.0, parent=1, tty="?", state="S")
    with pytest.raises(TooManyProcesses):
        table.start("jane", "x", 0.0, parent=1, tty="?", state="S")

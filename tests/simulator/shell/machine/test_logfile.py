from __future__ import annotations

import pytest

from ssmtui.simulator.shell.machine.logfile import LogFile
from ssmtui.simulator.shell.machine.series import Series, Stream

STREAM = Stream("app", 7, 5.0, lambda bits, when: (f"line {bits}", "info"))


class Now:
    at = 1000.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def now() -> Now:
    return Now()


@pytest.fixture
def log(now: Now) -> LogFile:
    series = Series({"app": STREAM}, began=0.0)
    return LogFile(series, now, lambda record: f"{record.when:.1f} {record.text}", 3600.0)


def content(log: LogFile) -> bytes:
    return b"".join(log.read())


def test_it_grows_and_knows_its_size(log: LogFile, now: Now) -> None:
    before = content(log)
    assert log.size() == len(before) > 0
    now.at += 100
    assert content(log).startswith(before)
    assert log.size() == len(content(log)) > len(before)


def test_what_is_written_is_in_it(log: LogFile, now: Now) -> None:
    log.write(b"mine\n")
    assert content(log).endswith(b"mine\n")
    assert log.size() == len(content(log))
    now.at += 50
    assert b"mine\n" in content(log)
    assert log.size() == len(content(log))


def test_it_is_rotated(log: LogFile, now: Now) -> None:
    now.at = 3599.0
    long = log.size()
    now.at = 3660.0
    assert 0 < log.size() < long / 10
    assert log.size() == len(content(log))


def test_truncating_it(log: LogFile, now: Now) -> None:
    log.truncate()
    assert log.size() == 0
    now.at += 60
    assert log.size() == len(content(log)) > 0


def test_the_last_lines(log: LogFile) -> None:
    assert b"".join(log.last_lines(3)) == b"".join(content(log).splitlines(keepends=True)[-3:])


def test_a_cursor_loses_nothing_over_a_rotation(log: LogFile, now: Now) -> None:
    cursor = log.cursor(at_end=False)
    seen = b"".join(cursor.more())
    assert seen == content(log)
    now.at = 3590.0
    seen += b"".join(cursor.more())
    now.at = 3700.0
    log.write(b"written\n")
    seen += b"".join(cursor.more())
    everything = [f"{record.when:.1f}" for record in STREAM.between(0.0, 3700.0)]
    lines = seen.decode().splitlines()
    assert [line.split()[0] for line in lines if line != "written"] == everything
    assert lines.count("written") == 1
    assert cursor.due is not None
    assert cursor.due > 3700.0

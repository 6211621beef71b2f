from __future__ import annotations

from itertools import islice

import pytest

from ssmtui.simulator.shell.machine.files import Device, File, Kept, Live


def test_content_is_made_when_it_is_read() -> None:
    made: list[str] = []

    def make() -> str:
        made.append("once")
        return "text"

    file = Kept(make)
    assert made == []
    assert b"".join(file.read()) == b"text"
    file.write(b"+")
    assert b"".join(file.read()) == b"text+"
    file.truncate()
    assert file.size() == 0


def test_live_files_are_read_only() -> None:
    file = Live(lambda: "now")
    file.write(b"x")
    file.truncate()
    assert b"".join(file.read()) == b"now"


def test_devices() -> None:
    assert list(Device("null").read()) == []
    assert next(Device("zero").read()) == bytes(8192)
    first, second = islice(Device("urandom").read(), 2)
    assert first != second


async def test_a_cursor_gives_what_has_come() -> None:
    file = Kept(b"old")
    cursor = file.cursor()
    assert b"".join(cursor.more()) == b""
    changed = file.changed()
    file.write(b" new")
    assert changed.done()
    assert b"".join(cursor.more()) == b" new"
    file.truncate()
    file.write(b"ab")
    assert b"".join(cursor.more()) == b"ab"
    assert cursor.due is None


def test_a_file_is_something() -> None:
    with pytest.raises(NotImplementedError):
        File().size()

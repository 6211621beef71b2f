from __future__ import annotations

from itertools import islice

import pytest

from ssmtui.simulator.shell.machine.files import Device, Entry, File, Kept, Live, Stock


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


def test_a_stock_makes_what_is_looked_at_and_keeps_what_is_changed() -> None:
    made: list[str] = []

    def make(name: str) -> Entry:
        made.append(name)
        return Kept(name.encode())

    stock = Stock(("awk", "cat", "ls"), make)
    assert ("cat" in stock, "dog" in stock, len(stock), made) == (True, False, 3, [])
    assert stock["cat"] is stock["cat"]
    assert made == ["cat"]
    own = stock["dog"] = Kept(b"woof")
    del stock["ls"]
    assert list(stock) == ["awk", "cat", "dog"]
    assert stock["dog"] is own
    for missing in ("ls", "cow"):
        with pytest.raises(KeyError):
            stock[missing]
        with pytest.raises(KeyError):
            del stock[missing]

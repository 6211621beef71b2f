"""The terminal's settings and bytes; a whole session on one is in tests/terminal/sessions."""

from __future__ import annotations

import asyncio
import os
import pty
import sys
import termios
import tty
from types import SimpleNamespace

import pytest

from ssmtui.sessions.tty import (
    RawTerminal,
    raw_terminal,
    settings_restored,
    without_delayed_suspend,
)


@pytest.fixture
def terminal(monkeypatch):
    """A pseudo-terminal in the place of this process' own."""
    master, slave = pty.openpty()
    os.set_blocking(master, False)
    stream = os.fdopen(slave, "r+b", buffering=0)
    for name in ("__stdin__", "__stdout__"):
        monkeypatch.setattr(sys, name, stream)
    yield SimpleNamespace(master=master, slave=slave)
    stream.close()
    os.close(master)


def test_settings_are_put_back_also_after_an_error(terminal):
    before = termios.tcgetattr(terminal.slave)

    def leave_it_in_cbreak():
        with settings_restored():
            tty.setcbreak(terminal.slave)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        leave_it_in_cbreak()
    assert termios.tcgetattr(terminal.slave) == before


def test_the_key_that_suspends_a_reader_is_off_for_the_time_of_a_child(terminal, monkeypatch):
    monkeypatch.setattr(termios, "VDSUSP", termios.VDISCARD, raising=False)
    before = termios.tcgetattr(terminal.slave)
    with settings_restored():
        without_delayed_suspend()
        assert termios.tcgetattr(terminal.slave)[6][termios.VDISCARD] == b"\0"
    assert termios.tcgetattr(terminal.slave) == before


def test_no_terminal_has_nothing_to_put_back(monkeypatch):
    monkeypatch.setattr(sys, "__stdin__", None)
    entered = False
    with settings_restored():
        entered = True
    assert entered


async def test_every_key_comes_at_once_and_every_byte_is_shown_as_it_is(terminal):
    before = termios.tcgetattr(terminal.slave)
    with raw_terminal() as raw:
        os.write(terminal.master, b"\x03\x1a\r")
        async with asyncio.timeout(5):
            assert await raw.read() == b"\x03\x1a\r"
        await raw.write(b"one\ntwo")
        assert os.read(terminal.master, 100) == b"one\ntwo"
        assert not os.get_blocking(raw._screen)
    assert os.get_blocking(terminal.slave)
    assert termios.tcgetattr(terminal.slave) == before


async def test_a_terminal_that_does_not_read_holds_nobody(terminal):
    with raw_terminal() as raw:
        writing = asyncio.ensure_future(raw.write(b"x" * 1_000_000))
        for _ in range(10):
            await asyncio.sleep(0)
        assert not writing.done()
        writing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await writing


async def test_the_size_is_the_terminals(terminal):
    termios.tcsetwinsize(terminal.master, (33, 101))
    with raw_terminal() as raw:
        assert raw.size == (101, 33)


async def test_a_terminal_without_a_size_is_taken_for_the_usual_one(terminal):
    with raw_terminal() as raw:
        assert raw.size == (80, 24)
    reading, writing = os.pipe()
    assert RawTerminal(reading, writing).size == (80, 24)
    os.close(reading)
    os.close(writing)


async def test_a_terminal_that_is_gone_sees_and_types_nothing(terminal):
    reading, writing = os.pipe()
    raw = RawTerminal(reading, writing)
    os.close(reading)
    await raw.write(b"nobody reads this")
    os.close(writing)

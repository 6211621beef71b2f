"""However it ends, the explorer leaves the terminal as it found it."""

from __future__ import annotations

import signal

import pytest


def test_the_screen_was_taken(terminal) -> None:
    assert terminal.settings != terminal.before
    assert "1049" in terminal.left_on()


def test_quitting(terminal) -> None:
    terminal.type(b":q\r")
    assert terminal.end() == 0
    assert terminal.settings == terminal.before
    assert terminal.left_on() == []
    assert terminal.written.rfind(b"\x1b[?25h") > terminal.written.rfind(b"\x1b[?25l")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_signals(terminal, number: signal.Signals) -> None:
    terminal.kill(number)
    assert terminal.end() == 128 + number
    assert terminal.settings == terminal.before
    assert terminal.left_on() == []


@pytest.mark.parametrize("terminal", [("break",)], indirect=True)
def test_an_exception_in_a_handler(terminal, tmp_path) -> None:
    terminal.type(b"?")
    assert terminal.end() == 1
    assert terminal.settings == terminal.before
    assert terminal.left_on() == []
    # No traceback with the values of variables, and the report's path.
    assert b"hunter2" not in terminal.written
    assert b"crash-" in terminal.written
    reports = list((tmp_path / "state" / "crashes").iterdir())
    assert len(reports) == 1
    assert "ZeroDivisionError" in reports[0].read_text()
    assert "hunter2" not in reports[0].read_text().replace('secret = "hunter2"', "")


def test_ctrl_z_and_flow_control_are_keys_and_stop_nothing(terminal) -> None:
    terminal.type(b"\x1a")
    terminal.read_until(b"problems only")
    terminal.type(b"\x11")
    terminal.type(b":q\r")
    assert terminal.end() == 0

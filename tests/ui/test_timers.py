from __future__ import annotations

import asyncio
import sys
import time

import pytest
from textual.app import App
from textual.timer import Timer

from ssmtui.ui.timers import surely


@pytest.fixture
def hold_up(monkeypatch):
    """From now on timers that fire once find themselves overdue in their first moment."""
    begun: set[Timer] = set()

    def late() -> float:
        timer = sys._getframe(1).f_locals.get("self")
        if not isinstance(timer, Timer) or timer._repeat != 0 or timer in begun:
            return time.monotonic()
        begun.add(timer)
        return time.monotonic() - 100.0

    return lambda: monkeypatch.setattr("textual.timer._time.get_time", late)


async def test_a_timer_that_is_late_at_once_fires(hold_up) -> None:
    app, fired = App(), asyncio.Event()
    async with app.run_test():
        hold_up()
        surely(app.set_timer(0.01, fired.set))
        async with asyncio.timeout(20):
            await fired.wait()


async def test_a_window_that_is_resized_while_something_holds_the_loop(explorer, hold_up) -> None:
    async with explorer.open((100, 30)) as s:
        hold_up()
        await s.pilot.resize_terminal(90, 25)
        await s.wait_for(lambda: s.app.main.pane.table.size.width == 90)

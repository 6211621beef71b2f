"""A few pictures of the whole: dark, light, ASCII, and the smallest screen."""

from __future__ import annotations

from time import monotonic

import pytest

from ssmtui.ui.app import SsmtuiApp
from tests.ui.conftest import PATIENCE

LOOKS = {
    "dark": ({"theme": "night"}, False, (150, 30), ()),
    "light": ({"theme": "day"}, False, (100, 24), ("space", "j", "space")),
    "ascii": ({"theme": "night"}, True, (100, 24), ("d",)),
    "small": ({"theme": "night"}, False, (80, 24), ()),
}


@pytest.mark.parametrize("look", LOOKS)
def test_look(explorer, snap_compare, look: str) -> None:
    config, ascii_only, size, keys = LOOKS[look]

    async def settle(pilot) -> None:
        app = pilot.app
        await quiet(pilot)
        await pilot.press(*keys)
        await quiet(pilot)
        app.main.pane.table.drain()
        app.main.touch()
        await quiet(pilot)

    app = SsmtuiApp(explorer.launch(config=config, ascii=ascii_only))
    assert snap_compare(app, terminal_size=size, run_before=settle)


async def quiet(pilot) -> None:
    """Wait until nothing is listed, read or sorted any more."""
    app = pilot.app
    still, patience = 0, monotonic() + PATIENCE
    while monotonic() < patience:
        await pilot.pause()
        reading = any(w.group in ("read", "work") and not w.is_finished for w in app.workers)
        ready = app.main.is_ready and app.main.pane.feed.ended and app.main.pane.table.settled
        still = still + 1 if ready and not reading else 0
        if still == 3:
            return
    raise AssertionError("it never became quiet")

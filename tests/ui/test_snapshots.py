"""A few pictures of the whole: dark, light, ASCII, and the smallest screen."""

from __future__ import annotations

import pytest

from ssmtui.ui.app import SsmtuiApp

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
        for _ in range(500):
            await pilot.pause()
            ready = app.main.is_ready and app.main.pane.feed.ended
            if ready and app.main.pane.table.settled:
                break
        app.main.pane.table.drain()
        app.main.touch()
        await pilot.press(*keys)
        while any(worker.group == "read" and not worker.is_finished for worker in app.workers):
            await pilot.pause()
        await pilot.pause()

    app = SsmtuiApp(explorer.launch(config=config, ascii=ascii_only))
    assert snap_compare(app, terminal_size=size, run_before=settle)

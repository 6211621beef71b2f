"""Saving all outputs of a rollout: what was cut is read whole first, as far as that goes."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from ssmtui.rollouts.outputs import wanted
from ssmtui.rollouts.saving import save
from ssmtui.ui.notices import Level
from ssmtui.ui.screens.dialogs import AskName

if TYPE_CHECKING:
    from ssmtui.ui.app import SsmtuiApp
    from ssmtui.ui.watching import Watched


async def save_outputs(app: SsmtuiApp, watched: Watched) -> None:
    """Ask for a folder and write a file a node there, and a summary in JSON."""
    rollout = watched.rollout
    count = len(rollout.results)
    hint = f"A folder; ssmtui-{rollout.id} is made in it: {count:,} files and summary.json"
    given = await app.push_screen_wait(AskName("Save all outputs in", ".", hint))
    if given is None:
        return
    if due := wanted(rollout.results):
        app.say(f"Reading {len(due):,} outputs that were cut")
        for problem in await watched.fetch():
            app.report(problem)
    folder = await asyncio.to_thread(Path(given).expanduser)
    place = await save(folder, rollout.plan, watched.state, rollout.results.values())
    cut = sum(each.cut for each in rollout.results.values())
    said = f"Saved {count:,} outputs in {place}"
    if cut:
        app.say(f"{said}; {cut:,} of them are cut", Level.WARNING)
    else:
        app.say(said)

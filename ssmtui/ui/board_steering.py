"""What the board's keys do with a rollout, and what they ask before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ssmtui.core.text import plain
from ssmtui.rollouts.outputs import wanted
from ssmtui.rollouts.state import Bucket
from ssmtui.ui.board_lines import called
from ssmtui.ui.screens.dialogs import Confirm, Menu

if TYPE_CHECKING:
    from ssmtui.core.keys import RowKey
    from ssmtui.ui.app import SsmtuiApp
    from ssmtui.ui.watching import Watched


async def cancel(app: SsmtuiApp, watched: Watched) -> None:
    """Cancel the marked nodes or everything, after a dialog."""
    state = watched.state
    marked = [each.key for each in watched.results(watched.marks) if not each.over]
    open_ones = state.bars.running + state.bars.waiting + state.bars.unknown
    where = "all"
    if marked:
        choices = [
            ("marked", f"the {len(marked):,} marked that are not over", ""),
            ("all", f"everything: {open_ones:,} nodes", ""),
        ]
        chosen = await app.push_screen_wait(Menu("Cancel", choices))
        if chosen is None:
            return
        where = chosen
    keys = marked if where == "marked" else None
    count = len(marked) if keys else open_ones
    lines = [
        f"{plain(state.title)}: {count:,} {'node is' if count == 1 else 'nodes are'} not over.",
        "What was not sent is not going to be. What runs is asked to stop, at best effort.",
    ]
    do = "Cancel them" if keys else f"Cancel the {called(state).split()[0]}"
    title = f"{do} of {called(state)}" if keys else f"Cancel {called(state)}"
    question = Confirm(title, lines, do, leave="Leave it running")
    if await app.push_screen_wait(question):
        for problem in await watched.rollout.cancel(keys):
            app.report(problem)


async def run_again(app: SsmtuiApp, watched: Watched) -> None:
    """Run again on some of the nodes, which a menu offers by what became of them."""
    groups = {
        "marked": list(watched.marks),
        "failed": watched.bucket_keys([Bucket.FAILED]),
        "no answer": watched.bucket_keys([Bucket.NO_ANSWER]),
        "failed or no answer": watched.bucket_keys([Bucket.FAILED, Bucket.NO_ANSWER]),
        "cancelled": watched.bucket_keys([Bucket.CANCELLED]),
        "all": list(watched.rollout.results),
    }
    if not (groups["failed"] and groups["no answer"]):
        del groups["failed or no answer"]
    choices = [(name, name, f"{len(keys):,} nodes") for name, keys in groups.items() if keys]
    chosen = await app.push_screen_wait(Menu("Run again, with edits, on", choices))
    if chosen is not None:
        app.rolling.ask_again(watched, groups[chosen])


async def read_whole(app: SsmtuiApp, watched: Watched, keys: list[RowKey] | None) -> None:
    """Read what was cut whole, of these nodes or of all."""
    if not wanted(watched.rollout.results, keys):
        app.say("Nothing was cut: these outputs are whole")
        return
    for problem in await watched.fetch(keys):
        app.report(problem)

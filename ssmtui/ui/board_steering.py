"""What the board's keys do with a rollout, and what they ask before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from ssmtui.core.folding import fold
from ssmtui.core.text import plain
from ssmtui.rollouts.outputs import wanted
from ssmtui.rollouts.state import Bucket, Result
from ssmtui.ui.board_lines import called
from ssmtui.ui.screens.dialogs import Confirm, Menu

if TYPE_CHECKING:
    from ssmtui.aws.scope import Scope
    from ssmtui.core.keys import RowKey
    from ssmtui.ui.app import SsmtuiApp
    from ssmtui.ui.watching import Watched

_NAMES: Final = 54  # cells for folded names


async def cancel(app: SsmtuiApp, watched: Watched) -> None:
    """Cancel the marked nodes or everything, after a dialog."""
    state = watched.state
    marked = [each.key for each in watched.results(watched.marks) if not each.over]
    open_ones = state.bars.running + state.bars.waiting + state.bars.unknown
    where = "all"
    if marked:
        choices = [
            ("marked", f"the {len(marked):,} marked that are not over", ""),
            ("all", f"everything: {_nodes(open_ones)}", ""),
        ]
        chosen = await app.push_screen_wait(Menu("Cancel", choices))
        if chosen is None:
            return
        where = chosen
    await cancel_on(app, watched, marked if where == "marked" else None)


async def cancel_on(app: SsmtuiApp, watched: Watched, keys: Sequence[RowKey] | None) -> None:
    """Cancel these nodes, none of which is over, or everything; a dialog asks first."""
    state = watched.state
    bars = state.bars
    count = bars.running + bars.waiting + bars.unknown if keys is None else len(keys)
    lines = [f"{plain(state.title)}: {_nodes(count)} {'is' if count == 1 else 'are'} not over."]
    if keys is not None:
        named = fold(each.label for each in watched.results(keys))
        lines.append(plain(named.fitted(_NAMES)))
    if scopes := watched.scopes:
        regions = ", ".join(dict.fromkeys(scope.region for scope in scopes))
        lines.append(plain(f"As {', '.join(identities(scopes))} in {regions}."))
    lines.append(
        "What was not sent is not going to be. What runs is asked to stop, at best effort."
    )
    what = called(state)
    do = f"Cancel the {what.split()[0]}" if keys is None else "Cancel them"
    title = f"Cancel {what}" if keys is None else f"Cancel {_nodes(count)} of {what}"
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
    choices = [(name, name, _nodes(len(keys))) for name, keys in groups.items() if keys]
    chosen = await app.push_screen_wait(Menu("Run again, with edits, on", choices))
    if chosen is not None:
        app.rolling.ask_again(watched, groups[chosen])


async def read_whole(app: SsmtuiApp, watched: Watched, keys: list[RowKey] | None) -> None:
    """Read what was cut whole, of these nodes or of all."""
    known = watched.rollout.results
    if not wanted(known, keys):
        app.say(whole_words(list(known.values()) if keys is None else watched.results(keys)))
        return
    for problem in await watched.fetch(keys):
        app.report(problem)


def whole_words(results: Sequence[Result]) -> str:
    """Why there is nothing to read whole of these nodes."""
    read = [each for each in results if each.over]
    if not read:
        return "No output has been read yet: what is cut can be read whole once it is shown"
    if any(each.cut for each in read):
        return "Nothing more of these outputs can be read: they are shown as far as they are kept"
    if len(read) < len(results):
        to_come = _nodes(len(results) - len(read))
        return f"Nothing that has been read was cut; the output of {to_come} has not been read yet"
    return "Nothing was cut: these outputs are whole"


def identities(scopes: Iterable[Scope]) -> list[str]:
    """Who acts in these scopes: "ops@shop-prod", each once."""
    return list(dict.fromkeys(f"{scope.identity}@{scope.name}" for scope in scopes))


def _nodes(count: int) -> str:
    return "1 node" if count == 1 else f"{count:,} nodes"

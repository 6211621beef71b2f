"""The search in outputs."""

from __future__ import annotations

from typing import Any

import pytest

from ssmtui.core.folding import Outcome, Output
from ssmtui.core.keys import RowKey
from ssmtui.core.problem import ProblemError
from ssmtui.ui.board_search import OutputSearch
from tests.ui.test_board_blocks import watched_over

OK = Outcome.OK


class Shown:
    """What was shown, each time."""

    def __init__(self) -> None:
        self.times: list[list[str]] = []

    def __call__(self, blocks: Any) -> None:
        self.times.append([block.id for block in blocks])


def words(search: OutputSearch) -> list[str]:
    return [text for text, _ in search.parts]


async def test_what_is_found_is_shown_with_its_line_and_counted() -> None:
    watched = watched_over((OK, "one\ntwo"), (OK, "three"))
    search, shown = OutputSearch(watched), Shown()
    assert (search.on, search.parts) == (False, [])
    search.begin("two")
    assert search.message == "Searching"
    await search.run(shown)
    (found,) = [b for b in watched.folder.blocks() if b.id in shown.times[-1]]
    assert search.line(found) == "two"
    assert words(search) == ["/two", "1 line in 1 output of 1 node"]
    search.begin("e$")
    await search.run(shown)
    assert words(search) == ["/e$", "2 lines in 2 outputs of 2 nodes"]
    search.end()
    assert (search.on, search.line(found), search.pattern) == (False, "", "")


async def test_outputs_that_come_later_are_looked_at_too() -> None:
    watched = watched_over((OK, "one"))
    search, shown = OutputSearch(watched), Shown()
    search.begin("two")
    await search.run(shown)
    assert (search.message, search.stale) == ("Nothing found", False)
    watched.folder.add(
        [
            Output(
                node=RowKey("111122223333", "eu-west-1", "i-9"),
                name="web-9",
                outcome=OK,
                exit_code=0,
                stdout="two",
            )
        ]
    )
    watched.folder.drain()
    assert search.stale
    await search.run(shown)
    assert words(search)[1] == "1 line in 1 output of 1 node"
    assert (len(shown.times[-1]), search.stale) == (1, False)


async def test_a_wrong_pattern_changes_nothing() -> None:
    watched = watched_over((OK, "one"))
    search = OutputSearch(watched)
    search.begin("one")
    with pytest.raises(ProblemError, match="regular expression"):
        search.begin("(")
    assert search.pattern == "one"

"""Blocks as lines that tell them from each other."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from ssmtui.core.folding import Folder, Outcome, Output
from ssmtui.core.keys import RowKey
from ssmtui.core.marks import Marks
from ssmtui.ui.board_blocks import BlockLines
from ssmtui.ui.board_search import OutputSearch


def watched_over(*outputs: tuple[Outcome, str]) -> Any:
    """What blocks are drawn of: an output of each of these nodes, folded."""
    folder = Folder()
    folder.add(
        Output(
            node=RowKey("111122223333", "eu-west-1", f"i-{n}"),
            name=f"web-{n:03d}",
            outcome=outcome,
            exit_code=0 if outcome is Outcome.OK else 1,
            stdout=text,
        )
        for n, (outcome, text) in enumerate(outputs)
    )
    folder.drain()
    return SimpleNamespace(
        folder=folder,
        folded=True,
        marks=Marks(),
        who=lambda block, width: f"{len(block.nodes)} of web",
        text=lambda block: (folder.held(block.stdout) or "", folder.held(block.stderr) or ""),
    )


def heads(watched: Any, lines: BlockLines) -> list[str]:
    blocks = watched.folder.blocks()
    lines.know(blocks)
    return [lines.parts(block, 80)[-1][0].strip() for block in blocks]


OK, FAILED = Outcome.OK, Outcome.FAILED


def test_the_usual_block_begins_and_others_say_how_they_differ() -> None:
    watched = watched_over(
        (OK, "NAME=Amazon\nVERSION=2023"),
        (OK, "NAME=Amazon\nVERSION=2023"),
        (OK, "NAME=Amazon\nVERSION=2"),
        (FAILED, "NAME=Amazon\nno such package"),
    )
    lines = BlockLines(watched, OutputSearch(watched))
    # A failure is not held against what went well.
    assert heads(watched, lines) == ["NAME=Amazon", "NAME=Amazon", "VERSION=2"]


def test_blocks_that_differ_alike_from_the_largest_are_told_from_each_other() -> None:
    watched = watched_over(
        *[(OK, "NAME=Amazon\nVERSION=2023\nkernel 6.1")] * 4,
        *[(OK, "NAME=Amazon\nVERSION=2\nkernel 5.10")] * 3,
        *[(OK, "NAME=Amazon\nVERSION=2\nkernel 4.14")] * 2,
        (OK, "NAME=Amazon\nVERSION=2\nkernel 6.1"),
    )
    lines = BlockLines(watched, OutputSearch(watched))
    # Of the last one each line is another block's: what tells it from the largest is left.
    assert heads(watched, lines) == ["NAME=Amazon", "VERSION=2", "kernel 4.14", "VERSION=2"]


def test_another_usual_block_turns_what_is_said_round() -> None:
    watched = watched_over((OK, "a\nold"), (OK, "a\nold"), (OK, "a\nnew"))
    lines = BlockLines(watched, OutputSearch(watched))
    assert heads(watched, lines) == ["a", "new"]
    watched.folder.add(
        Output(
            node=RowKey("111122223333", "eu-west-1", f"i-9{n}"),
            name=f"web-9{n}",
            outcome=OK,
            exit_code=0,
            stdout="a\nnew",
        )
        for n in range(5)
    )
    watched.folder.drain()
    assert heads(watched, lines) == ["a", "old"]


def test_marked_nodes_are_signed_and_hostile_texts_made_safe() -> None:
    watched = watched_over((OK, "\x1b[31mred"), (OK, "\x1b[31mred"))
    lines = BlockLines(watched, OutputSearch(watched))
    (block,) = watched.folder.blocks()
    watched.marks.add(block.nodes)
    parts = lines.parts(block, 80)
    assert parts[0][0] == "●"
    assert "\x1b" not in parts[-1][0]

"""What the keys of the board ask before they do it."""

from __future__ import annotations

from typing import Any

import pytest

from ssmtui.rollouts.state import Bucket
from ssmtui.ui.board_steering import whole_words
from tests.rollouts.test_ledger import a_result

OVER = a_result(bucket=Bucket.OK)
OPEN = a_result(bucket=Bucket.RUNNING)
KEPT = a_result(bucket=Bucket.OK, stdout_cut=True, full=True)


async def test_only_the_marked_nodes_are_cancelled_if_that_is_chosen(live: Any) -> None:
    async with live() as f:
        await f.shows(f.nodes()[:3])
        await f.runs("sleep 900", "R")
        await f.sees("running 3")
        watched = f.app.rolling.all[0]
        watched.marks.add(list(watched.rollout.results)[:1])
        await f.type("<ctrl+d>")
        await f.sees("the 1 marked that are not over", "everything: 3 nodes")
        await f.type("1")
        label = next(iter(watched.rollout.results.values())).label
        await f.sees("Cancel them", "1 node is not over", label[:6], "As ops@shop-dev in eu-west-1")
        await f.type("<tab>", "<enter>")
        await f.sees("running 2 ", "cancelled 1")


@pytest.mark.parametrize(
    ("results", "words"),
    [
        ([], "No output has been read yet"),
        ([OPEN, OPEN], "No output has been read yet"),
        ([OVER, OPEN], "the output of 1 node has not been read yet"),
        ([OVER, OVER], "Nothing was cut: these outputs are whole"),
        ([OVER, KEPT], "Nothing more of these outputs can be read"),
    ],
)
def test_it_is_said_why_there_is_nothing_to_read_whole(results: list[Any], words: str) -> None:
    assert words in whole_words(results)

"""The nodes of a rollout: filtered, marked, and run on again."""

from __future__ import annotations

from typing import Any

from ssmtui.core.keys import RowKey
from ssmtui.rollouts.state import Bucket, Result
from ssmtui.ui.screens.results import row_of


def test_a_result_is_a_row_with_its_time_and_whether_it_was_cut() -> None:
    key = RowKey("1", "eu-west-1", "i-1")
    result = Result(
        key=key, name="web-1", call=0, wave=1, bucket=Bucket.FAILED, status="Failed", exit_code=7,
        stdout_cut=True, started=10.0, ended=12.26,
    )  # fmt: skip
    row = row_of(result)
    assert (row.name, row.result, row.exit, row.wave, row.took) == ("web-1", "failed", 7, 2, 2.3)
    assert row.full == "head"
    waiting = row_of(Result(key=key, name="", call=0, wave=0))
    assert (waiting.name, waiting.took, waiting.full) == ("i-1", None, "")


async def test_nodes_are_filtered_marked_and_run_on_again(live: Any) -> None:
    async with live() as f:
        nodes = f.nodes()[:4]
        await f.shows(nodes)
        await f.runs("hostname", "R")
        await f.sees("DONE")
        board = f.app.screen
        await f.type("N")
        await f.sees("all nodes", r"ok +0 Success")
        name = board.watched.results([f.app.screen.table.row.key])[0].label
        await f.type("/", f"name={name}", "<enter>")
        await f.sees("1/4")
        await f.type("<space>")
        await f.sees("1 marked")
        await f.type("<escape>", "r")
        await f.sees("Ctrl-S preview", f"AWS-RunShellScript on {name}")


async def test_a_nodes_own_output_is_one_key_away(live: Any) -> None:
    async with live() as f:
        await f.shows(f.nodes()[:2])
        await f.runs("echo it is $(hostname)", "R")
        await f.sees("DONE")
        await f.type("N", "<enter>")
        await f.sees("it is ")
        await f.type("<escape>", "<escape>")
        await f.sees("outputs, failures first")


async def test_what_is_done_on_nodes_is_judged_by_their_own_scopes(live: Any) -> None:
    async with live(fleet={"accounts": 2, "nodes": 80}) as f:
        answering = {node.id for node in f.nodes()}
        some = [
            next(node for node in scope.managed if node.id in answering) for scope in f.world.scopes
        ]
        await f.shows(some)
        await f.runs("hostname", "R")
        await f.sees("DONE")
        await f.type("N")
        await f.sees("all nodes", r"ok +0 Success")
        page, keymap = f.app.screen, f.app.keymap
        again, about = keymap.action("results-again"), keymap.action("about-rollout")
        assert [scope.key for scope in page.scopes_for(again)] == [page.table.row.key.scope]
        await f.type("*")
        assert list(page.scopes_for(again)) == list(page.scopes)
        assert len(page.scopes) == 2
        await f.type("<ctrl+backslash>", "<down>")
        assert [scope.key for scope in page.scopes_for(again)] == [page.table.row.key.scope]
        assert list(page.scopes_for(about)) == list(page.scopes)

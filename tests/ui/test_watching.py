"""A rollout as the explorer looks at it."""

from __future__ import annotations

from typing import Any


async def test_what_was_cut_is_read_whole_and_folded_again(live: Any) -> None:
    async with live() as f:
        await f.shows(f.nodes()[:2])
        await f.runs("for i in $(seq 1 900); do echo line $i; done", "R")
        await f.sees("DONE", "same first 2,500 characters 2", r"2 exit 0 .* … line 1")
        await f.type("o")
        await f.sees("exact 2")
        watched = f.app.rolling.all[0]
        assert all(result.full for result in watched.rollout.results.values())
        block = watched.folder.blocks()[0]
        assert watched.text(block)[0].rstrip().endswith("line 900")
        await f.type("o")
        await f.s.wait_for(lambda: "Nothing was cut" in f.text)


async def test_outputs_that_differ_by_node_are_alike_or_apart(live: Any) -> None:
    async with live() as f:
        hybrid = [node for node in f.nodes() if node.id.startswith("mi-")]
        await f.shows(hybrid[:3])
        await f.runs("hostname", "R")
        await f.sees("DONE", "alike 3", r"3 exit 0")
        await f.type("i")
        await f.sees("exact 3", r"1 exit 0")
        await f.type("i")
        await f.sees("alike 3")


async def test_the_marks_of_a_block_are_the_nodes_marks(live: Any) -> None:
    async with live() as f:
        await f.shows(f.nodes()[:3])
        await f.runs("echo same", "R")
        await f.sees("DONE", "3 exit 0")
        await f.type("m")
        await f.sees("3 marked", "● +3 exit 0")
        await f.type("m")
        await f.s.wait_for(lambda: "marked" not in f.text)


async def test_large_blocks_are_named_behind_the_scenes(live: Any, monkeypatch: Any) -> None:
    from ssmtui.ui import watching

    monkeypatch.setattr(watching, "_FOLDED_AT_ONCE", 1)
    async with live() as f:
        nodes = f.nodes()[:3]
        await f.shows(nodes)
        await f.runs("echo same", "R")
        label = f.app.rolling.all[0].rollout.plan.spec.command.targets.nodes[0].label
        await f.sees("DONE", rf"3 exit 0 +{label[:5]}")

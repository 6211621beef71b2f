"""The list of rollouts."""

from __future__ import annotations

from typing import Any


async def test_before_there_is_one_it_says_how_to_begin(live: Any) -> None:
    async with live() as f:
        await f.type(":rollouts", "<enter>")
        await f.sees("none yet: r on a node runs one")
        await f.type("<escape>")
        assert f.app.screen is f.app.main


async def test_a_rollout_that_is_over_can_be_forgotten(live: Any) -> None:
    async with live() as f:
        await f.shows(f.nodes()[:1])
        await f.runs("true")
        await f.sees("DONE")
        await f.type("<escape>", ":rollouts", "<enter>")
        await f.sees(r"done +\w{3}")
        await f.type("<ctrl+d>")
        await f.sees("Forget rollout")
        await f.type("<tab>", "<enter>")
        await f.sees("none yet")
        assert f.app.rolling.records.all() == []


async def test_one_under_way_is_not_forgotten(live: Any) -> None:
    async with live() as f:
        await f.shows(f.nodes()[:1])
        await f.runs("sleep 900")
        await f.sees("running 1")
        await f.type("<escape>", ":rollouts", "<enter>")
        await f.sees(r"running +\w{3}")
        await f.type("<ctrl+d>")
        await f.sees("Forget rollout")
        await f.type("<tab>", "<enter>")
        await f.s.wait_for(lambda: "is under way" in " ".join(f.text.split()))
        assert len(f.app.rolling.records.all()) == 1

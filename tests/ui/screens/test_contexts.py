from __future__ import annotations

import pytest

from ssmtui.core.problem import Problem, ProblemKind


async def test_scopes_with_their_states_counts_and_trouble(explorer) -> None:
    scope = explorer.fleet.scopes[1].key
    explorer.fleet.problems[scope] = Problem(ProblemKind.DENIED, "staging may not list nodes")
    async with explorer.open() as s:
        await s.type(":ctx", "<enter>")
        assert "3 of 3 in force" in s.text
        lines = s.text.split("\n")
        assert "complete" in lines[1]
        assert "80" in lines[1]
        assert "failed" in lines[2]
        assert "staging may not list nodes" in lines[3]


@pytest.mark.parametrize("width", [80, 140])
async def test_each_scope_is_one_line_whatever_the_width(explorer, width: int) -> None:
    for scope in explorer.fleet.scopes:
        scope.name = f"the-{scope.name}-account-of-a-shop"
    async with explorer.open(size=(width, 24)) as s:
        await s.type(":ctx", "<enter>")
        await s.pilot.pause()
        lines = s.text.split("\n")[1:4]
        assert [line.split()[-1] for line in lines] in ([["0s"] * 3, ["ago"] * 3])
        assert all("complete" in line for line in lines)


async def test_what_gave_no_scope_is_said_below_the_others(explorer) -> None:
    lost = explorer.fleet.scopes[2].key
    explorer.fleet.unresolved = {lost: Problem(ProblemKind.EXPIRED, "prod has expired", "Log in")}
    async with explorer.open() as s:
        await s.type(":ctx", "<enter>")
        assert "2 of 2 in force" in s.text
        assert s.text.split("\n")[3].strip() == "prod has expired. Log in."
        await s.type("<down>", "<down>", "<down>", "<space>")
        assert "of 2 in force" in s.text


async def test_space_switches_and_enter_applies(explorer) -> None:
    async with explorer.open() as s:
        await s.type(":ctx", "<enter>", "<space>")
        assert "2 of 3 in force" in s.text
        await s.type("<enter>")
        assert s.text.split("\n")[1].endswith("160  0s")
        await s.type(":ctx", "<enter>", "a", "<enter>")
        assert s.text.split("\n")[1].endswith("240  0s")


async def test_none_and_enter_takes_the_one_under_the_cursor(explorer) -> None:
    async with explorer.open() as s:
        await s.type(":ctx", "<enter>", "n", "<down>", "<enter>")
        assert "staging eu-west-1" in s.text


async def test_esc_changes_nothing(explorer) -> None:
    async with explorer.open() as s:
        await s.type(":ctx", "<enter>", "n", "<escape>")
        assert s.text.split("\n")[1].endswith("240  0s")

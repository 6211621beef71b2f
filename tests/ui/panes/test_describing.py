"""What `d` shows: the row and its age, and what could not be read."""

from __future__ import annotations

import msgspec

from ssmtui.core.problem import Problem, ProblemKind
from ssmtui.resources.base import Section

DENIED = Problem(ProblemKind.DENIED, "You may not read tags", "Ask for a policy with tags")
LOST = Problem(ProblemKind.ENDPOINT, "The endpoint cannot be reached", "Check the network")


def lines_of(s) -> list[str]:
    return [line.strip() for line in s.text.split("\n") if line.strip()]


async def test_cached_values_stand_under_their_age(explorer) -> None:
    async def detail(scope, row, now):
        return [Section("Identity", [("id", row.id)], cached=True), Section("Now", [("a", "b")])]

    whole = explorer.fleet.resource()
    resource = msgspec.structs.replace(whole, detail=detail)
    async with explorer.open(resources=(resource,)) as s:
        explorer.clock.now += 240
        await s.type("d")
        text = lines_of(s)
        at = text.index("Values of the list")
        assert text[at + 1].split("  ")[-1] == "read 4m ago · 2025-10-09T08:53:20Z"
        assert text[at + 2] == "Identity"


async def test_what_was_read_anew_has_no_age(explorer) -> None:
    async with explorer.open() as s:
        await s.type("d")
        assert "Values of the list" not in s.text


async def test_trouble_of_the_list_and_of_the_reads_stands_at_the_top(explorer) -> None:
    async def detail(scope, row, now):
        return [Section("Checks", [("", "not known")], problems=[DENIED, DENIED])]

    resource = msgspec.structs.replace(explorer.fleet.resource(), detail=detail)
    async with explorer.open(resources=(resource,)) as s:
        s.app.main.pane.feed.standings[s.app.main.pane.row.key.scope].ended["EC2"] = LOST
        await s.type("d")
        text = lines_of(s)
        at = text.index("Could not be read")
        assert text[at + 1 : at + 7] == [
            "no answer  The endpoint cannot be reached.",
            "Check the network.",
            "denied     You may not read tags.",
            "Ask for a policy with tags.",
            "Checks",
            "not known",
        ]


async def test_where_nothing_can_be_read_the_row_itself_is_shown(explorer) -> None:
    explorer.fleet.detail_problem = LOST
    async with explorer.open() as s:
        await s.type("d")
        text = lines_of(s)
        assert text.index("Could not be read") < text.index("Values of the list")
        assert text.index("Values of the list") < text.index("Node")
        assert "Check the network." in text
        assert any(line.endswith("api-0001") for line in text)
        assert [notice.problem for notice in s.app.notices] == [LOST]


async def test_a_row_of_the_last_run_is_shown_before_there_is_a_way_to_it(explorer) -> None:
    async with explorer.open():
        pass
    explorer.clock.now += 120
    explorer.fleet.way.clear()
    async with explorer.open(wait=False) as s:
        await s.wait_for(lambda: s.app.main.is_ready and s.app.main.pane.row is not None)
        await s.pilot.press("d")
        await s.wait_for(lambda: "read 2m ago" in s.text)
        assert "There is no connection to 111111111111/eu-west-1 yet" in s.text
        assert "name        api-0001" in s.text

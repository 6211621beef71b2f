from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from ssmtui.simulator.shell.powershell.values import Thing, Time
from ssmtui.simulator.shell.powershell.views import Column, Shown, as_list, cell, render, table


async def shown(*values: object) -> list[str]:
    async def give() -> AsyncIterator[object]:
        for value in values:
            yield value

    return [line async for line in render(give())]


async def test_simple_values_are_lines() -> None:
    assert await shown(1, "a\nb", None, [1, "x"], True) == ["1", "a", "b", "1", "x", "True"]


async def test_things_of_a_kind_share_a_table() -> None:
    lines = await shown(Thing("X", {"A": 1, "B": "x"}), Thing("X", {"A": 22, "B": "yy"}))
    assert lines == ["", " A B", " - -", " 1 x", "22 yy", ""]


async def test_another_kind_begins_another_table() -> None:
    lines = await shown(Thing("X", {"A": 1}), Thing("Y", {"B": 2}), "text")
    assert lines == ["", "A", "-", "1", "", "", "B", "-", "2", "", "text"]


async def test_many_properties_are_a_list() -> None:
    thing = Thing("Z", dict.fromkeys("ABCDE", 1))
    assert await shown(thing) == ["", *(f"{name} : 1" for name in "ABCDE"), ""]


async def test_hashtables() -> None:
    lines = await shown(Thing("Hashtable", {"key": "value"}))
    assert [line.split() for line in lines[1:4]] == [
        ["Name", "Value"],
        ["----", "-----"],
        ["key", "value"],
    ]


async def test_what_was_formatted_stays_so() -> None:
    assert await shown(Shown(["a", "b"])) == ["a", "b"]


async def test_what_came_before_an_error_is_shown() -> None:
    async def give() -> AsyncIterator[object]:
        yield Thing("X", {"A": 1})
        raise RuntimeError("broken")

    lines = []
    with pytest.raises(RuntimeError):
        async for line in render(give()):
            lines.append(line)  # noqa: PERF401 - it ends in an error
    assert "1" in lines


def test_cells() -> None:
    assert cell([1, 2, 3, 4, 5]) == "{1, 2, 3, 4, ...}"
    assert cell(2.5) == "2.50"
    assert cell(Time(0.0)) == "1/1/1970 12:00:00 AM"


def test_tables_and_lists() -> None:
    thing = Thing("X", {"Name": "longer than that", "N": 5})
    assert table([thing], [Column("Name", "Name", 6), Column("N", "N", 4, right=True)]) == [
        "", "Name      N", "----      -", "longer    5", "",
    ]  # fmt: skip
    assert as_list([thing], ["N", "Name"]) == ["", "N    : 5", "Name : longer than that", ""]
    assert table([thing], []) == []

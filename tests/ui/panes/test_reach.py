"""An action on rows is judged by the scopes that these rows are in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from ssmtui.aws.mode import Mode
from ssmtui.core.actions import Action, AppliesTo, Danger
from ssmtui.core.keys import RowKey
from ssmtui.ui.panes.reach import Reach, concerned

RUN = Action("run", ("r",), "run", "Run", danger=Danger.CHANGE, applies_to=AppliesTo.MARKS)
RUN_SHOWN = msgspec.structs.replace(RUN, applies_to=AppliesTo.SHOWN)
ON_ROW = msgspec.structs.replace(RUN, applies_to=AppliesTo.ROW)
ON_NOTHING = msgspec.structs.replace(RUN, applies_to=AppliesTo.NOTHING)


def names(scopes: Any) -> list[str]:
    return [scope.name for scope in scopes]


def test_rows_concern_their_own_scopes(fleet) -> None:
    dev, staging, prod = fleet.scopes
    rows = [RowKey(*prod.key, "i-1"), RowKey(*dev.key, "i-2"), RowKey(*prod.key, "i-3")]
    assert names(concerned(rows, fleet.scopes)) == ["dev", "prod"]
    assert names(concerned(rows[:1], [dev, staging])) == ["dev", "staging"]
    assert names(concerned([], fleet.scopes)) == ["dev", "staging", "prod"]


def test_no_more_rows_are_gone_through_than_needed(fleet) -> None:
    def endless() -> Iterator[RowKey]:
        while True:
            yield from (RowKey(*scope.key, "i-1") for scope in fleet.scopes)

    assert names(concerned(endless(), fleet.scopes)) == ["dev", "staging", "prod"]


@pytest.mark.parametrize(
    ("action", "at_the_first", "at_the_last", "with_marks"),
    [
        (RUN, ["dev"], ["prod"], ["dev", "staging"]),
        (ON_ROW, ["dev"], ["prod"], ["prod"]),
        (RUN_SHOWN, ["dev", "staging", "prod"], ["dev", "staging", "prod"], None),
        (ON_NOTHING, ["dev", "staging", "prod"], ["dev", "staging", "prod"], None),
    ],
)
async def test_what_an_action_reaches(
    explorer, action: Action, at_the_first: Any, at_the_last: Any, with_marks: Any
) -> None:
    async with explorer.open() as s:
        pane = s.app.main.pane
        reach, view = Reach(pane), pane.view
        assert names(reach.of(action)) == at_the_first
        await s.type("G")
        assert names(reach.of(action)) == at_the_last
        assert reach.permits(action) is ("prod" not in at_the_last)
        view.marks.add(key for key in view.shown_keys() if key.account != "333333333333")
        assert names(reach.of(action)) == (with_marks or at_the_last)


async def test_a_filter_narrows_what_everything_shown_is(explorer) -> None:
    async with explorer.open() as s:
        await s.type("/account=222222222222", "<enter>")
        assert names(s.app.main.pane.reach.of(RUN_SHOWN)) == ["staging"]


async def test_where_one_mode_is_in_force_rows_make_no_difference(explorer, fleet) -> None:
    fleet.scopes[2].base = Mode.CHANGE
    async with explorer.open() as s:
        assert names(s.app.main.pane.reach.of(RUN)) == ["dev", "staging", "prod"]

"""Nodes under a calendar that is not open are found, and so are those nobody can tell of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from ssmtui.core.columns import UNKNOWN
from ssmtui.core.keys import RowKey, ScopeKey
from ssmtui.core.problem import Problem, ProblemError, ProblemKind
from ssmtui.local.config import Freeze
from ssmtui.resources.nodes.row import Node
from ssmtui.rollouts.freezes import frozen_nodes, frozen_scopes, override_reason

NOW = 1_790_000_000.0


class Scope:
    """A scope whose calendars say what they are told to."""

    def __init__(self, profile: str, account: str, region: str, **calendars: Any) -> None:
        self.profile = self.name = profile
        self.alias = None
        self.own_names = (profile, account)
        self.key = ScopeKey(account, region)
        self.region = region
        self.calendars = calendars
        self.asked: list[Sequence[str]] = []

    async def read(self, service: str, operation: str, params: Any) -> Any:
        assert operation == "GetCalendarState"
        self.asked.append(params["CalendarNames"])
        said = [self.calendars[name.rpartition("/")[2]] for name in params["CalendarNames"]]
        for each in said:
            if isinstance(each, Problem):
                raise ProblemError(each)
        state = "OPEN" if all(each == "OPEN" for each in said) else "CLOSED"
        return {"State": state, "NextTransitionTime": "2026-09-21T15:00:00Z"}


def node(number: int, scope: Scope, **fields: Any) -> Node:
    fields.setdefault("tags", {"Env": "prod" if number % 2 else "test"})
    account, region = scope.key
    return Node(account=account, region=region, id=f"i-{number}", name=f"web-{number}", **fields)


def a_scope(**calendars: Any) -> Any:
    return Scope("prod", "111122223333", "eu-west-1", **calendars)


async def test_nodes_under_a_closed_calendar_are_found() -> None:
    scope = a_scope(year="CLOSED")
    nodes = [node(number, scope) for number in range(4)]
    freezes = {"year-end": Freeze(["year"], filter="Env=prod")}
    found = await frozen_nodes(freezes, [scope], nodes, now=NOW)
    assert found.nodes == {nodes[1].key: "year-end", nodes[3].key: "year-end"}
    [calendar] = found.closed
    assert (calendar.freeze, calendar.scope, calendar.state) == ("year-end", "prod", "CLOSED")
    assert (calendar.region, calendar.unjudged) == ("eu-west-1", False)
    assert calendar.until == 1_790_002_800.0


async def test_open_calendars_freeze_nothing() -> None:
    scope = a_scope(year="OPEN")
    found = await frozen_nodes({"x": Freeze(["year"])}, [scope], [node(1, scope)], now=NOW)
    assert (dict(found.nodes), found.closed) == ({}, ())
    assert len(found.calendars) == 1


async def test_a_calendar_that_cannot_be_read_freezes() -> None:
    denied = Problem(ProblemKind.DENIED, "no")
    scope = a_scope(year=denied)
    one = node(1, scope)
    found = await frozen_nodes({"x": Freeze(["year"])}, [scope], [one], now=NOW)
    assert found.nodes == {one.key: "x"}
    assert found.closed[0].problem == denied


async def test_nodes_that_the_filter_cannot_judge_are_frozen() -> None:
    scope = a_scope(year="CLOSED")
    one = node(1, scope, tags=UNKNOWN)
    found = await frozen_nodes({"x": Freeze(["year"], filter="Env=prod")}, [scope], [one], now=NOW)
    assert found.nodes == {one.key: "x"}


async def test_words_are_looked_for_in_what_is_shown() -> None:
    scope = a_scope(year="CLOSED")
    nodes = [node(number, scope) for number in range(4)]
    found = await frozen_nodes({"x": Freeze(["year"], filter="web-2")}, [scope], nodes, now=NOW)
    assert list(found.nodes) == [nodes[2].key]


async def test_contexts_narrow_and_those_that_are_not_open_are_no_mistake() -> None:
    one, other = a_scope(year="CLOSED"), Scope("dev", "444455556666", "eu-west-1", year="CLOSED")
    scopes: Any = [one, other]
    nodes = [node(1, one), node(2, other)]
    freezes = {"x": Freeze(["year"], contexts=["prod", "not-open"])}
    found = await frozen_nodes(freezes, scopes, nodes, now=NOW)
    assert list(found.nodes) == [nodes[0].key]
    assert other.asked == []
    freezes = {"x": Freeze(["year"], contexts=["not-open"])}
    assert not (await frozen_nodes(freezes, scopes, nodes, now=NOW)).calendars


@pytest.mark.parametrize(
    ("contexts", "names", "frozen"),
    [
        ([], "@eu-west-1", [0, 2]),
        ([], "@eu-west-1 @us-east-1", [0, 1, 2]),
        ([], "@prod", [0, 1]),
        ([], "@prod @eu-west-1", [0]),
        (["dev"], "@eu-west-1", [2]),
        (["dev"], "@us-east-1", []),
        # What is not open is no mistake, and is not everything else either.
        ([], "@ap-south-1", []),
        ([], "@prod @ap-south-1", []),
        ([], "@eu-west-1 @ap-south-1", [0, 2]),
        ([], "@elsewhere @eu-west-1", []),
        ([], "@elsewhere @prod", [0, 1]),
        (["elsewhere", "prod-us-east-1", "prod"], "", [0, 1]),
    ],
)
async def test_names_of_the_filter_narrow_as_contexts_do(
    contexts: list[str], names: str, frozen: list[int]
) -> None:
    scopes: Any = [
        a_scope(year="CLOSED"),
        Scope("prod", "111122223333", "us-east-1", year="CLOSED"),
        Scope("dev", "444455556666", "eu-west-1", year="CLOSED"),
    ]
    nodes = [node(1, scope) for scope in scopes]
    freezes = {"x": Freeze(["year"], contexts=contexts, filter=f"Env=prod {names}")}
    found = await frozen_nodes(freezes, scopes, nodes, now=NOW)
    assert list(found.nodes) == [nodes[place].key for place in frozen]
    assert [bool(scope.asked) for scope in scopes] == [place in frozen for place in range(3)]


@pytest.mark.parametrize(
    ("text", "frozen", "unjudged"),
    [
        ("", [0, 1], [False, False]),
        ("@us-east-1", [1], [False]),
        ("region=us-east-1", [1], [False]),
        ("@us-east-1 Env=prod", [1], [True]),
        ("region=us-east-1 Env=prod", [1], [True]),
        ("Env=prod", [0, 1], [True, True]),
        ("web", [0, 1], [True, True]),
        ("!id=i-1", [0, 1], [True, True]),
        ("id=i-1", [0, 1], [True, True]),
        ("lost>1h", [0, 1], [True, True]),
        ("sessions>0", [0, 1], [True, True]),
    ],
)
async def test_of_targets_that_the_service_finds_a_filter_knows_the_scope_alone(
    text: str, frozen: list[int], unjudged: list[bool]
) -> None:
    scopes: Any = [
        a_scope(year="CLOSED"),
        Scope("prod", "111122223333", "us-east-1", year="CLOSED"),
    ]
    found = await frozen_scopes({"x": Freeze(["year"], filter=text)}, scopes, now=NOW)
    assert list(found.nodes) == [RowKey(*scopes[place].key, "") for place in frozen]
    assert [calendar.region for calendar in found.closed] == [
        scopes[place].region for place in frozen
    ]
    assert [calendar.unjudged for calendar in found.closed] == unjudged


async def test_an_arn_is_asked_for_in_its_own_region() -> None:
    here, there = a_scope(), Scope("prod2", "111122223333", "us-east-1", year="CLOSED")
    arn = "arn:aws:ssm:us-east-1:111122223333:document/year"
    scopes: Any = [here, there]
    one = node(1, here)
    found = await frozen_nodes({"x": Freeze([arn])}, scopes, [one], now=NOW)
    assert found.nodes == {one.key: "x"}
    assert there.asked == [[arn]]


async def test_one_closed_calendar_of_several_is_enough() -> None:
    scope = a_scope(year="OPEN", night="CLOSED")
    one = node(1, scope)
    found = await frozen_nodes({"x": Freeze(["year", "night"])}, [scope], [one], now=NOW)
    assert found.nodes == {one.key: "x"}


async def test_a_wrong_filter_is_a_sentence() -> None:
    scope = a_scope(year="CLOSED")
    with pytest.raises(ProblemError, match="The filter of the freeze x is wrong"):
        await frozen_nodes({"x": Freeze(["year"], filter="(")}, [scope], [node(1, scope)], now=NOW)


async def test_the_simulated_service_answers(sea: Any) -> None:
    async with sea(nodes=20) as at:
        [scope] = at.fleet.scopes
        one = Node(account=scope.key.account, region=scope.region, id="i-1")
        found = await frozen_nodes({"x": Freeze(["nobody"])}, at.fleet.scopes, [one], now=NOW)
        assert found.closed[0].problem
        assert found.closed[0].problem.code == "InvalidDocument"


def test_a_reason_is_one_line() -> None:
    assert override_reason("  the site\n is down ") == "the site is down"
    with pytest.raises(ProblemError, match="overridden for a reason"):
        override_reason(" \n")
    with pytest.raises(ProblemError, match="at most 256 characters"):
        override_reason("x" * 257)


async def test_a_reason_is_audited(sea: Any, tmp_path: Any) -> None:
    from ssmtui.rollouts.spec import RolloutSpec
    from tests.rollouts.conftest import a_command

    async with sea(nodes=20) as at:
        await at.run(RolloutSpec(a_command(at.nodes(1)), reason="the site is down"))
        audit = (tmp_path / "audit.jsonl").read_text()
        assert "the change freeze is overridden: the site is down" in audit

"""Who has sent commands, asked of CloudTrail within bounds."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ssmtui.core.keys import ScopeKey
from ssmtui.core.problem import ProblemError
from ssmtui.resources.commands import senders as module
from ssmtui.resources.commands.listing import CommandListing
from ssmtui.resources.commands.row import Command, Sender
from ssmtui.resources.commands.senders import AROUND, TOGETHER, find_senders, senders_of, windows

SCOPE = ScopeKey("111122223333", "eu-west-1")
LOOKUP = "cloudtrail:LookupEvents"


def command(at: float | None, number: int = 0) -> Command:
    return Command(account=SCOPE.account, region=SCOPE.region, id=f"c-{number}", requested=at)


async def test_the_ones_asked_for_are_found_and_no_more_is_asked(open_fleet, reader, service):
    async with open_fleet(nodes=300) as fleet:
        (scope,) = fleet.scopes
        there = service(fleet)
        await reader.read(CommandListing(fleet.scopes))
        wanted = sorted(reader.rows.values(), key=lambda row: -row.requested)[5]
        there.calls()
        found: dict[str, Sender] = {}
        async for some in find_senders(scope, [wanted], scope.account.arn):
            found.update(some)
        owner = there.all()[wanted.id].owner
        assert found[wanted.id] == Sender(owner.rpartition("/")[2], owner, False)
        assert there.calls() == {LOOKUP: 1}


async def test_ones_own_are_known_as_such(open_fleet, reader, service):
    async with open_fleet(nodes=60) as fleet:
        (scope,) = fleet.scopes
        there = service(fleet)
        sent = await there.send(scope)
        there.pass_time(600)
        await reader.read(CommandListing(fleet.scopes))
        async for some in find_senders(scope, [reader.rows[sent]], scope.account.arn):
            assert some[sent].mine
            assert some[sent].name == scope.identity


async def test_there_is_an_end_to_asking(open_fleet, reader, service, monkeypatch):
    monkeypatch.setattr(module, "MOST_PAGES", 3)
    async with open_fleet(nodes=300) as fleet:
        (scope,) = fleet.scopes
        there = service(fleet)
        await reader.read(CommandListing(fleet.scopes))
        there.calls()
        pages = [page async for page in find_senders(scope, list(reader.rows.values()), "me")]
        assert len(pages) == 3
        assert there.calls() == {LOOKUP: 3}


async def test_being_denied_is_a_problem(open_fleet, reader):
    async with open_fleet(nodes=60, faults=[f"denied {LOOKUP}"]) as fleet:
        await reader.read(CommandListing(fleet.scopes))
        with pytest.raises(ProblemError, match="LookupEvents"):
            async for _ in find_senders(fleet.scopes[0], list(reader.rows.values()), "me"):
                pass


def test_moments_that_are_near_are_asked_for_at_once() -> None:
    day = 86_400.0
    spans = windows([command(10 * day), command(10 * day - TOGETHER / 2), command(9 * day)])
    assert spans == [
        (10 * day - TOGETHER / 2 - AROUND, 10 * day + AROUND),
        (9 * day - AROUND, 9 * day + AROUND),
    ]
    assert windows([command(None)]) == []


def event(**record: Any) -> dict[str, Any]:
    return {"Username": "jane", "CloudTrailEvent": json.dumps(record)}


def test_what_cannot_be_read_is_left_out() -> None:
    good = event(
        userIdentity={"arn": "arn:x/jane"}, responseElements={"command": {"commandId": "c-1"}}
    )
    events = [
        good,
        {},
        {"CloudTrailEvent": "{"},
        event(userIdentity=None, responseElements={"command": {"commandId": "c-2"}}),
        # A call that was refused has no answer.
        event(userIdentity={"arn": "arn:x/jane"}, responseElements=None),
    ]
    assert senders_of(events, "arn:x/jane") == {"c-1": Sender("jane", "arn:x/jane", True)}


def test_a_name_is_made_safe_and_comes_from_the_arn_where_there_is_none() -> None:
    hostile = event(
        userIdentity={"arn": "arn:x/y"}, responseElements={"command": {"commandId": "c-1"}}
    )
    assert senders_of([hostile | {"Username": "\x1b[2J"}], "")["c-1"].name == "␛[2J"
    assert senders_of([hostile | {"Username": None}], "")["c-1"].name == "y"

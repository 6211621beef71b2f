"""Ending sessions: sent once, and looked for when the answer is lost."""

from __future__ import annotations

import json

import pytest

from ssmtui.aws.scope import Mode, Outcome
from ssmtui.core.problem import ProblemError, ProblemKind
from ssmtui.resources.sessions.ending import terminate
from ssmtui.resources.sessions.listing import SessionListing


async def listed(fleet, board):
    await board.read(SessionListing(fleet.scopes))
    return board.rows[min(board.active)]


@pytest.mark.parametrize("mode", [Mode.CONNECT, Mode.CHANGE])
async def test_it_is_over(open_fleet, board, service, tmp_path, mode):
    async with open_fleet(mode=mode) as fleet:
        session = await listed(fleet, board)
        change = await terminate(fleet.scopes[0], session)
        assert (change.outcome, change.problem) == (Outcome.DONE, None)
        assert session.id in service(fleet).records(active=False)
        assert session.id not in service(fleet).records(active=True)
    deeds = [json.loads(line) for line in (tmp_path / "audit.jsonl").read_text().splitlines()]
    assert session.id in str(deeds)
    assert "terminate-session" in str(deeds)


async def test_look_mode_refuses(open_fleet, board, service):
    async with open_fleet(mode=Mode.LOOK) as fleet:
        session = await listed(fleet, board)
        with pytest.raises(ProblemError) as raised:
            await terminate(fleet.scopes[0], session)
        assert raised.value.problem.kind is ProblemKind.MODE
        assert session.id in service(fleet).records(active=True)
        assert fleet.endpoint.calls["ssm:TerminateSession"] == 0


async def test_a_denial_is_a_refusal(open_fleet, board):
    async with open_fleet(faults=["denied ssm:TerminateSession"]) as fleet:
        change = await terminate(fleet.scopes[0], await listed(fleet, board))
        assert change.outcome is Outcome.REFUSED
        assert change.problem.kind is ProblemKind.DENIED


async def test_a_lost_answer_is_looked_for_and_not_sent_again(open_fleet, board):
    async with open_fleet(faults=["reply-lost ssm:TerminateSession count=1"]) as fleet:
        change = await terminate(fleet.scopes[0], await listed(fleet, board))
        assert change.outcome is Outcome.DONE
        assert change.reconciled
        assert fleet.endpoint.calls["ssm:TerminateSession"] == 1


async def test_one_that_was_not_done_is_sent_once_more(open_fleet, board, service):
    async with open_fleet(faults=["abort ssm:TerminateSession count=1"]) as fleet:
        session = await listed(fleet, board)
        change = await terminate(fleet.scopes[0], session)
        assert change.outcome is Outcome.DONE
        assert fleet.endpoint.calls["ssm:TerminateSession"] == 2
        assert session.id not in service(fleet).records(active=True)


async def test_what_cannot_be_told_is_unknown(open_fleet, board):
    async with open_fleet() as fleet:
        session = await listed(fleet, board)
        fleet.endpoint.faults.add("reply-lost ssm:TerminateSession")
        fleet.endpoint.faults.add("denied ssm:DescribeSessions")
        change = await terminate(fleet.scopes[0], session)
        assert change.outcome is Outcome.UNKNOWN
        assert "may have been done" in change.problem.what

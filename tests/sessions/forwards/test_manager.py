from __future__ import annotations

import asyncio

import pytest

from ssmtui.core.problem import Problem, ProblemKind
from ssmtui.sessions.forwards.forward import State
from ssmtui.sessions.forwards.manager import Forwards
from ssmtui.sessions.forwards.spec import parse_forward


@pytest.fixture
def seen() -> list[tuple[str, str]]:
    return []


@pytest.fixture
async def forwards(place, seen):
    made = Forwards(
        changed=lambda forward: seen.append((forward.spec.destination, str(forward.state))),
        clock=place.clock,
    )
    yield made
    await made.close()


async def test_several_live_side_by_side_and_end_together(place, forwards, seen) -> None:
    first = forwards.open(place.scope, parse_forward(place.target, "0:80"), name="web")
    second = forwards.open(place.scope, parse_forward(place.target, "0:8080"))
    await asyncio.gather(first.opened(), second.opened())
    assert list(forwards) == forwards.running == [first, second]
    assert len(forwards) == 2
    assert sorted(seen) == [("80", "open"), ("8080", "open")]
    assert len(place.open) == 2
    assert await forwards.close() == []
    assert place.open == []
    assert forwards.running == []


async def test_one_that_is_stopped_is_forgotten(place, forwards) -> None:
    first = forwards.open(place.scope, parse_forward(place.target, "0:80"))
    second = forwards.open(place.scope, parse_forward(place.target, "0:8080"))
    await asyncio.gather(first.opened(), second.opened())
    assert await forwards.stop(first) is None
    assert list(forwards) == [second]
    assert [session.id for session in place.open] == [second.session_id]


async def test_a_failed_one_stays_until_it_is_asked_for_again(place, forwards) -> None:
    place.world.lose(place.node.id)
    spec = parse_forward(place.target, "0:80")
    failed = forwards.open(place.scope, spec)
    await failed.ended()
    assert list(forwards) == [failed]
    assert forwards.running == []
    place.world.restore(place.node.id)
    again = forwards.open(place.scope, spec)
    await again.opened()
    assert list(forwards) == [again]
    assert again.state is State.OPEN


async def test_what_keeps_sessions_open_is_returned(place, forwards) -> None:
    forward = forwards.open(place.scope, parse_forward(place.target, "0:80"))
    await forward.opened()
    place.fault("denied ssm:TerminateSession")
    (problem,) = await forwards.close()
    assert isinstance(problem, Problem)
    assert problem.kind is ProblemKind.DENIED
    place.end()


async def test_closing_is_finished_when_it_is_cancelled(place, forwards) -> None:
    forward = forwards.open(place.scope, parse_forward(place.target, "0:80"))
    await forward.opened()
    closing = asyncio.ensure_future(forwards.close())
    await asyncio.sleep(0)
    closing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await closing
    assert place.open == []


async def test_one_that_is_still_starting_leaves_nothing_when_closed(place, forwards) -> None:
    forwards.open(place.scope, parse_forward(place.target, "0:80"))
    while not place.calls["ssm:StartSession"]:
        await asyncio.sleep(0)
    await forwards.close()
    assert place.open == []

from __future__ import annotations

import asyncio

import pytest

from ssmtui.core.problem import Problem, ProblemError, ProblemKind


async def test_lines_of_several_nodes_are_one_stream_in_the_order_of_time(rig):
    run = rig(2)
    (first,), (second,) = run.meets(0, None), run.meets(1, None)
    run.start()
    await first.node.opens()
    await second.node.opens()
    await run.passes()
    await first.node.says(b"2020-01-01T00:00:02Z b\n2020-01-01T00:00:04Z d\n")
    await second.node.says(b"2020-01-01T00:00:01Z a\n2020-01-01T00:00:03Z c\n")
    await run.passes()
    assert [(node, text[-1]) for node, text in run.lines] == [
        (1, "a"),
        (0, "b"),
        (1, "c"),
        (0, "d"),
    ]


async def test_one_that_is_given_up_leaves_the_others_alone(rig):
    run = rig(2)
    run.meets(0, ProblemError(Problem(ProblemKind.DENIED, "no")))
    (linked,) = run.meets(1, None)
    run.start()
    await linked.node.opens()
    await linked.node.says(b"here\n")
    await run.passes()
    assert run.lines == [(1, "here")]
    assert (0, "given up", "no") in run.states


async def test_closing_ends_every_session_once(rig):
    run = rig(3)
    all_linked = [run.meets(place, None)[0] for place in range(3)]
    run.start()
    for linked in all_linked:
        await linked.node.opens()
    assert await run.close() == []
    assert [linked.session.terminated for linked in all_linked] == [1, 1, 1]


async def test_what_could_not_be_ended_is_told(rig, monkeypatch):
    run = rig()
    (linked,) = run.meets(0, None)
    problem = Problem(ProblemKind.UNKNOWN, "It may still be open")

    async def terminate():
        return problem

    monkeypatch.setattr(linked.session, "terminate", terminate)
    run.start()
    await linked.node.opens()
    assert await run.close() == [problem]


async def test_a_mistake_of_ours_comes_up(rig):
    run = rig(2)
    run.meets(0, ZeroDivisionError())
    run.start()
    with pytest.raises(ZeroDivisionError):
        await run.over()


async def test_without_a_start_there_is_nothing_to_close(rig):
    run = rig()
    async with asyncio.timeout(5):
        assert await run.follow.close() == []

"""One node: joined, dropped, joined again, given up. Through a Follow, which reads it."""

from __future__ import annotations

import pytest

from ssmtui.core.problem import Problem, ProblemError, ProblemKind
from ssmtui.sessions.follow.node import CATCH_UP_SECONDS, OVERLAP, WAITS


def _trouble(kind, what="no", code=""):
    return ProblemError(Problem(kind, what, code=code))


async def _joined(rig, linked):
    await linked.node.opens()
    await rig.passes()


async def test_lines_and_complaints_come_from_a_joined_node(rig):
    run = rig(lines=3)
    (linked,) = run.meets(0, None)
    run.start()
    await _joined(run, linked)
    await linked.node.says(b"one\ntw")
    await linked.node.says(b"o\n")
    await linked.node.says(b"tail: file truncated\n", stderr=True)
    await run.passes()
    assert run.commands == ["tail -n 3 -F -- /var/log/app.log"]
    assert run.lines == [(0, "one"), (0, "two"), (0, "tail: file truncated")]
    assert [item.aside for item in run.items if hasattr(item, "aside")] == [False, False, True]
    assert run.states == [(0, "connecting", ""), (0, "following", "")]


async def test_a_node_that_drops_is_joined_again_and_nothing_is_told_twice(rig):
    run = rig()
    first, second = run.meets(0, None, None)
    run.start()
    await _joined(run, first)
    await first.node.says(b"a\nb\n")
    await first.node.closes("Agent restarted.")
    await run.passes()
    await _joined(run, second)
    assert run.commands[1] == f"tail -n {OVERLAP} -F -- /var/log/app.log"
    await second.node.says(b"a\nb\nc\n")
    await run.passes()
    assert run.lines == [(0, "a"), (0, "b")]
    await run.passes(CATCH_UP_SECONDS + 1)
    await second.node.says(b"d\n")
    await run.passes()
    assert [text for _, text in run.lines] == ["a", "b", "c", "d"]
    assert run.states[2:] == [(0, "lost", "Agent restarted"), (0, "following", "")]
    assert run.clock.slept == [WAITS[0]]


async def test_many_lines_of_catching_up_do_not_wait(rig):
    run = rig()
    first, second = run.meets(0, None, None)
    run.start()
    await _joined(run, first)
    await first.node.says(b"0\n")
    await first.node.closes()
    await run.passes()
    await second.node.opens()
    await second.node.says(b"".join(b"%d\n" % number for number in range(OVERLAP + 5)))
    await run.passes()
    assert [text for _, text in run.lines] == [str(number) for number in range(OVERLAP + 5)]


async def test_a_gap_is_said(rig):
    run = rig()
    first, second = run.meets(0, None, None)
    run.start()
    await _joined(run, first)
    await first.node.says(b"old\n")
    await first.node.closes()
    await run.passes()
    await _joined(run, second)
    await second.node.says(b"new\n")
    await run.passes(CATCH_UP_SECONDS + 1)
    assert run.states[-1] == (0, "following", "lines may be missing here")
    assert run.lines == [(0, "old"), (0, "new")]


async def test_trouble_that_may_pass_is_said_once_and_tried_again_ever_slower(rig):
    run = rig()
    trouble = [_trouble(ProblemKind.SERVICE, "It is off") for _ in range(len(WAITS) + 1)]
    (linked,) = run.meets(0, *trouble, None)
    run.start()
    await run.passes()
    await _joined(run, linked)
    assert run.clock.slept == [*WAITS, WAITS[-1]]
    assert run.states == [(0, "connecting", ""), (0, "lost", "It is off"), (0, "following", "")]


@pytest.mark.parametrize(
    "trouble",
    [
        _trouble(ProblemKind.DENIED),
        _trouble(ProblemKind.MODE),
        _trouble(ProblemKind.SERVICE, code="InvalidDocument"),
    ],
)
async def test_trouble_that_does_not_pass_ends_it(rig, trouble):
    run = rig()
    run.meets(0, trouble)
    run.start()
    await run.over()
    assert run.states[-1] == (0, "given up", "no")
    assert run.clock.slept == []


async def test_a_program_that_ends_by_itself_is_given_up(rig):
    run = rig()
    (linked,) = run.meets(0, None)
    run.start()
    await linked.node.opens()
    await linked.node.says(b"tail: no such file", stderr=True)
    await linked.node.exits(1)
    await linked.node.closes()
    await run.over()
    assert run.lines == [(0, "tail: no such file")]
    assert run.states[-1] == (0, "given up", "it ended with exit code 1")


async def test_a_program_that_was_killed_is_started_again(rig):
    run = rig()
    linked, _ = run.meets(0, None, None)
    run.start()
    await linked.node.opens()
    await linked.node.exits(137)
    await linked.node.closes()
    await run.passes()
    assert len(run.commands) == 2


async def test_a_cut_connection_is_told_and_loses_nothing(rig):
    run = rig()
    (linked,) = run.meets(0, None)
    run.start()
    await _joined(run, linked)
    linked.session.resumes.append(linked.session.started)
    linked.node.cut()
    await run.passes()
    await linked.node.says(b"after\n")
    await run.passes()
    assert [state for _, state, _ in run.states[-2:]] == ["reconnecting", "following"]
    assert run.lines == [(0, "after")]
    assert len(run.commands) == 1

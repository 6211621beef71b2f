"""Cancelling what a rollout has sent, and leaving out what it has not."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from ssmtui.core.keys import RowKey, ScopeKey
from ssmtui.core.problem import Problem
from ssmtui.rollouts.course import Course
from ssmtui.rollouts.follow import Follower
from ssmtui.rollouts.journal import Dropped, Without
from ssmtui.rollouts.ledger import LiveCall
from ssmtui.rollouts.plan import MOST_IDS
from ssmtui.rollouts.sending import cancel_command
from ssmtui.rollouts.state import CallPhase


class Canceller:
    """Asks the service to cancel calls, each once, and nodes."""

    def __init__(self, course: Course, followers: Mapping[ScopeKey, Follower]) -> None:
        self._course = course
        self._followers = followers
        self._asked: set[int] = set()  # calls that the service was asked to cancel

    async def cancel_calls(self, calls: Iterable[LiveCall]) -> None:
        """Cancel those calls that go on; what is in the way is among the course's problems, and
        they may be given again."""
        due = [
            call
            for call in calls
            if call.phase is CallPhase.SENT
            and call.is_open
            and call.planned.number not in self._asked
        ]
        self._asked.update(call.planned.number for call in due)
        said = await asyncio.gather(*(self._cancel(call) for call in due))
        for call, problem in zip(due, said, strict=True):
            if problem is not None:
                self._asked.discard(call.planned.number)

    async def cancel_nodes(self, keys: Collection[RowKey]) -> tuple[Problem, ...]:
        """Cancel nodes: those that were sent to at the service, the others by leaving them out."""
        course = self._course
        by_call: dict[int, list[str]] = defaultdict(list)
        for key in keys:
            result = course.ledger.results.get(key)
            if result is not None and not result.over:
                by_call[result.call].append(key.id)
        problems: list[Problem] = []
        for number, ids in by_call.items():
            call = course.ledger.calls[number]
            if call.phase is CallPhase.WAITING and not call.reserved:
                await self._leave_out(call, ids)
            elif call.phase is CallPhase.SENT:
                for at in range(0, len(ids), MOST_IDS):
                    problem = await self._cancel(call, ids[at : at + MOST_IDS])
                    problems += [problem] if problem else []
        return tuple(problems)

    async def _cancel(self, call: LiveCall, ids: Sequence[str] = ()) -> Problem | None:
        course, scope = self._course, self._course.scopes.get(call.planned.scope)
        if scope is None:
            return None
        about = f"cancel {call.planned.number}"
        intent = f"cancel command {call.record.command_id}"
        if course.record.ours:
            marker = course.marker(call.planned.number)
            intent = f"rollout {course.plan.id}: cancel {marker}"
        problem = await cancel_command(scope, call.record.command_id, ids, intent=intent)
        if problem is not None:
            course.problems[about] = problem
        else:
            course.problems.pop(about, None)
        self._followers[call.planned.scope].wake()
        return problem

    async def _leave_out(self, call: LiveCall, ids: Sequence[str]) -> None:
        """Leave nodes out of a call that has not been sent."""
        at, number = self._course.now(), call.planned.number
        entries: list[Any] = [
            Without(at=at, call=number, ids=tuple(ids), status="Cancelled", cancelled=True)
        ]
        if set(ids) >= set(call.ids):
            entries.append(Dropped(at=at, calls=(number,)))
        await self._course.note_past(*entries)

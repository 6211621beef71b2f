"""Sending the calls of a wave: each as soon as its share of the concurrency is free."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final

from ssmtui.aws.scope import Priority
from ssmtui.core.keys import ScopeKey
from ssmtui.core.problem import Problem, ProblemError, ProblemKind
from ssmtui.core.tasks import spawn
from ssmtui.rollouts.commands import CommandFacts, find_commands
from ssmtui.rollouts.course import Course
from ssmtui.rollouts.journal import Lost, Refused, Sending, Sent, Without
from ssmtui.rollouts.ledger import LiveCall
from ssmtui.rollouts.plan import send_request
from ssmtui.rollouts.sending import Attempt, send_call
from ssmtui.rollouts.state import CallPhase, Phase

# Calls of a scope on their way at once, as many as the limiter lets through: hundreds that wait for
# it would hold the loop, and after a crash nobody would know which of them was sent.
_AT_ONCE: Final = 16

# Seconds until a scope that could not take a call is tried again: the first time, and at most.
_FIRST_WAIT: Final = 5.0
_LONGEST_WAIT: Final = 60.0

# Seconds after which calls of unknown fate are no longer waited for.
UNKNOWN_SECONDS: Final = 120.0

_NOT_TAKEN: Final = "InvalidInstanceId"


class Dispatcher:
    """Sends calls. `sent(call)` is called when the service has, or may have, another one."""

    def __init__(self, course: Course, sent: Callable[[LiveCall], None]) -> None:
        self._course = course
        self._sent = sent
        self._blocked: dict[ScopeKey, tuple[float, float]] = {}  # until when, and the next wait
        self._hopeless: dict[ScopeKey, Problem] = {}
        self._verified: set[ScopeKey] = set(course.scopes)
        self._closed = False

    def close(self) -> None:
        """Begin no other call; those on their way go on."""
        self._closed = True

    async def send(self, calls: Sequence[LiveCall]) -> None:
        """Send all calls that have not been; returns when each has been sent or refused.

        StoppedError: nothing more is to be sent; what is on its way has been waited for.
        """
        pending = [call for call in calls if call.phase is CallPhase.WAITING]
        sending: set[asyncio.Task[None]] = set()
        try:
            while pending or sending:
                self._course.require_going()
                # Somebody may have cancelled all nodes of one.
                pending[:] = [call for call in pending if call.phase is CallPhase.WAITING]
                call = self._next(pending)
                if call is not None:
                    pending.remove(call)
                    call.reserved = True
                    task = spawn(self._send_one(call, pending), f"send {call.planned.number}")
                    sending.add(task)
                    task.add_done_callback(lambda _: self._course.signal.fire())
                    await asyncio.sleep(0)  # to begin many calls takes more than a turn of the loop
                    continue
                if pending or sending:
                    await self._wait(pending)
                for task in [task for task in sending if task.done()]:
                    sending.remove(task)
                    task.result()
        except asyncio.CancelledError:
            # The program is let go: the record says that they were being sent.
            for task in sending:
                task.cancel()
            raise
        finally:
            await asyncio.gather(*sending, return_exceptions=True)

    # After a restart

    def distrust(self) -> None:
        """Look for the calls of every scope before anything is sent there: the record's last lines
        may be missing."""
        self._verified.clear()

    async def verify(self, scope_key: ScopeKey) -> bool:
        """Look for the calls of a scope that may have been sent, by their markers; whether that
        could be done. What was being sent and is not listed counts as unknown."""
        course = self._course
        calls = [
            call
            for call in course.ledger.of_scope(scope_key)
            if call.phase in (CallPhase.WAITING, CallPhase.SENDING, CallPhase.UNKNOWN)
        ]
        scope = course.scopes.get(scope_key)
        if scope is None:
            return False
        markers = {course.plan.marker(call.planned.number): call for call in calls}
        started = course.record.story.started
        found: dict[str, CommandFacts] = {}
        if markers and started is not None:
            try:
                found = await find_commands(
                    scope, set(markers), started, priority=Priority.FOREGROUND
                )
            except ProblemError as error:
                course.problems[str(scope_key)] = error.problem
                await self._give_up(calls)
                return False
        for marker, call in markers.items():
            if facts := found.get(marker):
                await self.found(call, facts)
        await self._give_up(calls)
        self._verified.add(scope_key)
        course.problems.pop(str(scope_key), None)
        return True

    async def found(self, call: LiveCall, facts: CommandFacts) -> None:
        """A call whose fate was not known is at the service."""
        await self._course.note_past(
            Sent(at=self._course.now(), call=call.planned.number, command_id=facts.id)
        )
        self._course.ledger.tell_facts(call, facts)
        self._sent(call)

    async def _give_up(self, calls: Sequence[LiveCall]) -> None:
        for call in calls:
            if call.phase is CallPhase.SENDING:
                await self._course.note_past(Lost(at=self._course.now(), call=call.planned.number))
                self._sent(call)

    # One call

    def _next(self, pending: Sequence[LiveCall]) -> LiveCall | None:
        """The first call that may be sent now: the scope is good for it, and its share is free."""
        if self._closed or self._course.phase is not Phase.RUNNING:
            return None
        ledger = self._course.ledger
        if any(call.facts is None for call in ledger.rolled if call.phase is CallPhase.SENT):
            return None  # taken up again: how many have failed meanwhile is not known yet
        now, taken = self._course.clock.now(), self._taken()
        sending = Counter(call.planned.scope for call in ledger.rolled if call.reserved)
        for call in pending:
            scope = call.planned.scope
            until, _ = self._blocked.get(scope, (now, 0.0))
            if until <= now and sending[scope] < _AT_ONCE and self._fits(call, taken):
                return call
        return None

    def _taken(self) -> int:
        """How much of the concurrency is taken. A call of which it is unknown whether it was sent
        takes its share for a while only, or it would keep all others waiting for ever."""
        oldest = self._course.now() - UNKNOWN_SECONDS
        return sum(
            call.tally.running
            for call in self._course.ledger.rolled
            if call.phase is not CallPhase.UNKNOWN or (call.record.sent_at or 0.0) > oldest
        )

    def _fits(self, call: LiveCall, taken: int) -> bool:
        whole = self._course.plan.whole
        if call.planned.check or whole is None or taken == 0:
            return True
        wanted = call.share or call.planned.at_a_time.value
        return taken + wanted <= whole

    async def _wait(self, pending: Sequence[LiveCall]) -> None:
        now = self._course.clock.now()
        due = [self._blocked[call.planned.scope][0] for call in pending if self._is_blocked(call)]
        if any(call.phase is CallPhase.UNKNOWN for call in self._course.ledger.rolled):
            due.append(now + UNKNOWN_SECONDS)
        if due and self._course.phase is Phase.RUNNING:
            await self._course.pause(max(0.0, min(due) - now))
        else:
            await self._course.signal.wait()

    def _is_blocked(self, call: LiveCall) -> bool:
        until, _ = self._blocked.get(call.planned.scope, (0.0, 0.0))
        return until > self._course.clock.now()

    async def _send_one(self, call: LiveCall, pending: list[LiveCall]) -> None:
        course, key = self._course, call.planned.scope
        try:
            if not await self._may_send(call, pending):
                return
            budget = course.ledger.budget
            allowed = None if budget.allowed is None else budget.allowed - budget.counted
            number, at = call.planned.number, course.now()
            try:
                await course.note(Sending(at=at, call=number, allowed=allowed))
            except ProblemError as error:
                course.problems["record"] = error.problem
                pending.insert(0, call)
                await course.turn(Phase.HELD, error.problem.sentence)
                return
            request = send_request(course.plan, call.planned, allowed)
            if call.planned.ids:
                request["InstanceIds"] = list(call.ids)
            attempt = await send_call(
                course.scopes[key],
                request,
                marker=course.plan.marker(number),
                since=at,
                clock=course.clock,
                intent=self._intent(call),
            )
            await self._conclude(call, attempt, pending)
        finally:
            call.reserved = False
            course.signal.fire()

    async def _may_send(self, call: LiveCall, pending: list[LiveCall]) -> bool:
        """Whether the scope can take a call at all; else the call is refused, or waits."""
        course, key = self._course, call.planned.scope
        if key not in course.scopes:
            await self._refuse(call, _no_scope(key))
            return False
        if key in self._hopeless:
            await self._refuse(call, self._hopeless[key])
            return False
        if key not in self._verified:
            if not await self.verify(key):
                self._block(key)
                pending.insert(0, call)
                return False
            # It may just have been found.
            return call.phase is CallPhase.WAITING
        return True

    async def _conclude(self, call: LiveCall, attempt: Attempt, pending: list[LiveCall]) -> None:
        course, number, key = self._course, call.planned.number, call.planned.scope
        call.problem = attempt.problem
        if attempt.phase is CallPhase.SENT and attempt.command is not None:
            self._blocked.pop(key, None)
            course.problems.pop(str(key), None)
            await self.found(call, attempt.command)
        elif attempt.phase is CallPhase.UNKNOWN:
            await course.note_past(Lost(at=course.now(), call=number))
            self._sent(call)
        elif attempt.not_taken and len(attempt.not_taken) < len(call.ids):
            await course.note_past(
                Without(at=course.now(), call=number, ids=attempt.not_taken, status=_NOT_TAKEN),
                Refused(at=course.now(), call=number, again=True),
            )
            pending.insert(0, call)
        else:
            await self._refused(call, attempt, pending)

    async def _refused(self, call: LiveCall, attempt: Attempt, pending: list[LiveCall]) -> None:
        """The call had no effect: again later, after somebody has acted, or never."""
        course, key, problem = self._course, call.planned.scope, attempt.problem
        by_mode = problem is not None and problem.kind is ProblemKind.MODE
        if problem is not None and (attempt.passing or by_mode):
            await course.note_past(Refused(at=course.now(), call=call.planned.number, again=True))
            pending.insert(0, call)
            if by_mode:
                await course.turn(Phase.HELD, problem.sentence)
            else:
                course.problems[str(key)] = problem
                self._block(key)
            return
        if problem is not None and problem.kind is ProblemKind.DENIED:
            self._hopeless[key] = course.problems[str(key)] = problem
        await self._refuse(call, problem)

    async def _refuse(self, call: LiveCall, problem: Problem | None) -> None:
        call.problem = problem
        sentence = problem.sentence if problem else ""
        await self._course.note_past(
            Refused(at=self._course.now(), call=call.planned.number, sentence=sentence)
        )

    def _block(self, key: ScopeKey) -> None:
        """Leave a scope alone for a while, each time longer."""
        _, wait = self._blocked.get(key, (0.0, _FIRST_WAIT))
        self._blocked[key] = (self._course.clock.now() + wait, min(_LONGEST_WAIT, 2 * wait))

    def _intent(self, call: LiveCall) -> str:
        """What the audit says of it."""
        plan = self._course.plan
        document = call.planned.document or plan.spec.command.document
        whom = f"{len(call.ids)} nodes" if call.planned.ids else "what its targets are"
        what = "check with" if call.planned.check else "run"
        intent = f"rollout {plan.id}: {what} {document} on {whom}"
        reason = plan.spec.reason
        return f"{intent}; the change freeze is overridden: {reason}" if reason else intent


def _no_scope(key: ScopeKey) -> Problem:
    return Problem(
        ProblemKind.INPUT,
        f"{key} is not among the contexts that are open",
        "Open it with its profile and Region, and the rollout again",
        scope=key,
    )

"""Following the calls of one scope to their ends, with as few requests as that takes.

ListCommands tells of up to 50 calls at once how many nodes have come to an end, so that is what is
asked again and again, never the nodes. Nodes are read page by page (50 with the heads of their
outputs): the failures of a call as soon as it has some, and the rest when it is over, or when much
of it is new, or nothing has moved for a while. To its end a call of n nodes takes n / 50 pages.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from ssmtui.aws.clock import Clock
from ssmtui.aws.scope import Priority, Scope
from ssmtui.core.problem import Problem, ProblemError, ProblemKind
from ssmtui.rollouts.commands import (
    PAGE,
    CommandFacts,
    commands_since,
    invocations,
    one_command,
)
from ssmtui.rollouts.ledger import Ledger, LiveCall
from ssmtui.rollouts.state import CallPhase

# Seconds between two looks: the first after a call was sent; each one is so many times longer, up
# to the second while nodes come to their ends, to the third while nothing moves, and to the fourth
# while the service cannot be reached.
QUICK: Final = 0.5
STEADY: Final = 2.0
SLOW: Final = 5.0
TROUBLED: Final = 15.0
_SLOWER: Final = 1.5

# A call that goes on is read when this share of its nodes is new (and a page of them at least), or
# when something is new and a while has passed: for each of its pages as many seconds as all calls
# of the scope have pages, but between the first and the second of these, and the third in all. The
# first failure is read at once, and more of them after some seconds.
_MUCH: Final = 0.25
_QUIET: Final = 5.0, 20.0
_LONGEST_QUIET: Final = 300.0
_FAILURES: Final = 5.0

# Seconds for which the counts of a command may lag behind its status.
_COUNTS: Final = 60.0

# The list of nodes follows the counts a moment later: so often it is read again after the end.
_READS: Final = 5

# Pages of nodes that are asked for side by side. Their answers come together, and each of them,
# with the outputs of 50 nodes, holds the loop for 2.5 ms.
_READ_AT_ONCE: Final = 2

# Of these the service says no whoever asks: the same question would be refused again.
_LOGIN: Final = frozenset({ProblemKind.EXPIRED, ProblemKind.CREDENTIALS})


class Follower:
    """Follows one scope's calls in a ledger. `news` is called after every look; `found(call)` when
    a call whose fate was unknown has been found; `renew` has the credentials resolved anew, which
    is tried while they are refused."""

    def __init__(
        self,
        scope: Scope,
        ledger: Ledger,
        *,
        clock: Clock,
        news: Callable[[], None],
        found: Callable[[LiveCall, CommandFacts], None],
        renew: Callable[[str | None], None] = lambda profile: None,
        priority: Priority = Priority.FOREGROUND,
    ) -> None:
        self.problem: Problem | None = None
        self._scope = scope
        self._ledger = ledger
        self._clock = clock
        self._news = news
        self._found = found
        self._renew = renew
        self._priority = priority
        self._wake = asyncio.Event()
        self._room = asyncio.Semaphore(_READ_AT_ONCE)
        self._interval = QUICK
        self._read_at: dict[int, float] = {}
        self._failures_at: dict[int, float] = {}
        self._ended_at: dict[int, float] = {}
        self._reads_after_end: dict[int, int] = {}

    def wake(self) -> None:
        """There is a new call to follow."""
        self._interval = QUICK
        self._wake.set()

    async def run(self) -> None:
        """Follow until cancelled; calls that turn up later are followed too."""
        while True:
            if not self._open_calls():
                self._wake.clear()
                await self._wake.wait()
            moved = await self.look()
            self._news()
            longest = STEADY if moved else SLOW
            if self.problem is not None:
                longest = TROUBLED
            self._interval = min(longest, self._interval * _SLOWER)
            await self._clock.sleep(self._interval)

    async def look(self) -> bool:
        """Look once; whether anything was new. Trouble is kept in `problem`, never raised."""
        if self.problem is not None and self.problem.kind in _LOGIN:
            self._renew(self._scope.profile)
        try:
            moved = await self._count()
            quiet = self._quiet()
            due = [call for call in self._open_calls() if self._wants_reading(call, quiet)]
            read = await asyncio.gather(*(self._read(call) for call in due), return_exceptions=True)
        except ProblemError as error:
            self.problem = error.problem
            return False
        self.problem = None
        for outcome in read:
            if isinstance(outcome, ProblemError):
                self.problem = outcome.problem
            elif isinstance(outcome, BaseException):
                raise outcome
        return moved or bool(due)

    def _open_calls(self) -> list[LiveCall]:
        """What there is to learn of: sent and not read to the end, or perhaps sent."""
        return [
            call
            for call in self._ledger.of_scope(self._scope.key)
            if call.phase is CallPhase.UNKNOWN
            or (call.phase is CallPhase.SENT and not call.settled)
        ]

    # Counting

    async def _count(self) -> bool:
        """Ask how far the calls are; whether any has moved."""
        calls = [call for call in self._open_calls() if not (call.facts and call.facts.over)]
        if not calls:
            return False
        if len(calls) == 1 and calls[0].phase is CallPhase.SENT:
            facts = await one_command(
                self._scope, calls[0].record.command_id, priority=self._priority
            )
            return facts is not None and self._tell(calls[0], facts)
        return await self._count_all(calls)

    async def _count_all(self, calls: Sequence[LiveCall]) -> bool:
        by_id = {call.record.command_id: call for call in calls if call.record.command_id}
        lost = {
            self._ledger.plan.marker(call.planned.number): call
            for call in calls
            if call.phase is CallPhase.UNKNOWN
        }
        since = min(call.record.sent_at or 0.0 for call in calls)
        moved, seen = False, 0
        # In a busy account, or long afterwards, pages may outnumber calls: then each by itself.
        most = len(by_id) * PAGE if not lost else None
        async for facts in commands_since(self._scope, since, priority=self._priority):
            seen += 1
            if call := by_id.pop(facts.id, None):
                moved |= self._tell(call, facts)
            elif call := lost.pop(facts.marker, None):
                self._found(call, facts)
                moved = True
            if not (by_id or lost) or (most is not None and seen >= most):
                break
        for command_id, call in by_id.items() if most is not None and seen >= most else ():
            one = await one_command(self._scope, command_id, priority=self._priority)
            moved |= one is not None and self._tell(call, one)
        return moved

    def _tell(self, call: LiveCall, facts: CommandFacts) -> bool:
        """Tell the book; a command whose counts never come to what its status says is over, too."""
        if facts.ended and not facts.over:
            waited = self._ended_at.setdefault(call.planned.number, self._clock.now())
            if self._clock.now() - waited >= _COUNTS:
                facts = msgspec.structs.replace(facts, completed=facts.targets)
        return self._ledger.tell_facts(call, facts)

    # Reading

    def _quiet(self) -> float:
        """For how many seconds news may gather before a page is read for their sake alone."""
        least, most = _QUIET
        calls = self._ledger.of_scope(self._scope.key)
        return min(max(least, float(sum(-(-call.size // PAGE) for call in calls))), most)

    def _wants_reading(self, call: LiveCall, quiet: float) -> bool:
        facts = call.facts
        if call.phase is not CallPhase.SENT or facts is None:
            return False
        if facts.over:
            return True
        new = facts.completed - call.read_completed
        if new <= 0:
            return False
        if self._failures_due(call, facts) or new >= max(PAGE, _MUCH * facts.targets):
            return True
        now = self._clock.now()
        last = self._read_at.setdefault(call.planned.number, now)
        return now - last >= min(_LONGEST_QUIET, quiet * -(-facts.targets // PAGE))

    def _failures_due(self, call: LiveCall, facts: CommandFacts) -> bool:
        last = self._failures_at.get(call.planned.number)
        waited = last is None or self._clock.now() - last >= _FAILURES
        return waited and facts.errors > call.read_errors

    async def _read(self, call: LiveCall) -> None:
        async with self._room:
            await self._read_nodes(call)

    async def _read_nodes(self, call: LiveCall) -> None:
        """Read a call's nodes: all, or only the failures where that is what is new."""
        facts = call.facts
        if facts is None:
            return
        command_id = call.record.command_id
        if not facts.over and self._failures_due(call, facts):
            self._failures_at[call.planned.number] = self._clock.now()
            pages = invocations(self._scope, command_id, status="Failed", priority=self._priority)
            async for rows in pages:
                self._ledger.tell_invocations(call, rows)
            call.read_errors = facts.errors
            return
        if call.planned.check:
            call.counts.clear()
        async for rows in invocations(self._scope, command_id, priority=self._priority):
            self._ledger.tell_invocations(call, rows)
            self._news()
        call.read_completed, call.read_errors = facts.completed, facts.errors
        self._read_at[call.planned.number] = self._clock.now()
        if facts.over:
            self._end(call, facts)

    def _end(self, call: LiveCall, facts: CommandFacts) -> None:
        """Whether what was read is all: the counts may be ahead of the list."""
        number = call.planned.number
        reads = self._reads_after_end[number] = self._reads_after_end.get(number, 0) + 1
        if call.planned.check:
            ended = sum(call.counts.values())
        else:
            ended = sum(1 for result in self._ledger.of_call(call) if result.over)
            ended -= len(call.record.without)
        if ended >= facts.targets or reads >= _READS:
            self._ledger.read_to_end(call)

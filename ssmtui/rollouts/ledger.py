"""The book of a running rollout: what is known of every call and node, and what that adds up to.

It knows no network and no time; whoever has news tells it, and takes a `RolloutState` or the
results that have changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from ssmtui.core.keys import RowKey, ScopeKey
from ssmtui.core.problem import Problem
from ssmtui.rollouts.budget import CallTally, bucket_of, budget_state
from ssmtui.rollouts.commands import CommandFacts, Invocation
from ssmtui.rollouts.journal import CallRecord, Without
from ssmtui.rollouts.plan import Plan, PlannedCall
from ssmtui.rollouts.state import Bars, Bucket, BudgetState, CallPhase, CallState, Result

_COUNTED = (Bucket.NO_ANSWER, Bucket.CANCELLED)


class LiveCall:
    """One call: what was planned, what is on record, and what the service says."""

    def __init__(self, planned: PlannedCall, record: CallRecord) -> None:
        self.planned = planned
        self.record = record
        self.facts: CommandFacts | None = None
        self.problem: Problem | None = None
        self.reserved = False  # about to be sent: its share is taken
        self.counts: Counter[Bucket] = Counter()  # of results that were read
        self.read_completed = 0  # how many had come to an end when they were last read
        self.read_errors = 0
        self.read_whole = False  # every node's end has been read
        self._told: tuple[tuple[object, ...], CallState] | None = None

    @property
    def ids(self) -> tuple[str, ...]:
        """The nodes that it goes to, or went to."""
        without = self.record.without
        return tuple(each for each in self.planned.ids if each not in without)

    @property
    def size(self) -> int:
        """How many nodes it is for; what the service has found where only that knows."""
        if self.planned.ids:
            return len(self.planned.ids) - len(self.record.without)
        return self.facts.targets if self.facts else 0

    @property
    def phase(self) -> CallPhase:
        return self.record.phase

    @property
    def is_open(self) -> bool:
        """Whether the service has it, or may have it, and it has not come to its end."""
        if self.reserved or self.phase in (CallPhase.SENDING, CallPhase.UNKNOWN):
            return True
        return self.phase is CallPhase.SENT and not (self.facts and self.facts.over)

    @property
    def settled(self) -> bool:
        """Whether nothing more will come of it: refused, dropped, or read to its end."""
        if self.phase is CallPhase.SENT:
            return bool(self.facts and self.facts.over) and self.read_whole
        return self.phase in (CallPhase.REFUSED, CallPhase.DROPPED)

    @property
    def completed(self) -> int:
        return self.facts.completed if self.facts else 0

    @property
    def share(self) -> int:
        """How many of its nodes run at most."""
        return max(1, self.planned.at_a_time.of(self.size)) if self.size else 0

    @property
    def tally(self) -> CallTally:
        """What it means for the budget and the concurrency."""
        errors = self.facts.errors if self.facts else 0
        return CallTally(errors, self.size - self.completed if self.is_open else 0, self.share)

    @property
    def bars(self) -> Bars:
        """Its nodes by bucket. While it runs the service only counts: it names no ends but errors
        and delivery timeouts before they are read, and keeps all but the share back."""
        gone = self.record.without.values()
        cancelled = sum(1 for each in gone if each.cancelled)
        base = Bars(no_answer=len(self.record.without) - cancelled, cancelled=cancelled)
        size = self.size
        match self.phase:
            case CallPhase.WAITING:
                return base + Bars(waiting=size)
            case CallPhase.UNKNOWN:
                return base + Bars(unknown=size)
            case CallPhase.REFUSED:
                return base + Bars(no_answer=size)
            case CallPhase.DROPPED:
                return base + Bars(cancelled=size)
        return base + self._running_bars(size)

    def _running_bars(self, size: int) -> Bars:
        if self.read_whole:
            counts = self.counts
            return Bars(
                ok=counts[Bucket.OK],
                failed=counts[Bucket.FAILED],
                no_answer=counts[Bucket.NO_ANSWER],
                cancelled=counts[Bucket.CANCELLED],
            )
        facts = self.facts or CommandFacts(id="")
        completed = min(size, facts.completed)
        failed = max(facts.errors, self.counts[Bucket.FAILED])
        no_answer = max(facts.delivery_timeouts, self.counts[Bucket.NO_ANSWER])
        cancelled = self.counts[Bucket.CANCELLED]
        failed, no_answer = min(failed, completed), min(no_answer, completed)
        ok = max(0, completed - failed - no_answer - cancelled)
        left = size - completed
        running = min(self.share, left)
        return Bars(
            ok=ok,
            failed=failed,
            no_answer=no_answer,
            cancelled=completed - ok - failed - no_answer,
            running=running,
            waiting=left - running,
        )

    def state(self, marker: str) -> CallState:
        """What a board draws of it. Of hundreds of calls few have changed since the last time."""
        record = self.record
        now = (
            self.facts,
            self.problem,
            self.read_whole,
            marker,
            record.phase,
            record.command_id,
            record.allowed,
            tuple(record.without.values()),
            tuple(self.counts.items()),
        )
        if self._told is None or self._told[0] != now:
            self._told = (now, self._state(marker))
        return self._told[1]

    def _state(self, marker: str) -> CallState:
        return CallState(
            number=self.planned.number,
            wave=self.planned.wave,
            scope=self.planned.scope,
            marker=marker,
            phase=self.phase,
            bars=self.bars,
            command_id=self.record.command_id,
            status=self.facts.details if self.facts else "",
            at_a_time=str(self.planned.at_a_time),
            allowed_errors="" if self.record.allowed is None else str(self.record.allowed),
            check=self.planned.check,
            problem=self.problem,
        )


class Ledger:
    """All calls and nodes of a rollout. `results` is there from the beginning for chosen nodes, and
    grows as they are read for targets that only the service knows."""

    def __init__(self, plan: Plan, records: Mapping[int, CallRecord]) -> None:
        self.plan = plan
        self.calls: dict[int, LiveCall] = {}
        self.results: dict[RowKey, Result] = {}
        self._changed: dict[RowKey, Result] = {}
        self._texts: dict[str, str] = {}  # equal outputs are kept once
        self._names = {key: node.name for key, node in plan.names.items()}
        for planned in plan.calls:
            self.add(planned, records.get(planned.number, CallRecord()))

    def add(self, planned: PlannedCall, record: CallRecord) -> LiveCall:
        """Take a call in: those of the plan, and checks as they are made."""
        call = self.calls[planned.number] = LiveCall(planned, record)
        if planned.check:
            return call
        for node_id in planned.ids:
            key = RowKey(*planned.scope, node_id)
            self._put(
                Result(
                    key=key,
                    name=self._names.get(key, ""),
                    call=planned.number,
                    wave=planned.wave,
                )
            )
        for node_id, without in record.without.items():
            self._leave_out(call, node_id, without)
        return call

    # News

    def tell_facts(self, call: LiveCall, facts: CommandFacts) -> bool:
        """The service tells of a command; whether that is new."""
        if call.facts == facts:
            return False
        # Lists are only eventually consistent: what has come to an end does not begin again.
        if call.facts and facts.completed < call.facts.completed:
            return False
        call.facts = facts
        return True

    def tell_invocations(self, call: LiveCall, rows: Iterable[Invocation]) -> None:
        """The service tells of nodes. What is over stays over, and full texts stay."""
        for row in rows:
            key = RowKey(*call.planned.scope, row.node)
            before = self.results.get(key)
            if call.planned.check:
                call.counts[bucket_of(row.status, row.details)] += 1
                continue
            if before is not None and before.over:
                continue
            self._put(self._read(call, key, before, row))

    def read_to_end(self, call: LiveCall) -> None:
        """All that there is to read of a call that is over has been read. Nodes that the service
        does not list have not answered."""
        if not call.planned.check:
            for result in self.of_call(call):
                if not result.over:
                    self._put(
                        msgspec.structs.replace(
                            result, bucket=Bucket.NO_ANSWER, status=result.status or "not listed"
                        )
                    )
        call.read_whole = True

    def tell_phase(self, call: LiveCall) -> None:
        """The call's record has changed: its nodes follow."""
        buckets = {
            CallPhase.REFUSED: (Bucket.NO_ANSWER, "not sent"),
            CallPhase.DROPPED: (Bucket.CANCELLED, "not sent"),
            CallPhase.UNKNOWN: (Bucket.UNKNOWN, ""),
            CallPhase.SENT: (Bucket.RUNNING, "Pending"),
            CallPhase.SENDING: (Bucket.RUNNING, ""),
            CallPhase.WAITING: (Bucket.WAITING, ""),
        }
        bucket, status = buckets[call.phase]
        if call.planned.check:
            return
        for result in self.of_call(call):
            if not result.over:
                self._put(msgspec.structs.replace(result, bucket=bucket, status=status))
        for node_id, without in call.record.without.items():
            self._leave_out(call, node_id, without)

    def put_full(self, result: Result) -> None:
        """A node's whole texts have been fetched."""
        self._put(result)

    # Sums

    def of_call(self, call: LiveCall) -> Iterator[Result]:
        if call.planned.ids:
            scope = call.planned.scope
            yield from (
                self.results[RowKey(*scope, node_id)]
                for node_id in call.planned.ids
                if RowKey(*scope, node_id) in self.results
            )
        else:
            number = call.planned.number
            yield from [each for each in self.results.values() if each.call == number]

    def of_wave(self, wave: int, *, checks: bool = False) -> list[LiveCall]:
        return [
            call
            for call in self.calls.values()
            if call.planned.wave == wave and (checks or not call.planned.check)
        ]

    def of_scope(self, scope: ScopeKey) -> list[LiveCall]:
        return [call for call in self.calls.values() if call.planned.scope == scope]

    @property
    def rolled(self) -> list[LiveCall]:
        """The calls of the rollout itself, without checks."""
        return [call for call in self.calls.values() if not call.planned.check]

    @property
    def budget(self) -> BudgetState:
        """The budget now; a share of what only the service knows is known once it has told."""
        return budget_state(self.allowed, (call.tally for call in self.rolled))

    @property
    def allowed(self) -> int | None:
        """How many errors are allowed in all."""
        if self.plan.allowed is not None:
            return self.plan.allowed
        calls = self.rolled
        if all(call.facts and call.facts.targets for call in calls):
            total = sum(call.size for call in calls)
            return self.plan.spec.command.allowed_errors.of(total)
        return None

    def bars(self, calls: Iterable[LiveCall]) -> Bars:
        return sum((call.bars for call in calls), Bars())

    def take_changes(self) -> tuple[Result, ...]:
        """The results that have changed since this was last asked."""
        changed = tuple(self._changed.values())
        self._changed.clear()
        return changed

    # Inside

    def _read(self, call: LiveCall, key: RowKey, before: Result | None, row: Invocation) -> Result:
        (stdout, stderr), step = row.texts, row.step
        return Result(
            key=key,
            name=row.name or (before.name if before else ""),
            call=call.planned.number,
            wave=call.planned.wave,
            bucket=bucket_of(row.status, row.details),
            status=row.details,
            exit_code=None if step is None else step.code,
            stdout=self._texts.setdefault(stdout, stdout),
            stderr=self._texts.setdefault(stderr, stderr),
            stdout_cut=any(output.stdout_cut for output in row.outputs),
            stderr_cut=any(output.stderr_cut for output in row.outputs),
            plugin="" if step is None else step.step,
            steps=row.steps,
            started=row.started,
            ended=row.ended,
        )

    def _leave_out(self, call: LiveCall, node_id: str, without: Without) -> None:
        result = self.results[RowKey(*call.planned.scope, node_id)]
        bucket = Bucket.CANCELLED if without.cancelled else Bucket.NO_ANSWER
        if result.bucket is not bucket:
            self._put(msgspec.structs.replace(result, bucket=bucket, status=without.status))

    def _put(self, result: Result) -> None:
        before = self.results.get(result.key)
        if before == result:
            return
        call = self.calls[result.call]
        if result.key.id not in call.record.without:
            if before is not None:
                call.counts[before.bucket] -= 1
            call.counts[result.bucket] += 1
        self.results[result.key] = self._changed[result.key] = result

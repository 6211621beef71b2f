"""The book adds up, and what it has read stays read."""

from __future__ import annotations

from typing import Any

import msgspec

from ssmtui.core.keys import RowKey
from ssmtui.core.problem import Problem, ProblemKind
from ssmtui.rollouts.amounts import Amount
from ssmtui.rollouts.commands import CommandFacts, Invocation, Output
from ssmtui.rollouts.journal import CallRecord, Without
from ssmtui.rollouts.ledger import Ledger, LiveCall
from ssmtui.rollouts.plan import plan
from ssmtui.rollouts.spec import CommandSpec, RolloutSpec
from ssmtui.rollouts.state import Bars, Bucket, CallPhase, Result
from ssmtui.rollouts.targets import TagTargets
from tests.rollouts.conftest import SCOPE, a_command, some_nodes


def a_result(**fields: Any) -> Result:
    given: dict[str, Any] = {"key": RowKey(*SCOPE, "i-1"), "name": "web", "call": 0, "wave": 0}
    return Result(**(given | fields))


def a_ledger(count: int = 10, **fields: Any) -> tuple[Ledger, LiveCall]:
    ledger = Ledger(plan(RolloutSpec(a_command(count, **fields))), {})
    return ledger, ledger.calls[0]


def facts(**fields: Any) -> CommandFacts:
    given: dict[str, Any] = {"id": "c-1", "status": "InProgress", "targets": 10}
    return CommandFacts(**(given | fields))


def row(node: int, status: str = "Success", stdout: str = "out", **fields: Any) -> Invocation:
    output = Output("step", stdout, "", False, False, 0)
    return Invocation(
        command_id="c-1",
        node=some_nodes(20)[node].id,
        status=status,
        details=status,
        steps=("step",),
        outputs=(output,),
        **fields,
    )


def sent(call: LiveCall, **fields: Any) -> None:
    call.record.phase, call.record.command_id = CallPhase.SENT, "c-1"
    call.facts = facts(**fields)


def test_before_anything_is_sent_all_wait() -> None:
    ledger, call = a_ledger()
    assert call.bars == Bars(waiting=10)
    assert len(ledger.results) == 10
    assert call.tally.running == 0


def test_what_runs_is_the_share_and_the_rest_is_kept_back() -> None:
    ledger, call = a_ledger(at_a_time=Amount(3))
    sent(call, completed=4, errors=1, delivery_timeouts=1)
    assert call.bars == Bars(ok=2, failed=1, no_answer=1, running=3, waiting=3)
    assert call.tally.running == 3
    sent(call, completed=8)
    assert call.bars == Bars(ok=8, running=2)
    assert ledger.budget.overshoot == 2


def test_what_a_board_draws_of_a_call_is_made_anew_only_when_it_has_changed() -> None:
    ledger, call = a_ledger(3)
    before = call.state("m")
    assert call.state("m") is before
    sent(call, targets=3, completed=1)
    assert call.state("m").bars == Bars(ok=1, running=2)
    before = call.state("m")
    ledger.tell_invocations(call, [row(0, "Failed")])
    assert call.state("m").bars == Bars(failed=1, running=2)
    assert call.state("m") is not before
    call.problem = Problem(ProblemKind.SERVICE, "It failed", "Try again")
    assert call.state("m").problem is call.problem


def test_what_was_read_is_exact() -> None:
    ledger, call = a_ledger(3)
    sent(call, targets=3, completed=3, status="Failed", errors=1)
    rows = [row(0), row(1, "Failed"), row(2, "Undeliverable")]
    ledger.tell_invocations(call, rows)
    ledger.read_to_end(call)
    assert call.bars == Bars(ok=1, failed=1, no_answer=1)
    assert call.settled


def test_nodes_that_are_not_listed_have_not_answered() -> None:
    ledger, call = a_ledger(2)
    sent(call, targets=2, completed=2, status="Success")
    ledger.tell_invocations(call, [row(0)])
    ledger.read_to_end(call)
    missing = ledger.results[some_nodes(2)[1].key]
    assert (missing.bucket, missing.status) == (Bucket.NO_ANSWER, "not listed")


def test_what_is_over_stays_over_and_counts_never_go_back() -> None:
    ledger, call = a_ledger()
    sent(call, completed=5)
    assert not ledger.tell_facts(call, facts(completed=4))
    assert ledger.tell_facts(call, facts(completed=6))
    assert not ledger.tell_facts(call, facts(completed=6))
    ledger.tell_invocations(call, [row(0)])
    ledger.tell_invocations(call, [row(0, "InProgress", "")])
    assert ledger.results[some_nodes(1)[0].key].stdout == "out"


def test_equal_texts_are_kept_once() -> None:
    ledger, call = a_ledger()
    sent(call)
    one, other = "".join(["a"] * 2000), "".join(["a"] * 2000)
    assert one is not other
    ledger.tell_invocations(call, [row(0, stdout=one), row(1, stdout=other)])
    first, second = (ledger.results[node.key].stdout for node in some_nodes(2))
    assert first is second


def test_changes_are_told_once() -> None:
    ledger, call = a_ledger(2)
    assert len(ledger.take_changes()) == 2
    sent(call)
    ledger.tell_invocations(call, [row(0)])
    assert [each.key for each in ledger.take_changes()] == [some_nodes(1)[0].key]
    ledger.tell_invocations(call, [row(0)])
    assert ledger.take_changes() == ()


def test_nodes_that_are_left_out_do_not_count_as_sent() -> None:
    ledger, call = a_ledger(4)
    first, second, *_ = some_nodes(4)
    record = call.record
    record.without = {
        first.id: Without(at=0, call=0, ids=(first.id,), status="InvalidInstanceId"),
        second.id: Without(at=0, call=0, ids=(second.id,), status="Cancelled", cancelled=True),
    }
    ledger.tell_phase(call)
    assert call.bars == Bars(waiting=2, no_answer=1, cancelled=1)
    assert len(call.ids) == 2
    assert ledger.results[first.key].status == "InvalidInstanceId"
    assert ledger.results[second.key].bucket is Bucket.CANCELLED
    again = Ledger(ledger.plan, {0: record})
    assert again.calls[0].bars == call.bars


def test_phases_are_the_nodes_too() -> None:
    ledger, call = a_ledger(2)
    for phase, bars in (
        (CallPhase.SENDING, Bars(running=2)),
        (CallPhase.UNKNOWN, Bars(unknown=2)),
        (CallPhase.SENT, Bars(running=2)),
        (CallPhase.REFUSED, Bars(no_answer=2)),
    ):
        call.record.phase = phase
        ledger.tell_phase(call)
        assert call.bars == bars, phase
    assert all(each.bucket is Bucket.NO_ANSWER for each in ledger.results.values())


def test_targets_that_only_the_service_knows_are_counted_as_it_tells() -> None:
    command = CommandSpec(
        document="AWS-RunShellScript",
        targets=TagTargets({"Env": ("prod",)}, (SCOPE,)),
        allowed_errors=Amount(10, percent=True),
    )
    ledger = Ledger(plan(RolloutSpec(command)), {0: CallRecord(phase=CallPhase.SENT)})
    call = ledger.calls[0]
    assert (ledger.allowed, call.bars.total) == (None, 0)
    call.facts = facts(targets=40, completed=1)
    assert (ledger.allowed, call.bars.total) == (4, 40)
    ledger.tell_invocations(call, [row(0, name="web-9")])
    assert [each.name for each in ledger.of_call(call)] == ["web-9"]


def test_a_result_has_the_exit_code_of_the_step_that_failed() -> None:
    ledger, call = a_ledger()
    sent(call)
    outputs = (
        Output("linux", "", "E: no lock", False, False, 156, "failed"),
        Output("mac", "Step execution skipped due to x", "", False, False, 0, "success"),
    )
    ledger.tell_invocations(call, [msgspec.structs.replace(row(0, "Failed"), outputs=outputs)])
    [result] = [each for each in ledger.results.values() if each.over]
    assert (result.exit_code, result.plugin) == (156, "linux")
    assert result.stderr == "== linux ==\nE: no lock"

"""Gates: what they ask for, and how long credentials have to last."""

from __future__ import annotations

from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from ssmtui.aws.clock import SystemClock
from ssmtui.core.tasks import spawn
from ssmtui.rollouts.amounts import Amount
from ssmtui.rollouts.commands import CommandFacts
from ssmtui.rollouts.course import Course, StoppedError
from ssmtui.rollouts.dispatch import Dispatcher
from ssmtui.rollouts.gates import Gatekeeper
from ssmtui.rollouts.plan import plan
from ssmtui.rollouts.record import Records
from ssmtui.rollouts.spec import Gate, RolloutSpec, Waves
from ssmtui.rollouts.state import Bucket, CallPhase, Phase, WavePhase
from tests.rollouts.conftest import SCOPE, a_command

NOW = 1000.0


class Opened:
    """A gatekeeper over a course that nobody sends for."""

    def __init__(self, folder: Path, expires: float | None = None, **spec: Any) -> None:
        waves = spec.pop("waves", None) or Waves(canary=10, gate=spec.pop("gate", Gate()))
        command = a_command(100, at_a_time=Amount(10), **spec)
        made = plan(RolloutSpec(command, waves))
        record = Records(folder).create(made, now=1.0)
        self.scope = SimpleNamespace(key=SCOPE, name="prod", expires=expires)
        scopes: Any = {SCOPE: self.scope}
        self.course = Course(record, scopes, clock=SystemClock(), now=lambda: NOW)
        self.course.record.story.phase = Phase.RUNNING
        self.keeper = Gatekeeper(self.course, Dispatcher(self.course, lambda call: None))

    def end(self, wave: int, failed: int = 0, seconds: float = 30.0) -> None:
        """Let the calls of a wave have come to their end."""
        ledger = self.course.ledger
        for call in ledger.of_wave(wave):
            call.record.phase = CallPhase.SENT
            call.facts = CommandFacts(
                id="c", status="Success", targets=call.size, completed=call.size
            )
            for number, result in enumerate(list(ledger.of_call(call))):
                bucket = Bucket.FAILED if number < failed else Bucket.OK
                done = msgspec.structs.replace(
                    result, bucket=bucket, started=NOW, ended=NOW + seconds
                )
                ledger.put_full(done)
            call.read_whole = True


def test_credentials_that_do_not_say_when_they_expire_last(tmp_path: Path) -> None:
    assert Opened(tmp_path).keeper.too_short(0) == ""


@pytest.mark.parametrize(
    ("expires", "lasts"), [(NOW + 30, "last 30s"), (NOW - 5, "have expired"), (NOW, "have expired")]
)
def test_a_wave_takes_a_minute_at_least(tmp_path: Path, expires: float, lasts: str) -> None:
    said = Opened(tmp_path, expires).keeper.too_short(0)
    assert said.startswith(f"Wave 1 takes about 1m and the credentials of prod {lasts}: log in")


def test_the_execution_timeout_is_what_is_known_before_anything_has_run(tmp_path: Path) -> None:
    opened = Opened(tmp_path, NOW + 3000, execution_timeout=400)
    assert opened.keeper.too_short(0) == ""
    # 90 nodes, 10 at a time: nine rounds of 400 seconds.
    assert opened.keeper.too_short(1).startswith("Wave 2 takes about 1h and the")


async def test_then_it_is_what_nodes_have_taken(tmp_path: Path) -> None:
    opened = Opened(tmp_path, NOW + 300, execution_timeout=4000)
    opened.end(0, seconds=20.0)
    await opened.keeper.finish(0)
    assert opened.keeper.too_short(1) == ""
    opened.scope.expires = NOW + 200
    assert "takes about 4m" in opened.keeper.too_short(1)


async def test_a_gate_opens_when_enough_have_succeeded(tmp_path: Path) -> None:
    opened = Opened(tmp_path, gate=Gate(successes=Amount(80, percent=True)))
    opened.end(0, failed=2)
    await opened.keeper.open(0)
    assert opened.course.record.story.passed == {0: "8 of 10 succeeded"}
    assert opened.keeper.phases == {0: WavePhase.PASSED}


async def test_a_gate_stays_shut_and_ends_with_the_rollout(tmp_path: Path) -> None:
    opened = Opened(tmp_path, gate=Gate(successes=Amount(80, percent=True)))
    opened.end(0, failed=3)
    opening = spawn(opened.keeper.open(0), "open")
    while opened.course.phase is not Phase.HELD:
        await opened.course.signal.wait()
    assert opened.keeper.phases == {0: WavePhase.SHUT}
    assert "7 of 10 succeeded, and 8 are needed" in opened.course.record.story.sentence
    await opened.course.turn(Phase.CANCELLING)
    with pytest.raises(StoppedError):
        await opening


async def test_errors_that_the_budget_allows_do_not_shut_a_gate(tmp_path: Path) -> None:
    opened = Opened(tmp_path, allowed_errors=Amount(3), waves=Waves(steps=(10,)))
    opened.end(0, failed=3)
    await opened.keeper.open(0)
    assert opened.course.record.story.passed


async def opens_by_hand(opened: Opened) -> str:
    """Why a gate waits for somebody; it is opened then."""
    opening = spawn(opened.keeper.open(0), "open")
    await opened.course.until(lambda: opened.course.phase is Phase.HELD)
    assert opened.keeper.phases[0] is WavePhase.SHUT
    why = opened.course.record.story.sentence
    await opened.course.turn(Phase.RUNNING)
    await opening
    return why


async def test_of_a_canary_all_must_succeed_where_the_gate_does_not_say(tmp_path: Path) -> None:
    opened = Opened(tmp_path, allowed_errors=Amount(3))
    opened.end(0, failed=1)
    assert "9 of 10 succeeded, and 10 are needed" in await opens_by_hand(opened)
    said = Opened(tmp_path, allowed_errors=Amount(3), gate=Gate(successes=Amount(9)))
    said.end(0, failed=1)
    await said.keeper.open(0)
    assert said.course.record.story.passed


async def test_a_gate_that_waits_for_a_key_is_shut_and_soaks_no_more(tmp_path: Path) -> None:
    opened = Opened(tmp_path, gate=Gate(soak=1.0, by_hand=True))
    seconds = count(int(NOW))
    opened.course.now = lambda: float(next(seconds))
    opened.end(0)
    assert "Wave 1 is good" in await opens_by_hand(opened)
    assert opened.keeper.phases[0] is WavePhase.PASSED


def test_gates_that_were_passed_before_stay_open(tmp_path: Path) -> None:
    opened = Opened(tmp_path)
    opened.course.record.story.passed[0] = "5 of 5 succeeded"
    keeper = Gatekeeper(opened.course, Dispatcher(opened.course, lambda call: None))
    assert keeper.phases == {0: WavePhase.PASSED}


async def test_windows_is_checked_with_powershell(sea: Any) -> None:
    async with sea(nodes=150) as at:
        linux, windows = at.nodes(2), at.nodes(2, platform="Windows")
        assert windows
        command = a_command([*linux, *windows], parameters={})
        command = msgspec.structs.replace(command, document="AWS-UpdateSSMAgent")
        waves = Waves(canary=4, steps=(100,), gate=Gate(check="exit 0"))
        nodes = [*linux, *windows, *at.nodes(3)[2:]]
        command = msgspec.structs.replace(
            command,
            targets=type(command.targets)(tuple(nodes)),  # type: ignore[call-arg]
        )
        rollout = await at.begin(RolloutSpec(command, waves))
        rollout.start()
        await rollout.over()
        await rollout.leave()
        checks = {
            call.planned.document: len(call.ids)
            for call in rollout._course.ledger.calls.values()
            if call.planned.check
        }
        assert checks == {"AWS-RunShellScript": 2, "AWS-RunPowerShellScript": len(windows)}


async def test_a_soak_goes_on_where_it_was_after_a_restart(sea: Any) -> None:
    from tests.rollouts.test_conduct import until
    from tests.rollouts.test_faults import attached, kill, opened

    async with sea(nodes=80) as at:
        waves = Waves(canary=2, gate=Gate(soak=600))
        first = await at.begin(RolloutSpec(a_command(at.nodes(4)), waves))
        first.start()
        state = await until(first, lambda state: state.waves[0].soaks_until)
        soaks_until = state.waves[0].soaks_until
        kill(first)
        at.fleet.world.clock.advance(500)
        second = await attached(at, first.id)
        await until(second, opened)
        await second.go_on()
        state = await second.over()
        await second.leave()
        assert state.bars.ok == 4
        assert 0 <= at.clock.now() - soaks_until < 120

"""How far a rollout is and how it ended, in words and as an exit code."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from ssmtui.cli.running.ending import attach_line, code_of, counts, last_words, progress_words
from ssmtui.core.keys import ScopeKey
from ssmtui.rollouts.state import (
    Bars,
    BudgetState,
    CallPhase,
    CallState,
    Phase,
    RolloutState,
    WavePhase,
    WaveState,
)

SCOPE = ScopeKey("111122223333", "eu-west-1")


def state(phase: Phase = Phase.DONE, *, calls: tuple[CallPhase, ...] = (), **bars: int) -> Any:
    return RolloutState(
        id="0a1b2c3d",
        title="uptime",
        phase=phase,
        bars=Bars(**bars),
        waves=(),
        scopes=(),
        calls=tuple(
            CallState(number=n, wave=0, scope=SCOPE, marker="", phase=each, bars=Bars())
            for n, each in enumerate(calls)
        ),
        budget=BudgetState(0, 0, 0),
    )


@pytest.mark.parametrize(
    ("ended", "code"),
    [
        (state(ok=3), 0),
        (state(), 1),
        (state(ok=2, failed=1), 1),
        (state(ok=2, no_answer=1), 1),
        (state(ok=2, cancelled=1), 1),
        (state(ok=2, failed=1, unknown=1), 3),
        (state(no_answer=3, calls=(CallPhase.REFUSED, CallPhase.REFUSED)), 2),
        (state(ok=1, no_answer=3, calls=(CallPhase.SENT, CallPhase.REFUSED)), 1),
    ],
)
def test_exit_codes(ended: RolloutState, code: int) -> None:
    assert code_of(ended) == code


def test_progress() -> None:
    waves = tuple(
        WaveState(number=n + 1, title="", phase=phase, bars=Bars())
        for n, phase in enumerate((WavePhase.PASSED, WavePhase.RUNNING, WavePhase.WAITING))
    )
    now = msgspec.structs.replace(
        state(Phase.RUNNING, ok=50, failed=2, running=8, waiting=40),
        waves=waves,
        seconds_left=250.0,
    )
    assert progress_words(now) == (
        "wave 2 of 3  52%  ok 50  failed 2  running 8  waiting 40  4m left"
    )
    held = msgspec.structs.replace(now, phase=Phase.HELD, seconds_left=None)
    assert progress_words(held).endswith("waiting 40  held")


def test_the_end_in_words() -> None:
    assert list(last_words(state(ok=1))) == ["1 node: ok 1"]
    assert list(last_words(state())) == ["no node was found to run on"]
    stopped = msgspec.structs.replace(
        state(Phase.STOPPED, ok=1, failed=2), sentence="The budget\x1b is spent", left_out=3
    )
    assert list(last_words(stopped)) == [
        "3 nodes: ok 1, failed 2",
        "3 more were left out for a freeze",
        "The budget␛ is spent",
    ]
    left = msgspec.structs.replace(state(Phase.LEFT, running=2), after_quitting="2 nodes go on")
    assert list(last_words(left))[1:] == [
        "2 nodes go on",
        "take it up again with: ssmtui run --attach 0a1b2c3d",
    ]


def test_only_what_there_is_is_counted() -> None:
    assert counts(Bars(ok=1_000, unknown=2)) == ["ok 1,000", "unknown 2"]
    assert attach_line("0a1b2c3d") == "ssmtui run --attach 0a1b2c3d"

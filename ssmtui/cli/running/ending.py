"""How far a rollout is, and how it ended, in words and as an exit code."""

from __future__ import annotations

from collections.abc import Iterator

from ssmtui.cli.run import ANSWER_IS_NO, BAD_INPUT, PARTIAL
from ssmtui.core.columns import age
from ssmtui.core.text import plain
from ssmtui.rollouts.state import Bars, CallPhase, Phase, RolloutState, WavePhase

_BEGUN = frozenset({WavePhase.RUNNING, WavePhase.CHECKING, WavePhase.SOAKING, WavePhase.SHUT})


def code_of(state: RolloutState) -> int:
    """The exit code for how a rollout ended: 0 every node succeeded; 1 some did not, or there was
    none; 2 the service took no call at all; 3 of some nodes nothing is known."""
    bars, calls = state.bars, [call for call in state.calls if not call.check]
    if bars.unknown:
        return PARTIAL
    if calls and all(call.phase is CallPhase.REFUSED for call in calls):
        return BAD_INPUT
    return 0 if bars.total and bars.ok == bars.total else ANSWER_IS_NO


def progress_words(state: RolloutState) -> str:
    """One line while it goes on: "wave 2 of 4  54%  ok 208  failed 3  running 18  4m left"."""
    words = []
    if len(state.waves) > 1:
        begun = [wave.number for wave in state.waves if wave.phase in _BEGUN]
        words.append(f"wave {max(begun, default=1)} of {len(state.waves)}")
    words.append(f"{100 * state.bars.share:.0f}%")
    words += counts(state.bars)
    if state.phase is not Phase.RUNNING:
        words.append(str(state.phase))
    if state.seconds_left is not None:
        words.append(f"{age(state.seconds_left)} left")
    return "  ".join(words)


def last_words(state: RolloutState) -> Iterator[str]:
    """What is said at the end: the sums, and why it ended as it did."""
    bars = state.bars
    if not bars.total:
        yield "no node was found to run on"
    else:
        yield f"{bars.total:,} {'node' if bars.total == 1 else 'nodes'}: {', '.join(counts(bars))}"
    if state.left_out:
        yield f"{state.left_out:,} more were left out for a freeze"
    if state.sentence:
        yield plain(state.sentence)
    if state.phase is Phase.LEFT:
        if state.after_quitting:
            yield plain(state.after_quitting)
        yield f"take it up again with: {attach_line(state.id)}"


def counts(bars: Bars) -> list[str]:
    """How many nodes are in each bucket that has some."""
    named = (
        ("ok", bars.ok),
        ("failed", bars.failed),
        ("no answer", bars.no_answer),
        ("cancelled", bars.cancelled),
        ("unknown", bars.unknown),
        ("running", bars.running),
        ("waiting", bars.waiting),
    )
    return [f"{name} {count:,}" for name, count in named if count]


def attach_line(rollout_id: str) -> str:
    """What to type to take a rollout up again."""
    return f"ssmtui run --attach {rollout_id}"

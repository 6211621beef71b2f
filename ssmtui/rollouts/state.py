"""What a rollout is at one moment: immutable values, made for a board to draw."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from ssmtui.core.keys import RowKey, ScopeKey
from ssmtui.core.problem import Problem


class Phase(StrEnum):
    """Where a whole rollout is."""

    PLANNED = "planned"  # recorded, nothing sent
    RUNNING = "running"
    HELD = "held"  # nothing more is sent until it goes on; what was sent goes on at the service
    CANCELLING = "cancelling"
    CANCELLED = "cancelled"
    STOPPED = "stopped"  # the error budget is spent
    DONE = "done"  # every node has come to an end of some kind
    LEFT = "left"  # the time to wait is over, or the program let go: the service goes on


class Bucket(StrEnum):
    """How a node counts."""

    WAITING = "waiting"  # not sent yet, or held back at the service by MaxConcurrency
    RUNNING = "running"  # Pending, Delayed, InProgress, Cancelling
    OK = "ok"  # Success
    FAILED = "failed"  # Failed, ExecutionTimedOut: these spend the error budget
    NO_ANSWER = "no answer"  # never ran: DeliveryTimedOut, Undeliverable, InvalidPlatform ...
    CANCELLED = "cancelled"  # Cancelled, Terminated, and what is not going to be sent any more
    UNKNOWN = "unknown"  # the call's answer was lost, and nobody can say whether it was sent


class CallPhase(StrEnum):
    """Where one call is."""

    WAITING = "waiting"  # not sent
    SENDING = "sending"
    SENT = "sent"  # the service has it: `status` says more
    UNKNOWN = "unknown"  # sent, the answer lost, and not found since
    REFUSED = "refused"  # the service said no: it had no effect
    DROPPED = "dropped"  # not going to be sent


class WavePhase(StrEnum):
    """Where one wave is."""

    WAITING = "waiting"
    RUNNING = "running"
    CHECKING = "checking"  # the gate's check command runs
    SOAKING = "soaking"
    SHUT = "shut"  # its gate opens by hand only
    PASSED = "passed"
    ENDED = "ended"  # the last wave has no gate


class Bars(msgspec.Struct, frozen=True):
    """How many nodes are in each bucket. `total` is their sum; 0 while only the service knows."""

    waiting: int = 0
    running: int = 0
    ok: int = 0
    failed: int = 0
    no_answer: int = 0
    cancelled: int = 0
    unknown: int = 0

    @property
    def total(self) -> int:
        return self.ended + self.waiting + self.running + self.unknown

    @property
    def ended(self) -> int:
        return self.ok + self.failed + self.no_answer + self.cancelled

    @property
    def share(self) -> float:
        """How much has come to an end, 0 to 1."""
        return self.ended / self.total if self.total else 0.0

    def __add__(self, other: Bars) -> Bars:
        return Bars(
            self.waiting + other.waiting,
            self.running + other.running,
            self.ok + other.ok,
            self.failed + other.failed,
            self.no_answer + other.no_answer,
            self.cancelled + other.cancelled,
            self.unknown + other.unknown,
        )


class Result(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """What is known of one node. Times are seconds since the epoch.

    `status` is AWS's own word (StatusDetails), "" before there is one. `stdout` and `stderr` are
    what ListCommandInvocations gives: 2,500 characters for both together. Where they were longer,
    `stdout_cut` and `stderr_cut` say so; `full` says that they were read whole since (`outputs`).
    `exit_code` is that of the step that failed, else of the last that ran, None before. The texts
    are remote: pass them through `core.text.plain`.
    """

    key: RowKey
    name: str
    call: int
    wave: int
    bucket: Bucket = Bucket.WAITING
    status: str = ""
    exit_code: int | None = None
    stdout: str = ""
    stderr: str = ""
    stdout_cut: bool = False
    stderr_cut: bool = False
    full: bool = False
    plugin: str = ""  # the step whose exit code this is
    steps: tuple[str, ...] = ()  # all steps, where there are several
    started: float | None = None
    ended: float | None = None

    @property
    def label(self) -> str:
        return self.name or self.key.id

    @property
    def cut(self) -> bool:
        """Whether there is more than is known."""
        return self.stdout_cut or self.stderr_cut

    @property
    def over(self) -> bool:
        return self.bucket not in (Bucket.WAITING, Bucket.RUNNING, Bucket.UNKNOWN)


class CallState(msgspec.Struct, frozen=True, kw_only=True):
    """One SendCommand. `status` is the command's StatusDetails, "" before it was sent.

    `at_a_time` and `allowed_errors` are what this call is or was sent with. `check` marks a gate's.
    """

    number: int
    wave: int
    scope: ScopeKey
    marker: str
    phase: CallPhase
    bars: Bars
    command_id: str = ""
    status: str = ""
    at_a_time: str = ""
    allowed_errors: str = ""
    check: bool = False
    problem: Problem | None = None


class WaveState(msgspec.Struct, frozen=True, kw_only=True):
    """One wave; `gate` says what it asks for, or how it was passed: a sentence, no full stop."""

    number: int  # from 1 on
    title: str
    phase: WavePhase
    bars: Bars
    gate: str = ""
    soaks_until: float | None = None  # seconds since the epoch


class ScopeState(msgspec.Struct, frozen=True, kw_only=True):
    """The part of a rollout in one scope; `problem` is why it does not go on there."""

    key: ScopeKey
    name: str
    bars: Bars
    expires: float | None = None
    problem: Problem | None = None


class BudgetState(msgspec.Struct, frozen=True):
    """The error budget over all calls: `counted` of at most `allowed` errors.

    `overshoot` is how many nodes may still finish, and so fail, if everything is stopped now.
    `allowed` is None where it is a share of targets that only the service knows yet.
    """

    allowed: int | None
    counted: int
    overshoot: int

    @property
    def spent(self) -> bool:
        return self.allowed is not None and self.counted > self.allowed


class RolloutState(msgspec.Struct, frozen=True, kw_only=True):
    """The whole of a rollout. `sentence` says why it is held, or how it ended; "" while it runs.

    `per_minute` is how many nodes have come to an end in a minute lately, `seconds_left` what that
    makes of the rest; both None while they cannot be told. `left_out` is how many nodes were left
    out for a freeze. `after_quitting` says what goes on at the service without this program. `ours`
    is False for a command that is only followed.
    """

    id: str
    title: str
    phase: Phase
    bars: Bars
    waves: tuple[WaveState, ...]
    scopes: tuple[ScopeState, ...]
    calls: tuple[CallState, ...]
    budget: BudgetState
    sentence: str = ""
    after_quitting: str = ""
    problems: tuple[Problem, ...] = ()
    per_minute: float | None = None
    seconds_left: float | None = None
    left_out: int = 0
    ours: bool = True
    started: float | None = None
    ended: float | None = None
    revision: int = 0

    @property
    def over(self) -> bool:
        return self.phase in (Phase.CANCELLED, Phase.STOPPED, Phase.DONE, Phase.LEFT)

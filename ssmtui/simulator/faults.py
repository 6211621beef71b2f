"""Faults by rule: what may go wrong between a client and AWS, on demand and the same every time.

A rule is one line:

    KIND OPERATION [account=ID] [region=NAME] [p=SHARE] [count=N] [after=N] [ms=N] [status=CODE]

KIND is one of

    latency     wait `ms` milliseconds, then answer as usual
    throttle    refuse for the rate
    error       fail with HTTP status 500 (or `status`: 500, 502, 503, 504), nothing done
    abort       cut the connection before anything is done
    reply-lost  do it, then cut the connection: the effect is kept, the answer is lost
    hang        never answer, nothing done
    truncate    do it, then cut the connection half-way through the answer's body
    denied      refuse for want of permission
    expired     refuse for expired credentials

OPERATION is `service:Operation` with botocore's service names and shell wildcards, such as
`ssm:Describe*`, or `*`. `account` and `region` narrow the rule, `p` is the share of matching
requests that it hits (1: all), `after` lets that many matching requests pass first, `count` ends
the rule after so many hits, and `ms` waits before the fault (any kind). Of several rules the first
that hits decides; latencies add up. For instance:

    throttle ssm:Describe* account=111122223333 region=eu-west-1 p=0.3 count=5 ms=250

The data channel of a session is no HTTP operation, but has rules too. `ssmmessages:OpenDataChannel`
is its websocket upgrade, where `denied`, `expired`, `throttle` and `error` refuse it, `abort` and
`hang` do what they say, and `reply-lost` and `truncate` cut it once it is open. Its frames are
`ssmmessages:OutputFrame` (from the agent) and `ssmmessages:InputFrame` (from the client), each
frame a request of its own, acknowledgements included; for these KIND is `latency` (the frames
behind it wait, too), `abort` (cut the connection before the frame), or one of

    drop        lose the frame
    corrupt     change a byte of its payload
    duplicate   deliver it twice
    reorder     deliver it after the frame behind it

`*` alone means frames only with these four. To cut a connection twice, after 20 frames each:

    abort ssmmessages:OutputFrame after=20 count=1
    abort ssmmessages:OutputFrame after=40 count=1

What becomes of a command that SendCommand has taken is no request either. `ssm:Command` is the
command, `ssm:Invocation` its way to one node, each with rules of its own that name it in full.
`denied` ends either as AccessDenied, `throttle` ends a command as RateExceeded:

    denied ssm:Invocation p=0.1
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from random import Random


class FaultKind(StrEnum):
    """What goes wrong."""

    LATENCY = "latency"
    THROTTLE = "throttle"
    ERROR = "error"
    ABORT = "abort"
    REPLY_LOST = "reply-lost"
    HANG = "hang"
    TRUNCATE = "truncate"
    DENIED = "denied"
    EXPIRED = "expired"
    DROP = "drop"
    CORRUPT = "corrupt"
    DUPLICATE = "duplicate"
    REORDER = "reorder"


DATA_CHANNEL = "ssmmessages"
OPEN_DATA_CHANNEL = f"{DATA_CHANNEL}:OpenDataChannel"
OUTPUT_FRAME = f"{DATA_CHANNEL}:OutputFrame"
INPUT_FRAME = f"{DATA_CHANNEL}:InputFrame"
_FRAMES = (OUTPUT_FRAME, INPUT_FRAME)
CHANNEL_OPERATIONS = (OPEN_DATA_CHANNEL, *_FRAMES)
COMMAND, INVOCATION = "ssm:Command", "ssm:Invocation"
_OF_COMMANDS = {
    COMMAND: (FaultKind.DENIED, FaultKind.THROTTLE),
    INVOCATION: (FaultKind.DENIED,),
}
COMMAND_OPERATIONS = tuple(_OF_COMMANDS)
_OF_FRAMES_ONLY = (FaultKind.DROP, FaultKind.CORRUPT, FaultKind.DUPLICATE, FaultKind.REORDER)
_OF_FRAMES_TOO = (FaultKind.LATENCY, FaultKind.ABORT)


class FaultError(ValueError):
    """A rule that cannot be read: a sentence (no full stop) that names the word and the remedy."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as it was read. Empty `account` and `region` match all, `count` None is for ever."""

    text: str
    kind: FaultKind
    operation: str
    account: str = ""
    region: str = ""
    p: float = 1.0
    count: int | None = None
    after: int = 0
    ms: float = 0.0
    status: int = 500

    def matches(self, operation: str, account: str, region: str) -> bool:
        """Whether a request is the rule's business; `operation` is "ssm:DescribeParameters"."""
        return (
            fnmatchcase(operation, self.operation)
            and self.account in ("", account)
            and self.region in ("", region)
        )

    @property
    def about_frames(self) -> bool:
        """Whether the rule may hit frames of a data channel."""
        if self.kind in _OF_FRAMES_ONLY:
            return True
        return self.kind in _OF_FRAMES_TOO and self.operation.startswith(f"{DATA_CHANNEL}:")

    @property
    def about_requests(self) -> bool:
        """Whether the rule may hit requests."""
        return self.kind not in _OF_FRAMES_ONLY

    @property
    def about_commands(self) -> bool:
        """Whether the rule is for what becomes of commands: nothing less than their names is."""
        return self.operation in COMMAND_OPERATIONS


def parse(text: str) -> Rule:
    """Read a rule. Raises FaultError."""
    words = text.split()
    if not words:
        raise FaultError(
            "The fault rule is empty: write one such as 'throttle ssm:Describe* p=0.3'"
        )
    kind, *rest = words
    if kind not in set(FaultKind):
        raise FaultError(f"{kind!r} is no kind of fault: use one of {', '.join(FaultKind)}")
    if not rest or "=" in rest[0]:
        raise FaultError(
            f"The fault rule {text!r} names no operation: write service:Operation, such as "
            "ssm:Describe*, or * for all"
        )
    operation, *options = rest
    if operation != "*" and operation.count(":") != 1:
        raise FaultError(
            f"{operation!r} is no operation: write service:Operation, such as ssm:Describe*, or *"
        )
    values: dict[str, str] = {}
    for option in options:
        key, equals, value = option.partition("=")
        if not equals or key not in _OPTIONS:
            raise FaultError(f"{option!r} is no option of a fault: use {_OPTION_WORDS}")
        if key in values:
            raise FaultError(f"{key!r} is given twice in {text!r}: give it once")
        values[key] = value
    rule = Rule(
        text=" ".join(words),
        kind=FaultKind(kind),
        operation=operation,
        account=_account(values.get("account", "")),
        region=values.get("region", ""),
        p=_share(values.get("p", "1")),
        count=_whole("count", values["count"], 1) if "count" in values else None,
        after=_whole("after", values.get("after", "0"), 0),
        ms=_whole("ms", values.get("ms", "0"), 0),
        status=_status(values.get("status", "500")),
    )
    if "status" in values and rule.kind is not FaultKind.ERROR:
        raise FaultError(f"status belongs to the fault 'error': leave it out of {text!r}")
    frames = [frame for frame in _FRAMES if fnmatchcase(frame, rule.operation)]
    if rule.kind in _OF_FRAMES_ONLY and not frames:
        raise FaultError(
            f"{rule.kind} befalls the frames of a data channel only: write {OUTPUT_FRAME} or "
            f"{INPUT_FRAME} instead of {rule.operation}"
        )
    if rule.operation in _FRAMES and not rule.about_frames:
        kinds = ", ".join((*_OF_FRAMES_TOO, *_OF_FRAMES_ONLY))
        raise FaultError(f"{rule.kind} cannot befall a frame: use one of {kinds}")
    if rule.about_commands:
        _check_command_rule(rule)
    if rule.kind is FaultKind.LATENCY and not rule.ms:
        raise FaultError(f"{text!r} does not say how long: add ms=250, say")
    return rule


def _check_command_rule(rule: Rule) -> None:
    kinds = _OF_COMMANDS[rule.operation]
    if rule.kind not in kinds:
        raise FaultError(f"{rule.kind} cannot befall {rule.operation}: use {' or '.join(kinds)}")
    if rule.ms:
        raise FaultError(f"{rule.operation} waits for nothing: leave ms= out of {rule.text!r}")


_OPTIONS = ("account", "region", "p", "count", "after", "ms", "status")
_OPTION_WORDS = ", ".join(f"{option}=" for option in _OPTIONS)
_STATUSES = (500, 502, 503, 504)


def _account(word: str) -> str:
    if word and not (len(word) == 12 and word.isdecimal()):
        raise FaultError(f"account={word} is no account: write its 12 digits")
    return word


def _share(word: str) -> float:
    try:
        share = float(word)
    except ValueError:
        share = -1.0
    if not 0 < share <= 1:
        raise FaultError(f"p={word} is no share: write a number above 0 and up to 1")
    return share


def _whole(key: str, word: str, least: int) -> int:
    if not (word.isdecimal() and int(word) >= least):
        raise FaultError(f"{key}={word} is no count: write a whole number from {least} on")
    return int(word)


def _status(word: str) -> int:
    if word not in map(str, _STATUSES):
        statuses = ", ".join(map(str, _STATUSES))
        raise FaultError(f"status={word} is no fault of the service: use one of {statuses}")
    return int(word)


@dataclass(slots=True)
class ActiveRule:
    """A rule in force. `id` is its number for the control path, `seen` and `hits` what it met."""

    id: int
    rule: Rule
    random: Random
    seen: int = 0
    hits: int = 0

    def strikes(self, operation: str, account: str, region: str) -> bool:
        """Whether the rule hits this request; it counts the request either way."""
        rule = self.rule
        if not rule.matches(operation, account, region):
            return False
        self.seen += 1
        if self.seen <= rule.after or (rule.count is not None and self.hits >= rule.count):
            return False
        # The dice are rolled for every request, so a rule's fortune depends on nothing else.
        if self.random.random() >= rule.p:
            return False
        self.hits += 1
        return True


@dataclass(frozen=True, slots=True)
class Verdict:
    """What befalls one request: a delay in seconds, then perhaps a fault."""

    delay: float = 0.0
    kind: FaultKind | None = None
    status: int = 500


class Faults:
    """The rules in force, and the latency that every request has. The same seed, the same faults.

    `check` is asked about every new rule and raises FaultError for one that can never match.
    """

    def __init__(
        self,
        seed: int = 0,
        latency_ms: float = 0.0,
        check: Callable[[Rule], None] = lambda rule: None,
    ) -> None:
        self.latency_ms = latency_ms
        self._seed = seed
        self._check = check
        self._added = 0
        self._active: list[ActiveRule] = []

    @property
    def active(self) -> Sequence[ActiveRule]:
        return tuple(self._active)

    def add(self, text: str) -> ActiveRule:
        """Put a rule in force, after those that are. Raises FaultError."""
        rule = parse(text)
        self._check(rule)
        self._added += 1
        active = ActiveRule(self._added, rule, Random(f"{self._seed} {self._added}"))
        self._active.append(active)
        return active

    def remove(self, rule_id: int) -> bool:
        """End a rule; whether there was one of that number."""
        before = len(self._active)
        self._active = [active for active in self._active if active.id != rule_id]
        return len(self._active) < before

    def clear(self) -> int:
        """End all rules; how many there were."""
        count = len(self._active)
        self._active = []
        return count

    def verdict(self, operation: str, account: str, region: str) -> Verdict:
        """What befalls a request; `operation` is "ssm:DescribeParameters"."""
        return self._verdict(
            operation, account, region, self.latency_ms, lambda rule: rule.about_requests
        )

    def frame_verdict(self, operation: str, account: str, region: str) -> Verdict:
        """What befalls a frame; `operation` is OUTPUT_FRAME or INPUT_FRAME."""
        return self._verdict(operation, account, region, 0.0, lambda rule: rule.about_frames)

    def command_verdict(self, operation: str, account: str, region: str) -> FaultKind | None:
        """What befalls COMMAND or INVOCATION."""
        return self._verdict(operation, account, region, 0.0, lambda rule: rule.about_commands).kind

    def _verdict(
        self,
        operation: str,
        account: str,
        region: str,
        delay: float,
        concerned: Callable[[Rule], bool],
    ) -> Verdict:
        for active in self._active:
            if concerned(active.rule) and active.strikes(operation, account, region):
                delay += active.rule.ms
                if active.rule.kind is not FaultKind.LATENCY:
                    return Verdict(delay / 1000, active.rule.kind, active.rule.status)
        return Verdict(delay / 1000)

"""The fields of a rollout beside the document's own, and from what was typed to the wish."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from ssmtui.core.problem import ProblemError, input_problem
from ssmtui.core.text import plain
from ssmtui.ui.widgets.form_fields import Field, FieldKind, Values

if TYPE_CHECKING:
    from ssmtui.core.keys import ScopeKey
    from ssmtui.rollouts.spec import CommandSpec, RolloutSpec, Waves
    from ssmtui.rollouts.targets import Targets

# No parameter of a document has a name with a colon.
AT_ONCE, ERRORS, COMMENT = "run:at-once", "run:errors", "run:comment"
CANARY, STEPS, SPREAD = "run:canary", "run:steps", "run:spread"
SUCCESSES, CHECK, SOAK, BY_HAND = "run:successes", "run:check", "run:soak", "run:by-hand"
DELIVERY, WAIT, VERSION = "run:delivery", "run:wait", "run:version"
BUCKET, PREFIX, LOGS, GROUP = "run:bucket", "run:prefix", "run:logs", "run:group"
TOPIC, ROLE, EVENTS, PER_NODE = "run:topic", "run:role", "run:events", "run:per-node"
ALARM, TARGETS = "run:alarm", "run:targets"

_SUCCESSES: Final = "all of the canary, then all but the errors allowed"
_TARGETS_HINT: Final = "tag:Env=prod tag:Role=web, or group NAME: the service finds them"

_TRUE: Final = ("true",)
_UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def usual_fields(known: Mapping[str, Values]) -> list[Field]:
    """What is asked beside the document's parameters every time."""
    return [
        _field(known, AT_ONCE, "At a time", "A number of nodes, or a share such as 10%", "50"),
        _field(known, ERRORS, "Errors allowed", "One more stops everything: a number, or 10%", "0"),
        _field(known, COMMENT, "Comment", "What others read of it in ListCommands", ""),
    ]


def wave_fields(known: Mapping[str, Values]) -> list[Field]:
    """Waves, and the gate between them."""
    return [
        _field(known, CANARY, "Canary", "So many nodes first", "0"),
        _field(known, STEPS, "Steps", "Then up to these shares of all: 10, 50", ""),
        _field(known, SPREAD, "Spread by", "asg, az or a tag's key: no group at once", ""),
        _field(
            known, SUCCESSES, "Gate: successes", "Of each wave, a number or a share", _SUCCESSES
        ),
        _field(known, CHECK, "Gate: check", "A command that must succeed on its nodes", ""),
        _field(known, SOAK, "Gate: soak", "Wait so long then: 90s, 10m, 1h", "0s"),
        _flag(known, BY_HAND, "Gate: by hand", "Wait for g after all that"),
    ]


def other_fields(known: Mapping[str, Values]) -> list[Field]:
    """Targets that the service finds, times, outputs, notification, alarm."""
    return [
        _field(known, TARGETS, "Instead of these nodes", _TARGETS_HINT, "exactly these nodes"),
        _field(known, DELIVERY, "Delivery timeout", "How long a node may take to begin", "10m"),
        _field(
            known, WAIT, "Wait", "How long to watch at most; what was sent goes on", "to its end"
        ),
        _field(known, VERSION, "Document version", "A number, $LATEST or $DEFAULT", "its default"),
        _field(known, BUCKET, "S3 bucket", "Keeps the whole outputs", ""),
        _field(known, PREFIX, "S3 prefix", "Before their names in the bucket", ""),
        _flag(known, LOGS, "CloudWatch Logs", "Keep the whole outputs there"),
        _field(known, GROUP, "Log group", "", "/aws/ssm/DOCUMENT"),
        _field(known, TOPIC, "SNS topic", "The ARN of a topic that is told", ""),
        _field(known, ROLE, "SNS role", "The ARN of the role that may tell it", ""),
        _field(
            known, EVENTS, "SNS events", "All, InProgress, Success, TimedOut, Failed ...", "All"
        ),
        _flag(known, PER_NODE, "SNS per node", "Tell of every node, not of the whole"),
        _field(known, ALARM, "Alarm", "A CloudWatch alarm that stops it", ""),
    ]


def _field(known: Mapping[str, Values], name: str, label: str, hint: str, empty: str) -> Field:
    return Field(
        name=name,
        label=label,
        hint=hint,
        start=known.get(name, ()),
        empty=empty,
        check=lambda values: _wrong(name, values),
    )


def _flag(known: Mapping[str, Values], name: str, label: str, hint: str) -> Field:
    start = known.get(name) or ("false",)
    return Field(name=name, label=label, hint=hint, kind=FieldKind.BOOL, start=start)


def _wrong(name: str, values: Values) -> str:
    """What is wrong with one field by itself; "" if nothing is."""
    reader = _READERS.get(name)
    if reader is None or not values or not values[0].strip():
        return ""
    try:
        reader(values[0])
    except ProblemError as error:
        return error.problem.sentence
    return ""


# From values to the wish


def command_of(
    document: str,
    parameters: Mapping[str, Sequence[str]],
    values: Mapping[str, Values],
    targets: Targets,
) -> CommandSpec:
    """The command that the fields say. ProblemError: one of them is wrong."""
    from ssmtui.rollouts.spec import CommandSpec, LogOutput, Notification, S3Output

    said = _Said(values)
    bucket, topic = said.text(BUCKET), said.text(TOPIC)
    notification = None
    if topic or said.text(ROLE):
        events: Any = tuple(said.words(EVENTS)) or ("All",)
        notification = Notification(topic, said.text(ROLE), events, said.flag(PER_NODE))
    if said.text(PREFIX) and not bucket:
        raise input_problem("An S3 prefix needs a bucket", "Name the bucket, too")
    given: dict[str, Any] = {
        "version": said.text(VERSION),
        "comment": said.text(COMMENT),
        "s3": S3Output(bucket, said.text(PREFIX)) if bucket else None,
        "logs": LogOutput(said.text(GROUP)) if said.flag(LOGS) or said.text(GROUP) else None,
        "notification": notification,
        "alarm": said.text(ALARM),
    }
    for field, name in (
        ("at_a_time", AT_ONCE),
        ("allowed_errors", ERRORS),
        ("delivery_timeout", DELIVERY),
    ):
        if (value := said.read(name)) is not None:
            given[field] = value
    return CommandSpec(
        document=document,
        targets=targets,
        parameters={name: list(each) for name, each in parameters.items()},
        **given,
    )


def targets_of(
    values: Mapping[str, Values], rows: Sequence[Any], scopes: Sequence[ScopeKey]
) -> Targets:
    """These rows, frozen, or what the fields say that the service shall find. ProblemError."""
    from ssmtui.rollouts.targets import GroupTarget, TagTargets, frozen, parse_tags

    said = _Said(values)
    text = said.text(TARGETS)
    if not text:
        return frozen(rows, said.words(SPREAD))
    if text.startswith("group "):
        return GroupTarget(text.removeprefix("group ").strip(), tuple(scopes))
    return TagTargets(parse_tags(text.split()), tuple(scopes))


def waves_of(values: Mapping[str, Values]) -> Waves:
    """The waves that the fields say. ProblemError: one of them is wrong."""
    from ssmtui.rollouts.spec import Gate, Waves

    said = _Said(values)
    gate = Gate(
        successes=said.read(SUCCESSES),
        check=said.text(CHECK),
        soak=float(said.read(SOAK) or 0),
        by_hand=said.flag(BY_HAND),
    )
    return Waves(
        canary=said.read(CANARY) or 0,
        steps=said.read(STEPS) or (),
        spread_by=tuple(said.words(SPREAD)),
        gate=gate,
    )


def rollout_of(command: CommandSpec, values: Mapping[str, Values]) -> RolloutSpec:
    """The whole wish. ProblemError."""
    from ssmtui.rollouts.spec import RolloutSpec

    wait = _Said(values).read(WAIT)
    return RolloutSpec(command, waves_of(values), float(wait) if wait else None)


def values_of(spec: RolloutSpec) -> dict[str, Values]:
    """The fields that say a wish, for a form that begins with it: the way back."""
    command, waves, gate = spec.command, spec.waves, spec.waves.gate
    said: dict[str, Any] = {
        AT_ONCE: command.at_a_time,
        ERRORS: command.allowed_errors,
        COMMENT: command.comment,
        DELIVERY: f"{command.delivery_timeout}s",
        VERSION: command.version,
        CANARY: waves.canary or "",
        STEPS: ", ".join(map(str, waves.steps)),
        SPREAD: ", ".join(waves.spread_by),
        SUCCESSES: gate.successes if gate.successes is not None else "",
        CHECK: gate.check,
        SOAK: f"{gate.soak:.0f}s" if gate.soak else "",
        BY_HAND: "true" if gate.by_hand else "",
        WAIT: f"{spec.wait:.0f}s" if spec.wait else "",
        ALARM: command.alarm,
    }
    if command.s3:
        said |= {BUCKET: command.s3.bucket, PREFIX: command.s3.prefix}
    if command.logs:
        said |= {LOGS: "true", GROUP: command.logs.group}
    if (notification := command.notification) is not None:
        said |= {TOPIC: notification.topic, ROLE: notification.role}
        said |= {EVENTS: ", ".join(notification.events)}
        said |= {PER_NODE: "true" if notification.per_node else ""}
    said[TARGETS] = _targets_text(command.targets)
    return {name: (str(value),) for name, value in said.items() if str(value)}


def _targets_text(targets: Targets) -> str:
    """What says these targets to `targets_of`; "" for a list of nodes. ProblemError: nothing."""
    from ssmtui.rollouts.targets import GroupTarget, TagTargets, parse_tags

    if isinstance(targets, GroupTarget):
        return f"group {targets.name}"
    if not isinstance(targets, TagTargets):
        return ""
    text = " ".join(f"tag:{key}={','.join(values)}" for key, values in targets.tags.items())
    try:
        if parse_tags(text.split()) == dict(targets.tags):
            return text
    except ProblemError:
        pass
    raise input_problem(
        f"The targets {plain(text)} hold spaces or commas, which the form cannot",
        "Filter the nodes list by these tags, and run it there",
    )


def duration(text: str) -> int:
    """ "90", "90s", "10m", "1h" in seconds. ProblemError."""
    text = text.strip()
    number, unit = (text, 1) if text[-1:].isdigit() else (text[:-1], _UNITS.get(text[-1:], 0))
    if not (number.isascii() and number.isdigit() and len(number) < 8 and unit):
        raise input_problem(f"“{plain(text)}” is no time", "Write 90s, 10m or 1h")
    return int(number) * unit


class _Said:
    """What the fields hold, read."""

    def __init__(self, values: Mapping[str, Values]) -> None:
        self._values = values

    def text(self, name: str) -> str:
        return " ".join(self._values.get(name) or ()).strip()

    def flag(self, name: str) -> bool:
        return self._values.get(name) == _TRUE

    def words(self, name: str) -> list[str]:
        return [word.strip() for word in self.text(name).split(",") if word.strip()]

    def read(self, name: str) -> Any:
        """The typed value; None where nothing is said. ProblemError."""
        text = self.text(name)
        return _READERS[name](text) if text else None


def _whole(text: str) -> int:
    if not (text.strip().isascii() and text.strip().isdigit() and len(text) < 8):
        raise input_problem(f"“{plain(text)}” is no number of nodes", "Write 0, 1, 5 ...")
    return int(text)


def _steps(text: str) -> tuple[int, ...]:
    from ssmtui.rollouts.spec import Waves

    parts = [part.strip().removesuffix("%") for part in text.split(",") if part.strip()]
    if not all(part.isascii() and part.isdigit() and len(part) < 4 for part in parts):
        raise input_problem(f"“{plain(text)}” are no steps", "Give growing shares, such as 10, 50")
    return Waves(steps=tuple(map(int, parts))).steps


def _at_once(text: str) -> Any:
    from ssmtui.rollouts.amounts import concurrency

    return concurrency(text)


def _errors(text: str) -> Any:
    from ssmtui.rollouts.amounts import errors

    return errors(text)


def _delivery(text: str) -> int:
    from ssmtui.rollouts.spec import LONGEST_DELIVERY, SHORTEST_DELIVERY

    seconds = duration(text)
    if not SHORTEST_DELIVERY <= seconds <= LONGEST_DELIVERY:
        raise input_problem(
            f"A delivery timeout of {seconds:,} seconds is out of bounds",
            f"Give {SHORTEST_DELIVERY} seconds to {LONGEST_DELIVERY // 86400} days",
        )
    return seconds


_READERS: Final[Mapping[str, Callable[[str], Any]]] = {
    AT_ONCE: _at_once,
    ERRORS: _errors,
    SUCCESSES: _errors,
    CANARY: _whole,
    STEPS: _steps,
    SOAK: duration,
    WAIT: duration,
    DELIVERY: _delivery,
}

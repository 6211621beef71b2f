"""What a rollout is asked for: the values of the dialog and of the command line alike.

Every value is checked when it is made: ProblemError with one sentence and the remedy. The bounds
are those of SendCommand's model
(https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_SendCommand.html).
"""

from __future__ import annotations

import re
from typing import Any, Final, Literal, get_args

import msgspec

from ssmtui.core.problem import input_problem
from ssmtui.core.text import plain
from ssmtui.rollouts.amounts import Amount, in_words
from ssmtui.rollouts.targets import Frozen, Targets

SHELL: Final = "AWS-RunShellScript"
POWERSHELL: Final = "AWS-RunPowerShellScript"

_DOCUMENT: Final = re.compile(r"[a-zA-Z0-9_\-.:/]{3,128}")
_VERSION: Final = re.compile(r"\$LATEST|\$DEFAULT|[1-9][0-9]*|")
_BUCKET: Final = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_LOG_GROUP: Final = re.compile(r"[.\-_/#A-Za-z0-9]{1,512}")
_ARN: Final = re.compile(r"arn:[\w-]+:(?P<service>sns|iam):[^\s:]*:[0-9]*:\S+")
_LONGEST_PREFIX: Final = 500
_LONGEST_ALARM: Final = 255
_LONGEST_PARAMETER: Final = 65_535

# Of the 100 characters that a comment may have, a marker such as "ssmtui 7f3a91c2-0012 " takes 21.
LONGEST_COMMENT: Final = 79
SHORTEST_DELIVERY: Final = 30
LONGEST_DELIVERY: Final = 2_592_000
LONGEST_EXECUTION: Final = 172_800  # of AWS's own documents: 48 hours
MOST_STEPS: Final = 20

Event = Literal["All", "InProgress", "Success", "TimedOut", "Cancelled", "Failed"]


class S3Output(msgspec.Struct, frozen=True):
    """Where the whole outputs go in S3."""

    bucket: str
    prefix: str = ""

    def __post_init__(self) -> None:
        if not _BUCKET.fullmatch(self.bucket):
            raise input_problem(
                f"“{plain(self.bucket)}” is not the name of an S3 bucket",
                "Use 3 to 63 small letters, digits, . and -",
            )
        if len(self.prefix) > _LONGEST_PREFIX:
            raise input_problem(f"An S3 prefix has at most {_LONGEST_PREFIX} characters")


class LogOutput(msgspec.Struct, frozen=True):
    """Outputs go to CloudWatch Logs; no `group` is the document's own, /aws/ssm/DOCUMENT."""

    group: str = ""

    def __post_init__(self) -> None:
        if self.group and not _LOG_GROUP.fullmatch(self.group):
            raise input_problem(
                f"“{plain(self.group)}” is not the name of a log group",
                "Use 1 to 512 letters, digits and . - _ / #",
            )


class Notification(msgspec.Struct, frozen=True):
    """What SNS is told: of the command as a whole, or with `per_node` of every invocation."""

    topic: str
    role: str
    events: tuple[Event, ...] = ("All",)
    per_node: bool = False

    def __post_init__(self) -> None:
        for arn, service, what in ((self.topic, "sns", "SNS topic"), (self.role, "iam", "role")):
            found = _ARN.fullmatch(arn)
            if found is None or found["service"] != service:
                raise input_problem(f"“{plain(arn)}” is not the ARN of a {what}", "Give it whole")
        wrong = [event for event in self.events if event not in get_args(Event)]
        if wrong or not self.events:
            raise input_problem(
                f"“{plain(', '.join(wrong))}” is no event to be told of",
                f"Choose of {', '.join(get_args(Event))}",
            )


class CommandSpec(msgspec.Struct, frozen=True, kw_only=True):
    """One command on its targets. Times are whole seconds.

    `parameters` are the document's, each a list of texts (a script is one text a line or one for
    all). `delivery_timeout` is how long a node may take to begin; `execution_timeout` goes into the
    document's own executionTimeout, where it has one. No `version` is the document's default.
    """

    document: str
    targets: Targets
    parameters: dict[str, list[str]] = {}
    version: str = ""
    comment: str = ""
    delivery_timeout: int = 600
    execution_timeout: int | None = None
    at_a_time: Amount = Amount(50)
    allowed_errors: Amount = Amount(0)
    s3: S3Output | None = None
    logs: LogOutput | None = None
    notification: Notification | None = None
    alarm: str = ""

    def __post_init__(self) -> None:
        if not _DOCUMENT.fullmatch(self.document):
            raise input_problem(
                f"“{plain(self.document)}” is not the name of a document",
                "Use 3 to 128 letters, digits and _ - . : /",
            )
        if not _VERSION.fullmatch(self.version):
            raise input_problem(
                f"“{plain(self.version)}” is no version of a document",
                "Give its number, $LATEST or $DEFAULT",
            )
        if len(self.comment) > LONGEST_COMMENT or "\n" in self.comment:
            raise input_problem(
                f"A comment is one line of at most {LONGEST_COMMENT} characters",
                "The rest of AWS's 100 marks the rollout",
            )
        _check_seconds(
            "A delivery timeout", self.delivery_timeout, SHORTEST_DELIVERY, LONGEST_DELIVERY
        )
        if self.execution_timeout is not None:
            _check_seconds("An execution timeout", self.execution_timeout, 1, LONGEST_EXECUTION)
        if self.at_a_time.value < 1:
            raise input_problem("At least one node at a time has to run", "Give 1 or more, or 10%")
        if len(self.alarm) > _LONGEST_ALARM:
            raise input_problem(f"An alarm's name has at most {_LONGEST_ALARM} characters")
        for name, values in self.parameters.items():
            if any(len(value) > _LONGEST_PARAMETER for value in values):
                raise input_problem(
                    f"Parameter {plain(name)} has more than {_LONGEST_PARAMETER:,} characters",
                    "Put the script into S3 and run AWS-RunRemoteScript",
                )

    @property
    def total(self) -> int | None:
        """How many nodes it is for; None where only the service knows."""
        return len(self.targets.nodes) if isinstance(self.targets, Frozen) else None

    @property
    def rate(self) -> str:
        """The rate control in words: "50 at a time; stops after the 6th failure"."""
        return in_words(self.at_a_time, self.allowed_errors, self.total)

    @property
    def script(self) -> str:
        """The commands that it runs, for documents with such a parameter; else ""."""
        return "\n".join(self.parameters.get("commands", ()))

    @property
    def request(self) -> dict[str, Any]:
        """The parameters of SendCommand that are the same for all calls, in AWS's own words."""
        request: dict[str, Any] = {"DocumentName": self.document}
        if self.version:
            request["DocumentVersion"] = self.version
        if self.parameters:
            request["Parameters"] = {name: list(each) for name, each in self.parameters.items()}
        request["TimeoutSeconds"] = self.delivery_timeout
        if self.s3:
            request["OutputS3BucketName"] = self.s3.bucket
            if self.s3.prefix:
                request["OutputS3KeyPrefix"] = self.s3.prefix
        if self.logs:
            request["CloudWatchOutputConfig"] = {"CloudWatchOutputEnabled": True}
            if self.logs.group:
                request["CloudWatchOutputConfig"]["CloudWatchLogGroupName"] = self.logs.group
        if self.notification:
            request["ServiceRoleArn"] = self.notification.role
            request["NotificationConfig"] = {
                "NotificationArn": self.notification.topic,
                "NotificationEvents": list(self.notification.events),
                "NotificationType": "Invocation" if self.notification.per_node else "Command",
            }
        if self.alarm:
            request["AlarmConfiguration"] = {"Alarms": [{"Name": self.alarm}]}
        return request


class Gate(msgspec.Struct, frozen=True):
    """What opens the next wave. All that is named must hold.

    `successes`: so many nodes of the wave, or such a share, must have succeeded; None asks for all
    of a canary, and of other waves for all but the errors that the budget allows. Nodes that never
    answered did not succeed. `check` is a command run on the nodes of the wave that succeeded: its
    failure on any of them keeps the gate shut. `soak` is how many seconds to wait then, and
    `by_hand` asks for a key after all.
    """

    successes: Amount | None = None
    check: str = ""
    soak: float = 0.0
    by_hand: bool = False

    def __post_init__(self) -> None:
        if self.soak < 0:
            raise input_problem("A soak time is not negative", "Give seconds, such as 600")


class Waves(msgspec.Struct, frozen=True):
    """How a rollout is cut: `canary` nodes first, then until so many percent of all are reached
    (`steps`, growing; the last wave is always the rest). No canary and no steps is one wave.

    `spread_by` are keys ("asg", "az", a tag's key) by whose values every wave is mixed.
    """

    canary: int = 0
    steps: tuple[int, ...] = ()
    spread_by: tuple[str, ...] = ()
    gate: Gate = Gate()

    def __post_init__(self) -> None:
        if self.canary < 0:
            raise input_problem("A canary has 0 nodes or more", "Give a number, such as 5")
        if len(self.steps) > MOST_STEPS:
            raise input_problem(f"There are at most {MOST_STEPS} steps", "Leave some out")
        if any(not 1 <= step <= 100 for step in self.steps) or list(self.steps) != sorted(
            set(self.steps)
        ):
            raise input_problem(
                f"{', '.join(map(str, self.steps))} are no steps of a rollout",
                "Give growing percentages, such as 10, 50",
            )


class RolloutSpec(msgspec.Struct, frozen=True):
    """A rollout that is wanted: the command, its waves, and for how long to wait at most.

    `wait` is in seconds (None: to its end); when it is over, the rollout is left as it is: calls
    that were sent go on at the service, and nothing more is sent. `reason` is why freezes were
    overridden, for the audit. ProblemError: waves of targets that only the service knows.
    """

    command: CommandSpec
    waves: Waves = Waves()
    wait: float | None = None
    reason: str = ""

    def __post_init__(self) -> None:
        waves = self.waves
        if not isinstance(self.command.targets, Frozen) and (
            waves.canary or waves.steps or waves.spread_by
        ):
            raise input_problem(
                "Waves need a list of nodes, and tags or a group are resolved by the service",
                "Mark the nodes, or leave the waves out",
            )
        if self.wait is not None and self.wait <= 0:
            raise input_problem("A time to wait is positive", "Give seconds, such as 3600")

    @property
    def rate(self) -> str:
        """The rate control in words, as the waves make it."""
        command = self.command
        waves = bool(self.waves.canary or self.waves.steps)
        return in_words(command.at_a_time, command.allowed_errors, command.total, waves=waves)


def _check_seconds(what: str, seconds: int, least: int, most: int) -> None:
    if not least <= seconds <= most:
        raise input_problem(
            f"{what} of {seconds:,} seconds is out of bounds",
            f"Give {least:,} to {most:,} seconds",
        )

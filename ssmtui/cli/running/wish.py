"""What `ssmtui run` is asked for, held against all rules that need no AWS to be judged."""

from __future__ import annotations

import re
import sys
from typing import Any

import msgspec

from ssmtui.core.problem import input_problem
from ssmtui.core.text import plain
from ssmtui.rollouts.amounts import concurrency, errors
from ssmtui.rollouts.spec import (
    POWERSHELL,
    SHELL,
    CommandSpec,
    Gate,
    LogOutput,
    Notification,
    RolloutSpec,
    S3Output,
    Waves,
)
from ssmtui.rollouts.targets import Frozen, Target, Targets, parse_targets
from ssmtui.sessions.specs import parse_parameters

_COMMANDS = "commands"
_STEP = re.compile(r"([0-9]{1,3})%?")
_ANYWHERE = Frozen((Target(account="", region="", id="i-0"),))


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """The options of `ssmtui run` as they were typed; "" and None are what was left out."""

    words: tuple[str, ...] = ()
    on: str | None = None
    nodes: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    document: str = ""
    version: str = ""
    parameters: tuple[str, ...] = ()
    at_a_time: str = "50"
    allowed_errors: str = "0"
    delivery_timeout: int = 600
    execution_timeout: int | None = None
    wait: float | None = None
    canary: int = 0
    waves: str = ""
    spread_by: str = ""
    gate: str = ""
    gate_successes: str = ""
    gate_by_hand: bool = False
    soak: float = 0.0
    comment: str = ""
    s3: str = ""
    logs: str | None = None
    sns: str = ""
    sns_role: str = ""
    sns_events: str = ""
    sns_per_node: bool = False
    alarm: str = ""
    override_freeze: str | None = None
    accept_missing: tuple[str, ...] = ()
    yes: bool = False
    dry_run: bool = False
    near: bool = False
    full: bool = False
    output: str = "folded"

    @property
    def script(self) -> str:
        """The words behind "--", as one command line."""
        return " ".join(self.words)

    @property
    def node_names(self) -> tuple[str, ...]:
        """What `--nodes` names, each once."""
        names = (name.strip() for text in self.nodes for name in text.split(","))
        return tuple(dict.fromkeys(name for name in names if name))

    def check(self) -> None:
        """ProblemError: what was typed is wrong, wherever it would be run."""
        if not (self.script or self.document):
            raise input_problem("There is nothing to run", "Write -- COMMAND, or name a --document")
        gated = self.gate or self.gate_successes or self.gate_by_hand or self.soak
        if gated and not (self.waves or self.canary):
            raise input_problem(
                "A gate or a soak time stands between two waves", "Add --canary N or --waves 50%"
            )
        if self.targets:
            targets = parse_targets(self.targets, _ANYWHERE.scopes)
            self.rollout(targets, self.document or SHELL)
        else:
            self.rollout(_ANYWHERE, self.document or SHELL)

    def document_for(self, targets: Targets) -> str:
        """The document that runs the command: the one that was named, else the platform's shell.

        ProblemError: the nodes have different ones, and the command is meant for one of them.
        """
        if self.document or not isinstance(targets, Frozen):
            return self.document or SHELL
        windows = sum(1 for node in targets.nodes if node.platform == "windows")
        others = len(targets.nodes) - windows
        if windows and others:
            raise input_problem(
                f"{windows:,} of {windows + others:,} nodes have Windows, and one COMMAND is not "
                "for both kinds of shell",
                "Narrow the nodes, as with --on 'platform=linux', or leave Windows out with "
                f"--document {SHELL}",
            )
        return POWERSHELL if windows else SHELL

    def rollout(self, targets: Targets, document: str, reason: str = "") -> RolloutSpec:
        """The rollout on these targets. ProblemError: a value that cannot be."""
        parameters = parse_parameters(self.parameters)
        if self.script:
            if _COMMANDS in parameters:
                raise input_problem(
                    f"The command is given twice, behind -- and as --parameter {_COMMANDS}=...",
                    "Leave one out",
                )
            parameters[_COMMANDS] = [self.script]
        command = CommandSpec(
            document=document,
            version=self.version,
            targets=targets,
            parameters=parameters,
            comment=self.comment,
            delivery_timeout=self.delivery_timeout,
            execution_timeout=self.execution_timeout,
            at_a_time=concurrency(self.at_a_time),
            allowed_errors=errors(self.allowed_errors),
            s3=_s3(self.s3),
            logs=None if self.logs is None else LogOutput(self.logs),
            notification=self._notification(),
            alarm=self.alarm,
        )
        return RolloutSpec(command, self._waves(), reason=reason)

    def _waves(self) -> Waves:
        spread_by = tuple(key.strip() for key in self.spread_by.split(",") if key.strip())
        successes = errors(self.gate_successes) if self.gate_successes else None
        gate = Gate(successes, self.gate, self.soak, self.gate_by_hand)
        return Waves(self.canary, _steps(self.waves), spread_by, gate)

    def _notification(self) -> Notification | None:
        if not self.sns:
            if self.sns_role or self.sns_events or self.sns_per_node:
                raise input_problem("No topic is named to notify", "Add --sns ARN")
            return None
        events: Any = tuple(each.strip() for each in self.sns_events.split(",") if each.strip())
        return Notification(self.sns, self.sns_role, events or ("All",), self.sns_per_node)


def is_terminal() -> bool:
    """Whether somebody is there to be asked: standard input and error are a terminal."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def _s3(text: str) -> S3Output | None:
    bucket, _, prefix = text.removeprefix("s3://").partition("/")
    return S3Output(bucket, prefix.strip("/")) if text else None


def _steps(text: str) -> tuple[int, ...]:
    """`60%,100%` as steps; the last wave is the rest anyway, so 100% may be left out."""
    steps: list[int] = []
    for word in filter(None, (word.strip() for word in text.split(","))):
        found = _STEP.fullmatch(word)
        if not found:
            raise input_problem(
                f"“{plain(word)}” is no share of the nodes", "Write --waves as 10%,50%"
            )
        steps.append(int(found[1]))
    return tuple(steps)

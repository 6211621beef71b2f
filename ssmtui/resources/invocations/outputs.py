"""What the steps of an invocation have printed, as ListCommandInvocations tells of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from ssmtui.resources.commands.statuses import is_trouble, status_word

# Between stdout and stderr in ListCommandInvocations, and what the agent puts behind what it cut.
ERROR_LINE: Final = "----------ERROR-------"
OUTPUT_CUT: Final = "---Output truncated---"
ERROR_CUT: Final = "---Error truncated----"
SERVICE_CUT: Final = "--output truncated--"  # in GetCommandInvocation
HEAD: Final = 2_500  # characters of a step's output in ListCommandInvocations

# What the agent prints for a step that it passes over; its code is 0 then, its status Success.
_SKIPPED: Final = re.compile(r"\s*(?:Step execution skipped\b|Plugin with name .* skipped due to )")
_NOTHING_WRONG: Final = frozenset({"", "success", "skipped"})


class Output(msgspec.Struct, frozen=True):
    """What one step of an invocation has printed, as far as it is told. `status` is its word as
    `statuses.status_word` has it, "" if none was told."""

    step: str
    stdout: str
    stderr: str
    stdout_cut: bool
    stderr_cut: bool
    code: int | None
    status: str = ""

    @property
    def skipped(self) -> bool:
        """Whether the agent has passed it over: for another platform, or after an early exit."""
        if self.code or self.status not in _NOTHING_WRONG:
            return False
        return self.status == "skipped" or _SKIPPED.match(self.stdout) is not None


def deciding(outputs: Sequence[Output], *, failed: bool) -> Output | None:
    """The step that says how an invocation went: where it `failed` the first step that did, else
    the last that ran and has an exit code. None if no step has begun."""
    ran = [output for output in outputs if not output.skipped] or list(outputs)
    if failed:
        for output in ran:
            if is_trouble(output.status):
                return output
        for output in ran:
            if output.code:
                return output
    told = [output for output in ran if output.code is not None] or ran
    return told[-1] if told else None


def in_reading_order(outputs: Sequence[Output], *, failed: bool) -> list[Output]:
    """The steps as they are read: where it `failed` the one that did, then the others in the order
    in which they ran, and last what was skipped."""
    first = deciding(outputs, failed=True) if failed else None
    # Sorting keeps the order of equals.
    return sorted(outputs, key=lambda output: (output is not first, output.skipped))


def step_heading(step: str) -> str:
    """The line above what a step has printed, where several have."""
    return f"== {step} =="


def is_added(line: str) -> bool:
    """Whether a line is a step's heading, or says that there was more: no node has printed it."""
    heading = line.startswith("== ") and line.endswith(" ==")
    return heading or line.strip() in (OUTPUT_CUT, ERROR_CUT, SERVICE_CUT)


def split_output(text: str) -> tuple[str, str, bool, bool]:
    """The Output of a step as stdout, stderr, and whether each was cut. A text that is as long as
    it may be and names no stream may have lost something of either."""
    stdout, line, stderr = text.partition(ERROR_LINE)
    if line:
        stdout, stderr = stdout.removesuffix("\n"), stderr.removeprefix("\n")
    cuts = was_cut(stdout), was_cut(stderr)
    if len(text) >= HEAD and not any(cuts):
        cuts = True, bool(line)
    return stdout, stderr, *cuts


def was_cut(text: str) -> bool:
    """Whether the agent or the service says that there was more."""
    end = text[-64:]
    return OUTPUT_CUT in end or ERROR_CUT in end or SERVICE_CUT in end


def step_output(plugin: Mapping[str, Any]) -> Output:
    """A member of CommandPlugins."""
    texts = split_output(str(plugin.get("Output") or ""))
    code = plugin.get("ResponseCode")
    # "-1" says that the agent has not told yet.
    told = isinstance(code, int) and code != -1
    name = str(plugin.get("Name") or "")
    return Output(name, *texts, code if told else None, step_status(plugin))


def step_status(fact: Mapping[str, Any]) -> str:
    """The word for how a step stands, "" if none is told."""
    word = status_word(fact)
    return word if isinstance(word, str) else ""

"""What the steps of an invocation have printed, as ListCommandInvocations tells of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec

# Between stdout and stderr in ListCommandInvocations, and what the agent puts behind what it cut.
ERROR_LINE: Final = "----------ERROR-------"
OUTPUT_CUT: Final = "---Output truncated---"
ERROR_CUT: Final = "---Error truncated----"
SERVICE_CUT: Final = "--output truncated--"  # in GetCommandInvocation
HEAD: Final = 2_500  # characters of a step's output in ListCommandInvocations


class Output(msgspec.Struct, frozen=True):
    """What one step of an invocation has printed, as far as it is told."""

    step: str
    stdout: str
    stderr: str
    stdout_cut: bool
    stderr_cut: bool
    code: int | None


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
    return Output(str(plugin.get("Name") or ""), *texts, code if told else None)

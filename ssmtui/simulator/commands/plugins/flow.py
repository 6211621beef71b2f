"""Which of a document's steps run, and what their ends mean for the ones behind them.

Rules: "Shared inputs" (onFailure, onSuccess, finallyStep) of the user guide's reference of Command
plugins, and `runpluginutil.go` of amazon-ssm-agent, whose words are told for steps that do not run.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ssmtui.simulator.commands.plugins.job import Outcome
from ssmtui.simulator.commands.statuses import Detail
from ssmtui.simulator.documents.model import Step

# With these a script ends its whole document.
EXIT_WELL, EXIT_BADLY = 168, 169

_WINDOWS_ONLY = ("aws:psModule",)
_NOT_WINDOWS = ("aws:runShellScript",)
# From this schema on a step that does not suit a platform is skipped; before, it fails.
_CROSS_PLATFORM = (2, 2)


@dataclass(frozen=True, slots=True)
class Ended:
    """How a step has ended.

    `added` is appended to its outputs; `hushed` says that what it wrote to stderr is not told.
    """

    code: int
    detail: Detail
    added: str = ""
    hushed: bool = False


class Flow:
    """A document on its way over its steps, on one platform. Ask `unfit` of each step in turn.

    `known` are the plugins that the agent has.
    """

    def __init__(
        self, steps: Sequence[Step], schema: str, platform: str, known: Container[str]
    ) -> None:
        self._last = steps[-1] if steps else None
        self._skips = tuple(map(int, schema.split("."))) >= _CROSS_PLATFORM
        self._platform = platform
        self._known = known
        self._over = False

    def unfit(self, step: Step, inputs: Mapping[str, Any]) -> tuple[str, Ended] | None:
        """Why a step does not run, and how that counts; None if it runs."""
        name = f"Step name: {step.name}"
        if self._over and not (step is self._last and _word(inputs, "finallyStep") == "true"):
            return self._skipped(
                f"Plugin with name {step.action} and id {step.name} skipped due to prior step with "
                "an exit condition"
            )
        if (step.does or step.action) not in self._known:
            return self._failed(
                f"Plugin with name {step.action} is not supported by this version of ssm agent, "
                f"please update to latest version. {name}"
            )
        if not self._has(step.action):
            if self._skips:
                return self._skipped(
                    f"Step execution skipped due to unsupported plugin: {step.action}. {name}"
                )
            return self._failed(
                f"Plugin with name {step.action} is not supported in current platform. {name}"
            )
        if step.platform not in ("", self._platform):
            return self._skipped(
                "Step execution skipped due to unsatisfied preconditions: "
                f"'\"StringEquals\": [platformType, {step.platform}]'. {name}"
            )
        return None

    def ended(self, inputs: Mapping[str, Any], outcome: Outcome) -> Ended:
        """How the end of a step that ran is taken."""
        ended = _taken(inputs, outcome)
        succeeded = ended.detail is Detail.SUCCESS
        self._over = (
            self._over or bool(ended.added) or (succeeded and _word(inputs, "onSuccess") == "exit")
        )
        return ended

    def _has(self, action: str) -> bool:
        """Whether the agent of this platform has such a plugin."""
        return action not in (_NOT_WINDOWS if self._platform == "Windows" else _WINDOWS_ONLY)

    def _skipped(self, why: str) -> tuple[str, Ended]:
        return why, Ended(0, Detail.SUCCESS)

    def _failed(self, why: str) -> tuple[str, Ended]:
        return why, Ended(1, Detail.FAILED)


def _taken(inputs: Mapping[str, Any], outcome: Outcome) -> Ended:
    if outcome.timed_out:
        return Ended(outcome.code, Detail.EXECUTION_TIMED_OUT)
    if outcome.code == EXIT_WELL:
        return Ended(
            EXIT_WELL,
            Detail.SUCCESS,
            f"\nStep exited with code {EXIT_WELL}. Therefore, marking step as succeeded. "
            "Further document steps will be skipped.",
            hushed=True,
        )
    if outcome.code == EXIT_BADLY:
        return Ended(
            EXIT_BADLY,
            Detail.FAILED,
            f"\nStep exited with code {EXIT_BADLY}. Therefore, marking step as Failed. "
            "Further document steps will be skipped.",
        )
    on_failure = _word(inputs, "onFailure")
    if outcome.code and on_failure in ("exit", "successAndExit"):
        added = (
            "\nStep was found to have onFailure property. Further document steps will be skipped."
        )
        if on_failure == "successAndExit":
            return Ended(EXIT_WELL, Detail.SUCCESS, added)
        return Ended(outcome.code, Detail.FAILED, added)
    return Ended(outcome.code, Detail.FAILED if outcome.code else Detail.SUCCESS)


def _word(inputs: Mapping[str, Any], name: str) -> str:
    """An input that is a text or a boolean."""
    value = inputs.get(name, "")
    return str(value).lower() if isinstance(value, bool) else str(value)

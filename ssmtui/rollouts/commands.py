"""Commands and invocations as the service tells of them, and finding commands by their markers."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Collection, Iterable, Mapping
from typing import Any, Final

import msgspec

from ssmtui.aws.scope import Priority, Scope
from ssmtui.core.columns import rfc3339
from ssmtui.resources.commands.statuses import is_trouble, status_word
from ssmtui.resources.invocations.outputs import (
    Output,
    deciding,
    in_reading_order,
    step_heading,
    step_output,
)

PAGE: Final = 50

# A clock that is further off than this signs nothing that AWS accepts.
_SKEW: Final = 900.0

_OVER: Final = frozenset({"Success", "Cancelled", "Failed", "TimedOut"})


class CommandFacts(msgspec.Struct, frozen=True, kw_only=True):
    """A command as ListCommands tells of it. `details` is StatusDetails, AWS's more exact word."""

    id: str
    comment: str = ""
    status: str = ""
    details: str = ""
    targets: int = 0
    completed: int = 0
    errors: int = 0
    delivery_timeouts: int = 0
    requested: float | None = None

    @property
    def ended(self) -> bool:
        """Whether its status is a last one; its counts may follow a moment later."""
        return self.status in _OVER

    @property
    def over(self) -> bool:
        """Whether nothing of it can change any more."""
        return self.ended and self.completed >= self.targets

    @property
    def marker(self) -> str:
        """The part of its comment that may be a marker: the first two words."""
        return " ".join(self.comment.split(" ", 2)[:2])


class Invocation(msgspec.Struct, frozen=True, kw_only=True):
    """A command on one node. `outputs` are those of the steps that have begun, in order."""

    command_id: str
    node: str
    name: str = ""
    status: str = ""
    details: str = ""
    steps: tuple[str, ...] = ()
    outputs: tuple[Output, ...] = ()
    started: float | None = None
    ended: float | None = None

    @property
    def failed(self) -> bool:
        """Whether it did not go well, or never ran."""
        return is_trouble(status_word({"Status": self.status, "StatusDetails": self.details}))

    @property
    def step(self) -> Output | None:
        """The step that says how it went."""
        return deciding(self.outputs, failed=self.failed)

    @property
    def texts(self) -> tuple[str, str]:
        """What all steps have printed as one stdout and one stderr, the one that failed first; each
        with its name above where several have printed."""
        steps = in_reading_order(self.outputs, failed=self.failed)
        told = [output for output in steps if output.stdout or output.stderr]
        if len(told) < 2:
            return (told[0].stdout, told[0].stderr) if told else ("", "")
        return (
            "\n".join(f"{step_heading(each.step)}\n{each.stdout}" for each in told if each.stdout),
            "\n".join(f"{step_heading(each.step)}\n{each.stderr}" for each in told if each.stderr),
        )


def command_facts(fact: Mapping[str, Any]) -> CommandFacts:
    """A member of ListCommands' Commands, or SendCommand's Command."""
    return CommandFacts(
        id=str(fact.get("CommandId") or ""),
        comment=str(fact.get("Comment") or ""),
        status=str(fact.get("Status") or ""),
        details=str(fact.get("StatusDetails") or fact.get("Status") or ""),
        targets=int(fact.get("TargetCount") or 0),
        completed=int(fact.get("CompletedCount") or 0),
        errors=int(fact.get("ErrorCount") or 0),
        delivery_timeouts=int(fact.get("DeliveryTimedOutCount") or 0),
        requested=fact.get("RequestedDateTime"),
    )


def invocation(fact: Mapping[str, Any]) -> Invocation:
    """A member of ListCommandInvocations' CommandInvocations."""
    plugins = fact.get("CommandPlugins") or ()
    begun = [plugin for plugin in plugins if plugin.get("Status") not in (None, "Pending")]
    starts = _times(plugins, "ResponseStartDateTime")
    ends = _times(plugins, "ResponseFinishDateTime")
    return Invocation(
        command_id=str(fact.get("CommandId") or ""),
        node=str(fact.get("InstanceId") or ""),
        name=str(fact.get("InstanceName") or ""),
        status=str(fact.get("Status") or ""),
        details=str(fact.get("StatusDetails") or fact.get("Status") or ""),
        steps=tuple(str(plugin.get("Name") or "") for plugin in plugins),
        outputs=tuple(step_output(plugin) for plugin in begun),
        started=min(starts, default=None),
        ended=max(ends, default=None),
    )


async def find_commands(
    scope: Scope, markers: Collection[str], since: float, *, priority: Priority
) -> dict[str, CommandFacts]:
    """The commands that carry one of the markers, invoked after `since` (seconds since the epoch,
    by our clock). ProblemError: the list cannot be read to its end."""
    wanted = set(markers)
    found: dict[str, CommandFacts] = {}
    async for facts in commands_since(scope, since, priority=priority):
        if facts.marker in wanted:
            found[facts.marker] = facts
            if len(found) == len(wanted):
                break
    return found


async def commands_since(
    scope: Scope, since: float, *, priority: Priority
) -> AsyncGenerator[CommandFacts, None]:
    """All commands invoked after `since`, the latest first. ProblemError."""
    after = rfc3339(float(int(since - _SKEW)))
    params = {"Filters": [{"key": "InvokedAfter", "value": after}]}
    pages = scope.pages("ssm", "ListCommands", params, page_size=PAGE, priority=priority)
    try:
        async for page in pages:
            for fact in page.get("Commands") or ():
                yield command_facts(fact)
    finally:
        await pages.aclose()


async def one_command(scope: Scope, command_id: str, *, priority: Priority) -> CommandFacts | None:
    """One command by its id; None where the service does not (yet) list it. ProblemError."""
    answer = await scope.read("ssm", "ListCommands", {"CommandId": command_id}, priority=priority)
    listed = answer.get("Commands") or ()
    return command_facts(listed[0]) if listed else None


async def invocations(
    scope: Scope, command_id: str, *, status: str = "", priority: Priority
) -> AsyncGenerator[list[Invocation], None]:
    """The invocations of a command page by page, with the heads of their outputs; of one `status`
    (AWS's word) only, if it is named. ProblemError."""
    params: dict[str, Any] = {"CommandId": command_id, "Details": True}
    if status:
        params["Filters"] = [{"key": "Status", "value": status}]
    pages = scope.pages("ssm", "ListCommandInvocations", params, page_size=PAGE, priority=priority)
    try:
        async for page in pages:
            yield [invocation(fact) for fact in page.get("CommandInvocations") or ()]
    finally:
        await pages.aclose()


def _times(plugins: Iterable[Mapping[str, Any]], member: str) -> list[float]:
    return [plugin[member] for plugin in plugins if isinstance(plugin.get(member), float)]

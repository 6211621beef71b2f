"""A command, its invocations, and what each plugin did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ssmtui.simulator.commands.output import NOTHING, Kept
from ssmtui.simulator.commands.rate import allowed_errors
from ssmtui.simulator.commands.request import Request
from ssmtui.simulator.commands.statuses import CommandDetail, Detail
from ssmtui.simulator.documents.model import Step
from ssmtui.simulator.world.node import Node

if TYPE_CHECKING:
    from ssmtui.simulator.commands.rollout import Rollout


@dataclass(slots=True)
class PluginResult:
    """What one plugin of an invocation came to. Times are None as long as it has not begun, ended.

    `code` is its exit code, -1 until it has one.
    """

    name: str
    action: str
    detail: Detail = Detail.PENDING
    code: int = -1
    started: float | None = None
    finished: float | None = None
    stdout: Kept = NOTHING
    stderr: Kept = NOTHING


@dataclass(slots=True, eq=False)
class Invocation:
    """A command on one node. `stop` ends what it is doing, if it is doing anything."""

    command: Command
    id: str  # the node's
    node: Node | None  # None: there is no such node
    name: str  # the node's Name tag when the command was sent
    detail: Detail = Detail.PENDING
    plugins: Sequence[PluginResult] = ()
    delivered: bool = False
    stop: Callable[[], None] | None = None

    def position(self) -> str:
        """Its place in a list, which begins with the latest command."""
        return f"{self.command.position()} {self.id}"


@dataclass(eq=False)
class Command:
    """A command that was sent. Times are seconds since the epoch.

    `visible` is when the invocations begin to be seen. `counts` are those by detail.
    """

    id: str
    account: str
    region: str
    request: Request
    owner: str  # the ARN of who sent it
    requested: float
    steps: Sequence[Step] = ()
    visible: float = 0.0
    invocations: dict[str, Invocation] = field(default_factory=dict)
    counts: Counter[Detail] = field(default_factory=Counter)
    target_count: int = 0
    resolved: bool = False  # whether the targets have been looked up
    begun: bool = False  # whether anything has been sent to a node
    cancelled: bool = False
    stopped: bool = False  # too many errors, or an alarm
    triggered: str = ""  # how the alarm stood that stopped it: ALARM or UNKNOWN
    final: CommandDetail | None = None
    rollout: Rollout | None = field(default=None, repr=False)  # None: of the past

    def position(self) -> str:
        return f"{10**14 - round(self.requested * 1000):015d} {self.id}"

    def concerns(self, node_id: str) -> bool:
        """Whether it is for a node, as far as that is known by now."""
        return node_id in self.invocations or node_id in self.request.node_ids

    @property
    def document_name(self) -> str:
        return self.request.document.name

    @property
    def parameters(self) -> Mapping[str, Sequence[str]]:
        return self.request.parameters

    @property
    def expires(self) -> float:
        """When nothing of it goes on any more: delivery and execution timeouts together."""
        return self.requested + self.request.delivery_timeout + self.request.execution_timeout

    def s3_key(self, node_id: str, result: PluginResult, stream: str) -> str:
        """The key of a plugin's output in the command's bucket."""
        action = result.action.replace(":", "")
        step = f"0.{action}" if result.name == result.action else result.name
        parts = (self.request.s3_prefix.strip("/"), self.id, node_id, action, step, stream)
        return "/".join(part for part in parts if part)

    @property
    def completed(self) -> int:
        return sum(count for detail, count in self.counts.items() if detail.final)

    @property
    def errors(self) -> int:
        return sum(count for detail, count in self.counts.items() if detail.counts_as_error)

    @property
    def delivery_timeouts(self) -> int:
        return self.counts[Detail.DELIVERY_TIMED_OUT]

    @property
    def too_many_errors(self) -> bool:
        return self.errors > allowed_errors(self.request.max_errors, self.target_count)

    @property
    def done(self) -> bool:
        """Whether every invocation has come to its end."""
        return self.resolved and self.completed >= self.target_count

    @property
    def detail(self) -> CommandDetail:
        """How the command stands as a whole."""
        if self.final is not None:
            return self.final
        if not self.done:
            return self._open_detail()
        if not self.target_count:
            return CommandDetail.NO_INSTANCES_IN_TAG
        if self.too_many_errors:
            timed_out = self.counts[Detail.EXECUTION_TIMED_OUT]
            all_timed_out = timed_out == self.errors
            return CommandDetail.EXECUTION_TIMED_OUT if all_timed_out else CommandDetail.FAILED
        if self.cancelled or self.stopped:
            return CommandDetail.CANCELLED
        allowed = allowed_errors(self.request.max_errors, self.target_count)
        if self.delivery_timeouts > allowed:
            return CommandDetail.DELIVERY_TIMED_OUT
        return self._detail_without_many_errors()

    def _detail_without_many_errors(self) -> CommandDetail:
        """Some may have failed, yet not too many."""
        aside = sum(count for detail, count in self.counts.items() if detail.allows_success)
        if aside == self.target_count:
            return CommandDetail.FAILED
        whole = self.counts[Detail.SUCCESS] + aside == self.target_count
        return CommandDetail.SUCCESS if whole else CommandDetail.INCOMPLETE

    def _open_detail(self) -> CommandDetail:
        if self.cancelled:
            return CommandDetail.CANCELLING
        if not self.begun:
            return CommandDetail.PENDING
        moving = self.counts[Detail.IN_PROGRESS] or self.completed
        if self.counts[Detail.DELAYED] and not moving:
            return CommandDetail.DELAYED
        return CommandDetail.IN_PROGRESS

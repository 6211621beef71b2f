"""An invocation's row and its columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from ssmtui.core.columns import UNKNOWN, Column, Kind, Unknown, age
from ssmtui.core.keys import RowKey, ScopeKey
from ssmtui.core.secret_looking import masked
from ssmtui.resources.commands.marker import read_marker
from ssmtui.resources.commands.statuses import GOING_ON, STATUS, is_trouble, status_word
from ssmtui.resources.invocations.outputs import (
    Output,
    deciding,
    in_reading_order,
    step_output,
)
from ssmtui.resources.nodes.row import Text, Time
from ssmtui.resources.scope_columns import scope_columns

# Characters of the first line of an output.
_LONGEST = 500


class Invocation(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One command on one node.

    Times are seconds since the epoch. UNKNOWN is "not known"; None is "there is none". Field names
    are the column ids and the keys of the JSON. `name` is the node's, `title` what the command is
    called. `steps` are those of the document, in order. `said` is the first line of what it has
    printed, on stderr where it failed. It and `code` are of the step that decides (`outputs`).
    """

    account: str
    region: str
    command: str
    node: str
    name: Text = UNKNOWN
    status: Text = UNKNOWN
    details: Text = UNKNOWN
    code: int | Unknown | None = UNKNOWN
    requested: Time = UNKNOWN
    started: Time = None
    ended: Time = None
    duration: float | None = None
    document: Text = UNKNOWN
    title: Text = None
    said: Text = None
    cut: bool = False
    steps: tuple[str, ...] = ()
    output: Text = None

    @property
    def id(self) -> str:
        """There is one for a command and a node."""
        return f"{self.command}/{self.node}"

    @property
    def key(self) -> RowKey:
        return RowKey(self.account, self.region, self.id)

    @property
    def active(self) -> bool:
        """Whether it may still change."""
        return self.status in GOING_ON

    @property
    def board(self) -> float:
        """Its place in the list: the latest command first, and of one command what failed before
        what goes on, and that before the rest."""
        rank = 0 if is_trouble(self.status) else 1 if self.active else 2
        return rank / 1000 - (self.requested if isinstance(self.requested, float) else 0.0)

    @property
    def label(self) -> str:
        """What it is called in sentences: the command's title on the node."""
        what = next((word for word in (self.title, self.document) if isinstance(word, str)), "")
        where = self.name if isinstance(self.name, str) and self.name.strip() else self.node
        return f"{what or self.command} on {where}"


def from_answer(scope: ScopeKey, fact: Mapping[str, Any]) -> Invocation:
    """A row from a member of ListCommandInvocations' CommandInvocations, with details.

    https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_CommandInvocation.html
    """
    plugins: Sequence[Mapping[str, Any]] = fact.get("CommandPlugins") or ()
    begun = [plugin for plugin in plugins if plugin.get("Status") not in (None, "Pending")]
    outputs = [step_output(plugin) for plugin in begun]
    starts = _times(plugins, "ResponseStartDateTime")
    ends = _times(plugins, "ResponseFinishDateTime")
    started, ended = min(starts, default=None), max(ends, default=None)
    status = status_word(fact)
    step = deciding(outputs, failed=is_trouble(status))
    if status in GOING_ON:
        ended = None
    marked = read_marker(str(fact.get("Comment") or ""))
    title = marked.words if marked is not None else str(fact.get("Comment") or "")
    return Invocation(
        account=scope.account,
        region=scope.region,
        command=str(fact["CommandId"]),
        node=str(fact["InstanceId"]),
        name=fact.get("InstanceName") or UNKNOWN,
        status=status,
        details=fact.get("StatusDetails") or fact.get("Status") or UNKNOWN,
        code=None if step is None else step.code,
        requested=fact.get("RequestedDateTime"),
        started=started,
        ended=ended,
        duration=None if started is None or ended is None else max(0.0, ended - started),
        document=fact.get("DocumentName") or None,
        title=masked(title) or None,
        said=first_line(outputs, failed=is_trouble(status)),
        cut=any(output.stdout_cut or output.stderr_cut for output in outputs),
        steps=tuple(str(plugin.get("Name") or "") for plugin in plugins),
        output=_output_place(fact, plugins),
    )


def first_line(outputs: Sequence[Output], *, failed: bool) -> str | None:
    """The first line that says something, of the step that decides if that says anything: of stderr
    before stdout where it failed."""
    step = deciding(outputs, failed=failed)
    others = in_reading_order(outputs, failed=failed)
    for output in others if step is None else (step, *others):
        for text in (output.stderr, output.stdout) if failed else (output.stdout, output.stderr):
            for line in text.splitlines():
                if line.strip():
                    return masked(line.strip()[:_LONGEST])
    return None


def _output_place(fact: Mapping[str, Any], plugins: Sequence[Mapping[str, Any]]) -> str | None:
    urls = [fact.get("StandardOutputUrl"), *(plugin.get("StandardOutputUrl") for plugin in plugins)]
    document = str(fact.get("DocumentName") or "")
    url = next((url for url in urls if url), None)
    logs = fact.get("CloudWatchOutputConfig") or {}
    if url is None and logs.get("CloudWatchOutputEnabled"):
        return f"logs {logs.get('CloudWatchLogGroupName') or '/aws/ssm/' + document}"
    return url


def _times(plugins: Sequence[Mapping[str, Any]], member: str) -> list[float]:
    return [plugin[member] for plugin in plugins if isinstance(plugin.get(member), float)]


def is_problem(invocation: Invocation) -> bool:
    """Whether it wants attention (Ctrl-Z): it failed, or never ran."""
    return is_trouble(invocation.status)


COLUMNS: tuple[Column, ...] = (
    Column(
        "status",
        "STATUS",
        Kind.STATUS,
        11,
        "AWS's StatusDetails in one word: running, success, failed, timedout, undelivered ...",
        severities=STATUS,
    ),
    Column(
        "code",
        "EXIT",
        Kind.COUNT,
        4,
        "the exit code of the step that failed, else of the last that ran",
    ),
    Column("name", "NODE", Kind.TEXT, 20, "the node's name", least=12),
    *scope_columns(account=5, region=4),
    Column("requested", "WHEN", Kind.TIME, 5, "when the command was sent"),
    Column(
        "duration",
        "TOOK",
        Kind.COUNT,
        5,
        "how long it ran, in seconds",
        priority=4,
        draw=lambda value, _: age(value),
    ),
    Column(
        "said",
        "OUTPUT",
        Kind.TEXT,
        40,
        "the first line of its output (of stderr where it failed), secrets masked as far as seen",
        priority=3,
        least=16,
    ),
    Column("title", "COMMAND", Kind.TEXT, 18, "what the command is called", priority=5, least=10),
    Column("document", "DOCUMENT", Kind.TEXT, 22, "the document", priority=6, least=12),
    Column(
        "details", "DETAILS", Kind.TEXT, 18, "AWS's own word for the status", priority=8, wide=True
    ),
    Column("started", "STARTED", Kind.TIME, 7, "when it began there", priority=8, wide=True),
    Column("ended", "ENDED", Kind.TIME, 5, "when it came to its end", priority=8, wide=True),
    Column(
        "cut",
        "CUT",
        Kind.FLAG,
        4,
        "whether there was more output than the list holds",
        priority=9,
        wide=True,
    ),
    Column("steps", "STEPS", Kind.NAMES, 30, "the document's steps", priority=10, wide=True),
    Column("output", "PLACE", Kind.TEXT, 30, "where the whole output is", priority=10, wide=True),
    Column("node", "ID", Kind.TEXT, 19, "the node's id", priority=2, least=6, tail=True),
    Column(
        "command", "COMMAND ID", Kind.TEXT, 36, "the command's id", priority=9, least=8, tail=True
    ),
    Column(
        "board",
        "BOARD",
        Kind.COUNT,
        6,
        "the order of the list: the latest command, and its failures first",
        hidden=True,
    ),
)

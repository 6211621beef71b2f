"""A command's row and its columns."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from ssmtui.core.columns import UNKNOWN, Column, Kind, Unknown
from ssmtui.core.keys import RowKey, ScopeKey
from ssmtui.core.secret import MASK
from ssmtui.core.secret_looking import is_secret_name, masked
from ssmtui.resources.commands.marker import read_marker
from ssmtui.resources.commands.statuses import GOING_ON, STATUS, is_trouble, status_word
from ssmtui.resources.nodes.row import Text, Time
from ssmtui.resources.scope_columns import scope_columns

# A script of 65,000 characters in every row would be 300 MB of a busy month, and to look for
# secrets in all of a page of them would hold the screen.
_LONGEST = 1_000
_READ = 2_000

# The parameters that are what is run, of the documents that run something given.
_SCRIPTS = ("commands", "Commands")


class Origin(msgspec.Struct, frozen=True):
    """Of a rollout on our record: what it is called, and who has sent it."""

    title: str
    identity: str


class Command(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One command of the last 30 days, going on or over.

    Times are seconds since the epoch. UNKNOWN is "not known"; None is "there is none". Field names
    are the column ids and the keys of the JSON. `name` is what it is called: the rollout's title,
    else its comment. `who` has sent it, as far as our own records or CloudTrail say, and `mine`
    whether that is the identity in force. `node` are the nodes that it names; UNKNOWN where the
    service has resolved a tag or a group. Nothing in a row is a secret as it was given: parameters
    are masked where they look like one.
    """

    account: str
    region: str
    id: str
    status: Text = UNKNOWN
    details: Text = UNKNOWN
    requested: Time = UNKNOWN
    who: Text = UNKNOWN
    sender: Text = UNKNOWN
    mine: bool | Unknown = UNKNOWN
    document: Text = UNKNOWN
    version: Text = UNKNOWN
    name: Text = None
    rollout: Text = None
    what: Text = None
    parameters: Text = None
    on: Text = UNKNOWN
    node: tuple[str, ...] | Unknown = UNKNOWN
    targets: int | Unknown = UNKNOWN
    done: int | Unknown = UNKNOWN
    failed: int | Unknown = UNKNOWN
    undelivered: int | Unknown = UNKNOWN
    at_once: Text = None
    max_errors: Text = None
    expires: Time = None
    output: Text = None

    @property
    def key(self) -> RowKey:
        return RowKey(self.account, self.region, self.id)

    @property
    def active(self) -> bool:
        """Whether it may still change."""
        return self.status in GOING_ON

    @property
    def label(self) -> str:
        """What it is called in sentences."""
        for word in (self.name, self.document):
            if isinstance(word, str) and word:
                return word
        return self.id


class Sender(msgspec.Struct, frozen=True):
    """Who has sent a command: what they are called, and whether it is the identity in force."""

    name: str
    arn: str
    mine: bool


def from_answer(
    scope: ScopeKey,
    fact: Mapping[str, Any],
    *,
    origins: Mapping[str, Origin],
    sender: Sender | None = None,
    holding: str = "",
) -> Command:
    """A row from a member of ListCommands' Commands.

    `origins` are the rollouts on our record, `sender` what CloudTrail has said, `holding` a node
    that the command is known to be for.
    https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_Command.html
    """
    marked = read_marker(str(fact.get("Comment") or ""))
    origin = origins.get(marked.rollout) if marked is not None else None
    if marked is not None:
        title = origin.title if origin is not None else marked.words
        name = title or f"rollout {marked.rollout}"
    else:
        name = str(fact.get("Comment") or "")
    parameters = masked_parameters(fact.get("Parameters") or {}, at_most=_READ)
    nodes = named_nodes(fact)
    if holding and (nodes is UNKNOWN or holding not in nodes):
        nodes = (holding,) if nodes is UNKNOWN else (*nodes, holding)
    who: Text = UNKNOWN
    mine: bool | Unknown = UNKNOWN
    if sender is not None:
        who, mine = sender.name, sender.mine
    elif origin is not None:
        who, mine = origin.identity or UNKNOWN, True
    return Command(
        account=scope.account,
        region=scope.region,
        id=fact["CommandId"],
        status=status_word(fact),
        details=fact.get("StatusDetails") or fact.get("Status") or UNKNOWN,
        requested=fact.get("RequestedDateTime"),
        who=who,
        sender=sender.arn if sender is not None else UNKNOWN,
        mine=mine,
        document=fact.get("DocumentName") or None,
        version=fact.get("DocumentVersion") or None,
        name=masked(name) or None,
        rollout=marked.rollout if marked is not None else None,
        what=what_runs(parameters),
        parameters=_clipped(_in_one_line(parameters)),
        on=targets_in_words(fact, {}),
        node=nodes,
        targets=_count(fact, "TargetCount"),
        done=_count(fact, "CompletedCount"),
        failed=_count(fact, "ErrorCount"),
        undelivered=_count(fact, "DeliveryTimedOutCount"),
        at_once=fact.get("MaxConcurrency") or None,
        max_errors=fact.get("MaxErrors") or None,
        expires=fact.get("ExpiresAfter"),
        output=output_places(fact),
    )


def masked_parameters(
    parameters: Mapping[str, Sequence[str]], at_most: int | None = None
) -> dict[str, list[str]]:
    """A command's parameters, each in lines, with everything masked that looks like a secret or is
    called one; of each so many characters at most, to the end of a line or word."""
    shown = {}
    for name, values in parameters.items():
        if is_secret_name(name):
            shown[name] = [MASK] * len(values)
            continue
        # Line by line a key of several lines would not be seen.
        text = "\n".join(map(str, values))
        if at_most is not None and len(text) > at_most:
            # Half of a secret may look like none.
            text = re.sub(r"\S*\Z", "…", text[:at_most], count=1)
        shown[name] = masked(text).split("\n")
    return shown


def what_runs(parameters: Mapping[str, Sequence[str]]) -> str | None:
    """The first line of a script, and how many follow; of other documents their parameters."""
    for name in _SCRIPTS:
        lines = [line for text in parameters.get(name, ()) for line in text.split("\n")]
        shown = [line for line in lines if line.strip() and not line.startswith("#!")]
        if shown:
            more = len(shown) - 1
            count = f" (+{more} line{'s' if more > 1 else ''})" if more else ""
            return _clipped(shown[0].strip()) + count
    return _clipped(_in_one_line(parameters)) or None


def named_nodes(fact: Mapping[str, Any]) -> tuple[str, ...] | Unknown:
    """The ids of the nodes that a command names; UNKNOWN where the service has found them."""
    targets = fact.get("Targets") or ()
    if any(target.get("Key") != "InstanceIds" for target in targets):
        return UNKNOWN
    ids = [*(fact.get("InstanceIds") or ())]
    ids += [each for target in targets for each in target.get("Values") or ()]
    # "*" as the value of InstanceIds is every node.
    return tuple(ids) if ids and "*" not in ids else UNKNOWN


def targets_in_words(fact: Mapping[str, Any], names: Mapping[str, str]) -> Text:
    """What a command is for: nodes by name, folded, where `names` knows them; tags; a group."""
    nodes = named_nodes(fact)
    if isinstance(nodes, tuple):
        return _nodes_in_words(nodes, names)
    words = []
    for target in fact.get("Targets") or ():
        key, values = str(target.get("Key") or ""), ",".join(target.get("Values") or ())
        if key == "resource-groups:Name":
            words.append(f"group {values}")
        elif key == "InstanceIds":
            words.append("every node" if values == "*" else values)
        else:
            words.append(f"{key.removeprefix('tag:')}={values}" if values else key)
    return " ".join(words) or UNKNOWN


def _nodes_in_words(nodes: Sequence[str], names: Mapping[str, str]) -> str:
    known = [names[node] for node in nodes if node in names]
    if not known:
        return nodes[0] if len(nodes) == 1 else f"{len(nodes)} nodes"
    from ssmtui.core.folding import fold

    folded = _clipped(str(fold(known)))
    more = len(nodes) - len(known)
    return f"{folded} and {more} more" if more else folded


def output_places(fact: Mapping[str, Any]) -> str | None:
    """Where whole outputs go: a place in S3, a group of logs."""
    places = []
    if bucket := fact.get("OutputS3BucketName"):
        prefix = fact.get("OutputS3KeyPrefix")
        places.append(f"s3://{bucket}/{prefix}" if prefix else f"s3://{bucket}")
    logs = fact.get("CloudWatchOutputConfig") or {}
    if logs.get("CloudWatchOutputEnabled"):
        group = logs.get("CloudWatchLogGroupName") or f"/aws/ssm/{fact.get('DocumentName')}"
        places.append(f"logs {group}")
    return " ".join(places) or None


def is_problem(command: Command) -> bool:
    """Whether a command wants attention (Ctrl-Z): it failed, or did not reach all of its nodes."""
    if is_trouble(command.status):
        return True
    counts = (command.failed, command.undelivered)
    return any(isinstance(count, int) and count > 0 for count in counts)


def _count(fact: Mapping[str, Any], member: str) -> int | Unknown:
    count = fact.get(member)
    return count if isinstance(count, int) else UNKNOWN


def _in_one_line(parameters: Mapping[str, Sequence[str]]) -> str:
    return " ".join(f"{name}={'; '.join(values)}" for name, values in sorted(parameters.items()))


def _clipped(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _progress(value: Any, row: Any) -> str:
    """How many of how many while it goes on, else how many."""
    return f"{row.done:,}/{value:,}" if row.active and isinstance(row.done, int) else f"{value:,}"


def _some(value: Any, _: Any) -> str:
    """A count that is only worth a digit where there is one."""
    return f"{value:,}" if value else "-"


COLUMNS: tuple[Column, ...] = (
    Column(
        "status",
        "STATUS",
        Kind.STATUS,
        11,
        "AWS's StatusDetails in one word: running, success, failed, timedout, undelivered ...",
        severities=STATUS,
    ),
    Column("requested", "WHEN", Kind.TIME, 5, "when it was sent"),
    Column(
        "who",
        "WHO",
        Kind.TEXT,
        12,
        "who sent it: from our own record, or from CloudTrail once it was asked (`w`)",
        priority=3,
        least=7,
    ),
    Column(
        "mine",
        "MINE",
        Kind.FLAG,
        4,
        "whether the identity in force has sent it, where that is known",
        priority=9,
        wide=True,
    ),
    *scope_columns(account=5, region=4),
    Column(
        "name",
        "NAME",
        Kind.TEXT,
        20,
        "the rollout's title, else the comment; what looks like a secret is masked",
        priority=1,
        least=12,
    ),
    Column("document", "DOCUMENT", Kind.TEXT, 22, "the document", least=14),
    Column(
        "what",
        "WHAT",
        Kind.TEXT,
        24,
        "the script's first line, else the parameters; what looks like a secret is masked",
        priority=6,
        least=12,
    ),
    Column("on", "ON", Kind.TEXT, 18, "the nodes, tags or group it is for", priority=7, least=10),
    Column(
        "targets",
        "NODES",
        Kind.COUNT,
        5,
        "how many nodes it is for; while it goes on, behind how many have come to an end",
        priority=2,
        draw=_progress,
    ),
    Column(
        "done",
        "DONE",
        Kind.COUNT,
        5,
        "on how many it has come to an end",
        priority=8,
        wide=True,
    ),
    Column(
        "failed",
        "FAIL",
        Kind.COUNT,
        4,
        "on how many it failed or ran out of time",
        draw=_some,
    ),
    Column(
        "undelivered",
        "LATE",
        Kind.COUNT,
        4,
        "how many it could not be delivered to in time",
        priority=8,
        draw=_some,
    ),
    Column("details", "DETAILS", Kind.TEXT, 18, "AWS's own word for the status", wide=True),
    Column("at_once", "AT ONCE", Kind.TEXT, 7, "MaxConcurrency", priority=10, wide=True),
    Column("max_errors", "MAX ERR", Kind.TEXT, 7, "MaxErrors", priority=10, wide=True),
    Column(
        "expires",
        "EXPIRES",
        Kind.TIME,
        7,
        "when what has not ended by then counts as timed out",
        priority=10,
        wide=True,
    ),
    Column("rollout", "ROLLOUT", Kind.TEXT, 8, "the id of its rollout", priority=10, wide=True),
    Column("version", "VERSION", Kind.TEXT, 8, "the document's version", priority=11, wide=True),
    Column(
        "parameters",
        "PARAMETERS",
        Kind.TEXT,
        40,
        "all parameters; what looks like a secret is masked",
        priority=11,
        wide=True,
    ),
    Column("output", "OUTPUT", Kind.TEXT, 30, "where whole outputs go", priority=11, wide=True),
    Column(
        "node",
        "NODE",
        Kind.NAMES,
        19,
        "the ids of the nodes it names; for one of them the service is asked for its own history",
        priority=12,
        wide=True,
    ),
    Column("sender", "ARN", Kind.TEXT, 60, "its sender's ARN", hidden=True),
    Column("id", "ID", Kind.TEXT, 36, "the command's id", priority=9, least=8, tail=True),
)

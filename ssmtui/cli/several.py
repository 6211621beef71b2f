"""From names or an expression on the command line to several nodes, and what they run on."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from ssmtui.cli.finding import UNREACHABLE, Ask, NotFoundError, find_node
from ssmtui.cli.run import ANSWER_IS_NO, PARTIAL, say, say_problems
from ssmtui.core.keys import RowKey
from ssmtui.core.problem import Problem, ProblemError, ProblemKind
from ssmtui.core.text import plain

if TYPE_CHECKING:
    from ssmtui.aws.scope import Scope
    from ssmtui.core.query import Query
    from ssmtui.resources.memory import Memory


class Meant(NamedTuple):
    """A node that was meant. `platform` is linux, windows or macos."""

    scope: Scope
    key: RowKey
    name: str | None
    platform: str


async def named_nodes(
    scopes: Sequence[Scope],
    memory: Memory,
    names: Sequence[str],
    problems: Sequence[Problem],
    *,
    ask: Ask | None = None,
) -> list[Meant]:
    """The nodes of exact names and ids, each once. Raises NotFoundError as `find_node` does.

    ProblemError for one whose platform the service does not tell.
    """
    meant: dict[RowKey, Meant] = {}
    for name in names:
        scope, found = await find_node(scopes, memory, name, problems, ask=ask, exact=True)
        if found.key not in meant:
            platform = await platform_of(scope, found.key)
            meant[found.key] = Meant(scope, found.key, found.name, platform)
    return list(meant.values())


async def matching_nodes(
    scopes: Sequence[Scope], query: Query, problems: Sequence[Problem]
) -> list[Meant]:
    """The managed nodes that match, read now.

    A list that is not whole, or a node that may match and may not, is refused: NotFoundError with
    PARTIAL. Nobody at all is one with ANSWER_IS_NO.
    """
    from ssmtui.cli.listing import list_once
    from ssmtui.core.haystack import haystack_of
    from ssmtui.resources.nodes import nodes

    resource = nodes()
    listed = await list_once(resource, scopes)
    # Of machines without an agent little is known, and they cannot be meant.
    rows: list[Any] = [row for row in listed.rows.values() if is_managed(row)]
    texts = [haystack_of(resource.columns)(row) for row in rows] if query.words else None
    lowers = [text.lower() for text in texts] if texts is not None else None
    answers = query.matches(rows, texts, lowers, now=time.time())
    trouble = [*problems, *listed.problems]
    if trouble or (unknown := answers.count(None)):
        say_problems(trouble)
        if not trouble:
            say(f"{unknown:,} nodes could not be judged: what the expression asks is not known")
        say("who is meant is not known for certain, so nothing was opened")
        raise NotFoundError(PARTIAL)
    by_key = {scope.key: scope for scope in scopes}
    meant = [
        Meant(by_key[row.key.scope], row.key, _text(row.name), _text(row.platform) or "")
        for row, answer in zip(rows, answers, strict=True)
        if answer and _text(row.platform) and _text(row.ping)
    ]
    if not meant:
        say("no managed node matches")
        raise NotFoundError(ANSWER_IS_NO)
    return sorted(meant, key=lambda node: (node.name or "", node.key))


def is_managed(row: Any) -> bool:
    """Whether Systems Manager is known to list it: of what is stopped it alone knows the agent."""
    ping = _text(row.ping)
    return ping not in UNREACHABLE and (ping != "stopped" or _text(row.agent) is not None)


async def platform_of(scope: Scope, key: RowKey) -> str:
    """A node's platform: linux, windows or macos. ProblemError if the service has none."""
    filters = [{"Key": "InstanceIds", "Values": [key.id]}]
    params = {"Filters": filters}
    try:
        answer = await scope.read("ssm", "DescribeInstanceInformation", params)
    except ProblemError as error:
        if error.problem.code != "InvalidInstanceId":
            raise
        answer = {}
    for node in answer.get("InstanceInformationList") or ():
        if node.platform_type:
            return str(node.platform_type).lower()
    what = f"{plain(key.id)} has no managed agent, or is stopped"
    raise ProblemError(
        Problem(ProblemKind.SERVICE, what, f"See why with: ssmtui why {plain(key.id)}")
    )


def labels(meant: Sequence[Meant]) -> list[str]:
    """What to call each of them: its name, with its id where names are not enough; safe to show."""
    names = Counter(node.name for node in meant)
    return [
        plain(node.key.id if not node.name else _full(node, names[node.name])) for node in meant
    ]


def _full(node: Meant, namesakes: int) -> str:
    return f"{node.name}/{node.key.id}" if namesakes > 1 else str(node.name)


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None

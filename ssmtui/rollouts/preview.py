"""What a rollout would touch, asked before anything is sent."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import msgspec

from ssmtui.aws.decode import ec2_instances
from ssmtui.aws.scope import Priority, Scope
from ssmtui.core.columns import UNKNOWN, Unknown
from ssmtui.core.keys import RowKey, ScopeKey
from ssmtui.core.problem import Problem, ProblemError
from ssmtui.core.secret_looking import looks_secret
from ssmtui.core.text import plain
from ssmtui.resources.documents.document import Document
from ssmtui.resources.nodes.join import PING_WORDS
from ssmtui.rollouts.commands import PAGE
from ssmtui.rollouts.spec import CommandSpec
from ssmtui.rollouts.targets import Frozen, Target

# So many pages of invocations in progress are read in a scope; beyond, "at least" is said.
_MOST_PAGES: Final = 20
_IDS_OF_SSM: Final = 50  # DescribeInstanceInformation's page is no larger
_IDS_OF_EC2: Final = 200  # values of one filter of EC2


class Place(msgspec.Struct, frozen=True):
    """One scope of a rollout: its short name and how many nodes there."""

    scope: ScopeKey
    name: str
    nodes: int
    production: bool


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """What would be touched. `total` is None where only the service knows.

    `unsupported` are nodes on whose platform the document does not run, `offline` those that are
    not online, `busy` those on which commands are in progress, with how many. `busy_partial` says
    that there may be more. `warnings` are sentences; `problems` is what could not be asked.
    """

    total: int | None
    rate: str
    places: tuple[Place, ...]
    unsupported: tuple[Target, ...] = ()
    offline: tuple[Target, ...] = ()
    busy: Mapping[RowKey, int] = {}
    busy_partial: bool = False
    warnings: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


class Fresh(msgspec.Struct, frozen=True):
    """What was read again of one node. `ping` is "" for one that Systems Manager does not list
    (stopped, terminated, deregistered); tags are UNKNOWN where nobody could be asked."""

    ping: str
    tags: Mapping[str, str] | Unknown


async def preview(
    command: CommandSpec, scopes: Sequence[Scope], document: Document | None = None
) -> Preview:
    """Look at what a command would touch; trouble is part of the answer, never raised."""
    by_key = {scope.key: scope for scope in scopes}
    targets = command.targets
    nodes = targets.nodes if isinstance(targets, Frozen) else ()
    counts = Counter(node.scope for node in nodes)
    asked = [by_key[key] for key in targets.scopes if key in by_key]
    said = await asyncio.gather(*(_in_progress(scope) for scope in asked))
    busy: Counter[RowKey] = Counter()
    for each in said:
        busy.update(each.nodes)
    chosen = {node.key for node in nodes}
    return Preview(
        total=command.total,
        rate=command.rate,
        places=tuple(
            Place(
                key,
                plain(by_key[key].name) if key in by_key else str(key),
                counts[key],
                key in by_key and by_key[key].production,
            )
            for key in targets.scopes
        ),
        unsupported=tuple(
            node
            for node in nodes
            if document and node.platform and not document.runs_on(node.platform)
        ),
        offline=tuple(node for node in nodes if node.ping and node.ping != "online"),
        busy={key: count for key, count in busy.items() if not nodes or key in chosen},
        busy_partial=any(each.partial for each in said),
        warnings=tuple(warnings(command)),
        problems=tuple(each.problem for each in said if each.problem is not None),
    )


def warnings(command: CommandSpec) -> list[str]:
    """What speaks against a command as it is: sentences without a full stop."""
    found = []
    for name, values in command.parameters.items():
        text = "\n".join(values)
        if looks_secret(text):
            found.append(
                f"{plain(name)} looks as if it held a secret: whoever may list commands can read "
                f"it for 30 days"
            )
        if "{{ssm-secure:" in text.replace(" ", ""):
            found.append(f"{plain(name)}: Run Command does not resolve SecureString parameters")
    if not isinstance(command.targets, Frozen):
        found.append("The service resolves these targets when the call arrives, not this list")
    return found


async def read_again(
    scopes: Sequence[Scope], keys: Iterable[RowKey]
) -> tuple[dict[RowKey, Fresh], tuple[Problem, ...]]:
    """Pings and tags of nodes as they are now, for the confirmation, and what could not be read.

    Nodes of scopes that could not be asked are left out of the answer.
    """
    by_scope: dict[ScopeKey, list[str]] = {}
    for key in keys:
        by_scope.setdefault(key.scope, []).append(key.id)
    by_key = {scope.key: scope for scope in scopes}
    asked = [(by_key[key], ids) for key, ids in by_scope.items() if key in by_key]
    said = await asyncio.gather(*(_read_scope(scope, ids) for scope, ids in asked))
    fresh: dict[RowKey, Fresh] = {}
    problems: list[Problem] = []
    for (scope, _), (found, trouble) in zip(asked, said, strict=True):
        fresh.update((RowKey(*scope.key, node_id), each) for node_id, each in found.items())
        problems += trouble
    return fresh, tuple(problems)


class _Busy(msgspec.Struct):
    nodes: Counter[RowKey]
    partial: bool = False
    problem: Problem | None = None


async def _in_progress(scope: Scope) -> _Busy:
    """How many commands are in progress on which nodes of a scope."""
    busy = _Busy(Counter())
    params = {"Filters": [{"key": "Status", "value": "InProgress"}]}
    pages = scope.pages(
        "ssm",
        "ListCommandInvocations",
        params,
        page_size=PAGE,
        priority=Priority.FOREGROUND,
    )
    number = 0
    try:
        async for page in pages:
            number += 1
            busy.nodes.update(
                RowKey(*scope.key, str(fact.get("InstanceId")))
                for fact in page.get("CommandInvocations") or ()
            )
            if number >= _MOST_PAGES and page.get("NextToken"):
                busy.partial = True
                break
    except ProblemError as error:
        busy.problem, busy.partial = error.problem, True
    finally:
        await pages.aclose()
    return busy


async def _read_scope(scope: Scope, ids: Sequence[str]) -> tuple[dict[str, Fresh], list[Problem]]:
    pings, tags = await asyncio.gather(
        _pings(scope, ids), _tags(scope, [each for each in ids if each.startswith("i-")])
    )
    problems = [each for each in (pings, tags) if isinstance(each, Problem)]
    if isinstance(pings, Problem):
        return {}, problems
    known = {} if isinstance(tags, Problem) else tags
    return {each: Fresh(pings.get(each, ""), known.get(each, UNKNOWN)) for each in ids}, problems


async def _pings(scope: Scope, ids: Sequence[str]) -> dict[str, str] | Problem:
    async def some(some_ids: Sequence[str]) -> list[tuple[str, str]]:
        params = {"Filters": [{"Key": "InstanceIds", "Values": list(some_ids)}]}
        found = []
        pages = scope.pages("ssm", "DescribeInstanceInformation", params, page_size=_IDS_OF_SSM)
        async for page in pages:
            found += [
                (row.instance_id, _ping(row.ping_status))
                for row in page.get("InstanceInformationList") or ()
            ]
        return found

    async def careful(some_ids: Sequence[str]) -> list[tuple[str, str]]:
        """One id that is not (any more) managed spoils the whole question: halve it then."""
        try:
            return await some(some_ids)
        except ProblemError as error:
            if error.problem.code != "InvalidInstanceId":
                raise
        if len(some_ids) == 1:
            return []
        middle = len(some_ids) // 2
        first, second = await asyncio.gather(careful(some_ids[:middle]), careful(some_ids[middle:]))
        return [*first, *second]

    try:
        said = await asyncio.gather(*(careful(piece) for piece in _pieces(ids, _IDS_OF_SSM)))
    except ProblemError as error:
        return error.problem
    return dict(pair for piece in said for pair in piece)


async def _tags(scope: Scope, ids: Sequence[str]) -> dict[str, Mapping[str, str]] | Problem:
    async def some(some_ids: Sequence[str]) -> list[tuple[str, Mapping[str, str]]]:
        # A filter, as unknown InstanceIds would fail the whole call.
        params = {"Filters": [{"Name": "instance-id", "Values": list(some_ids)}]}
        found: list[tuple[str, Mapping[str, str]]] = []
        async for page in scope.pages("ec2", "DescribeInstances", params, page_size=_IDS_OF_EC2):
            found += [(row.instance_id, row.tags) for row in ec2_instances(page)]
        return found

    try:
        said = await asyncio.gather(*(some(piece) for piece in _pieces(ids, _IDS_OF_EC2)))
    except ProblemError as error:
        return error.problem
    return dict(pair for piece in said for pair in piece)


def _ping(status: str | None) -> str:
    return PING_WORDS.get(status or "") or (status or "").lower()


def _pieces(ids: Sequence[str], size: int) -> list[Sequence[str]]:
    return [ids[at : at + size] for at in range(0, len(ids), size)]

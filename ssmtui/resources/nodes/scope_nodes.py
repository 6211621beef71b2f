"""The nodes of one scope: SSM's list first, EC2's facts and hybrid tags joined as they come."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import aclosing
from enum import Enum
from typing import Any

import msgspec

from ssmtui.aws.ec2 import Ec2Instance, ec2_instances
from ssmtui.aws.scope import Priority, Scope
from ssmtui.aws.texts import shared_tags
from ssmtui.core.columns import UNKNOWN, Unknown, version_key
from ssmtui.core.keys import RowKey
from ssmtui.core.problem import Problem, ProblemError, ProblemKind
from ssmtui.core.shards import Shards
from ssmtui.core.tasks import read_ahead
from ssmtui.core.turns import give_way
from ssmtui.resources.base import Finished, Lacking, Progress
from ssmtui.resources.merging import Emit
from ssmtui.resources.nodes import EC2, NODES, SESSIONS, TAGS, join
from ssmtui.resources.nodes.known_nodes import KnownNodes
from ssmtui.resources.nodes.row import Node

# Heartbeats come every 5 minutes, and tags, types and addresses change seldom: what costs a
# call for every 300 instances is read that often, the cheap list of nodes at every refresh.
SLOW_SECONDS = 300.0

# SSM's two lists of nodes, in the order in which they are tried, with their largest pages. The
# starter policies of AWS allow one or the other, seldom both.
SOURCES = (
    ("DescribeInstanceProperties", "InstanceProperties", 1000, join.from_property),
    ("DescribeInstanceInformation", "InstanceInformationList", 50, join.from_information),
)
EC2_PAGE = 300
TAGS_PAGE = 100
SESSIONS_PAGE = 200
# Instances that came before the nodes are told apart, and forgotten, so many at a time.
EARLY = 1000


class Listed(Enum):
    """How far SSM's own list is in this refresh."""

    PENDING = "pending"
    WHOLE = "whole"
    FAILED = "failed"


class ScopeNodes:
    """The nodes of one scope, and what one refresh must remember for the next."""

    def __init__(
        self, scope: Scope, lost_since: Mapping[RowKey, float], clock: Callable[[], float]
    ) -> None:
        self._scope = scope
        self._clock = clock
        self._rows = KnownNodes(scope.key, lost_since)
        # Of SSM's last whole list: the ids, and which listing found them.
        self._managed: Shards[str, int] = Shards()
        self._listing = 0
        self._instances: Shards[str, None] | None = None  # the ids of EC2's last whole list
        self._source = 0
        # What the list in use never holds, if it is the one without nodes that are down.
        self._lacking: Problem | None = None
        self._ec2_due = self._tags_due = clock()
        self._may_list_sessions = self._may_address = True
        # Of the refresh under way:
        self._listed = Listed.PENDING
        self._instances_are_new = False
        self._early: list[Ec2Instance] = []  # EC2 was faster than SSM: who is managed is not known

    async def refresh(self, emit: Emit, priority: Priority, full: bool) -> None:
        """One pass over the scope's sources. Trouble with AWS is emitted, never raised."""
        self._listed = Listed.PENDING
        self._instances_are_new = False
        self._rows.forget_sessions()
        if full:
            self._source = 0  # a permission may have been given since
        now = self._clock()
        async with asyncio.TaskGroup() as group:
            if full or self._may_list_sessions:
                group.create_task(self._stage(SESSIONS, self._list_sessions(emit, priority), emit))
            else:
                await emit(Finished(self._scope.key, SESSIONS))
            early = full or now >= self._ec2_due or await self._lacks_instances()
            if early:
                group.create_task(self._stage(EC2, self._list_instances(emit, priority), emit))
            await self._stage(NODES, self._list_nodes(emit, priority), emit)
            if not early and await self._lacks_instances():
                group.create_task(self._stage(EC2, self._list_instances(emit, priority), emit))
            hybrids = await self._hybrids()
            if not hybrids:
                await emit(Finished(self._scope.key, TAGS))
            elif full or now >= self._tags_due or any(node.tags is UNKNOWN for node in hybrids):
                group.create_task(self._stage(TAGS, self._list_tags(emit, priority), emit))
            new = self._may_address and any(node.address is UNKNOWN for node in hybrids)
            # The other source tells addresses by itself.
            if hybrids and not self._source and (full or new):
                group.create_task(self._list_addresses(emit, priority))
        await self._sweep(emit)

    async def _stage(self, stage: str, work: Awaitable[None], emit: Emit) -> None:
        problem: Problem | None = None
        try:
            await work
        except ProblemError as error:
            problem = error.problem
        await emit(Finished(self._scope.key, stage, problem))

    # --- SSM's list

    async def _list_nodes(self, emit: Emit, priority: Priority) -> None:
        try:
            await self._list_from_either(emit, priority)
            for part in self._managed.parts():
                for row_id, listing in part.items():
                    if listing != self._listing:
                        del self._managed[row_id]
                await give_way()
            self._listed = Listed.WHOLE
            if self._lacking is not None:
                await emit(Lacking(self._scope.key, self._lacking))
        except ProblemError:
            self._listed = Listed.FAILED
            raise
        finally:
            early, self._early = self._early, []
            if self._listed is not Listed.PENDING:
                while early:
                    await self._join_instances(early[:EARLY], emit)
                    del early[:EARLY]

    async def _list_from_either(self, emit: Emit, priority: Priority) -> None:
        """List from the source that worked last; where it is denied, from the other one."""
        try:
            await self._list_from(self._source, emit, priority)
            if not self._source:
                self._lacking = None
            return
        except ProblemError as error:
            if error.problem.kind is not ProblemKind.DENIED:
                raise
            denied = error.problem
        try:
            await self._list_from(1 - self._source, emit, priority)
        except ProblemError as error:
            if error.problem.kind is not ProblemKind.DENIED:
                raise
            either = f"ssm:{SOURCES[0][0]} or ssm:{SOURCES[1][0]}"
            what = f"Nodes may not be listed in {self._scope.place}"
            remedy = f"Ask for a policy with {either}"
            raise ProblemError(msgspec.structs.replace(denied, what=what, remedy=remedy)) from error
        self._source = 1 - self._source
        self._lacking = self._without_downs(denied) if self._source else None

    def _without_downs(self, denied: Problem) -> Problem:
        """What is missing where the first source is denied and the second one is not."""
        missing = "terminated nodes, and of stopped ones all but EC2's facts"
        what = f"The list of {self._scope.place} lacks {missing}"
        remedy = f"Ask for a policy with ssm:{SOURCES[0][0]}"
        return msgspec.structs.replace(denied, what=what, remedy=remedy)

    async def _list_from(self, source: int, emit: Emit, priority: Priority) -> None:
        operation, result, size, make = SOURCES[source]
        self._listing += 1
        listed = 0
        pages = self._scope.pages("ssm", operation, page_size=size, priority=priority)
        # A page of 1,000 takes a quarter as long to work on as the way to the next one.
        async with aclosing(read_ahead(pages)) as coming:
            async for page in coming:
                facts = page.get(result) or ()
                made = (make(self._scope.key, of, self._rows.get(of.instance_id)) for of in facts)
                await self._rows.put(made, emit)
                await give_way()
                found = (self._rows.own_id(fact.instance_id) for fact in facts)
                self._managed.update((row_id, self._listing) for row_id in found)
                listed += len(facts)
                await emit(Progress(self._scope.key, NODES, listed))

    async def newest_agents(self) -> dict[str, str]:
        """The newest agent version of each platform."""
        seen: set[tuple[str, str]] = set()
        async for nodes in self._rows.every():
            seen.update(
                (node.platform, node.agent)
                for node in nodes
                if isinstance(node.platform, str) and isinstance(node.agent, str)
            )
        return dict(sorted(seen, key=lambda pair: version_key(pair[1])))

    async def judge_agents(self, newest: Mapping[str, str], emit: Emit) -> None:
        """Fill `agent_latest` where the list in use does not tell it."""
        if SOURCES[self._source][0] == "DescribeInstanceProperties":
            async for nodes in self._rows.every():
                managed = (node for node in nodes if node.id in self._managed)
                await self._rows.put((join.judge_agent(node, newest) for node in managed), emit)

    # --- EC2's facts

    async def _list_instances(self, emit: Emit, priority: Priority) -> None:
        seen: Shards[str, None] = Shards()
        pages = self._scope.pages("ec2", "DescribeInstances", page_size=EC2_PAGE, priority=priority)
        async with aclosing(read_ahead(pages)) as coming:
            async for page in coming:
                facts = list(ec2_instances(page))
                await self._join_instances(facts, emit)
                await give_way()
                seen.update((self._rows.own_id(fact.instance_id), None) for fact in facts)
                await emit(Progress(self._scope.key, EC2, len(seen)))
        self._instances = seen
        self._instances_are_new = True
        self._ec2_due = self._clock() + SLOW_SECONDS

    async def _join_instances(self, facts: Iterable[Ec2Instance], emit: Emit) -> None:
        known, unmanaged = [], []
        for fact in facts:
            hidden = fact.instance_id in self._rows and self._is_hidden(fact.state)
            if hidden or fact.instance_id in self._managed:
                known.append(fact)
            elif self._listed is Listed.PENDING:
                self._early.append(fact)
            else:
                unmanaged.append(fact)
        await self._rows.put(
            (join.with_instance(self._rows[fact.instance_id], fact) for fact in known), emit
        )
        await self._rows.put((self._from_instance(fact) for fact in unmanaged), emit)

    def _from_instance(self, fact: Ec2Instance) -> Node:
        whole = self._listed is Listed.WHOLE and not self._is_hidden(fact.state)
        return join.from_instance(self._scope.key, fact, managed=False if whole else UNKNOWN)

    def _is_hidden(self, state: str | Unknown | None) -> bool:
        """Whether SSM's list lacks instances in that state, managed or not."""
        return self._lacking is not None and state in join.DOWN_STATES

    async def _lacks_instances(self) -> bool:
        """Whether EC2's list is too old: an instance came up since, whose tags are therefore not
        known, or one has left a list in which those that are down are not."""
        if self._instances is None:
            return False
        async for nodes in self._rows.every():
            if any(
                node.kind == "ec2" and (node.tags is UNKNOWN or self._may_be_down(node))
                for node in nodes
            ):
                return True
        return False

    def _may_be_down(self, node: Node) -> bool:
        return (
            self._lacking is not None
            and node.id not in self._managed
            and isinstance(node.agent, str)
            and node.ping not in join.DOWN_WORDS
        )

    # --- the tags of nodes that are not EC2's

    async def _hybrids(self) -> list[Node]:
        managed = self._managed
        return [
            node
            async for nodes in self._rows.every()
            for node in nodes
            if node.kind != "ec2" and node.id in managed
        ]

    async def _rows_of_hybrids(self) -> Iterator[Node]:
        """Each row as it is when its turn comes: other stages go on replacing them."""
        ids = [node.id for node in await self._hybrids()]
        return (row for row_id in ids if (row := self._rows.get(row_id)) is not None)

    async def _list_tags(self, emit: Emit, priority: Priority) -> None:
        tags: dict[str, dict[str, str]] = {}
        pages = self._scope.pages(
            "resourcegroupstaggingapi",
            "GetResources",
            {"ResourceTypeFilters": ["ssm:managed-instance"]},
            page_size=TAGS_PAGE,
            priority=priority,
        )
        async for page in pages:
            for resource in page.get("ResourceTagMappingList") or ():
                node_id = resource["ResourceARN"].rsplit("/", 1)[-1]
                tags[node_id] = shared_tags(
                    (tag["Key"], tag["Value"]) for tag in resource.get("Tags") or ()
                )
            await emit(Progress(self._scope.key, TAGS, len(tags)))
        # Only the whole list says of a node that it has no tags.
        hybrids = await self._rows_of_hybrids()
        await self._rows.put((join.with_tags(row, tags.get(row.id, {})) for row in hybrids), emit)
        self._tags_due = self._clock() + SLOW_SECONDS

    async def _list_addresses(self, emit: Emit, priority: Priority) -> None:
        """Fill the addresses of hybrid nodes, which only the narrower of SSM's two lists tells.

        Where it cannot be read they stay unknown, which is no trouble of the list. They are read
        for nodes that are new, or with everything, as 50 a page are many calls.
        """
        operation, result, size, _ = SOURCES[1]
        only = {"Filters": [{"Key": "ResourceType", "Values": ["ManagedInstance"]}]}
        found: dict[str, str] = {}
        pages = self._scope.pages("ssm", operation, only, page_size=size, priority=priority)
        try:
            async for page in pages:
                for fact in page.get(result) or ():
                    found[fact.instance_id] = fact.ip_address
        except ProblemError as error:
            self._may_address = error.problem.kind is not ProblemKind.DENIED
            return
        self._may_address = True
        filled = (
            msgspec.structs.replace(row, address=found.get(row.id) or None)
            for row in await self._rows_of_hybrids()
        )
        await self._rows.put(filled, emit)

    # --- the sessions on the nodes

    async def _list_sessions(self, emit: Emit, priority: Priority) -> None:
        """List what goes on in the whole scope, and count it on the nodes.

        Who may look at nodes need not be allowed to look at sessions: then their number stays
        unknown, which is no trouble of the list, and is not asked again until everything is.
        """
        facts: list[Mapping[str, Any]] = []
        pages = self._scope.pages(
            "ssm",
            "DescribeSessions",
            {"State": "Active"},
            page_size=SESSIONS_PAGE,
            priority=priority,
        )
        try:
            async for page in pages:
                facts += page.get("Sessions") or ()
                await emit(Progress(self._scope.key, SESSIONS, len(facts)))
        except ProblemError as error:
            if error.problem.kind is not ProblemKind.DENIED:
                raise
            self._may_list_sessions = False
            return
        self._may_list_sessions = True
        await self._rows.put_sessions(join.open_sessions(facts), emit)

    # --- the end of a refresh

    async def _sweep(self, emit: Emit) -> None:
        """Settle what only whole lists can tell: who is gone, who is no longer managed."""
        if self._listed is not Listed.WHOLE:
            return
        instances = self._instances
        gone: list[RowKey] = []
        changed: list[Node] = []
        async for nodes in self._rows.every():
            for node in nodes:
                if node.id not in self._managed:
                    if instances is None or node.id not in instances:
                        gone.append(node.key)
                    elif self._may_be_down(node) and not self._instances_are_new:
                        changed.append(msgspec.structs.replace(node, ping=UNKNOWN))
                    elif node.agent is not None and not self._is_hidden(node.state):
                        changed.append(join.unmanaged(node))
                elif (
                    # An older list says nothing of an instance that was launched since.
                    self._instances_are_new
                    and instances is not None
                    and node.kind == "ec2"
                    and node.id not in instances
                ):
                    changed.append(join.without_instance(node))
        await self._rows.drop(gone, emit)
        await self._rows.put(changed, emit)

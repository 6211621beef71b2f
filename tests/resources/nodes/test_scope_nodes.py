"""One scope's sources against each other: every order in which their answers may come."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from ssmtui.aws.decode import InstanceInformation, InstanceProperty
from ssmtui.aws.ec2 import Ec2Instance
from ssmtui.aws.scope import Priority
from ssmtui.core.columns import UNKNOWN
from ssmtui.core.keys import RowKey, ScopeKey
from ssmtui.core.problem import Problem, ProblemError, ProblemKind
from ssmtui.core.tasks import spawn
from ssmtui.resources.base import Finished, Gone, Lacking, Rows
from ssmtui.resources.nodes import EC2, NODES, SESSIONS, TAGS
from ssmtui.resources.nodes.scope_nodes import EARLY, SLOW_SECONDS, ScopeNodes

KEY = ScopeKey("111122223333", "eu-west-1")
PROPERTIES, INFORMATION = "DescribeInstanceProperties", "DescribeInstanceInformation"
INSTANCES, RESOURCES, OPEN = "DescribeInstances", "GetResources", "DescribeSessions"


class FakeScope:
    """Gives scripted pages; a page may be a problem, or an event that is waited for."""

    key = KEY
    place = "shop (111122223333/eu-west-1)"

    def __init__(self):
        self.pages_of = {name: [{}] for name in (PROPERTIES, INFORMATION, RESOURCES, OPEN)}
        self.pages_of[INSTANCES] = [ec2()]
        self.calls = Counter()
        self.priorities = set()

    async def pages(self, service, operation, params=None, *, page_size, priority):
        self.calls[operation] += 1
        self.priorities.add(priority)
        for page in self.pages_of[operation]:
            if isinstance(page, asyncio.Event):
                await page.wait()
            elif isinstance(page, Problem):
                raise ProblemError(page)
            else:
                await asyncio.sleep(0)
                yield page


class Watch:
    """One scope's nodes, their clock, and what has been emitted of them."""

    def __init__(self, lost_since=None):
        self.scope = FakeScope()
        self.now = 0.0
        self.nodes = ScopeNodes(self.scope, lost_since or {}, lambda: self.now)
        self.rows = {}
        self.ended = {}
        self.lacking = []
        self.batches = []

    async def emit(self, event):
        match event:
            case Rows(rows=rows):
                self.batches.append(len(rows))
                self.rows.update({row.id: row for row in rows})
            case Gone(keys=keys):
                for key in keys:
                    del self.rows[key.id]
            case Lacking(problem=problem):
                self.lacking.append(problem)
            case Finished(stage=stage, problem=problem):
                assert stage not in self.ended
                self.ended[stage] = problem

    async def refresh(self, *, full=False):
        self.ended.clear()
        self.lacking.clear()
        self.batches.clear()
        self.scope.calls.clear()
        await self.nodes.refresh(self.emit, Priority.FOREGROUND, full)
        assert {NODES, SESSIONS} <= set(self.ended)
        return self.rows


@pytest.fixture
def watch():
    return Watch()


def properties(*ids, ping="Online", **more):
    more = {"agent_version": "3.3.0.0"} | more
    facts = [
        InstanceProperty(instance_id=name, ping_status=ping, resource_type=_type(name), **more)
        for name in ids
    ]
    return {"InstanceProperties": facts}


def information(*ids, **more):
    more = {"ping_status": "Online"} | more
    facts = [
        InstanceInformation(instance_id=name, resource_type=_type(name), **more) for name in ids
    ]
    return {"InstanceInformationList": facts}


def _type(node_id):
    return "EC2Instance" if node_id.startswith("i-") else "ManagedInstance"


def ec2(*ids, state="running"):
    instances = [Ec2Instance(instance_id=name, state=state, tags={"Env": "dev"}) for name in ids]
    return {"Reservations": [{"Instances": instances}]}


def problem(kind):
    return Problem(kind, "It did not work")


I_1, I_2, MI_1 = "i-00000001", "i-00000002", "mi-00000000000000001"


async def test_an_instance_is_judged_only_once_the_list_of_nodes_is_whole(watch):
    """EC2 is faster: nobody knows yet who is managed."""
    go = asyncio.Event()
    watch.scope.pages_of[PROPERTIES] = [go, properties(I_1)]
    watch.scope.pages_of[INSTANCES] = [ec2(I_1, I_2)]
    refresh = spawn(watch.refresh(), "refresh")
    while EC2 not in watch.ended:
        await asyncio.sleep(0)
    assert watch.rows == {}
    go.set()
    rows = await refresh
    assert {name: row.ping for name, row in rows.items()} == {I_1: "online", I_2: "unmanaged"}
    assert rows[I_1].tags == rows[I_2].tags == {"Env": "dev"}


async def test_the_other_order_ends_the_same(watch):
    go = asyncio.Event()
    watch.scope.pages_of[PROPERTIES] = [properties(I_1)]
    watch.scope.pages_of[INSTANCES] = [go, ec2(I_1, I_2)]
    refresh = spawn(watch.refresh(), "refresh")
    while NODES not in watch.ended:
        await asyncio.sleep(0)
    assert {name: row.ping for name, row in watch.rows.items()} == {I_1: "online"}
    assert watch.rows[I_1].tags is UNKNOWN
    go.set()
    rows = await refresh
    assert {name: row.ping for name, row in rows.items()} == {I_1: "online", I_2: "unmanaged"}


async def test_without_the_list_of_nodes_nobody_knows_who_is_managed(watch):
    watch.scope.pages_of[PROPERTIES] = [problem(ProblemKind.SERVICE)]
    watch.scope.pages_of[INSTANCES] = [ec2(I_1)]
    rows = await watch.refresh()
    assert rows[I_1].ping is UNKNOWN
    assert watch.ended[NODES].what == "It did not work"
    assert watch.ended[EC2] is None


async def test_a_list_that_breaks_off_takes_nobody_away(watch):
    watch.scope.pages_of[PROPERTIES] = [properties(I_1), properties(MI_1)]
    watch.scope.pages_of[INSTANCES] = [ec2(I_1)]
    await watch.refresh()
    watch.scope.pages_of[PROPERTIES] = [properties(I_1), problem(ProblemKind.ENDPOINT)]
    rows = await watch.refresh()
    assert set(rows) == {I_1, MI_1}
    assert rows[MI_1].ping == "online"


async def test_what_a_whole_list_no_longer_holds_is_gone_or_no_longer_managed(watch):
    watch.scope.pages_of[PROPERTIES] = [properties(I_1, I_2, MI_1)]
    watch.scope.pages_of[INSTANCES] = [ec2(I_1, I_2)]
    await watch.refresh()
    watch.scope.pages_of[PROPERTIES] = [properties(I_1)]
    rows = await watch.refresh()
    # The one is still an instance of EC2's last list; the other was known to SSM alone.
    assert {name: row.ping for name, row in rows.items()} == {I_1: "online", I_2: "unmanaged"}
    watch.scope.pages_of[INSTANCES] = [ec2(I_1)]
    assert set(await watch.refresh(full=True)) == {I_1}


async def test_the_other_source_is_tried_where_one_is_denied_and_remembered(watch):
    watch.scope.pages_of[PROPERTIES] = [problem(ProblemKind.DENIED)]
    watch.scope.pages_of[INFORMATION] = [information(I_1)]
    watch.scope.pages_of[INSTANCES] = [ec2(I_1)]
    for calls in ({PROPERTIES: 1, INFORMATION: 1}, {INFORMATION: 1}):
        assert set(await watch.refresh()) == {I_1}
        assert {name: watch.scope.calls[name] for name in calls} == calls
        assert watch.scope.calls[PROPERTIES] == calls.get(PROPERTIES, 0)
    # Everything anew: a permission may have been given since.
    watch.scope.pages_of[PROPERTIES] = [properties(I_1)]
    await watch.refresh(full=True)
    assert (watch.scope.calls[PROPERTIES], watch.scope.calls[INFORMATION]) == (1, 0)


@pytest.fixture
def information_only(watch):
    """Who may not read properties: nothing that is stopped or terminated is in their list."""
    watch.scope.pages_of[PROPERTIES] = [problem(ProblemKind.DENIED)]
    return watch


async def test_what_the_other_source_lacks_is_said_with_the_remedy(information_only):
    watch = information_only
    watch.scope.pages_of[INFORMATION] = [information(I_1)]
    watch.scope.pages_of[INSTANCES] = [ec2(I_1)]
    for _ in range(2):  # also where it is not asked any more
        await watch.refresh()
        (lacking,) = watch.lacking
        assert lacking.kind is ProblemKind.DENIED
        assert lacking.sentence == (
            "The list of shop (111122223333/eu-west-1) lacks terminated nodes, and of stopped ones "
            "all but EC2's facts. Ask for a policy with ssm:DescribeInstanceProperties."
        )
        assert not any(watch.ended.values())
    watch.scope.pages_of[PROPERTIES] = [properties(I_1)]
    await watch.refresh(full=True)
    assert watch.lacking == []


async def test_the_first_source_lacks_nothing_when_the_other_one_is_denied(watch):
    watch.scope.pages_of[INFORMATION] = [problem(ProblemKind.DENIED)]
    await watch.refresh()
    assert watch.lacking == []


async def test_of_a_stopped_instance_the_other_source_says_nothing(information_only):
    watch = information_only
    watch.scope.pages_of[INFORMATION] = [information(I_1)]
    watch.scope.pages_of[INSTANCES] = [ec2(I_1), ec2(I_2, state="stopped")]
    row = (await watch.refresh())[I_2]
    assert row.ping == "stopped"
    assert row.agent is row.seen is row.association is UNKNOWN
    assert row.tags == {"Env": "dev"}


async def test_a_node_that_left_the_other_source_was_stopped_or_is_unmanaged(information_only):
    """EC2 is asked at once, and what is known of its agent stays."""
    watch = information_only
    watch.scope.pages_of[INFORMATION] = [information(I_1, I_2, agent_version="3.3.0.0")]
    watch.scope.pages_of[INSTANCES] = [ec2(I_1, I_2)]
    await watch.refresh()
    watch.scope.pages_of[INFORMATION] = [{"InstanceInformationList": []}]
    watch.scope.pages_of[INSTANCES] = [problem(ProblemKind.THROTTLED)]
    rows = await watch.refresh()
    assert [rows[name].ping for name in (I_1, I_2)] == [UNKNOWN, UNKNOWN]
    watch.scope.pages_of[INSTANCES] = [ec2(I_1), ec2(I_2, state="stopped")]
    rows = await watch.refresh()
    assert (rows[I_1].ping, rows[I_1].agent) == ("unmanaged", None)
    assert (rows[I_2].ping, rows[I_2].agent) == ("stopped", "3.3.0.0")
    await watch.refresh()
    assert watch.scope.calls[INSTANCES] == 0
    assert (rows[I_2].ping, rows[I_2].agent) == ("stopped", "3.3.0.0")


async def test_both_sources_denied_is_one_sentence_with_both_names(watch):
    for operation in (PROPERTIES, INFORMATION):
        watch.scope.pages_of[operation] = [problem(ProblemKind.DENIED)]
    await watch.refresh()
    assert watch.ended[NODES].sentence == (
        "Nodes may not be listed in shop (111122223333/eu-west-1). "
        "Ask for a policy with ssm:DescribeInstanceProperties or ssm:DescribeInstanceInformation."
    )


async def test_trouble_that_is_no_denial_is_not_answered_with_the_other_source(watch):
    watch.scope.pages_of[PROPERTIES] = [problem(ProblemKind.THROTTLED)]
    await watch.refresh()
    assert watch.scope.calls[INFORMATION] == 0


async def test_slow_sources_are_read_when_they_are_due_or_somebody_is_new(watch):
    watch.scope.pages_of[PROPERTIES] = [properties(I_1, MI_1)]
    watch.scope.pages_of[INSTANCES] = [ec2(I_1)]
    slow = (INSTANCES, RESOURCES)

    async def calls(**options):
        await watch.refresh(**options)
        return tuple(watch.scope.calls[operation] for operation in slow)

    assert await calls() == (1, 1)
    assert await calls() == (0, 0)
    assert await calls(full=True) == (1, 1)
    watch.now += SLOW_SECONDS
    assert await calls() == (1, 1)


async def test_an_instance_that_was_launched_since_is_asked_for_at_once(watch):
    """That EC2's last list lacks it says nothing: its tags are not known, not empty."""
    watch.scope.pages_of[PROPERTIES] = [properties(I_1)]
    watch.scope.pages_of[INSTANCES] = [ec2(I_1)]
    await watch.refresh()
    watch.scope.pages_of[PROPERTIES] = [properties(I_1, I_2)]
    watch.scope.pages_of[INSTANCES] = [problem(ProblemKind.THROTTLED)]
    assert (await watch.refresh())[I_2].tags is UNKNOWN
    assert watch.scope.calls[INSTANCES] == 1
    watch.scope.pages_of[INSTANCES] = [ec2(I_1, I_2)]
    assert (await watch.refresh())[I_2].tags == {"Env": "dev"}
    await watch.refresh()
    assert watch.scope.calls[INSTANCES] == 0


async def test_a_node_whose_instance_is_no_more_has_no_tags(watch):
    watch.scope.pages_of[PROPERTIES] = [properties(I_1, I_2)]
    watch.scope.pages_of[INSTANCES] = [ec2(I_1)]
    assert (await watch.refresh())[I_2].tags == {}
    await watch.refresh()
    assert watch.scope.calls[INSTANCES] == 0


async def test_without_hybrid_nodes_their_tags_are_not_asked_for(watch):
    watch.scope.pages_of[PROPERTIES] = [properties(I_1)]
    watch.scope.pages_of[INSTANCES] = [ec2(I_1)]
    await watch.refresh(full=True)
    assert watch.scope.calls[RESOURCES] == 0
    assert watch.ended[TAGS] is None


async def test_only_the_whole_list_of_tags_says_that_there_are_none(watch):
    arn = f"arn:aws:ssm:eu-west-1:111122223333:managed-instance/{MI_1}"
    tagged = {"ResourceARN": arn, "Tags": [{"Key": "Env", "Value": "lab"}]}
    other = "mi-00000000000000002"
    watch.scope.pages_of[PROPERTIES] = [properties(MI_1, other)]
    watch.scope.pages_of[RESOURCES] = [
        {"ResourceTagMappingList": [tagged]},
        problem(ProblemKind.ENDPOINT),
    ]
    rows = await watch.refresh()
    assert rows[MI_1].tags is UNKNOWN
    assert rows[other].tags is UNKNOWN
    watch.scope.pages_of[RESOURCES] = [{"ResourceTagMappingList": [tagged]}, {}]
    rows = await watch.refresh()
    assert (rows[MI_1].tags, rows[other].tags) == ({"Env": "lab"}, {})


async def test_who_may_not_list_sessions_is_not_asked_again_until_everything_is(watch):
    watch.scope.pages_of[PROPERTIES] = [properties(MI_1)]
    watch.scope.pages_of[OPEN] = [problem(ProblemKind.DENIED)]
    for full, asked in ((False, 1), (False, 0), (True, 1)):
        await watch.refresh(full=full)
        assert watch.scope.calls[OPEN] == asked
        assert watch.ended[SESSIONS] is None
    assert watch.rows[MI_1].open is UNKNOWN
    watch.scope.pages_of[OPEN] = [{"Sessions": []}]
    assert (await watch.refresh(full=True))[MI_1].open == ()


def address_of(node_id, address):
    fact = InstanceInformation(
        instance_id=node_id, ip_address=address, resource_type="ManagedInstance"
    )
    return {"InstanceInformationList": [fact]}


async def test_addresses_of_hybrid_nodes_are_read_once_for_those_that_are_new(watch):
    other = "mi-00000000000000002"
    watch.scope.pages_of[PROPERTIES] = [properties(MI_1)]
    watch.scope.pages_of[INFORMATION] = [{}, address_of(MI_1, "192.168.1.2")]
    assert (await watch.refresh())[MI_1].address == "192.168.1.2"
    watch.scope.pages_of[INFORMATION] = [address_of(MI_1, "192.168.1.9")]
    assert (await watch.refresh())[MI_1].address == "192.168.1.2"
    assert watch.scope.calls[INFORMATION] == 0
    assert (await watch.refresh(full=True))[MI_1].address == "192.168.1.9"
    watch.scope.pages_of[PROPERTIES] = [properties(MI_1, other)]
    rows = await watch.refresh()
    assert watch.scope.calls[INFORMATION] == 1
    # One that the list does not tell of has none.
    assert (rows[MI_1].address, rows[other].address) == ("192.168.1.9", None)


async def test_who_may_not_read_addresses_is_not_asked_again_until_everything_is(watch):
    watch.scope.pages_of[PROPERTIES] = [properties(MI_1)]
    watch.scope.pages_of[INFORMATION] = [problem(ProblemKind.DENIED)]
    for full, asked in ((False, 1), (False, 0), (True, 1)):
        rows = await watch.refresh(full=full)
        assert watch.scope.calls[INFORMATION] == asked
        assert set(watch.ended.values()) == {None}
        assert rows[MI_1].address is UNKNOWN
    watch.scope.pages_of[INFORMATION] = [problem(ProblemKind.ENDPOINT)]
    await watch.refresh(full=True)
    watch.scope.pages_of[INFORMATION] = [address_of(MI_1, "192.168.1.2")]
    assert (await watch.refresh())[MI_1].address == "192.168.1.2"


async def test_tags_and_addresses_that_come_side_by_side_are_both_kept(watch):
    there = asyncio.Event()
    watch.scope.pages_of[PROPERTIES] = [properties(MI_1)]
    watch.scope.pages_of[INFORMATION] = [there, address_of(MI_1, "192.168.1.2")]
    refreshing = spawn(watch.refresh(), "refresh")
    while TAGS not in watch.ended:
        await asyncio.sleep(0)
    there.set()
    row = (await refreshing)[MI_1]
    assert (row.tags, row.address) == ({}, "192.168.1.2")


async def test_nothing_is_emitted_of_nodes_that_have_not_changed(watch):
    watch.scope.pages_of[PROPERTIES] = [properties(MI_1)]
    await watch.refresh()
    assert watch.batches
    await watch.refresh()
    assert watch.batches == []


async def test_more_instances_than_are_told_apart_at_once_may_come_before_the_nodes(watch):
    ids = [f"i-{number:017x}" for number in range(EARLY + 1)]
    listed = asyncio.Event()
    watch.scope.pages_of[PROPERTIES] = [listed, properties(*ids[1:])]
    watch.scope.pages_of[INSTANCES] = [ec2(*ids)]
    refreshing = spawn(watch.refresh(), "refresh")
    while EC2 not in watch.ended:
        await asyncio.sleep(0)
    assert watch.rows == {}
    listed.set()
    rows = await refreshing
    assert set(rows) == set(ids)
    assert [row.id for row in rows.values() if row.ping == "unmanaged"] == [ids[0]]


async def test_the_agents_are_judged_by_the_newest_of_their_platform(watch):
    watch.scope.pages_of[PROPERTIES] = [
        properties(I_1, agent_version="3.10.0.0", platform_type="Linux"),
        properties(I_2, agent_version="3.9.9.9", platform_type="Linux"),
    ]
    watch.scope.pages_of[INSTANCES] = [ec2(I_1, I_2)]
    await watch.refresh()
    newest = await watch.nodes.newest_agents()
    assert newest == {"linux": "3.10.0.0"}
    await watch.nodes.judge_agents(newest, watch.emit)
    assert (watch.rows[I_1].agent_latest, watch.rows[I_2].agent_latest) == (True, False)


@pytest.mark.parametrize(
    ("ping", "lost"), [("Online", None), ("ConnectionLost", 7.0), ("Inactive", 5.0)]
)
async def test_since_when_a_node_is_lost(ping, lost):
    watch = Watch({RowKey(*KEY, MI_1): 5.0})
    watch.scope.pages_of[PROPERTIES] = [properties(MI_1, ping=ping, last_ping_date_time=7.0)]
    rows = await watch.refresh()
    assert rows[MI_1].lost == lost

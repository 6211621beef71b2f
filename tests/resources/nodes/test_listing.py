"""The loader against the simulated fleet: complete or visibly partial, never silently short."""

import pytest

from ssmtui.core.columns import UNKNOWN
from ssmtui.core.problem import ProblemKind
from ssmtui.resources.base import Finished, Gone, Progress, Rows
from ssmtui.resources.nodes import EC2, NODES, SESSIONS, STAGES, TAGS, scope_nodes
from ssmtui.resources.nodes.listing import NodeListing
from ssmtui.simulator.agent.sessions import Sessions


class Screen:
    """What a reader of the events knows."""

    def __init__(self):
        self.rows = {}
        self.ended = {}
        self.progress = []

    async def read(self, listing, **options):
        self.ended.clear()
        async for event in listing.refresh(**options):
            match event:
                case Rows(rows=rows):
                    self.rows.update({row.id: row for row in rows})
                case Gone(keys=keys):
                    for key in keys:
                        del self.rows[key.id]
                case Progress():
                    self.progress.append(event)
                case Finished(scope, stage, problem):
                    assert (scope, stage) not in self.ended, "a stage ends once"
                    self.ended[scope, stage] = problem
        return self

    @property
    def problems(self):
        return [problem for problem in self.ended.values() if problem is not None]


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def everyone(world):
    """The ids that a complete list holds: managed nodes, and EC2's instances."""
    return {node.id for scope in world.scopes for node in scope.every_node()}


async def test_every_node_and_every_fact(open_fleet):
    async with open_fleet(nodes=200) as fleet:
        screen = await Screen().read(NodeListing(fleet.scopes))
        assert screen.problems == []
        assert set(screen.rows) == everyone(fleet.world)
        assert {stage for _, stage in screen.ended} == set(STAGES)
        pings = {row.ping for row in screen.rows.values()}
        assert {"online", "lost", "stopped", "terminated", "unmanaged"} <= pings
        assert {row.kind for row in screen.rows.values()} >= {"ec2", "hybrid"}
        for row in screen.rows.values():
            assert row.tags is not UNKNOWN, row
            if row.ping == "lost":
                assert row.lost == row.seen
            if row.kind == "ec2" and row.ping == "online":
                assert isinstance(row.address, str)
                assert isinstance(row.agent_latest, bool)


async def test_several_scopes_side_by_side(open_fleet):
    async with open_fleet(nodes=300, accounts=2, regions=2) as fleet:
        screen = await Screen().read(NodeListing(fleet.scopes))
        assert len(fleet.scopes) == 4
        assert set(screen.rows) == everyone(fleet.world)
        assert len(screen.ended) == 4 * len(STAGES)


async def test_the_list_does_not_wait_for_ec2(open_fleet):
    async with open_fleet(nodes=50, faults=["hang ec2:DescribeInstances"]) as fleet:
        listing = NodeListing(fleet.scopes)
        events = listing.refresh()
        async for event in events:
            if isinstance(event, Finished) and event.stage == NODES:
                assert event.problem is None
                break
        else:
            pytest.fail("the list of nodes waited for EC2")
        await events.aclose()


async def test_as_few_calls_as_the_task_allows(open_fleet):
    async with open_fleet(nodes=200) as fleet:
        clock = Clock()
        listing = NodeListing(fleet.scopes, clock=clock)
        before = fleet.endpoint.calls.copy()
        await Screen().read(listing)
        first = fleet.endpoint.calls - before
        assert first["ssm:DescribeInstanceProperties"] == 1
        assert first["ec2:DescribeInstances"] == 1
        assert first["ssm:DescribeInstanceInformation"] == 1  # the addresses of hybrid nodes
        before = fleet.endpoint.calls.copy()
        clock.now = 60
        await Screen().read(listing)
        assert fleet.endpoint.calls - before == {
            "ssm:DescribeInstanceProperties": 1,
            "ssm:DescribeSessions": 1,
        }
        before = fleet.endpoint.calls.copy()
        clock.now = 301
        await Screen().read(listing)
        assert (fleet.endpoint.calls - before)["ec2:DescribeInstances"] == 1
        before = fleet.endpoint.calls.copy()
        await Screen().read(listing, full=True)
        assert (fleet.endpoint.calls - before)["ec2:DescribeInstances"] == 1


async def test_properties_denied_falls_back_to_information(open_fleet):
    faults = ["denied ssm:DescribeInstanceProperties"]
    async with open_fleet(nodes=200, faults=faults) as fleet:
        listing = NodeListing(fleet.scopes)
        screen = await Screen().read(listing)
        assert screen.problems == []
        # InstanceInformation lists no terminated nodes, and EC2 forgets them after an hour.
        (scope,) = fleet.world.scopes
        listed = {node.id for node in (*scope.reachable, *scope.instances)}
        assert set(screen.rows) == listed
        assert any(row.agent_latest is False for row in screen.rows.values())
        # What was found to be denied is not asked again.
        before = fleet.endpoint.calls.copy()
        await Screen().read(listing)
        assert (fleet.endpoint.calls - before)["ssm:DescribeInstanceProperties"] == 0
        # Unless everything is to be read anew: it may have been allowed since.
        async for _ in listing.refresh(full=True):
            pass
        assert (fleet.endpoint.calls - before)["ssm:DescribeInstanceProperties"] == 1


async def test_the_fallback_works_in_the_other_direction_too(open_fleet):
    async with open_fleet(faults=["denied ssm:DescribeInstanceProperties count=1"]) as fleet:
        listing = NodeListing(fleet.scopes)
        await Screen().read(listing)
        fleet.endpoint.faults.add("denied ssm:DescribeInstanceInformation")
        before = fleet.endpoint.calls.copy()
        screen = await Screen().read(listing)
        assert screen.problems == []
        assert (fleet.endpoint.calls - before)["ssm:DescribeInstanceProperties"] == 1


async def test_both_denied_leaves_ec2s_instances_and_says_so(open_fleet):
    faults = ["denied ssm:DescribeInstance*"]
    async with open_fleet(nodes=200, faults=faults) as fleet:
        screen = await Screen().read(NodeListing(fleet.scopes))
        (problem,) = screen.problems
        assert problem.kind is ProblemKind.DENIED
        (scope,) = fleet.scopes
        account, region = scope.key
        assert problem.sentence == (
            f"Nodes may not be listed in {scope.alias} ({account}/{region}). Ask for a policy with "
            "ssm:DescribeInstanceProperties or ssm:DescribeInstanceInformation."
        )
        assert screen.rows
        # Nobody can say who is managed, so nobody is called unmanaged.
        assert "unmanaged" not in {row.ping for row in screen.rows.values()}


async def test_ec2_denied_leaves_its_facts_unknown(open_fleet):
    async with open_fleet(nodes=200, faults=["denied ec2:*"]) as fleet:
        screen = await Screen().read(NodeListing(fleet.scopes))
        (problem,) = screen.problems
        assert problem.kind is ProblemKind.DENIED
        ec2 = [row for row in screen.rows.values() if row.kind == "ec2"]
        assert ec2
        assert all(row.tags is UNKNOWN and row.address is UNKNOWN for row in ec2)
        assert all(row.tags is not UNKNOWN for row in screen.rows.values() if row.kind == "hybrid")


async def test_tags_denied_leaves_hybrid_tags_unknown(open_fleet):
    async with open_fleet(nodes=200, faults=["denied resourcegroupstaggingapi:*"]) as fleet:
        screen = await Screen().read(NodeListing(fleet.scopes))
        assert [stage for (_, stage), problem in screen.ended.items() if problem] == [TAGS]
        hybrid = [row for row in screen.rows.values() if row.kind == "hybrid"]
        assert all(row.tags is UNKNOWN for row in hybrid)


def going_on(fleet):
    """node id -> the owners of its sessions, as the simulated service has them."""
    owners = {}
    for scope in fleet.scopes:
        for record in fleet.world.part(Sessions).records(*scope.key, active=True):
            owners.setdefault(record.target, []).append(record.owner.rpartition("/")[2])
    return owners


async def test_the_sessions_on_every_node(open_fleet):
    async with open_fleet(nodes=200) as fleet:
        listing = NodeListing(fleet.scopes)
        screen = await Screen().read(listing)
        owners = going_on(fleet)
        assert owners
        assert {
            row.id: sorted(session.owner for session in row.open)
            for row in screen.rows.values()
            if row.sessions
        } == {node: sorted(names) for node, names in owners.items()}
        assert {row.sessions for row in screen.rows.values() if row.id not in owners} == {0}
        # One that ends leaves its node with the next refresh.
        node = next(iter(owners))
        for record in fleet.world.part(Sessions).records(*fleet.scopes[0].key, active=True):
            if record.target == node:
                fleet.world.part(Sessions).terminate(*fleet.scopes[0].key, record.id)
        await screen.read(listing)
        assert screen.rows[node].sessions == 0


async def test_the_list_does_not_wait_for_sessions(open_fleet):
    async with open_fleet(nodes=50, faults=["hang ssm:DescribeSessions"]) as fleet:
        events = NodeListing(fleet.scopes).refresh()
        async for event in events:
            if isinstance(event, Finished) and event.stage == TAGS:
                break
        else:
            pytest.fail("the list of nodes waited for sessions")
        await events.aclose()


async def test_who_may_not_list_sessions_is_asked_once_and_has_a_whole_list(open_fleet):
    async with open_fleet(nodes=50, faults=["denied ssm:DescribeSessions"]) as fleet:
        listing = NodeListing(fleet.scopes)
        screen = await Screen().read(listing)
        assert screen.problems == []
        assert {row.sessions for row in screen.rows.values()} == {UNKNOWN}
        before = fleet.endpoint.calls.copy()
        await screen.read(listing)
        assert (fleet.endpoint.calls - before)["ssm:DescribeSessions"] == 0
        assert {stage for _, stage in screen.ended} >= {NODES, SESSIONS}
        # Reading everything anew asks again, for a policy may have changed.
        fleet.endpoint.faults.clear()
        await screen.read(listing, full=True)
        assert UNKNOWN not in {row.sessions for row in screen.rows.values()}


async def test_sessions_that_cannot_be_read_now_are_remembered_and_said(open_fleet):
    async with open_fleet(nodes=120) as fleet:
        listing = NodeListing(fleet.scopes)
        screen = await Screen().read(listing)
        before = {row.id: row.sessions for row in screen.rows.values()}
        assert any(before.values())
        fleet.endpoint.faults.add("throttle ssm:DescribeSessions")
        await screen.read(listing)
        assert [stage for (_, stage), problem in screen.ended.items() if problem] == [SESSIONS]
        assert {row.id: row.sessions for row in screen.rows.values()} == before


STAGE_OF = {
    "ssm:DescribeInstanceProperties": NODES,
    "ssm:DescribeInstanceInformation": NODES,
    "ec2:DescribeInstances": EC2,
    "resourcegroupstaggingapi:GetResources": TAGS,
}
KINDS = ["throttle", "error", "abort", "reply-lost", "truncate", "denied", "expired", "latency"]
PASSING = {"throttle", "error", "abort", "reply-lost", "truncate", "latency"}


# Every kind of fault, in every stage: after it the list is whole, or just that stage says why not.
@pytest.mark.parametrize(
    "operation",
    [
        "ssm:DescribeInstanceProperties",
        "ec2:DescribeInstances",
        "resourcegroupstaggingapi:GetResources",
    ],
)
@pytest.mark.parametrize("kind", KINDS)
async def test_a_fault_that_passes_is_survived(open_fleet, kind, operation):
    extra = " ms=1" if kind == "latency" else ""
    async with open_fleet(nodes=40, faults=[f"{kind} {operation} count=1{extra}"]) as fleet:
        screen = await Screen().read(NodeListing(fleet.scopes))
        failed = {stage for (_, stage), problem in screen.ended.items() if problem}
        if kind in PASSING or (STAGE_OF[operation] == NODES and kind == "denied"):
            assert failed == set()
            assert all(row.tags is not UNKNOWN for row in screen.rows.values())
        else:
            assert failed == {STAGE_OF[operation]}


@pytest.mark.parametrize(
    "operation",
    [
        "ssm:DescribeInstanceProperties",
        "ec2:DescribeInstances",
        "resourcegroupstaggingapi:GetResources",
    ],
)
@pytest.mark.parametrize("kind", sorted({*KINDS} - {"latency"}))
async def test_a_fault_that_stays_is_said_by_its_stage_alone(open_fleet, kind, operation):
    async with open_fleet(nodes=40, faults=[f"{kind} {operation}"]) as fleet:
        screen = await Screen().read(NodeListing(fleet.scopes))
        failed = {stage for (_, stage), problem in screen.ended.items() if problem}
        if STAGE_OF[operation] == NODES and kind == "denied":
            # The other list of nodes takes its place.
            assert failed == set()
            return
        if STAGE_OF[operation] == NODES and not any(
            row.kind != "ec2" for row in screen.rows.values()
        ):
            assert failed == {NODES}
        else:
            assert failed == {STAGE_OF[operation]}
        (problem,) = screen.problems
        assert problem.what


# The pages after the first are where a list becomes silently short.
@pytest.mark.parametrize(
    ("operation", "others"),
    [
        ("ssm:DescribeInstanceInformation", ["denied ssm:DescribeInstanceProperties"]),
        ("resourcegroupstaggingapi:GetResources", []),
        ("ec2:DescribeInstances", []),
    ],
)
@pytest.mark.parametrize("kind", sorted({*KINDS} - {"latency"}))
async def test_a_later_page_that_fails_is_survived_or_said(
    open_fleet, monkeypatch, kind, operation, others
):
    monkeypatch.setattr(scope_nodes, "TAGS_PAGE", 4)
    monkeypatch.setattr(scope_nodes, "EC2_PAGE", 60)
    async with open_fleet(nodes=200, faults=others) as fleet:
        whole = await Screen().read(NodeListing(fleet.scopes))
        assert whole.problems == []
        assert fleet.endpoint.calls[operation] > 1, "the world has too few pages for this test"
        fleet.endpoint.faults.add(f"{kind} {operation} after=1 count=1")
        screen = await Screen().read(NodeListing(fleet.scopes))
        failed = {stage for (_, stage), problem in screen.ended.items() if problem}
        if kind in PASSING:
            assert failed == set()
            assert set(screen.rows) == set(whole.rows)
            assert {row.id: row.tags for row in screen.rows.values()} == {
                row.id: row.tags for row in whole.rows.values()
            }
        elif kind == "denied" and STAGE_OF[operation] == NODES:
            assert failed == {NODES}
        else:
            assert failed == {STAGE_OF[operation]}
            assert any(row.tags is UNKNOWN for row in screen.rows.values()) or operation.startswith(
                "ssm:"
            )


@pytest.mark.parametrize(
    "operation", ["ec2:DescribeInstances", "resourcegroupstaggingapi:GetResources"]
)
async def test_a_hang_of_a_slow_source_is_said_by_its_stage(open_fleet, operation):
    faults = [f"hang {operation}"]
    async with open_fleet(nodes=40, faults=faults, read_timeout=0.05) as fleet:
        screen = await Screen().read(NodeListing(fleet.scopes))
        failed = {stage for (_, stage), problem in screen.ended.items() if problem}
        assert failed == {STAGE_OF[operation]}


async def test_a_hang_ends_in_a_sentence(open_fleet):
    faults = ["hang ssm:DescribeInstanceProperties"]
    async with open_fleet(nodes=20, faults=faults, read_timeout=0.05) as fleet:
        screen = await Screen().read(NodeListing(fleet.scopes))
        (problem,) = screen.problems
        assert problem.kind is ProblemKind.ENDPOINT


async def test_one_failing_scope_leaves_the_others(open_fleet):
    async with open_fleet(nodes=200, regions=2) as fleet:
        broken = fleet.scopes[0]
        fleet.endpoint.faults.add(f"error ssm:* region={broken.key.region}")
        screen = await Screen().read(NodeListing(fleet.scopes))
        assert {scope for (scope, _), problem in screen.ended.items() if problem} == {broken.key}
        whole = fleet.scopes[1].key
        assert {row.id for row in screen.rows.values() if row.region == whole.region} == {
            node.id for node in fleet.world.scope(*whole).every_node()
        }


async def test_a_refresh_follows_the_world(open_fleet):
    async with open_fleet(nodes=100) as fleet:
        clock = Clock()
        listing = NodeListing(fleet.scopes, clock=clock)
        screen = await Screen().read(listing)
        online = [row for row in screen.rows.values() if row.ping == "online"]
        ec2 = [row.id for row in online if row.kind == "ec2"]
        hybrid = [row.id for row in online if row.kind == "hybrid"]
        fleet.world.lose(ec2[0])
        fleet.world.stop(ec2[1])
        fleet.world.deregister(hybrid[0])
        fleet.world.deregister(ec2[2])
        born = fleet.world.launch(*fleet.scopes[0].key)
        await screen.read(listing)
        assert screen.rows[ec2[0]].ping == "lost"
        assert screen.rows[ec2[1]].ping == "stopped"
        assert screen.rows[ec2[2]].ping == "unmanaged"
        assert hybrid[0] not in screen.rows
        # EC2's list was not due, but the new node's tags are not known: it is read again.
        assert screen.rows[born.id].tags is not UNKNOWN
        assert set(screen.rows) == everyone(fleet.world)


async def test_a_refresh_never_forgets_what_it_knew(open_fleet):
    async with open_fleet(nodes=60) as fleet:
        listing = NodeListing(fleet.scopes)
        screen = await Screen().read(listing)
        before = dict(screen.rows)
        fleet.endpoint.faults.add("error ec2:*")
        fleet.endpoint.faults.add("error resourcegroupstaggingapi:*")
        await screen.read(listing, full=True)
        assert len(screen.problems) == 2
        assert screen.rows == before


async def test_loss_from_the_journal_outlives_the_ping(open_fleet):
    async with open_fleet(nodes=100) as fleet:
        screen = await Screen().read(NodeListing(fleet.scopes))
        stopped = next(row for row in screen.rows.values() if row.ping == "stopped")
        screen = await Screen().read(NodeListing(fleet.scopes, {stopped.key: 123.0}))
        assert screen.rows[stopped.id].lost == 123.0


async def test_a_loss_is_kept_when_the_node_is_stopped_or_terminated_meanwhile(open_fleet):
    async with open_fleet(nodes=100) as fleet:
        listing = NodeListing(fleet.scopes)
        screen = await Screen().read(listing)
        lost = next(r for r in screen.rows.values() if r.ping == "lost" and r.kind == "ec2")
        fleet.world.terminate(lost.id)
        await screen.read(listing)
        assert screen.rows[lost.id].ping == "terminated"
        assert screen.rows[lost.id].lost == lost.seen


async def test_closing_half_way_ends_the_calls(open_fleet):
    async with open_fleet(nodes=50, faults=["hang ec2:*"]) as fleet:
        events = NodeListing(fleet.scopes).refresh()
        await anext(events)
        await events.aclose()


async def test_stage_names_are_words():
    assert (NODES, EC2, TAGS, SESSIONS) == STAGES

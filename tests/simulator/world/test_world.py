from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import pytest

from ssmtui.simulator.clock import Clock
from ssmtui.simulator.world import START, Node, Ping, Unmanaged, World
from ssmtui.simulator.world.catalogue import LATEST_AGENT

# A digest of everything that a world holds, after a day of its life.
DIGEST = """
import hashlib, msgspec
from ssmtui.simulator.world import Life, World

def plain(value):
    return list(value) if isinstance(value, tuple) else str(value)

world = World.generate(nodes=300, seed=7)
Life(world)
world.clock.advance(86400)
digest = hashlib.sha256(msgspec.json.encode(world.events))
for scope in world.scopes:
    digest.update(repr((scope.account, scope.region, scope.vpc, scope.associations)).encode())
    for node in scope.every_node():
        digest.update(msgspec.json.encode(node, enc_hook=plain))
print(digest.hexdigest())
"""


@pytest.fixture
def node(world: World) -> Node:
    return world.launch(world.accounts[0].id, world.regions[0], "web")


def kinds(world: World, node: Node) -> list[str]:
    return [event.kind for event in world.events if event.id == node.id]


def listed(world: World, node: Node) -> tuple[bool, bool, bool]:
    """Whether its scope has it as managed, reachable, and as an instance."""
    scope = world.scope_of(node)
    return node in scope.managed, node in scope.reachable, node in scope.instances


def test_a_seed_makes_the_same_world_in_every_process() -> None:
    digests = {
        subprocess.run(
            [sys.executable, "-c", DIGEST],
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for hash_seed in ("1", "2")
    }
    assert len(digests) == 1


def test_another_seed_makes_another_world() -> None:
    one, other = World.generate(nodes=50, seed=1), World.generate(nodes=50, seed=2)
    assert one.nodes.keys().isdisjoint(other.nodes.keys())
    assert [a.id for a in one.accounts] == [a.id for a in other.accounts]


def test_a_larger_world_holds_the_smaller_one(world: World) -> None:
    larger = World.generate(nodes=500, accounts=3, regions=4)
    common = world.nodes.keys() & larger.nodes.keys()
    # The fourth Region takes its share of each account: every scope keeps its first nodes.
    for scope in world.scopes:
        mine = {node.id for node in scope.every_node()}
        theirs = {node.id for node in larger.scope(scope.account.id, scope.region).every_node()}
        assert len(mine & theirs) == min(len(mine), len(theirs))
    for node_id in common:
        assert world.node(node_id).state == larger.node(node_id).state
        assert world.node(node_id).platform == larger.node(node_id).platform


def test_the_numbers_are_kept() -> None:
    world = World.generate(nodes=321, accounts=2, regions=5)
    assert len(world.nodes) == 321
    assert len(world.accounts) == 2
    assert len(world.regions) == 5
    assert len(world.scopes) == 10


@pytest.mark.parametrize(
    "numbers", [{"nodes": -1}, {"accounts": 0}, {"regions": 0}, {"regions": 99}]
)
def test_numbers_that_make_no_world_are_refused(numbers: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"\w+"):
        World.generate(**numbers)


def test_time_begins_at_the_start_or_is_the_clocks() -> None:
    assert World.generate(nodes=0).now == START
    assert World.generate(nodes=0, start=5e8).now == 5e8
    assert World.generate(nodes=0, clock=Clock(6e8)).now == 6e8


def test_nothing_lies_in_the_future(world: World) -> None:
    for node in world.nodes.values():
        assert node.launched <= world.now
        assert node.registered <= world.now
        assert node.silent_since <= world.now
        assert not node.silent_since or node.silent_since >= node.registered


def test_names_number_the_nodes_of_the_whole_world(world: World) -> None:
    names = [n.shown_name for n in world.nodes.values() if n.shown_name.startswith("web-0")]
    assert len(names) > 50
    assert len(set(names)) >= len(names) - 2  # two may be hostile duplicates


def test_a_launched_node_is_there_at_once(world: World, node: Node) -> None:
    assert listed(world, node) == (True, True, True)
    assert world.node(node.id) is node
    assert node.last_ping(world.now) == world.now
    assert node.agent_version == LATEST_AGENT
    assert kinds(world, node) == ["launched", "registered"]


def test_a_launched_node_may_be_of_anothers_group(world: World, node: Node) -> None:
    twin = world.launch(node.account, node.region, node.role, like=node)
    assert (twin.asg, twin.image, twin.platform) == (node.asg, node.image, node.platform)
    assert twin.reservation != node.reservation
    with pytest.raises(ValueError, match="another account or Region"):
        world.launch(node.account, world.regions[1], node.role, like=node)


def test_a_hybrid_node_is_no_instance(world: World) -> None:
    hybrid = world.launch(world.accounts[0].id, world.regions[0], "store")
    assert listed(world, hybrid) == (True, True, False)
    assert kinds(world, hybrid) == ["registered"]
    with pytest.raises(ValueError, match="not an EC2 instance"):
        world.stop(hybrid.id)
    with pytest.raises(ValueError, match="not launched by EC2"):
        world.boot(hybrid.account, hybrid.region, "store")


def test_booting_takes_its_stages(world: World) -> None:
    fresh = world.boot(world.accounts[0].id, world.regions[0], "api")
    assert (fresh.state, fresh.unmanaged) == ("pending", Unmanaged.BOOTING)
    assert listed(world, fresh) == (False, False, True)
    world.run(fresh.id)
    world.register(fresh.id)
    assert fresh.state == "running"
    assert listed(world, fresh) == (True, True, True)
    assert kinds(world, fresh) == ["launched", "registered"]
    with pytest.raises(ValueError, match="already"):
        world.register(fresh.id)


def test_losing_and_restoring(world: World, node: Node) -> None:
    world.clock.advance(1000)
    world.lose(node.id)
    world.lose(node.id)  # once is enough
    assert node.ping is Ping.LOST
    world.clock.advance(1000)
    world.restore(node.id)
    assert node.ping is Ping.ONLINE
    assert node.last_ping(world.now) == world.now
    assert kinds(world, node)[2:] == ["lost", "returned"]


def test_silence_is_not_noticed_yet(world: World, node: Node) -> None:
    world.silence(node.id)
    world.clock.advance(400)
    assert node.ping is Ping.ONLINE
    assert node.last_ping(world.now) == node.silent_since
    world.restore(node.id)
    assert kinds(world, node) == ["launched", "registered"]


def test_stopping_and_starting(world: World, node: Node) -> None:
    before = node.launched
    world.clock.advance(100.5)
    world.begin_stop(node.id)
    assert node.state == "stopping"
    world.stop(node.id)
    assert (node.state, node.ping, node.public_address) == ("stopped", Ping.LOST, "")
    assert node.state_reason.startswith("User initiated (")
    assert listed(world, node) == (True, False, True)
    with pytest.raises(ValueError, match="is stopped"):
        world.restore(node.id)
    world.start(node.id)
    assert (node.state, node.ping, node.state_reason) == ("running", Ping.ONLINE, "")
    assert node.launched == before + 100
    assert listed(world, node) == (True, True, True)
    assert kinds(world, node)[2:] == ["stopped", "started"]
    with pytest.raises(ValueError, match="not stopped"):
        world.start(node.id)


def test_terminating_is_for_good(world: World, node: Node) -> None:
    world.begin_terminate(node.id)
    assert node.state == "shutting-down"
    world.terminate(node.id)
    assert listed(world, node) == (True, False, True)
    for change in (world.start, world.lose, world.terminate):
        with pytest.raises(ValueError, match="terminated"):
            change(node.id)
    world.clock.advance(25 * 3600)
    assert listed(world, node) == (False, False, False)
    assert node.id not in world.nodes


def test_what_was_terminated_before_the_beginning_is_forgotten_too(world: World) -> None:
    gone = [node for node in world.nodes.values() if node.state == "terminated"]
    assert gone
    world.clock.advance(25 * 3600)
    assert not {node.id for node in gone} & world.nodes.keys()


def test_deregistering(world: World, node: Node) -> None:
    world.deregister(node.id)
    assert node.unmanaged is Unmanaged.DEREGISTERED
    assert listed(world, node) == (False, False, True)
    hybrid = world.launch(node.account, node.region, "plant")
    world.deregister(hybrid.id)
    assert hybrid.id not in world.nodes
    with pytest.raises(KeyError):
        world.deregister(hybrid.id)
    with pytest.raises(ValueError, match="not registered"):
        world.deregister(node.id)


def test_the_agent_and_the_associations(world: World, node: Node) -> None:
    world.update_agent(node.id, "3.1.0.0")
    assert world.events[-1].detail == f"{LATEST_AGENT} -> 3.1.0.0"
    node.never_succeeded = True
    world.heal_associations(node.id)
    assert node.outcome.status == "Success"
    assert not node.never_succeeded


def test_tags_and_roles(world: World, node: Node) -> None:
    world.tag(node.id, {"Floor": "3"})
    assert node.tags["Floor"] == "3"
    world.untag(node.id, ["Floor", "not there"])
    assert "Floor" not in node.tags
    with pytest.raises(ValueError, match="from EC2"):
        world.set_role(node.id, "other")


def test_an_unknown_account_is_an_error_and_an_unknown_region_is_empty(world: World) -> None:
    with pytest.raises(KeyError):
        world.scope("000000000000", world.regions[0])
    empty = world.scope(world.accounts[0].id, "sa-east-1")
    assert empty.every_node() == []
    assert empty not in world.scopes
    there = world.launch(world.accounts[0].id, "sa-east-1", "db")
    assert empty.managed == [there]


def test_many_nodes_have_ids_and_addresses_of_their_own() -> None:
    world = World.generate(nodes=20_000, accounts=1, regions=1)
    instances = world.scopes[0].instances
    assert len({node.address for node in instances}) == len(instances)
    assert len(world.nodes) == 20_000


def test_a_service_keeps_its_part_of_a_world() -> None:
    class Part:
        def __init__(self, world: World) -> None:
            self.world = world

    first, second = World.generate(nodes=0), World.generate(nodes=0)
    assert first.part(Part) is first.part(Part)
    assert first.part(Part).world is first
    assert second.part(Part) is not first.part(Part)

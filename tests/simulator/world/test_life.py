from __future__ import annotations

from collections import Counter

from ssmtui.simulator.world import Life, World

DAY = 86400.0


def day(steps: int, rate: float = 1.0) -> World:
    world = World.generate(nodes=400)
    Life(world, rate)
    for _ in range(steps):
        world.clock.advance(DAY / steps)
    return world


def test_a_day_is_the_same_in_one_leap_and_in_steps() -> None:
    assert day(1).events == day(97).events


def test_everything_happens_in_a_day() -> None:
    kinds = Counter(event.kind for event in day(1).events)
    happened = {"lost", "returned", "launched", "registered", "terminated", "agent", "stopped"}
    assert happened | {"started"} <= kinds.keys()
    assert kinds["launched"] == kinds["terminated"]


def test_the_log_is_in_order() -> None:
    times = [event.at for event in day(1).events]
    assert times == sorted(times)


def test_the_fleet_keeps_its_size_and_its_lists_their_order() -> None:
    world = day(5)
    present = [node for node in world.nodes.values() if node.state != "terminated"]
    assert abs(len(present) - 400) < 15
    for scope in world.scopes:
        for nodes in (scope.managed, scope.instances):
            ids = [node.id for node in nodes]
            assert ids == sorted(set(ids))
        assert all(node.managed for node in scope.managed)
        assert all(world.nodes[node.id] is node for node in scope.every_node())
        assert scope.reachable == [node for node in scope.managed if node.reachable]


def test_a_node_is_missed_only_after_ten_minutes_of_silence() -> None:
    world = World.generate(nodes=400)
    Life(world)
    seen = 0
    for _ in range(200):
        world.clock.advance(300)
        for event in world.events[seen:]:
            if event.kind == "lost" and world.node(event.id).silent_since:
                assert event.at - world.node(event.id).silent_since >= 600
        seen = len(world.events)
    assert any(event.kind == "lost" for event in world.events)


def test_a_busy_life_is_busier_and_none_is_quiet() -> None:
    usual, busy = len(day(1).events), len(day(1, rate=5.0).events)
    assert busy > 3 * usual
    assert day(1, rate=0.0).events == []


def test_a_scope_lives_by_itself() -> None:
    alone = World.generate(nodes=400)
    disturbed = World.generate(nodes=400)
    for world in (alone, disturbed):
        Life(world)
    disturbed.launch(disturbed.accounts[0].id, disturbed.regions[0], "web")
    for world in (alone, disturbed):
        world.clock.advance(DAY)
    prod = alone.accounts[-1].id
    history = [event for event in alone.events if event.account == prod]
    assert history == [event for event in disturbed.events if event.account == prod]


def test_a_node_that_a_test_has_taken_away_does_not_come_back() -> None:
    world = World.generate(nodes=200)
    Life(world, rate=10.0)
    for _ in range(6):
        world.clock.advance(3600)
        for node in [node for node in world.nodes.values() if node.hybrid][:2]:
            world.deregister(node.id)
            assert node.id not in world.nodes
    world.clock.advance(DAY / 2)
    gone = {event.id for event in world.events if event.kind == "deregistered"}
    assert gone.isdisjoint(world.nodes)

from __future__ import annotations

import pytest

from ssmtui.simulator.world import World
from ssmtui.simulator.world import logs as module
from ssmtui.simulator.world.logs import Logs

WHERE = ("111122223333", "eu-west-1")


@pytest.fixture
def world() -> World:
    return World.generate(nodes=1, accounts=1, regions=1)


def test_what_comes_at_one_instant_is_one_event(world: World) -> None:
    logs = world.part(Logs)
    for text in ("a", "b"):
        logs.write(*WHERE, "g", "s", text)
    world.clock.advance(1)
    logs.write(*WHERE, "g", "s", "c")
    stream = logs.groups(*WHERE)["g"].streams["s"]
    assert [event.message for event in stream.events] == ["a\nb", "c"]
    assert stream.last == world.now
    assert logs.groups("444455556666", "eu-west-1") == {}


def test_a_stream_holds_so_much_and_no_more(world: World) -> None:
    logs = world.part(Logs)
    for _ in range(30):
        logs.write(*WHERE, "g", "s", "x" * 200_000)
        world.clock.advance(1)
    assert 3_000_000 < logs.groups(*WHERE)["g"].size <= 4 << 20


def test_older_streams_give_way(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST", 10_000)
    logs = world.part(Logs)
    for number in range(30):
        logs.write(*WHERE, "g", f"s{number:02}", "x" * 1000)
        world.clock.advance(1)
    names = sorted(logs.groups(*WHERE)["g"].streams)
    assert names == [f"s{number:02}" for number in range(20, 30)]

from __future__ import annotations

from ssmtui.simulator.agent.history import DAY, Record, Regulars
from ssmtui.simulator.agent.settings import SessionSettings
from ssmtui.simulator.world import World


def regulars(seed: int = 1) -> tuple[World, Regulars]:
    world = World.generate(nodes=300, accounts=1, regions=1, seed=seed)
    return world, Regulars(world, world.scopes[0], SessionSettings())


def test_one_seed_makes_one_history() -> None:
    assert regulars(1)[1].records() == regulars(1)[1].records()
    assert regulars(1)[1].records() != regulars(2)[1].records()


def test_sessions_were_on_nodes_that_were_there() -> None:
    world, ours = regulars()
    for record in ours.records():
        node = world.node(record.target)
        assert node.registered <= record.started <= world.now
        assert record.ended is None or record.started <= record.ended <= world.now


def test_those_that_end_are_followed_by_others() -> None:
    world, ours = regulars()
    before = {record.id for record in ours.records() if record.ended is None}
    assert before
    world.clock.advance(DAY)
    after = {record.id for record in ours.records() if record.ended is None}
    assert len(after) <= len(before)
    assert not before & after
    past = {record.id for record in ours.records() if record.ended is not None}
    assert before <= past


def test_an_unknown_session_is_no_matter() -> None:
    _, ours = regulars()
    before = ours.records()
    ours.terminate("nobody-0123")
    assert ours.records() == before


def test_the_latest_come_first() -> None:
    def record(name: str, started: float) -> Record:
        return Record(name, "i-1", "Terminated", started, started, "doc", "jane", "eu-west-1")

    unordered = [record("a", 10.0), record("b", 1_800_000_000.5), record("c", 1_800_000_000.4)]
    assert [each.id for each in sorted(unordered, key=Record.position)] == ["b", "c", "a"]


def test_a_log_is_named_once_it_is_there() -> None:
    going = Record(
        "jane-0", "i-1", "Connected", 1.0, None, "doc", "jane", "eu-west-1", s3_bucket="logs"
    )
    assert going.s3_url == ""
    assert going.log_url == ""
    over = Record(
        "jane-0", "i-1", "Terminated", 1.0, 2.0, "doc", "jane", "eu-west-1",
        s3_bucket="logs", s3_prefix="a/b", log_group="/ssm",
    )  # fmt: skip
    assert over.s3_url == "https://s3.eu-west-1.amazonaws.com/logs/a/b/jane-0.log"
    assert over.log_url.endswith("group=/ssm;stream=jane-0")

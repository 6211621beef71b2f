from __future__ import annotations

import pytest

from ssmtui.core.wire.errors import Fault, WireError
from ssmtui.core.wire.message import AgentMessage, MessageType, decode, encode
from ssmtui.simulator.agent.frames import Cut, Way
from ssmtui.simulator.faults import OUTPUT_FRAME, Faults
from ssmtui.simulator.world.node import Node


class Road:
    """A way with rules, and the delays on it."""

    def __init__(self, node: Node, *rules: str) -> None:
        self.slept: list[float] = []
        self.faults = Faults()
        for rule in rules:
            self.faults.add(rule)
        self.way = Way(self.faults, OUTPUT_FRAME, node, self._sleep)

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    async def arrivals(self, *frames: bytes) -> list[bytes | None]:
        """What arrives of some frames; None where the connection is cut."""
        found: list[bytes | None] = []
        for frame in frames:
            passed = await self.way.pass_on(frame)
            found += [None] if isinstance(passed, Cut) else passed
        return found


def frame(payload: bytes = b"hello") -> bytes:
    return encode(AgentMessage(MessageType.OUTPUT, 7, payload))


async def test_without_rules_everything_passes(node: Node) -> None:
    assert await Road(node).arrivals(b"a", b"b") == [b"a", b"b"]


@pytest.mark.parametrize(
    ("rule", "arrived"),
    [
        ("drop", [b"b", b"c"]),
        ("duplicate", [b"a", b"a", b"b", b"c"]),
        ("reorder", [b"b", b"a", b"c"]),
        ("abort", [None, b"b", b"c"]),
    ],
)
async def test_one_frame_is_hit(node: Node, rule: str, arrived: list[bytes | None]) -> None:
    road = Road(node, f"{rule} {OUTPUT_FRAME} count=1")
    assert await road.arrivals(b"a", b"b", b"c") == arrived


async def test_frames_that_are_all_held_back_come_with_the_next(node: Node) -> None:
    road = Road(node, f"reorder {OUTPUT_FRAME} count=2")
    assert await road.arrivals(b"a", b"b", b"c") == [b"c", b"a", b"b"]


async def test_held_frames_come_out_when_the_rules_are_gone(node: Node) -> None:
    road = Road(node, f"reorder {OUTPUT_FRAME}")
    assert await road.arrivals(b"a") == []
    road.faults.clear()
    assert await road.arrivals(b"b") == [b"b", b"a"]


async def test_what_is_held_back_goes_with_the_connection(node: Node) -> None:
    road = Road(node, f"reorder {OUTPUT_FRAME} count=1")
    assert await road.arrivals(b"a") == []
    road.way.lost()
    assert await road.arrivals(b"b") == [b"b"]


@pytest.mark.parametrize("payload", [b"", b"x", b"x" * 1024])
async def test_a_corrupt_frame_is_of_the_same_length(node: Node, payload: bytes) -> None:
    road = Road(node, f"corrupt {OUTPUT_FRAME}")
    sent = frame(payload)
    (arrived,) = await road.arrivals(sent)
    assert arrived is not None
    assert len(arrived) == len(sent)
    assert sum(a != b for a, b in zip(arrived, sent, strict=True)) == 1


async def test_the_digest_tells_of_a_corrupt_payload(node: Node) -> None:
    (arrived,) = await Road(node, f"corrupt {OUTPUT_FRAME}").arrivals(frame())
    assert arrived is not None
    with pytest.raises(WireError) as damaged:
        decode(arrived)
    assert damaged.value.fault is Fault.DIGEST


async def test_an_empty_frame_cannot_be_corrupted(node: Node) -> None:
    assert await Road(node, f"corrupt {OUTPUT_FRAME}").arrivals(b"") == [b""]


async def test_a_frame_takes_its_time(node: Node) -> None:
    road = Road(node, f"latency {OUTPUT_FRAME} ms=40 count=1")
    assert await road.arrivals(b"a", b"b") == [b"a", b"b"]
    assert road.slept == [0.04]


async def test_rules_of_other_accounts_and_ways_do_not_matter(node: Node) -> None:
    others = ("drop ssmmessages:InputFrame", f"drop {OUTPUT_FRAME} account=000000000000")
    assert await Road(node, *others).arrivals(b"a") == [b"a"]


async def test_the_star_means_frames_for_their_own_kinds_only(node: Node) -> None:
    assert await Road(node, "abort *", "latency * ms=5").arrivals(b"a") == [b"a"]
    assert await Road(node, "drop *").arrivals(b"a") == []

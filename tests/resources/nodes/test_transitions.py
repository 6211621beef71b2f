"""What two complete lists say about what happened between them."""

import msgspec
import pytest

from ssmtui.core.columns import UNKNOWN
from ssmtui.resources.nodes.row import Node
from ssmtui.resources.nodes.transitions import KINDS, transitions

NOW = 10_000.0
NODE = Node(
    account="1",
    region="r",
    id="i-1",
    name="web",
    kind="ec2",
    ping="online",
    agent="3.3.1",
    seen=9_000.0,
    launched=500.0,
)


def between(before, after):
    found = list(
        transitions({node.id: node for node in before}, {node.id: node for node in after}, NOW)
    )
    assert {line.kind for line in found} <= set(KINDS)
    return [(line.kind, line.at) for line in found]


def change(**fields):
    return msgspec.structs.replace(NODE, **fields)


def test_nothing_happened():
    assert between([NODE], [NODE]) == []
    assert between([NODE], [change(seen=9_300.0)]) == []


@pytest.mark.parametrize(
    ("was", "now", "kind", "at"),
    [
        ("online", "lost", "lost", 9_000.0),
        ("lost", "online", "returned", NOW),
        ("inactive", "online", "returned", NOW),
        ("online", "stopped", "stopped", NOW),
        ("stopped", "online", "started", NOW),
        ("online", "terminated", "terminated", NOW),
        ("online", "unmanaged", "deregistered", NOW),
        ("unmanaged", "online", "registered", NOW),
    ],
)
def test_pings(was, now, kind, at):
    assert between([change(ping=was)], [change(ping=now)]) == [(kind, at)]


def test_an_unknown_ping_says_nothing():
    assert between([NODE], [change(ping=UNKNOWN)]) == []
    assert between([change(ping=UNKNOWN)], [change(ping="lost")]) == []


def test_arrivals_and_departures():
    hybrid = change(kind="hybrid", launched=UNKNOWN)
    assert between([], [NODE]) == [("launched", 500.0)]
    assert between([], [hybrid]) == [("registered", NOW)]
    assert between([NODE], []) == [("terminated", NOW)]
    assert between([hybrid], []) == [("deregistered", NOW)]
    # It was journalled when it was seen terminated; its leaving the list is no news.
    assert between([change(ping="terminated")], []) == []


def test_agents():
    assert between([NODE], [change(agent="3.3.2")]) == [("agent", NOW)]
    assert between([NODE], [change(agent=UNKNOWN)]) == []

from __future__ import annotations

import pytest

from ssmtui.simulator.agent.documents import DEFAULT_DOCUMENT, DOCUMENTS
from ssmtui.simulator.agent.sessions import Session, Sessions, Status, connected
from ssmtui.simulator.world import World
from ssmtui.simulator.world.node import Node

OWNER = "arn:aws:sts::111122223333:assumed-role/Ops/jane"


def begin(sessions: Sessions, node: Node) -> Session:
    document = DOCUMENTS[DEFAULT_DOCUMENT]
    return sessions.start(node, OWNER, document, {}, document_named=document.name)


def test_a_session_is_named_after_its_owner(sessions: Sessions, node: Node) -> None:
    first, second = begin(sessions, node), begin(sessions, node)
    assert first.id.startswith("jane-0")
    assert len(first.id) == len("jane-") + 17
    assert first.id != second.id
    assert sessions.find(first.id) is first
    assert list(sessions) == [first, second]


def test_it_ends_once(sessions: Sessions, node: Node) -> None:
    session = begin(sessions, node)
    told: list[str] = []
    session.on_end = told.append
    sessions.end(session, output="bye", status=Status.FAILED, details="because")
    sessions.end(session, output="again")
    assert told == ["bye"]
    assert (session.status, session.details) == (Status.FAILED, "because")
    with pytest.raises(ValueError, match="has ended"):
        sessions.resume(session)


def test_a_nodes_own_are_its_active_ones(sessions: Sessions, node: Node) -> None:
    first, second = begin(sessions, node), begin(sessions, node)
    sessions.end(first)
    assert sessions.on_node(node) == [second]


def test_ended_sessions_have_no_timers_that_matter(
    sessions: Sessions, node: Node, world: World
) -> None:
    session = begin(sessions, node)
    sessions.end(session, details="first")
    world.clock.advance(86_400)
    assert session.details == "first"


def test_a_silent_or_stopped_node_is_not_connected(node: Node, world: World) -> None:
    assert connected(node)
    world.silence(node.id)
    assert not connected(node)
    world.restore(node.id)
    assert connected(node)
    world.stop(node.id)
    assert not connected(node)


@pytest.mark.parametrize(
    ("version", "ready"),
    [("2.3.68.0", True), ("2.3.67.9", False), ("3.3.3050.0", True), ("", False), ("3.3", False)],
)
def test_sessions_need_an_agent_that_knows_them(
    node: Node, world: World, version: str, ready: bool
) -> None:
    world.update_agent(node.id, version)
    assert connected(node) is ready


@pytest.mark.parametrize("status", Status)
def test_each_status_is_active_or_history(status: Status) -> None:
    words = {"Connecting", "Connected", "Disconnected"}
    assert status.active == (status.value in words)

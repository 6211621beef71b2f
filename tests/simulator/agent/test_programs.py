from __future__ import annotations

from typing import Any

import pytest

from ssmtui.simulator.agent.documents import DOCUMENTS
from ssmtui.simulator.agent.programs import refusal, separates_stderr
from ssmtui.simulator.agent.sessions import Session, Sessions
from ssmtui.simulator.world import World
from ssmtui.simulator.world.node import Node

FORWARD = "AWS-StartPortForwardingSession"
REMOTE = f"{FORWARD}ToRemoteHost"
COMMAND = "AWS-StartNonInteractiveCommand"


@pytest.fixture
def begin(sessions: Sessions, node: Node) -> Any:
    def make(name: str = "SSM-SessionManagerRunShell", **given: str) -> Session:
        document = DOCUMENTS[name]
        properties = document.resolve({key: [value] for key, value in given.items()})
        return sessions.start(node, "jane", document, properties, document_named=name)

    return make


@pytest.mark.parametrize(
    ("document", "given", "least", "older"),
    [
        (FORWARD, {}, "2.3.672.0", "2.3.671.9"),
        (REMOTE, {"host": "db.internal"}, "3.1.1374.0", "3.1.1373.9"),
    ],
)
def test_ports_need_an_agent_that_knows_them(
    begin: Any, sessions: Sessions, world: World, node: Node,
    document: str, given: dict[str, str], least: str, older: str,
) -> None:  # fmt: skip
    session = begin(document, **given)
    world.update_agent(node.id, least)
    assert refusal(session, sessions) == ""
    world.update_agent(node.id, older)
    assert least in refusal(session, sessions)


def test_the_agents_limit_counts_active_sessions(begin: Any, sessions: Sessions) -> None:
    first, second = begin(), begin()
    second.settings.sessions_per_node = 1
    assert "1 sessions already" in refusal(second, sessions)
    sessions.end(first)
    assert refusal(second, sessions) == ""


def test_a_document_may_know_some_platforms_only(
    begin: Any, sessions: Sessions, world: World
) -> None:
    session = begin("Ops-FollowLog")
    assert refusal(session, sessions) == ""
    session.node = next(node for node in world.scopes[0].managed if node.platform.windows)
    assert "has no commands for Windows" in refusal(session, sessions)


@pytest.mark.parametrize(
    ("wish", "apart"), [("true", True), ("True", True), ("false", False), ("False", False)]
)
def test_streams_are_apart_where_the_document_says_so(begin: Any, wish: str, apart: bool) -> None:
    assert separates_stderr(begin(COMMAND, command="ls", separateOutputStream=wish)) is apart


def test_other_documents_have_one_stream(begin: Any) -> None:
    assert not separates_stderr(begin())
    assert not separates_stderr(begin("AWS-StartInteractiveCommand", command="ls"))

"""The node's declaration."""

import msgspec

from ssmtui.core.columns import UNKNOWN, Column
from ssmtui.resources.nodes import nodes
from ssmtui.resources.nodes.detail import GROUPS
from ssmtui.resources.nodes.row import COLUMNS, Node, OpenSession

# The contract of `ssmtui get nodes -o json`.
IDS = {
    *("name", "id", "account", "region", "ping", "seen", "agent", "agent_latest", "platform"),
    *("os", "os_version", "kind", "address", "type", "state", "zone", "role", "launched"),
    *("association", "asg", "owner", "sessions", "tags"),
}


def test_the_columns_are_the_contract():
    assert {column.id for column in COLUMNS if not column.hidden} == IDS
    assert {column.id for column in COLUMNS if column.hidden} == {"lost"}


def test_every_column_is_a_field_of_the_row():
    fields = {*Node.__struct_fields__, "sessions"} - {"open"}
    assert {column.id for column in COLUMNS} == fields


def test_the_detail_leaves_no_column_out():
    shown = {name for _, ids in GROUPS for name in ids} | {"tags"}
    assert shown == {column.id for column in COLUMNS}


def test_an_outdated_agent_is_marked():
    agent = nodes().column("agent")
    assert isinstance(agent, Column)
    node = Node(account="1", region="r", id="i-1", agent="3.2.0", agent_latest=False)
    assert agent.text(node, 0) == "3.2.0^"
    assert agent.text(Node(account="1", region="r", id="i-1"), 0) == "?"


def test_sessions_are_counted():
    column = nodes().column("sessions")
    node = Node(account="1", region="r", id="i-1", open=(OpenSession("jane", 1.0),))
    assert (node.sessions, column.text(node, 0), column.json(node)) == (1, "1", 1)
    idle = msgspec.structs.replace(node, open=())
    assert (idle.sessions, column.text(idle, 0), column.json(idle)) == (0, "-", 0)
    unknown = msgspec.structs.replace(node, open=UNKNOWN)
    assert (column.text(unknown, 0), column.json(unknown)) == ("?", None)


def test_who_is_on_a_node_is_news():
    resource = nodes()
    sessions = (OpenSession("jane", 280.0), OpenSession("bob", None))
    node = Node(account="1", region="r", id="i-1", open=sessions)
    assert resource.news(node, 1000.0) == [("session", "jane 12m"), ("session", "bob")]
    assert not resource.news(Node(account="1", region="r", id="i-1"), 1000.0)


def test_where_a_node_leads():
    links = nodes().links(Node(account="1", region="r", id="i-1"))
    assert [(link.resource, link.filter) for link in links] == [
        ("sessions", "node=i-1"),
        ("commands", "node=i-1"),
        ("invocations", "node=i-1"),
        ("changes", "id=i-1"),
    ]

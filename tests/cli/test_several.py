from __future__ import annotations

import pytest

from ssmtui.cli.finding import NotFoundError
from ssmtui.cli.several import Meant, is_managed, labels, matching_nodes, named_nodes, platform_of
from ssmtui.core.columns import UNKNOWN
from ssmtui.core.keys import RowKey
from ssmtui.core.problem import Problem, ProblemError, ProblemKind
from ssmtui.core.query import parse
from ssmtui.local.paths import default
from ssmtui.resources.memory import Memory
from ssmtui.resources.nodes import nodes
from ssmtui.resources.nodes.row import Node
from ssmtui.simulator.agent.sessions import connected


def _meant(name, number):
    return Meant(None, RowKey("1" * 12, "eu-west-1", f"i-{number}"), name, "linux")


def test_namesakes_are_told_apart_and_labels_are_safe():
    meant = [
        _meant("web", 1),
        _meant("db", 2),
        _meant("web", 3),
        _meant(None, 4),
        _meant("\x1b", 5),
    ]
    assert labels(meant)[:4] == ["web/i-1", "db", "web/i-3", "i-4"]
    assert "\x1b" not in labels(meant)[4]


def _query(text):
    return parse(text, nodes().columns)


async def test_an_expression_means_the_managed_nodes_that_match(open_fleet):
    async with open_fleet() as fleet:
        meant = await matching_nodes(fleet.scopes, _query("platform=linux"), [])
        world = fleet.world.nodes
        assert meant
        assert {node.platform for node in meant} == {"linux"}
        online = {node.id for node in world.values() if connected(node)}
        linux = {node.id for node in world.values() if node.platform.type == "Linux"}
        assert online & linux <= {node.key.id for node in meant} <= linux


async def test_machines_without_an_agent_leave_nothing_open(open_fleet):
    async with open_fleet(seed=3) as fleet:
        bare = {node.id for node in fleet.world.nodes.values() if not node.managed}
        meant = await matching_nodes(fleet.scopes, _query("platform=linux"), [])
        assert bare
        assert not bare & {node.key.id for node in meant}


async def test_nobody_is_said(open_fleet, capsys):
    async with open_fleet() as fleet:
        with pytest.raises(NotFoundError) as caught:
            await matching_nodes(fleet.scopes, _query("name=no-such-node"), [])
    assert caught.value.code == 1
    assert "no managed node matches" in capsys.readouterr().err


async def test_a_list_that_is_not_whole_means_nobody(open_fleet, capsys):
    problem = Problem(ProblemKind.DENIED, "One profile is denied")
    async with open_fleet() as fleet:
        with pytest.raises(NotFoundError) as caught:
            await matching_nodes(fleet.scopes, _query("platform=linux"), [problem])
    assert caught.value.code == 3
    said = capsys.readouterr().err
    assert "One profile is denied" in said
    assert "nothing was opened" in said


class _Undecided:
    """A query that knows nothing of any row."""

    words = False

    def matches(self, rows, texts, lowers, *, now):
        return [None] * len(rows)


async def test_what_may_match_and_may_not_means_nobody(open_fleet, capsys):
    async with open_fleet(nodes=5) as fleet:
        with pytest.raises(NotFoundError) as caught:
            await matching_nodes(fleet.scopes, _Undecided(), [])
    assert caught.value.code == 3
    assert "nodes could not be judged" in capsys.readouterr().err


async def test_names_mean_each_node_once_with_its_platform(open_fleet):
    async with open_fleet() as fleet:
        node = next(node for node in fleet.world.nodes.values() if connected(node))
        meant = await named_nodes(fleet.scopes, Memory(default()), [node.id, node.id], [])
        assert [(one.key.id, one.platform) for one in meant] == [
            (node.id, node.platform.type.lower())
        ]


async def test_a_node_without_an_agent_has_no_platform(open_fleet):
    async with open_fleet() as fleet:
        with pytest.raises(ProblemError, match="has no managed agent"):
            await platform_of(fleet.scopes[0], RowKey(*fleet.scopes[0].key, "i-0123456789abcdef0"))


@pytest.mark.parametrize(
    ("ping", "agent", "managed"),
    [
        ("online", "3.3.0.0", True),
        ("stopped", "3.3.0.0", True),
        ("stopped", None, False),  # EC2 alone has it
        ("stopped", UNKNOWN, False),  # SSM's list does not tell
        ("unmanaged", None, False),
        ("terminated", "3.3.0.0", False),
    ],
)
def test_who_is_managed(ping, agent, managed):
    # Of a Windows instance EC2 tells the platform as well, which says nothing of an agent.
    row = Node(
        account="1", region="r", id="i-1", kind="ec2", ping=ping, agent=agent, platform="windows"
    )
    assert is_managed(row) is managed

from __future__ import annotations

import time

import msgspec
import pytest

from ssmtui.cli.finding import (
    Found,
    NotFoundError,
    alike,
    ask_on_terminal,
    find_node,
    find_row,
    nobody_called,
)
from ssmtui.core.keys import RowKey
from ssmtui.local.paths import default
from ssmtui.resources.memory import Memory
from ssmtui.resources.nodes import nodes
from ssmtui.resources.nodes.row import Node
from ssmtui.simulator.agent.sessions import connected


def _node(name, number=1, **more):
    return Found(RowKey("111122223333", "eu-west-1", f"i-{number:017x}"), name, **more)


FLEET = [
    _node("web-1", 1),
    _node("web-10", 2),
    _node("Batch-web", 3),
    _node("db", 4),
    _node("w-e-b", 5),
    _node(None, 6),
]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("web-1", ["web-1"]),
        ("WEB", ["web-1", "web-10"]),
        ("tch", ["Batch-web"]),
        ("wb", ["Batch-web", "w-e-b", "web-1", "web-10"]),
        ("-e-", ["w-e-b"]),
        (f"i-{6:017x}", [None]),
        ("nothing like it", []),
        (".*", []),
    ],
)
def test_the_best_kind_of_likeness_counts(name, found):
    assert [node.name for node in alike(FLEET, name)] == found


def test_namesakes_are_all_found():
    twins = [_node("web", 1), _node("web", 2), _node("web-x", 3)]
    assert alike(twins, "web") == twins[:2]


def test_a_label_shows_hostile_names_in_plain():
    label = _node("a[/]b\x1b[31m", 1, ping="online").label
    assert "\x1b" not in label
    assert label.endswith("111122223333/eu-west-1  online")


@pytest.mark.parametrize(
    ("typed", "chosen"), [("2", 1), (" 1 ", 0), ("0", None), ("7", None), ("", None), ("x", None)]
)
async def test_a_number_chooses(monkeypatch, typed, chosen):
    async def line(fileno):
        return typed.strip()

    monkeypatch.setattr("ssmtui.sessions.outlet.read_line", line)
    answer = await ask_on_terminal(FLEET)
    assert answer == (None if chosen is None else FLEET[chosen])


class Place:
    def __init__(self, fleet):
        self.fleet, self.scopes = fleet, fleet.scopes
        self.memory = Memory(default())
        self.node = next(node for node in fleet.world.nodes.values() if connected(node))

    @property
    def world(self):
        return self.fleet.world

    async def find(self, name, problems=(), ask=None):
        return await find_node(self.scopes, self.memory, name, problems, ask=ask)

    def keep(self, *rows, scope=None):
        key = (scope or self.scopes[0]).key
        self.memory.remember(nodes(), key, rows, time.time())

    def row(self, name, node_id, scope=None):
        key = (scope or self.scopes[0]).key
        return Node(account=key.account, region=key.region, id=node_id, name=name, ping="online")

    def calls(self, *operations):
        return sum(self.fleet.endpoint.calls[f"ssm:{each}"] for each in operations)


@pytest.fixture
async def place(open_fleet):
    async with open_fleet(nodes=40, regions=2) as fleet:
        yield Place(fleet)


_LISTS = ("DescribeInstanceInformation", "DescribeInstanceProperties")


async def test_what_the_snapshot_knows_is_not_asked_for(place):
    scope = next(scope for scope in place.scopes if scope.region == place.node.region)
    place.keep(place.row("web-1", place.node.id, scope), place.row("db", "i-2"), scope=scope)
    for name in ("web-1", place.node.id, "we"):
        where, found = await place.find(name)
        assert (where, found.key.id) == (scope, place.node.id)
    assert place.calls(*_LISTS) == 0


async def test_where_the_name_must_be_exact_nothing_like_it_is_taken(place):
    place.keep(place.row("web-10", "i-1"))
    _, found = await find_node(place.scopes, place.memory, "web-10", (), exact=True)
    assert found.key.id == "i-1"
    with pytest.raises(NotFoundError):
        await find_node(place.scopes, place.memory, "web-1", (), exact=True)


async def test_an_id_is_looked_up_in_every_scope_with_a_filter(place):
    scope, found = await place.find(place.node.id)
    assert scope.region == place.node.region
    assert found.key == RowKey(place.node.account, place.node.region, place.node.id)
    assert place.calls("DescribeInstanceInformation") == 2
    assert place.calls("DescribeInstanceProperties") == 0


async def test_a_name_is_found_by_listing(place):
    scope, found = await place.find(place.node.shown_name)
    assert found.name == place.node.shown_name
    assert scope.key == found.key.scope


async def test_what_was_listed_for_a_name_is_not_listed_again(place):
    for _ in range(2):
        _, found = await place.find(place.node.shown_name)
        assert found.key.id == place.node.id
    assert place.calls("DescribeInstanceProperties") == len(place.scopes)


async def test_what_was_not_listed_to_the_end_is_not_kept(place):
    denied = next(scope for scope in place.scopes if scope.region != place.node.region)
    place.fleet.endpoint.faults.add(f"denied ssm:Describe* region={denied.region}")
    await place.find(place.node.shown_name)
    kept = place.memory.recall(nodes(), [scope.key for scope in place.scopes])
    assert [scope.region for scope, _, _ in kept] == [place.node.region]


async def test_several_are_an_error_off_a_terminal(place, capsys):
    place.keep(place.row("web-1", "i-1"), place.row("web-2", "i-2"))
    with pytest.raises(NotFoundError) as caught:
        await place.find("web")
    assert caught.value.code == 2
    said = capsys.readouterr().err
    assert "2 nodes match web" in said
    assert "web-1  i-1" in said
    assert "name one by its id" in said


async def test_several_are_asked_about_on_a_terminal(place):
    place.keep(place.row("web-1", "i-1"), place.row("web-2", "i-2"))

    async def ask(offered):
        return offered[1]

    _, found = await place.find("web", ask=ask)
    assert found.key.id == "i-2"


async def test_a_long_list_is_cut_and_says_so(place, capsys):
    place.keep(*(place.row(f"web-{number:02}", f"i-{number}") for number in range(25)))
    with pytest.raises(NotFoundError):
        await place.find("web")
    assert "and 5 more" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["no-such-node", "i-00000000000000000"])
async def test_nobody_is_an_answer(place, capsys, name):
    with pytest.raises(NotFoundError) as caught:
        await place.find(name)
    assert caught.value.code == 1
    assert f"there is no node called {name}" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("wbe-0141", "Did you mean web-0141."),
        ("WEB-0141", "Did you mean web-0141."),
        ("i-0a1b2c3d4e5f60719", "Did you mean i-0a1b2c3d4e5f60718."),
        ("i-00000000000000000", "Look in other accounts and Regions with --profile and --region."),
        ("nope", "List what there is with: ssmtui get nodes --filter 'name~PART'."),
    ],
)
def test_a_name_that_nobody_has_comes_with_a_remedy(name, remedy):
    place = {"account": "1", "region": "eu-west-1"}
    rows = [
        Node(**place, id="i-0a1b2c3d4e5f60718", name="web-0141"),
        Node(**place, id="mi-99998888777766665", name=None),
        Node(**place, id="i-11112222333344445"),  # its name is not known
    ]
    assert nobody_called(name, rows).endswith(f"called {name} in what was listed. {remedy}")


async def test_near_names_come_from_what_was_listed_here(place, capsys):
    other = msgspec.structs.replace(place.row("nearby-node", "i-9"), region="sa-east-1")
    place.memory.remember(nodes(), other.key.scope, [other], time.time())
    name = next(n.tags["Name"] for n in place.fleet.world.nodes.values() if connected(n))
    for find in (find_node, find_row):
        with pytest.raises(NotFoundError):
            await find(place.scopes, place.memory, f"{name}q", ())
        assert f"Did you mean {name}" in capsys.readouterr().err
        with pytest.raises(NotFoundError):
            await find(place.scopes, place.memory, "nearby-nodes", ())
        assert "nearby-node." not in capsys.readouterr().err


@pytest.mark.parametrize("name", ["no-such-node", "i-00000000000000000"])
async def test_nobody_in_what_could_be_listed_is_partial(place, capsys, name):
    place.fleet.endpoint.faults.add("denied ssm:Describe* region=" + place.scopes[1].region)
    with pytest.raises(NotFoundError) as caught:
        await place.find(name)
    assert caught.value.code == 3
    assert place.scopes[1].region in capsys.readouterr().err


async def test_rows_of_scopes_that_are_not_open_are_not_offered(place):
    other = msgspec.structs.replace(place.row("web-1", "i-9"), region="sa-east-1")
    place.keep(place.row("web-1", "i-1"))
    place.memory.remember(nodes(), other.key.scope, [other], time.time())
    _, found = await place.find("web-1")
    assert found.key.id == "i-1"


async def test_a_node_that_was_replaced_is_found_by_its_name(place, capsys):
    name = place.node.shown_name
    await place.find(name)
    place.world.terminate(place.node.id)
    new = place.world.launch(place.node.account, place.node.region)
    place.world.tag(new.id, {"Name": name})
    scope, found = await place.find(name)
    assert (scope.region, found.key.id) == (new.region, new.id)
    assert capsys.readouterr().err == f"ssmtui: {name} was {place.node.id} and is {new.id} now\n"
    # It lists that scope alone, and the snapshot knows it then.
    listed = len(place.scopes) + 1
    assert place.calls("DescribeInstanceProperties") == listed
    _, found = await place.find(name)
    assert (found.key.id, place.calls("DescribeInstanceProperties")) == (new.id, listed)


async def test_an_id_means_that_very_node(place):
    await place.find(place.node.shown_name)
    place.world.terminate(place.node.id)
    lists = place.calls("DescribeInstanceProperties")
    _, found = await place.find(place.node.id)
    assert found.key.id == place.node.id
    assert place.calls("DescribeInstanceProperties") == lists


async def test_a_node_that_is_lost_and_has_no_other_of_its_name_is_the_one(place, capsys):
    name = place.node.shown_name
    await place.find(name)
    place.world.lose(place.node.id)
    _, found = await place.find(name)
    assert found.key.id == place.node.id
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("fault", ["denied", "error"])
async def test_who_may_not_ask_whether_it_is_connected_takes_what_the_snapshot_knows(place, fault):
    place.keep(place.row("web-1", "i-1"))
    place.fleet.endpoint.faults.add(f"{fault} ssm:GetConnectionStatus")
    _, found = await place.find("web-1")
    assert found.key.id == "i-1"
    assert place.calls(*_LISTS) == 0


async def test_a_row_by_name_is_looked_for_everywhere(place, capsys):
    worlds = place.fleet.world.scopes
    twins = [next(n for n in world.instances if n.state == "running") for world in worlds]
    for twin in twins:
        place.fleet.world.tag(twin.id, {"Name": "twin"})
    place.keep(place.row("twin", twins[0].id))
    with pytest.raises(NotFoundError) as caught:
        await find_row(place.scopes, place.memory, "twin", ())
    assert caught.value.code == 2
    said = capsys.readouterr().err
    assert twins[0].id in said
    assert twins[1].id in said


async def test_a_row_by_an_id_that_the_snapshot_knows_is_listed_there_alone(place):
    scope = next(s for s in place.scopes if s.region == place.node.region)
    place.keep(place.row("web", place.node.id, scope), scope=scope)
    found, row, trouble = await find_row(place.scopes, place.memory, place.node.id, ())
    assert (found, row.id, trouble) == (scope, place.node.id, [])
    assert place.calls("DescribeInstanceProperties") == 1
    place.memory.remember(nodes(), scope.key, [], time.time())
    other = next(s for s in place.scopes if s is not scope)
    place.keep(place.row("web", place.node.id, other), scope=other)
    found, _, _ = await find_row(place.scopes, place.memory, place.node.id, ())
    assert found is scope


async def test_nobody_where_nothing_at_all_was_listed_is_bad_input(place, capsys):
    place.fleet.endpoint.faults.add("expired *")
    for find in (find_node, find_row):
        with pytest.raises(NotFoundError) as caught:
            await find(place.scopes, place.memory, "no-such-node", ())
        assert caught.value.code == 2
        said = capsys.readouterr().err.splitlines()
        assert len(said) == len(set(said)) == len(place.scopes)
        assert not any("no node called" in line for line in said)

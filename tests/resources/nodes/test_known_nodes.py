from __future__ import annotations

import pytest

from ssmtui.core.columns import UNKNOWN
from ssmtui.core.keys import RowKey, ScopeKey
from ssmtui.resources.base import Gone, Rows
from ssmtui.resources.nodes.known_nodes import BATCH, KnownNodes
from ssmtui.resources.nodes.row import Node, OpenSession

KEY = ScopeKey("111122223333", "eu-west-1")


class Heard:
    """What is emitted."""

    def __init__(self):
        self.events = []

    async def __call__(self, event):
        self.events.append(event)

    def batches(self):
        return [[row.id for row in event.rows] for event in self.events]


@pytest.fixture
def emit():
    return Heard()


@pytest.fixture
def known():
    return KnownNodes(KEY, {RowKey(*KEY, "mi-1"): 5.0})


def node(row_id, **facts):
    return Node(account=KEY.account, region=KEY.region, id=row_id, **facts)


async def test_only_what_changes_is_emitted(known, emit):
    await known.put([node("mi-2", ping="online"), node("mi-3", ping="online")], emit)
    await known.put([node("mi-2", ping="online"), node("mi-3", ping="stopped")], emit)
    await known.put([node("mi-2", ping="online")], emit)
    assert emit.batches() == [["mi-2", "mi-3"], ["mi-3"]]
    assert all(isinstance(event, Rows) and event.scope == KEY for event in emit.events)
    assert known["mi-3"].ping == "stopped"
    assert known.get("mi-4") is None
    assert "mi-2" in known
    assert "mi-4" not in known


async def test_many_rows_are_emitted_in_batches(known, emit):
    ids = [f"mi-{number:017x}" for number in range(2 * BATCH + 1)]
    await known.put(map(node, ids), emit)
    assert [len(batch) for batch in emit.batches()] == [BATCH, BATCH, 1]
    assert sorted([row.id async for rows in known.every() for row in rows]) == ids


async def test_what_is_gone_is_forgotten(known, emit):
    await known.put([node("mi-2"), node("mi-3")], emit)
    await known.drop([], emit)
    await known.drop([RowKey(*KEY, "mi-2")], emit)
    assert emit.events[1:] == [Gone(KEY, [RowKey(*KEY, "mi-2")])]
    assert [row.id async for rows in known.every() for row in rows] == ["mi-3"]


async def test_a_row_may_go_while_all_are_looked_at(known, emit):
    ids = {f"mi-{number}" for number in range(1000)}
    await known.put(map(node, sorted(ids)), emit)
    seen = set()
    async for rows in known.every():
        seen.update(row.id for row in rows)
        others = [RowKey(*KEY, other) for other in ids - seen if other in known]
        await known.drop(others, emit)
    assert 0 < len(seen) < 1000


async def test_an_id_is_the_rows_own_object(known, emit):
    await known.put([node("mi-2")], emit)
    (row,) = [row async for rows in known.every() for row in rows]
    assert known.own_id("".join(["mi", "-2"])) is row.id
    assert known.own_id("mi-9") == "mi-9"


@pytest.mark.parametrize(
    ("ping", "lost"), [("online", None), ("lost", 7.0), ("stopped", 5.0), (UNKNOWN, 5.0)]
)
async def test_since_when_a_node_is_lost_that_the_journal_knows_of(known, emit, ping, lost):
    await known.put([node("mi-1", ping=ping, seen=7.0)], emit)
    assert known["mi-1"].lost == lost


async def test_a_node_that_stops_while_it_is_lost_stays_lost_since_then(known, emit):
    await known.put([node("mi-2", ping="lost", seen=7.0)], emit)
    await known.put([node("mi-2", ping="stopped", seen=9.0)], emit)
    assert known["mi-2"].lost == 7.0
    await known.put([node("mi-2", ping="online", seen=11.0)], emit)
    assert known["mi-2"].lost is None


async def test_sessions_are_counted_on_rows_that_are_there_and_on_those_that_come(known, emit):
    jane = (OpenSession("jane", 3.0),)
    await known.put([node("mi-2"), node("mi-3")], emit)
    assert known["mi-2"].open is UNKNOWN
    await known.put_sessions({"mi-2": jane, "mi-4": jane}, emit)
    await known.put([node("mi-4")], emit)
    assert {row_id: known[row_id].open for row_id in ("mi-2", "mi-3", "mi-4")} == {
        "mi-2": jane,
        "mi-3": (),
        "mi-4": jane,
    }
    known.forget_sessions()
    await known.put([node("mi-5")], emit)
    assert known["mi-5"].open is UNKNOWN
    assert known["mi-2"].open == jane

"""Snapshot and journal together."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import msgspec
import pytest

from ssmtui.core.keys import ScopeKey
from ssmtui.core.problem import ProblemError
from ssmtui.local.paths import Paths
from ssmtui.resources.memory import Memory
from ssmtui.resources.nodes import nodes
from ssmtui.resources.nodes.row import Node

SCOPE = ScopeKey("1", "eu-west-1")
NODE = Node(account="1", region="eu-west-1", id="i-1", name="web", kind="ec2", ping="online")
RESOURCE = nodes()


@pytest.fixture
def memory(tmp_path):
    opened = Memory(Paths(tmp_path / "config", tmp_path / "state", tmp_path / "cache"))
    yield opened
    opened.close()


def lose(node, seen):
    return msgspec.structs.replace(node, ping="lost", seen=seen)


def test_the_first_list_journals_nothing(memory):
    assert memory.remember(RESOURCE, SCOPE, [NODE], 100.0) == []
    assert memory.recall(RESOURCE, [SCOPE]) == [(SCOPE, 100.0, [NODE])]


def test_what_happened_is_journalled_once(memory):
    memory.remember(RESOURCE, SCOPE, [NODE], 100.0)
    (line,) = memory.remember(RESOURCE, SCOPE, [lose(NODE, 90.0)], 200.0)
    assert (line.kind, line.at) == ("lost", 90.0)
    assert memory.remember(RESOURCE, SCOPE, [lose(NODE, 90.0)], 300.0) == []


@pytest.fixture
def other(tmp_path):
    """Another program on the same state folder."""
    opened = Memory(Paths(tmp_path / "config", tmp_path / "state", tmp_path / "cache"))
    yield opened
    opened.close()


def stop(node):
    return msgspec.structs.replace(node, ping="stopped", state="stopped")


def test_two_programs_journal_a_change_once(memory, other):
    memory.remember(RESOURCE, SCOPE, [NODE], 100.0)
    other.remember(RESOURCE, SCOPE, [NODE], 110.0)
    (line,) = memory.remember(RESOURCE, SCOPE, [stop(NODE)], 200.0)
    assert (line.kind, line.at) == ("stopped", 200.0)
    # The other one's own last list is from before the change.
    assert other.remember(RESOURCE, SCOPE, [stop(NODE)], 210.0) == []
    (line,) = other.remember(RESOURCE, SCOPE, [NODE], 300.0)
    assert (line.kind, line.at) == ("started", 300.0)
    assert memory.remember(RESOURCE, SCOPE, [NODE], 310.0) == []
    (line,) = memory.remember(RESOURCE, SCOPE, [stop(NODE)], 400.0)
    assert (line.kind, line.at) == ("stopped", 400.0)


def test_a_list_that_was_begun_before_the_kept_one_changes_nothing(memory, other):
    now = time.time()
    memory.remember(RESOURCE, SCOPE, [NODE], now - 30)
    other.remember(RESOURCE, SCOPE, [stop(NODE)], now - 10)
    assert memory.remember(RESOURCE, SCOPE, [NODE], now - 20) == []
    assert memory.recall(RESOURCE, [SCOPE]) == [(SCOPE, now - 10, [stop(NODE)])]
    assert [line.kind for line in memory.journal.since(0.0)] == ["stopped"]


def test_a_list_of_a_clock_that_was_ahead_is_no_hindrance(memory):
    memory.remember(RESOURCE, SCOPE, [NODE], time.time() + 3600)
    (line,) = memory.remember(RESOURCE, SCOPE, [stop(NODE)], time.time())
    assert line.kind == "stopped"


def test_two_programs_that_write_at_once_journal_each_change_once(memory, other):
    rounds = 20
    began = time.time() - 1000
    both = Barrier(2)

    def write(own, late):
        for turn in range(rounds):
            both.wait(10)  # whoever is first, both have seen the same change
            rows = [stop(NODE) if turn % 2 else NODE]
            own.remember(RESOURCE, SCOPE, rows, began + 10 * turn + late)

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(write, memory, 0.0), pool.submit(write, other, 1.0)]:
            done.result(30)
    kinds = [line.kind for line in memory.journal.since(0.0)]
    assert kinds == ["stopped" if turn % 2 else "started" for turn in range(1, rounds)]


def test_a_new_start_compares_with_the_snapshot(memory, tmp_path):
    now = time.time()
    memory.remember(RESOURCE, SCOPE, [NODE], now - 60)
    memory.close()
    again = Memory(Paths(tmp_path / "config", tmp_path / "state", tmp_path / "cache"))
    again.remember(RESOURCE, SCOPE, [lose(NODE, now - 30)], now)
    assert again.lost_since([SCOPE]) == {NODE.key: pytest.approx(now - 30)}
    again.remember(RESOURCE, SCOPE, [NODE], now + 60)
    assert again.lost_since([SCOPE]) == {}
    again.close()


def test_rows_by_name(memory):
    memory.remember(RESOURCE, SCOPE, [NODE], 100.0)
    assert memory.named(RESOURCE, "web") == [NODE]
    assert memory.named(RESOURCE, "i-1") == [NODE]
    assert memory.named(RESOURCE, "we") == []


def test_names_come_from_what_was_kept_last(memory, tmp_path):
    nameless = msgspec.structs.replace(NODE, id="i-2", name=None)
    memory.remember(RESOURCE, SCOPE, [NODE, nameless], 100.0)
    keys = [NODE.key, nameless.key, msgspec.structs.replace(NODE, id="i-3").key]
    assert memory.names("nodes", keys) == {NODE.key: "web"}
    # A new start reads them from the disk.
    again = Memory(Paths(tmp_path / "config", tmp_path / "state", tmp_path / "cache"))
    assert again.names("nodes", keys) == {NODE.key: "web"}
    assert again.names("sessions", keys) == {}
    again.close()


def test_what_was_put_right_is_told_once(memory, tmp_path):
    file = tmp_path / "state" / "snapshot.sqlite3"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"no database" * 100)
    assert memory.recall(RESOURCE, [SCOPE]) == []
    assert memory.lost_since([SCOPE]) == {}
    (problem,) = memory.mended()
    assert "was damaged and was replaced" in problem.sentence
    assert memory.mended() == []


def test_nodes_are_listed_without_a_journal_that_can_be_read(tmp_path):
    (tmp_path / "state" / "snapshot.sqlite3").mkdir(parents=True)
    memory = Memory(Paths(tmp_path / "config", tmp_path / "state", tmp_path / "cache"))
    with pytest.raises(ProblemError, match="cannot be used"):
        memory.lost_since([SCOPE])
    assert nodes(memory.lost_since).listing([]) is not None
    memory.close()

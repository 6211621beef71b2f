from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ssmtui.core.keys import RowKey, ScopeKey
from ssmtui.local.journal import KEPT_SECONDS, Journal, Transition

NOW = 1_800_000_000.0
EU = ScopeKey("1", "eu-west-1")
US = ScopeKey("1", "us-east-1")


class Clock:
    now = NOW

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def journal(path: Path, clock: Clock) -> Iterator[Journal]:
    journal = Journal(path, clock)
    yield journal
    journal.close()


def line(at: float, kind: str, node: str = "i-1", scope: ScopeKey = EU, **facts: Any) -> Transition:
    return Transition(
        at=NOW + at,
        account=scope.account,
        region=scope.region,
        id=node,
        name=node,
        kind=kind,
        **facts,
    )


def key(node: str, scope: ScopeKey = EU) -> RowKey:
    return RowKey(scope.account, scope.region, node)


def test_what_was_recorded_is_read_in_order_of_time(journal: Journal) -> None:
    lines = [line(-10, "returned"), line(-20, "lost", before="online", after="lost")]
    journal.record(lines)
    assert journal.since(NOW - 20) == lines[::-1]
    assert journal.since(NOW - 19) == lines[:1]
    assert journal.since(NOW) == []


def test_scopes_narrow_what_is_read(journal: Journal) -> None:
    journal.record([line(-1, "lost"), line(-1, "lost", "i-2", US)])
    assert [found.id for found in journal.since(0, [US])] == ["i-2"]
    assert [found.id for found in journal.since(0, [EU, US])] == ["i-1", "i-2"]
    assert journal.since(0, []) == []
    assert journal.last("lost", [US]) == {key("i-2", US): NOW - 1}


def test_the_same_thing_seen_twice_is_one_line(journal: Journal, path: Path) -> None:
    other = Journal(path, Clock())
    journal.record([line(-5, "lost")])
    other.record([line(-5, "lost"), line(-4, "returned")])
    other.close()
    assert [found.kind for found in journal.since(0)] == ["lost", "returned"]


def test_lines_are_kept_for_thirty_days(journal: Journal, clock: Clock) -> None:
    journal.record([line(-1, "lost"), line(0, "lost", "i-2")])
    clock.now = NOW + KEPT_SECONDS
    journal.record([line(1, "agent")])
    assert [found.id for found in journal.since(0)] == ["i-2", "i-1"]


def test_the_last_of_a_kind(journal: Journal) -> None:
    journal.record([line(-30, "lost"), line(-20, "lost"), line(-10, "returned")])
    assert journal.last("lost") == {key("i-1"): NOW - 20}
    assert journal.last("stopped") == {}


def test_a_node_is_lost_since_it_was_until_it_returns(journal: Journal) -> None:
    journal.record(
        [
            line(-50, "lost"),
            line(-40, "returned"),
            line(-30, "lost"),
            line(-20, "agent"),
            line(-25, "lost", "i-2"),
            line(-15, "returned", "i-2"),
            line(-5, "terminated", "i-1"),
        ]
    )
    assert journal.open_since("lost", "returned") == {key("i-1"): NOW - 30}


def test_the_history_of_one_node_begins_with_the_newest(journal: Journal) -> None:
    journal.record(
        [line(-3, "lost"), line(-2, "returned"), line(-1, "agent"), line(-1, "lost", "x")]
    )
    assert [found.kind for found in journal.of(key("i-1"), 2)] == ["agent", "returned"]


def test_hostile_names_are_kept(journal: Journal) -> None:
    journal.record([line(-1, "lost", before="a'); DROP TABLE transitions;--\x1b\ud800")])
    assert journal.since(0)[0].before == "a'); DROP TABLE transitions;--\x1b?"


def test_nothing_recorded_makes_no_file(journal: Journal, path: Path) -> None:
    journal.record([])
    assert not path.exists()


def test_a_transition_knows_its_row() -> None:
    assert line(0, "lost").key == key("i-1")

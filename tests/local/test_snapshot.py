from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ssmtui.core.columns import UNKNOWN
from ssmtui.core.keys import RowKey, ScopeKey
from ssmtui.core.problem import ProblemError
from ssmtui.local.snapshot import Snapshot

HERE = ScopeKey("111122223333", "eu-west-1")
THERE = ScopeKey("111122223333", "us-east-1")


@pytest.fixture
def snapshot(path: Path) -> Iterator[Snapshot]:
    snapshot = Snapshot(path)
    yield snapshot
    snapshot.close()


@pytest.fixture
def make(row_type: type[Any]) -> Any:
    def row(number: int, scope: ScopeKey = HERE, **fields: Any) -> Any:
        return row_type(account=scope.account, region=scope.region, id=f"i-{number}", **fields)

    return row


def test_rows_come_back_as_they_were(snapshot: Snapshot, make: Any, row_type: type[Any]) -> None:
    rows = [
        make(1, name="a\x1b[2J 日本", seen=1.5, latest=True, tags={"Env": "prod"}),
        make(2, name=None, seen=None, latest=None, tags=None),
        make(3),
    ]
    snapshot.save("nodes", HERE, rows, 100.0)
    ((scope, saved_at, back),) = snapshot.load("nodes", [HERE], row_type)
    assert (scope, saved_at) == (HERE, 100.0)
    assert back == rows
    assert back[2].name is UNKNOWN
    assert back[2].tags is UNKNOWN
    assert back[1].tags is None


def test_what_was_never_saved_is_not_there(snapshot: Snapshot, row_type: type[Any]) -> None:
    assert snapshot.load("nodes", [HERE], row_type) == []


def test_an_empty_list_is_remembered_as_one(snapshot: Snapshot, row_type: type[Any]) -> None:
    snapshot.save("nodes", HERE, [], 5.0)
    assert snapshot.load("nodes", [HERE], row_type) == [(HERE, 5.0, [])]


def test_a_save_replaces_the_scope_s_rows_only(
    snapshot: Snapshot, make: Any, row_type: type[Any]
) -> None:
    snapshot.save("nodes", HERE, [make(n) for n in range(2500)], 1.0)
    snapshot.save("nodes", THERE, [make(9, THERE)], 1.0)
    snapshot.save("patches", HERE, [make(8)], 1.0)
    snapshot.save("nodes", HERE, [make(7)], 2.0)
    assert snapshot.load("nodes", [HERE], row_type) == [(HERE, 2.0, [make(7)])]
    assert snapshot.load("nodes", None, row_type) == [
        (HERE, 2.0, [make(7)]),
        (THERE, 1.0, [make(9, THERE)]),
    ]
    assert snapshot.load("patches", [HERE, THERE], row_type) == [(HERE, 1.0, [make(8)])]


def test_long_lists_keep_their_order(snapshot: Snapshot, make: Any, row_type: type[Any]) -> None:
    rows = [make(number) for number in range(12_345)]
    snapshot.save("nodes", HERE, rows, 1.0)
    assert snapshot.load("nodes", [HERE], row_type)[0][2] == rows


def test_it_is_there_after_a_restart(
    snapshot: Snapshot, make: Any, row_type: type[Any], path: Path
) -> None:
    snapshot.save("nodes", HERE, [make(1)], 1.0)
    snapshot.close()
    again = Snapshot(path)
    assert again.load("nodes", [HERE], row_type) == [(HERE, 1.0, [make(1)])]
    again.close()


def test_rows_of_another_shape_are_as_good_as_not_kept(snapshot: Snapshot, make: Any) -> None:
    class Newer(msgspec.Struct):
        id: int

    snapshot.save("nodes", HERE, [make(1)], 1.0)
    assert snapshot.load("nodes", [HERE], Newer) == []
    assert snapshot.rows_named("nodes", "i-1", Newer) == []


def test_fields_may_come_and_go_between_versions(snapshot: Snapshot, make: Any) -> None:
    class Later(msgspec.Struct):
        id: str
        patch: str | msgspec.UnsetType = UNKNOWN

    snapshot.save("nodes", HERE, [make(1, name="gone")], 1.0)
    assert snapshot.load("nodes", [HERE], Later) == [(HERE, 1.0, [Later("i-1")])]


def test_a_lone_surrogate_does_not_cost_the_snapshot(
    snapshot: Snapshot, make: Any, row_type: type[Any]
) -> None:
    snapshot.save("nodes", HERE, [make(1, name="a\ud800", tags={"k\udfff": "v"}), make(2)], 1.0)
    first, second = snapshot.load("nodes", [HERE], row_type)[0][2]
    assert (first.name, first.tags) == ("a?", {"k?": "v"})
    assert second == make(2)


def test_rows_are_found_by_name_and_by_id(
    snapshot: Snapshot, make: Any, row_type: type[Any]
) -> None:
    twins = [make(1, name="web"), make(1500, THERE, name="web")]
    snapshot.save("nodes", HERE, [twins[0], *(make(n, name="web-x") for n in range(2, 1200))], 1.0)
    snapshot.save("nodes", THERE, [twins[1]], 1.0)
    assert snapshot.rows_named("nodes", "web", row_type) == twins
    assert snapshot.rows_named("nodes", "web", row_type, [THERE]) == twins[1:]
    assert snapshot.rows_named("nodes", "i-1", row_type) == twins[:1]
    assert snapshot.rows_named("nodes", "we", row_type) == []


def test_names_are_read_alone(snapshot: Snapshot, make: Any) -> None:
    snapshot.save("nodes", HERE, [make(1, name="web"), make(2, name=None), make(3)], 1.0)
    snapshot.save("nodes", THERE, [make(4, THERE, name="db")], 1.0)
    assert snapshot.names("nodes", [HERE]) == {RowKey(*HERE, "i-1"): "web"}
    assert snapshot.names("parameters", [HERE]) == {}


def test_a_damaged_file_is_one_problem_and_an_empty_snapshot(
    snapshot: Snapshot, path: Path, row_type: type[Any]
) -> None:
    path.parent.mkdir(parents=True)
    path.write_bytes(b"x" * 9999)
    assert snapshot.load("nodes", None, row_type) == []
    assert len(snapshot.problems) == 1


def test_a_list_takes_the_place_of_the_one_it_was_compared_with(
    snapshot: Snapshot, make: Any, row_type: type[Any]
) -> None:
    done: list[str] = []

    def replace(at: float, over: Any) -> Any:
        along = lambda connection: done.append(f"at {at}")  # noqa: E731
        return snapshot.replace("nodes", HERE, [make(at)], at, over=over, along=along)

    assert snapshot.version("nodes", HERE) is None
    first = replace(1.0, None)
    assert first == snapshot.version("nodes", HERE)
    assert replace(2.0, None) is None
    second = replace(3.0, first)
    assert second is not None
    assert second.at == 3.0
    assert replace(4.0, first) is None
    assert done == ["at 1.0", "at 3.0"]
    ((_, at, rows),) = snapshot.load("nodes", [HERE], row_type)
    assert (at, [row.id for row in rows]) == (3.0, ["i-3.0"])


def test_what_fails_along_with_it_saves_nothing(snapshot: Snapshot, make: Any) -> None:
    def along(connection: Any) -> None:
        connection.execute("INSERT INTO nowhere VALUES (1)")

    with pytest.raises(ProblemError):
        snapshot.replace("nodes", HERE, [make(1)], 1.0, over=None, along=along)
    assert snapshot.version("nodes", HERE) is None

from __future__ import annotations

import sqlite3
import stat
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from ssmtui.core.problem import ProblemError
from ssmtui.local.database import SCHEMA, Database


@pytest.fixture
def database(path: Path) -> Iterator[Database]:
    database = Database(path, busy_seconds=0)
    yield database
    database.close()


def count(connection: sqlite3.Connection) -> int:
    number: int = connection.execute("SELECT count(*) FROM transitions").fetchone()[0]
    return number


def insert(connection: sqlite3.Connection) -> None:
    connection.execute("INSERT INTO transitions VALUES (1, 'a', 'r', 'i', 'n', 'lost', '', '')")


def test_nothing_is_made_before_it_is_used(database: Database, path: Path) -> None:
    assert not path.parent.exists()
    database.run(count)
    assert path.exists()


def test_all_its_files_are_private(database: Database, path: Path) -> None:
    database.run(insert)
    made = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    assert made == {path.name + end: 0o600 for end in ("", "-wal", "-shm")}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_it_writes_ahead_and_says_its_schema(database: Database) -> None:
    def pragmas(connection: sqlite3.Connection) -> tuple[str, int]:
        (mode,) = connection.execute("PRAGMA journal_mode").fetchone()
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        return mode, version

    assert database.run(pragmas) == ("wal", SCHEMA)


def test_work_that_fails_is_undone(database: Database) -> None:
    def work(connection: sqlite3.Connection) -> None:
        insert(connection)
        raise KeyError("on the way")

    with pytest.raises(KeyError):
        database.run(work)
    assert database.run(count) == 0


def test_what_was_written_is_there_for_others_and_later(database: Database, path: Path) -> None:
    database.run(insert)
    other = Database(path)
    assert other.run(count) == 1
    other.close()
    database.close()
    assert database.run(count) == 1
    assert not database.problems


def test_threads_take_turns(database: Database) -> None:
    def work(connection: sqlite3.Connection) -> None:
        connection.execute("UPDATE transitions SET at = at + 1")

    database.run(insert)
    threads = [threading.Thread(target=database.run, args=(work,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    last = database.run(lambda c: c.execute("SELECT at FROM transitions").fetchone())
    assert last == (9.0,)


@pytest.mark.parametrize(
    "content", [b"not a database, but long enough " * 200, b"SQLite format 3\0" + b"x" * 5000]
)
def test_a_damaged_file_is_set_aside_with_one_problem(
    database: Database, path: Path, content: bytes
) -> None:
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    assert database.run(count) == 0
    database.run(insert)
    assert database.run(count) == 1
    (problem,) = database.problems
    assert "was damaged and was replaced" in problem.sentence
    assert path.with_name(f"{path.name}.damaged").read_bytes() == content


def test_damage_found_later_is_set_aside_too(database: Database, path: Path) -> None:
    database.run(insert)
    database.close()
    data = bytearray(path.read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)  # the first page, the schema, stays good
    path.write_bytes(data)
    assert database.run(count) == 0
    assert len(database.problems) == 1


def test_a_newer_schema_is_set_aside_and_stays_readable(database: Database, path: Path) -> None:
    database.run(insert)
    database.run(lambda c: c.execute(f"PRAGMA user_version = {SCHEMA + 1}"))
    database.close()
    assert database.run(count) == 0
    (problem,) = database.problems
    assert "newer ssmtui" in problem.sentence
    with closing(sqlite3.connect(path.with_name(f"{path.name}.newer"))) as old:
        assert count(old) == 1


def test_a_locked_database_is_a_problem_and_nothing_is_lost(database: Database, path: Path) -> None:
    database.run(insert)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(ProblemError, match="database is locked"):
            database.run(insert)
        other.execute("ROLLBACK")
    assert database.run(count) == 1


def test_a_folder_that_cannot_be_made_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ProblemError, match="cannot be used"):
        Database(tmp_path / "file" / "x").run(count)

"""The state folder's SQLite database: opened late, private, and set aside when it cannot be used.

All calls block: callers use a thread. A Database may be used from several threads, one at a time.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from ssmtui.core.problem import Problem, ProblemError, ProblemKind
from ssmtui.core.text import plain
from ssmtui.local.files import create_private

if TYPE_CHECKING:
    import sqlite3

T = TypeVar("T")

# Raised by one with every change of the tables below.
SCHEMA = 1

# Rows are kept in chunks, so that no thread decodes for long while the screen waits for the lock
# that Python's threads share.
_TABLES = """
CREATE TABLE IF NOT EXISTS snapshots (
    id INTEGER PRIMARY KEY,
    resource TEXT NOT NULL, account TEXT NOT NULL, region TEXT NOT NULL, saved_at REAL NOT NULL,
    UNIQUE (resource, account, region)
);
CREATE TABLE IF NOT EXISTS chunks (
    snapshot INTEGER NOT NULL REFERENCES snapshots (id) ON DELETE CASCADE,
    number INTEGER NOT NULL, rows BLOB NOT NULL,
    PRIMARY KEY (snapshot, number)
);
CREATE TABLE IF NOT EXISTS transitions (
    at REAL NOT NULL, account TEXT NOT NULL, region TEXT NOT NULL, id TEXT NOT NULL,
    name TEXT NOT NULL, kind TEXT NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL,
    PRIMARY KEY (account, region, id, kind, at)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS transitions_by_time ON transitions (at);
CREATE INDEX IF NOT EXISTS transitions_by_kind ON transitions (kind, at);
"""

# Two objects of one process may open the same file: one of them makes the tables.
_opening = threading.Lock()


class Database:
    """A connection that `run` hands to a piece of work, inside one transaction.

    A file that is damaged or was written by a newer program is renamed (`.damaged`, `.newer`) and
    replaced by an empty one: it holds nothing that AWS would not tell again, but for the journal,
    which stays readable in the renamed file. `problems` says so, once each time.
    """

    def __init__(self, path: Path, busy_seconds: float = 5.0) -> None:
        self.path = path
        self.problems: list[Problem] = []
        self._busy_seconds = busy_seconds
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None

    def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Do the work in a transaction. Raises ProblemError when the disk will not have it."""
        import sqlite3

        with self._lock:
            try:
                try:
                    return self._attempt(work)
                except sqlite3.DatabaseError as error:
                    if not _is_damage(error):
                        raise
                    self._set_aside("damaged", "was damaged")
                    return self._attempt(work)
            except (OSError, sqlite3.Error) as error:
                raise self._refused(error) from error

    def close(self) -> None:
        """Let go of the file; the next `run` opens it again."""
        with self._lock:
            self._disconnect()

    def _attempt(self, work: Callable[[sqlite3.Connection], T]) -> T:
        if self._connection is None:
            with _opening:
                self._connection = self._open()
        with self._connection as connection:
            return work(connection)

    def _open(self) -> sqlite3.Connection:
        connection = self._connect()
        try:
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            if version == 0:
                connection.executescript(
                    f"BEGIN IMMEDIATE; {_TABLES} PRAGMA user_version = {SCHEMA}; COMMIT;"
                )
        except BaseException:
            connection.close()
            raise
        if version <= SCHEMA:
            return connection
        connection.close()
        self._set_aside("newer", "was written by a newer ssmtui")
        return self._open()

    def _connect(self) -> sqlite3.Connection:
        import sqlite3

        create_private(self.path)  # SQLite gives its -wal and -shm files the same permissions
        connection = sqlite3.connect(self.path, timeout=self._busy_seconds, check_same_thread=False)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA foreign_keys = ON")
        except BaseException:
            connection.close()
            raise
        return connection

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _set_aside(self, suffix: str, why: str) -> None:
        """Rename the file, over an earlier one of that name."""
        self._disconnect()
        aside = self.path.with_name(f"{self.path.name}.{suffix}")
        self.path.replace(aside)
        for sidecar in ("-wal", "-shm"):
            self.path.with_name(self.path.name + sidecar).unlink(missing_ok=True)
        self.problems.append(
            Problem(
                ProblemKind.INPUT,
                plain(f"The snapshot {self.path} {why} and was replaced by an empty one"),
                plain(f"The old one is {aside}"),
            )
        )

    def _refused(self, error: OSError | sqlite3.Error) -> ProblemError:
        said = error.strerror if isinstance(error, OSError) else str(error)
        return ProblemError(
            Problem(
                ProblemKind.INPUT,
                plain(f"The snapshot {self.path} cannot be used ({said})"),
                "Make its folder writable, or name another one in SSMTUI_STATE_DIR",
            )
        )


def _is_damage(error: sqlite3.DatabaseError) -> bool:
    import sqlite3

    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)

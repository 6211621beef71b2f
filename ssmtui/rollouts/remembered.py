"""The values last given to documents, and snippets of scripts: kept for a while, and forgotten on
demand. Scripts often hold what they should not, so this is one private file with a retention.

Everything here blocks: callers use a thread.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from ssmtui.core.problem import Problem, ProblemError, ProblemKind, input_problem
from ssmtui.core.text import plain
from ssmtui.local.files import write_private

RETENTION_DAYS: Final = 30
_DAY: Final = 86_400.0
_MOST: Final = 200  # of each kind; the oldest go first
_LONGEST: Final = 65_535  # characters of a snippet
_LONGEST_NAME: Final = 60


class Values(msgspec.Struct, frozen=True):
    """What was given to a document when it was last run."""

    at: float
    parameters: dict[str, list[str]]


class Snippet(msgspec.Struct, frozen=True):
    """A script that was saved under a name."""

    at: float
    script: str
    document: str = ""  # the document it is for; "" is any


class _File(msgspec.Struct):
    version: int = 1
    values: dict[str, Values] = {}
    snippets: dict[str, Snippet] = {}


T = TypeVar("T", Values, Snippet)


class Remembered:
    """The file. What cannot be read counts as nothing; what cannot be written is a ProblemError."""

    def __init__(self, path: Path, days: float = RETENTION_DAYS) -> None:
        self._path = path
        self._days = days

    def values(self, document: str, now: float) -> dict[str, list[str]]:
        """What a document was last given; empty if nothing is remembered."""
        found = self._read(now).values.get(document)
        return {name: list(each) for name, each in found.parameters.items()} if found else {}

    def documents(self, now: float) -> tuple[str, ...]:
        """The documents of which values are remembered, in the order of their names."""
        return tuple(sorted(self._read(now).values))

    def keep_values(
        self, document: str, parameters: Mapping[str, Sequence[str]], now: float
    ) -> None:
        """Remember what a document is given."""
        file = self._read(now)
        kept = {name: list(each) for name, each in parameters.items()}
        file.values[document] = Values(now, kept)
        self._write(file)

    def snippets(self, now: float) -> dict[str, Snippet]:
        """All snippets by name, in the order of their names."""
        return dict(sorted(self._read(now).snippets.items()))

    def keep_snippet(self, name: str, script: str, now: float, document: str = "") -> None:
        """Save a script under a name, over one of that name."""
        name = name.strip()
        if not 1 <= len(name) <= _LONGEST_NAME or not name.isprintable():
            raise input_problem(f"A snippet's name is one line of 1 to {_LONGEST_NAME} characters")
        if not 1 <= len(script) <= _LONGEST:
            raise input_problem(f"A snippet has 1 to {_LONGEST:,} characters")
        file = self._read(now)
        file.snippets[name] = Snippet(now, script, document)
        self._write(file)

    def forget(self, *, document: str | None = None, snippet: str | None = None) -> None:
        """Forget the values of a document, a snippet, or with neither everything."""
        file = self._read(None)
        if document is not None:
            file.values.pop(document, None)
        if snippet is not None:
            file.snippets.pop(snippet, None)
        if document is None and snippet is None:
            file = _File(values={}, snippets={})
        self._write(file)

    def _read(self, now: float | None) -> _File:
        try:
            file = msgspec.json.decode(self._path.read_bytes(), type=_File)
        except (OSError, msgspec.MsgspecError):
            return _File(values={}, snippets={})
        if now is not None:
            oldest = now - self._days * _DAY
            file.values = {name: each for name, each in file.values.items() if each.at > oldest}
            file.snippets = {name: each for name, each in file.snippets.items() if each.at > oldest}
        return file

    def _write(self, file: _File) -> None:
        file.values = _latest(file.values)
        file.snippets = _latest(file.snippets)
        try:
            write_private(self._path, msgspec.json.encode(file))
        except OSError as error:
            what = plain(f"{self._path} cannot be written ({error.strerror})")
            remedy = "Make the state folder writable"
            raise ProblemError(Problem(ProblemKind.INPUT, what, remedy)) from error


def _latest(kept: dict[str, T]) -> dict[str, T]:
    newest = sorted(kept.items(), key=lambda item: item[1].at, reverse=True)
    return dict(newest[:_MOST])

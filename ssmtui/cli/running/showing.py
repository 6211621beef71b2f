"""What came of a rollout, on standard output: folded, line by line, or as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from ssmtui.core.columns import rfc3339
from ssmtui.core.export import json_text
from ssmtui.core.folding import Block, Folder, fold
from ssmtui.core.folding.outputs import ending
from ssmtui.core.text import cells, fit, plain
from ssmtui.rollouts.foldable import foldable, outcome_of
from ssmtui.rollouts.state import Bucket, Result

# Names are aligned up to this width.
_WIDEST = 40
_CUT = "there is more: --full fetches it"


class Show(Protocol):
    """A form of output. Both give pieces of text for standard output: `ended` for nodes that have
    come to their ends, as they do, and `rest` for all nodes when nothing more is waited for.
    """

    def ended(self, results: Iterable[Result]) -> Iterator[str]: ...

    def rest(self, results: Sequence[Result]) -> Iterator[str]: ...


# The id of the command that a result is of, "" while it has not been sent.
CommandId = Callable[[Result], str]


def show_as(
    form: str,
    command_id: CommandId,
    *,
    labels: Iterable[str] = (),
    near: bool = False,
    late: bool = False,
    ascii_only: bool = False,
) -> Show:
    """One of folded, lines, json and jsonl.

    `labels` are the nodes' names, which are aligned; `near` folds near-identical outputs as well;
    `late` shows everything at the end, when whole texts have been fetched.
    """
    show: Show
    match form:
        case "lines":
            width = max((cells(plain(label)) for label in labels), default=0)
            show = _Lines(min(_WIDEST, width))
        case "jsonl":
            show = _JsonLines(command_id)
        case "json":
            show = _Json(command_id)
        case _:
            show = _Folded(near, ascii_only)
    return _Late(show) if late else show


class _Late:
    """Another one, with everything at the end."""

    def __init__(self, show: Show) -> None:
        self._show = show

    def ended(self, results: Iterable[Result]) -> Iterator[str]:
        yield from ()

    def rest(self, results: Sequence[Result]) -> Iterator[str]:
        yield from self._show.ended(result for result in results if result.over)
        yield from self._show.rest(results)


class _Folded:
    """Blocks of nodes that answered alike, failures first."""

    def __init__(self, near: bool, ascii_only: bool) -> None:
        self._folder = Folder(near=near)
        self._bar = "--" if ascii_only else "──"

    def ended(self, results: Iterable[Result]) -> Iterator[str]:
        yield from ()

    def rest(self, results: Sequence[Result]) -> Iterator[str]:
        folder = self._folder
        folder.add(foldable(results))
        folder.drain()
        before = ""
        for block in folder.blocks():
            yield before + self._head(block)
            yield _text(folder.text(block.stdout))
            if stderr := _text(folder.text(block.stderr)):
                yield f"{self._bar} stderr\n{stderr}"
            before = "\n"
        for bucket in (Bucket.UNKNOWN, Bucket.RUNNING, Bucket.WAITING):
            if names := [result.label for result in results if result.bucket is bucket]:
                yield before + self._line(str(fold(names)), [_count(len(names)), str(bucket)])
                before = ""

    def _head(self, block: Block) -> str:
        how = [_count(len(block.nodes)), block.ending]
        if block.compared != "exact":
            how.append(block.compared)
        return self._line(str(self._folder.node_set(block)), how)

    def _line(self, names: str, how: Sequence[str]) -> str:
        return f"{self._bar} {plain(names)} {self._bar} {', '.join(how)}\n"


class _Lines:
    """Each line behind the name of its node, as nodes come to their ends."""

    def __init__(self, width: int) -> None:
        self._width = width

    def ended(self, results: Iterable[Result]) -> Iterator[str]:
        for result in results:
            name = plain(result.label)
            prefix = fit(name, self._width) if cells(name) < self._width else name
            for line in _text(result.stdout).splitlines():
                yield f"{prefix}  {line}\n"
            for line in _text(result.stderr).splitlines():
                yield f"{prefix}  stderr: {line}\n"
            if result.cut:
                yield f"{prefix}  ({_CUT})\n"
            if result.bucket is not Bucket.OK or not (result.stdout or result.stderr):
                yield f"{prefix}  ({_words(result)})\n"

    def rest(self, results: Sequence[Result]) -> Iterator[str]:
        yield from ()


class _JsonLines:
    """One object a line, as nodes come to their ends; the others at the end."""

    def __init__(self, command_id: CommandId) -> None:
        self._command_id = command_id

    def ended(self, results: Iterable[Result]) -> Iterator[str]:
        for result in results:
            yield json_text(record(result, self._command_id(result))) + "\n"

    def rest(self, results: Sequence[Result]) -> Iterator[str]:
        yield from self.ended(result for result in results if not result.over)


class _Json:
    """An array of objects at the end."""

    def __init__(self, command_id: CommandId) -> None:
        self._command_id = command_id

    def ended(self, results: Iterable[Result]) -> Iterator[str]:
        yield from ()

    def rest(self, results: Sequence[Result]) -> Iterator[str]:
        before = "[\n  "
        for result in results:
            yield before + json_text(record(result, self._command_id(result)))
            before = ",\n  "
        yield "[]\n" if before.startswith("[") else "\n]\n"


def record(result: Result, command_id: str) -> Mapping[str, Any]:
    """A result as an object of JSON. `cut` says that the texts are not whole."""
    key = result.key
    return {
        "account": key.account,
        "region": key.region,
        "id": key.id,
        "name": result.name or None,
        "result": str(result.bucket),
        "status": result.status or None,
        "exit_code": result.exit_code,
        "stdout": result.stdout,
        "stderr": result.stderr,
        "cut": result.cut,
        "started": _time(result.started),
        "ended": _time(result.ended),
        "wave": result.wave + 1,
        "command_id": command_id or None,
    }


def _count(nodes: int) -> str:
    return "1 node" if nodes == 1 else f"{nodes:,} nodes"


def _words(result: Result) -> str:
    outcome = outcome_of(result.bucket)
    if outcome is None:
        return str(result.bucket)
    return ending(outcome, result.status, result.exit_code)


def _text(text: str) -> str:
    """Remote text, safe to show, ending with a line feed if there is any."""
    shown = plain(text, multiline=True)
    return shown if not shown or shown.endswith("\n") else f"{shown}\n"


def _time(seconds: float | None) -> str | None:
    return None if seconds is None else rfc3339(seconds)

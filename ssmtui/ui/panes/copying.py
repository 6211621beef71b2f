"""`c`: what can be copied of a row, or of the marked ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from ssmtui.core.columns import Column

if TYPE_CHECKING:
    from ssmtui.ui.panes.resource import ResourcePane

ROW = "row"


def choose_and_copy(pane: ResourcePane, rows: Sequence[Any]) -> None:
    """Open the menu of what can be copied of these rows, and copy what is chosen."""
    count = len(rows)
    found = _of_one(pane, rows[0]) if count == 1 else _of_many(pane, rows)
    choices = {**found, ROW: ("row as JSON" if count == 1 else "rows as JSON", "")}

    def chosen(choice: str | None) -> None:
        if choice is None:
            return
        name, text = choices[choice]
        make: Callable[[], str] = partial(str, text)
        if choice == ROW:
            make = partial(_json_of, rows, pane.resource.columns)
        pane.shell.copy(make, f"the {name}" if count == 1 else f"{name} of {count:,} rows")

    menu = [(choice, name, text if count == 1 else "") for choice, (name, text) in choices.items()]
    title = "Copy" if count == 1 else f"Copy of {count:,} marked rows"
    pane.shell.choose(title, menu, chosen)


Choices = Mapping[str, tuple[str, str]]  # id -> name, text


def _of_one(pane: ResourcePane, row: Any) -> Choices:
    return {choice: (name, text) for choice, name, text in pane.copies(row)}


def _of_many(pane: ResourcePane, rows: Sequence[Any]) -> Choices:
    """The same choices, a row a line."""
    texts: dict[str, list[str]] = {}
    names: dict[str, str] = {}
    for row in rows:
        for choice, name, text in pane.copies(row):
            texts.setdefault(choice, []).append(text)
            names[choice] = name
    return {choice: (names[choice], "\n".join(lines)) for choice, lines in texts.items()}


def _json_of(rows: Sequence[Any], columns: Sequence[Column]) -> str:
    from ssmtui.core.export import export

    return "".join(export(rows, columns, "json"))

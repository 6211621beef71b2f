"""Ctrl-S: what a pane shows, written to a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ssmtui.core.export import FORMATS, export
from ssmtui.core.problem import input_problem
from ssmtui.core.text import plain

if TYPE_CHECKING:
    from ssmtui.ui.panes.resource import ResourcePane


def export_shown(pane: ResourcePane) -> None:
    """Ask for a file's name, whose ending chooses the form, and write the rows shown to it."""
    rows = pane.view.rows(0, len(pane.view))
    columns = pane.resource.columns

    def pieces(name: str) -> Iterator[str]:
        form = name.rpartition(".")[2].lower()
        if form not in FORMATS:
            raise input_problem(
                plain(f"{name} does not end in one of .{', .'.join(FORMATS)}"),
                "The ending chooses the form",
            )
        return export(rows, columns, form)

    hint = f"{len(rows):,} rows; the ending chooses: {', '.join(FORMATS)}"
    pane.shell.save_as(f"{pane.resource.name}.csv", pieces, hint)

"""What can be done in any table. The method of an action is `action_<id>`, "-" written as "_"."""

from __future__ import annotations

from ssmtui.core.actions import Action, AppliesTo

TABLE_ACTIONS: tuple[Action, ...] = (
    Action("down", ("down", "j"), "down", "Move to the next row", "table"),
    Action("up", ("up", "k"), "up", "Move to the row before", "table"),
    Action("first", ("g", "home"), "first", "Move to the first row", "table"),
    Action("last", ("G", "end"), "last", "Move to the last row", "table"),
    Action("page-down", ("ctrl+f", "pagedown"), "page down", "Move down a page", "table"),
    Action("page-up", ("ctrl+b", "pageup"), "page up", "Move up a page", "table"),
    Action("scroll-left", ("left",), "left", "Show the columns to the left", "table"),
    Action("scroll-right", ("right",), "right", "Show the columns to the right", "table"),
    Action(
        "mark",
        ("space",),
        "mark",
        "Mark or unmark the row",
        "table",
        applies_to=AppliesTo.ROW,
        footer=80,
        priority=70,
    ),
    Action(
        "mark-range",
        # Terminals send Ctrl-Space as either.
        ("ctrl+@", "ctrl+space"),
        "mark range",
        "Mark from the last marked row to this one",
        "table",
        applies_to=AppliesTo.ROW,
    ),
    Action(
        "mark-all",
        ("asterisk",),
        "mark all",
        "Mark everything shown",
        "table",
        applies_to=AppliesTo.SHOWN,
    ),
    Action(
        "invert-marks",
        ("tilde",),
        "invert",
        "Mark what is shown and not marked, unmark what is",
        "table",
        applies_to=AppliesTo.SHOWN,
    ),
    Action("clear-marks", ("ctrl+backslash",), "clear marks", "Unmark everything", "table"),
    Action("marked-only", ("M",), "marked only", "Show only marked rows, or all again", "table"),
    Action("sort-left", ("shift+left",), "sort column", "Choose the column to the left", "table"),
    Action(
        "sort-right", ("shift+right",), "sort column", "Choose the column to the right", "table"
    ),
    Action(
        "sort",
        ("O",),
        "sort",
        "Sort by the chosen column, or the one named; again: reverse",
        "table",
        argument="COLUMN",
    ),
    Action("wide", ("ctrl+w",), "wide", "Show all columns, or the usual ones again", "table"),
    Action("problems", ("ctrl+z",), "problems", "Show only rows with a problem, or all", "table"),
)

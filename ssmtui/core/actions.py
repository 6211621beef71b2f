"""Actions, declared once: key, palette entry, footer label, help row and `:` command in one."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Danger(StrEnum):
    """What an action does to the world; the mode in force decides from it what is offered."""

    NONE = "none"  # reads and the screen only
    PROBE = "probe"  # a read-only command on nodes: asks less
    SESSION = "session"  # opens a session: needs connect mode
    CHANGE = "change"  # changes something: needs change mode and a dialog
    DESTROY = "destroy"  # deletes, deregisters, terminates: Ctrl-D and a dialog


class AppliesTo(StrEnum):
    """What an action takes. Never silently the filter: that is SHOWN, a capital letter."""

    NOTHING = "nothing"
    ROW = "row"
    MARKS = "marks"  # the marked rows, else the row
    SHOWN = "shown"


class Action(msgspec.Struct, frozen=True):
    """Something the user can do. `id` is also its `:` command and the name to remap its keys by.

    `keys` are Textual key names, the first one shown. `label` is the footer's word, `title` the
    sentence of the palette and the help screen. `context` is where it is bound: "app" (everywhere),
    "table", "text", "nodes" ...; `footer` orders the footer's hints (0: not there), and where there
    is no room for all of them those with the highest `priority` leave first, 0 never. An action
    with no method of its own opens the dialog of its `spec` type.
    """

    id: str
    keys: tuple[str, ...]
    label: str
    title: str
    context: str = "app"
    danger: Danger = Danger.NONE
    applies_to: AppliesTo = AppliesTo.NOTHING
    footer: int = 0
    priority: int = 50
    argument: str = ""  # the name of what the `:` command takes, "DURATION" say
    spec: type[msgspec.Struct] | None = None

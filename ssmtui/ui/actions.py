"""The one table of actions: bindings, footer, help, palette, `:` commands and docs/keys.md.

Without Textual, so that the command line can tell an action's id in the configuration from a typo.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ssmtui.core.actions import Action, AppliesTo, Danger
from ssmtui.core.near import did_you_mean
from ssmtui.core.problem import Problem, ProblemKind
from ssmtui.core.text import plain
from ssmtui.local.config import Place
from ssmtui.resources.base import Resource
from ssmtui.ui.widgets.table_actions import TABLE_ACTIONS

# How many panes have a number.
PANES = 5

# Contexts in the order of the help screen, with their titles.
CONTEXTS = {
    "app": "Everywhere",
    "table": "In a table",
    "text": "In a text",
    "log": "In a followed log",
    "board": "On a rollout's board",
    "results": "In the nodes of a rollout",
}

APP_ACTIONS = (
    Action("command", ("colon",), "go", "Go anywhere: the command line", footer=91, priority=0),
    Action(
        "help", ("question_mark",), "help", "Show the keys that work here", footer=92, priority=0
    ),
    Action("palette", ("ctrl+p",), "palette", "Search every action, view and context"),
    Action("notices", ("exclamation_mark",), "notices", "Show errors and notices"),
    Action("back", ("escape", "q"), "back", "Clear the filter, else go back"),
    Action("history-back", ("left_square_bracket",), "back", "Go to the view before"),
    Action("history-forward", ("right_square_bracket",), "forward", "Go to the view after"),
    Action("last-view", ("minus",), "last view", "Go to the last view and back"),
    Action("all-contexts", ("0",), "all contexts", "Show every account and Region"),
    Action("ctx", (), "contexts", "Choose the accounts and Regions", argument="NAME"),
    Action("reload", ("ctrl+r",), "reload", "List everything anew"),
    Action("terminals", ("T",), "terminals", "Go to the open shells"),
    Action("forwards", ("f",), "forwards", "List the forwards and what they carry"),
    Action("rollouts", (), "rollouts", "List the rollouts: what ran, what runs, how far it is"),
    Action("copies", (), "copies", "List the copies and how far they are"),
    Action("region", ("tab",), "next region", "Move to the next region of the screen"),
    Action("theme", (), "theme", "Choose the theme", argument="NAME"),
    Action("mode", (), "mode", "Say which mode is in force: look, connect or change"),
    Action("arm", (), "arm", "Allow changes in production for a while", argument="DURATION"),
    Action("interrupt", ("ctrl+c",), "quit", "Quit, when pressed twice"),
    Action("quit", (), "quit", "Quit at once"),
)

ROW_ACTIONS = (
    Action("open", ("enter",), "open", "Open the row", "table", applies_to=AppliesTo.ROW),
    Action(
        "describe",
        ("d",),
        "describe",
        "Show everything that is known, read anew",
        "table",
        applies_to=AppliesTo.ROW,
        footer=20,
        priority=30,
    ),
    Action(
        "yaml",
        ("y",),
        "yaml",
        "Show the service's own answers as YAML or JSON",
        "table",
        applies_to=AppliesTo.ROW,
        footer=30,
        priority=80,
    ),
    Action(
        "copy",
        ("c",),
        "copy",
        "Copy the id, name, address or ARN, or the marked rows",
        "table",
        applies_to=AppliesTo.MARKS,
        footer=40,
        priority=90,
    ),
    Action(
        "export",
        ("ctrl+s",),
        "export",
        "Write what is shown to a file",
        "table",
        applies_to=AppliesTo.SHOWN,
    ),
    Action("filter", ("slash",), "filter", "Filter the rows", "table", footer=90, priority=10),
)

NODE_ACTIONS = (
    Action(
        "why",
        ("w",),
        "why",
        "Say why the node is lost, stopped or unmanaged",
        "nodes",
        applies_to=AppliesTo.ROW,
        footer=10,
        priority=40,
    ),
    Action(
        "shell",
        ("s",),
        "shell",
        "Open a shell in a tab, on the marked nodes or the row",
        "nodes",
        danger=Danger.SESSION,
        applies_to=AppliesTo.MARKS,
        footer=5,
        priority=20,
    ),
    Action(
        "tail",
        ("l",),
        "log",
        "Follow a log on the marked nodes or the row: a path, unit NAME, event log NAME",
        "nodes",
        danger=Danger.SESSION,
        applies_to=AppliesTo.MARKS,
        argument="LOG",
        footer=7,
    ),
    Action(
        "shell-plugin",
        ("S",),
        "plugin",
        "Open a shell through session-manager-plugin, full-screen",
        "nodes",
        danger=Danger.SESSION,
        applies_to=AppliesTo.ROW,
    ),
    Action(
        "start-session",
        ("a",),
        "session",
        "Choose a session document and its parameters, on the marked nodes or the row",
        "nodes",
        danger=Danger.SESSION,
        applies_to=AppliesTo.MARKS,
        argument="DOCUMENT",
    ),
    Action(
        "forward",
        ("F",),
        "forward",
        "Let a local port lead to the node, or through it: 8080:80, 5432:db.internal:5432",
        "nodes",
        danger=Danger.SESSION,
        applies_to=AppliesTo.ROW,
        argument="PORTS",
        footer=7,
        priority=60,
    ),
    Action(
        "cp",
        ("C",),
        "copy files",
        "Copy a file or directory to the node or from it: ./here :/there, :/there .",
        "nodes",
        danger=Danger.SESSION,
        applies_to=AppliesTo.ROW,
        argument="FILES",
    ),
)

RUN_ACTIONS = (
    Action(
        "run",
        ("r",),
        "run",
        "Run a command on the marked nodes or the row",
        "nodes",
        danger=Danger.CHANGE,
        applies_to=AppliesTo.MARKS,
        argument="DOCUMENT",
        footer=6,
        priority=25,
    ),
    Action(
        "run-shown",
        ("R",),
        "run on all",
        "Run a command on everything shown",
        "nodes",
        danger=Danger.CHANGE,
        applies_to=AppliesTo.SHOWN,
        argument="DOCUMENT",
    ),
)

BOARD_ACTIONS = (
    Action("block-down", ("down", "j"), "down", "Move to the next block", "board"),
    Action("block-up", ("up", "k"), "up", "Move to the block before", "board"),
    Action("block-first", ("home",), "first", "Move to the first block", "board"),
    Action("block-last", ("end", "G"), "last", "Move to the last block", "board"),
    Action("block-page-down", ("pagedown", "ctrl+f"), "page down", "Move down a page", "board"),
    Action("block-page-up", ("pageup", "ctrl+b"), "page up", "Move up a page", "board"),
    Action("hold", ("space",), "hold", "Hold the rollout: nothing more is sent", "board",
           footer=10, priority=5),
    Action("go-on", ("g",), "go on", "Go on with the rollout, also through a gate", "board",
           danger=Danger.CHANGE, footer=11, priority=5),
    Action("cancel-rollout", ("ctrl+d",), "cancel", "Cancel everything, or the marked nodes",
           "board", danger=Danger.DESTROY, footer=12, priority=10),
    Action("run-again", ("r",), "run again", "Run again on the failed, on those without an answer "
           "or the marked, with edits", "board", danger=Danger.CHANGE, footer=20, priority=15),
    Action("open-block", ("enter",), "open", "Show the block's whole text", "board",
           footer=30, priority=20),
    Action("block-nodes", ("n",), "nodes", "List the nodes of the block", "board",
           footer=31, priority=30),
    Action("all-nodes", ("N",), "all nodes", "List all nodes of the rollout", "board"),
    Action("difference", ("D",), "difference", "Compare the block with what most nodes gave",
           "board", footer=32, priority=25),
    Action("full-output", ("o",), "full output", "Read outputs whole that were cut: of the marked "
           "nodes, else the block", "board", footer=33, priority=35),
    Action("search-outputs", ("slash",), "search", "Search all outputs", "board",
           footer=34, priority=40),
    Action("mark-block", ("m",), "mark", "Mark the nodes of the block, or unmark them", "board",
           footer=35, priority=60),
    Action("copy-block", ("c",), "copy", "Copy the block's text", "board",
           footer=36, priority=70),
    Action("save-outputs", ("ctrl+s",), "save all", "Save everything: a file a node, and a summary",
           "board", footer=37, priority=65),
    Action("board-by", ("b",), "by wave/scope/call", "Count by wave, by scope or by call", "board",
           footer=38, priority=80),
    Action("alike", ("i",), "identical", "Fold only identical outputs, or alike ones, too",
           "board"),
    Action("about-rollout", ("d",), "describe", "Show everything of the rollout", "board",
           footer=39, priority=75),
    Action("close-board", ("escape", "q"), "back", "Clear the search, else go back: the rollout "
           "goes on", "board", footer=90, priority=10),
)  # fmt: skip

RESULT_ACTIONS = (
    Action("open-result", ("enter",), "open", "Show the node's output", "results", footer=10),
    Action("results-again", ("r",), "run again", "Run again on the marked nodes or the row, with "
           "edits", "results", danger=Danger.CHANGE, footer=20),
    Action("result-full", ("o",), "full output", "Read outputs whole, of the marked nodes or the "
           "row", "results", footer=30),
    Action("cancel-results", ("ctrl+d",), "cancel", "Cancel on the marked nodes or the row",
           "results", danger=Danger.DESTROY, footer=40),
    Action("filter-results", ("slash",), "filter", "Filter the nodes", "results", footer=50),
    Action("close-results", ("escape", "q"), "back", "Clear the filter, else go back", "results",
           footer=90, priority=10),
)  # fmt: skip

TEXT_ACTIONS = (
    Action("search", ("slash",), "search", "Search the text", "text", footer=10),
    Action("next-match", ("n",), "next", "Go to the next match", "text", footer=11),
    Action("previous-match", ("N",), "previous", "Go to the match before", "text", footer=12),
    Action("format", ("y",), "YAML/JSON", "Change between YAML and JSON", "text", footer=20),
    Action("wrap", ("w",), "wrap", "Wrap long lines or not", "text", footer=30),
    Action("copy-text", ("c",), "copy", "Copy the whole text", "text", footer=40),
    Action("save-text", ("ctrl+s",), "save", "Write the text to a file", "text", footer=50),
    Action("reread", ("ctrl+r",), "read again", "Read it again", "text"),
    Action(
        "close-text",
        ("escape", "q"),
        "back",
        "Clear the search, else go back",
        "text",
        footer=90,
        priority=10,
    ),
)

LOG_ACTIONS = (
    Action(
        "log-pause", ("space",), "pause", "Hold the lines back, or let them go", "log", footer=10
    ),
    Action("log-filter", ("slash",), "filter", "Show only lines that match", "log", footer=20),
    Action("log-highlight", ("h",), "highlight", "Highlight what matches", "log", footer=30),
    Action("log-next", ("n",), "next", "Go to the next highlighted line", "log", footer=31),
    Action(
        "log-previous", ("N",), "previous", "Go to the highlighted line before", "log", footer=32
    ),
    Action("log-end", ("G", "end"), "end", "Go to the end and stay there", "log", footer=40),
    Action("log-top", ("g", "home"), "top", "Go to the oldest line", "log"),
    Action("log-wrap", ("w",), "wrap", "Wrap long lines or not", "log", footer=50),
    Action("log-nodes", ("d",), "nodes", "Say how it is with each node", "log", footer=60),
    Action("log-save", ("ctrl+s",), "save", "Write the lines shown to a file", "log", footer=70),
    Action(
        "log-close",
        ("escape", "q"),
        "back",
        "Clear the filter, then the highlight, else end the sessions and go back",
        "log",
        footer=90,
    ),
)


def all_actions(resources: Sequence[Resource[Any]]) -> tuple[Action, ...]:
    """Every action of the program, those of these resources last; ids are unique."""
    panes = {resource.pane: resource.title for resource in resources if resource.pane}
    return (
        *APP_ACTIONS,
        *(action for action in pane_actions(panes) if int(action.keys[0]) in panes),
        *ROW_ACTIONS,
        *TABLE_ACTIONS,
        *TEXT_ACTIONS,
        *LOG_ACTIONS,
        *BOARD_ACTIONS,
        *RESULT_ACTIONS,
        *NODE_ACTIONS,
        *RUN_ACTIONS,
        *(action for resource in resources for action in resource.actions),
    )


def unknown_action(action_id: str, known: Iterable[str], place: Place) -> Problem:
    """What is wrong with keys for an action that does not exist; `place` says where it stands."""
    what = f"{place('keys', action_id)}keys.{action_id}: there is no action of that name"
    remedy = did_you_mean(action_id, known, otherwise="docs/keys.md lists them")
    return Problem(ProblemKind.INPUT, plain(what), remedy)


def pane_actions(titles: Mapping[int, str] | None = None) -> list[Action]:
    """The keys of the panes; their numbers are fixed, whichever of them work."""
    titles = titles or {}
    return [
        Action(
            f"pane-{number}",
            (str(number),),
            titles.get(number, ""),
            f"Go to {titles.get(number, '')}",
        )
        for number in range(1, PANES + 1)
    ]

"""Themes: TOML files, checked whole before Textual sees them, so that a broken one is one notice.

Textual's own `register_theme` checks nothing, and a bad colour ends the program when the theme is
used; so every colour is parsed here, and unknown keys are refused.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from textual.color import Color, ColorParseError
from textual.theme import Theme

from ssmtui.core.problem import Problem, ProblemError, input_problem
from ssmtui.core.text import plain
from ssmtui.local import toml_lines
from ssmtui.local.themes import no_theme, theme_files

DEFAULT = "night"

# Our own style variables; the values are what a theme that does not name them gets.
VARIABLES = {
    "muted": "#7c8591",
    "rule": "#3a3f4a",
    "status-good": "#8cc98a",
    "status-busy": "#6fc1d8",
    "status-warn": "#e3b65f",
    "status-bad": "#f27983",
    "production": "#f27983",
    "cursor-row": "#263752",
    "cursor-row-ink": "#ffffff",
    "mark": "#e3b65f",
    "changed": "#32405a",
    "stale": "#656d79",
}

_COLOURS = frozenset(
    field.name for field in fields(Theme) if "str" in str(field.type) and field.name != "name"
)
_KEYS = frozenset({"name", "dark", "variables"}) | _COLOURS


def load_themes(folders: Iterable[Path]) -> tuple[list[Theme], list[Problem]]:
    """Every sound theme of the folders (a later one of the same name wins), and the trouble."""
    themes: dict[str, Theme] = {}
    problems = []
    for folder in folders:
        for path in theme_files(folder):
            try:
                theme = read_theme(path)
            except ProblemError as error:
                problems.append(error.problem)
            else:
                themes[theme.name] = theme
    return list(themes.values()), problems


class _FaultError(Exception):
    """What is wrong in a theme, and the names under which the file says it, if it does."""

    def __init__(self, what: str, *names: str) -> None:
        super().__init__(what)
        self.names = names


def read_theme(path: Path) -> Theme:
    """The theme of one file; ProblemError names the file, the line and what is wrong there."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        content = toml_lines.read(text)
    except (OSError, UnicodeDecodeError, toml_lines.TomlError) as error:
        raise _broken(path, str(error)) from error
    try:
        return _built(path.stem, content)
    except _FaultError as fault:
        line = toml_lines.line_of(text, fault.names) if fault.names else None
        raise _broken(path, f"line {line}: {fault}" if line else str(fault)) from fault


def _built(stem: str, content: dict[str, Any]) -> Theme:
    for key in content:
        if key not in _KEYS:
            raise _FaultError(f"it has the unknown key {key!r}", key)
    variables = content.pop("variables", {})
    if not isinstance(variables, dict):
        raise _FaultError("variables is not a table", "variables")
    for key, value in content.items():
        if key in _COLOURS:
            _check_colour(value, key)
    for key, value in variables.items():
        _check_colour(value, "variables", key)
    if "primary" not in content:
        raise _FaultError("it has no primary colour")
    if not isinstance(content.setdefault("name", stem), str):
        raise _FaultError("name is not a text", "name")
    if not isinstance(content.get("dark", True), bool):
        raise _FaultError("dark is not true or false", "dark")
    theme = Theme(**content, variables=variables)
    try:
        theme.to_color_system().generate()
    except Exception as error:  # what Textual's colours may raise is not written down
        raise _FaultError(str(error)) from error
    return theme


def _check_colour(value: Any, *names: str) -> None:
    if not isinstance(value, str):
        raise _FaultError(f"{names[-1]} is not a colour", *names)
    try:
        Color.parse(value)
    except ColorParseError as error:
        raise _FaultError(f"{names[-1]} is not a colour: {value!r}", *names) from error


def _broken(path: Path, why: str) -> ProblemError:
    return input_problem(
        plain(f"The theme {path} cannot be used: {why}"), "Correct the file or remove it"
    )


def choose(name: str, themes: Sequence[Theme]) -> Theme:
    """The theme of that name; ProblemError says which there are."""
    for theme in themes:
        if theme.name == name:
            return theme
    raise ProblemError(no_theme(name, sorted(theme.name for theme in themes)))


def default_theme(
    wanted: str, names: Sequence[str], environ: Mapping[str, str] = os.environ
) -> str:
    """The configured theme if it is there; else by what the terminal says of its background.

    COLORFGBG is "foreground;background" in the 16 colours; 7 and 9 to 15 are light.
    """
    if wanted in names:
        return wanted
    background = environ.get("COLORFGBG", "").rpartition(";")[2]
    light = background.isdigit() and (int(background) == 7 or int(background) > 8)
    own = "day" if light else DEFAULT
    return own if own in names else "textual-light" if light else "textual-dark"

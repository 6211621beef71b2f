"""Themes: TOML files, checked whole before Textual sees them, so that a broken one is one notice.

Textual's own `register_theme` checks nothing, and a bad colour ends the program when the theme is
used; so every colour is parsed here, and unknown keys are refused.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from textual.color import Color, ColorParseError
from textual.theme import Theme

from ssmtui.core.problem import Problem, ProblemError, ProblemKind, input_problem
from ssmtui.core.text import plain

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
        for path in sorted(folder.glob("*.toml")) if folder.is_dir() else ():
            try:
                theme = read_theme(path)
            except ProblemError as error:
                problems.append(error.problem)
            else:
                themes[theme.name] = theme
    return list(themes.values()), problems


def read_theme(path: Path) -> Theme:
    """The theme of one file; ProblemError names the file and what is wrong with it."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _broken(path, str(error)) from error
    unknown = sorted(set(content) - _KEYS)
    if unknown:
        raise _broken(path, f"it has the unknown key {unknown[0]!r}")
    variables = content.pop("variables", {})
    if not isinstance(variables, dict):
        raise _broken(path, "variables is not a table")
    colours = {key: content[key] for key in content if key in _COLOURS}
    for key, value in {**colours, **variables}.items():
        _check_colour(path, key, value)
    if "primary" not in colours:
        raise _broken(path, "it has no primary colour")
    return _built(path, content, variables)


def _check_colour(path: Path, key: str, value: Any) -> None:
    if not isinstance(value, str):
        raise _broken(path, f"{key} is not a colour")
    try:
        Color.parse(value)
    except ColorParseError as error:
        raise _broken(path, f"{key} is not a colour: {value!r}") from error


def _built(path: Path, content: dict[str, Any], variables: dict[str, str]) -> Theme:
    name = content.setdefault("name", path.stem)
    if not isinstance(name, str) or not isinstance(content.get("dark", True), bool):
        raise _broken(path, "name is a text and dark is true or false")
    theme = Theme(**content, variables=variables)
    try:
        theme.to_color_system().generate()
    except Exception as error:  # what Textual's colours may raise is not written down
        raise _broken(path, str(error)) from error
    return theme


def _broken(path: Path, why: str) -> ProblemError:
    return input_problem(
        plain(f"The theme {path} cannot be used: {why}"), "Correct the file or remove it"
    )


def choose(name: str, themes: Sequence[Theme]) -> Theme:
    """The theme of that name; ProblemError says which there are."""
    for theme in themes:
        if theme.name == name:
            return theme
    names = ", ".join(sorted(theme.name for theme in themes))
    raise ProblemError(
        Problem(
            ProblemKind.INPUT, plain(f"There is no theme {name!r}"), f"There are {plain(names)}"
        )
    )


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

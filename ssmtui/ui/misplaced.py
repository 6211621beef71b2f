"""What the configuration says in vain: the one check, of the explorer as of every verb.

Without Textual, as the command line is.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from ssmtui.core.problem import Problem
from ssmtui.local.config import Config, Place, place
from ssmtui.local.paths import Paths, builtin_themes
from ssmtui.resources.base import Resource


def misplaced(config: Config, paths: Paths, resources: Sequence[Resource[Any]]) -> list[Problem]:
    """Every action, key, column and theme that the configuration names and that there is not, and
    every key that it gives twice, each with its line. What is right costs next to nothing."""
    said = partial(place, paths.config_file)
    problems: list[Problem] = []
    if config.theme:
        problems += _theme(config.theme, paths, said)
    if config.keys:
        from ssmtui.ui.keymap import KeyMap

        problems += KeyMap(resources, config.keys, said).problems
    if config.columns:
        from ssmtui.resources.arranged import arranged

        problems += arranged(resources, config.columns, said)[1]
    return problems


def _theme(name: str, paths: Paths, said: Place) -> list[Problem]:
    from ssmtui.local.themes import is_theme, no_theme, theme_names

    folders = [builtin_themes(), paths.themes]
    if is_theme(name, folders):
        return []
    return [no_theme(name, theme_names(folders), f"{said('theme')}theme: ")]

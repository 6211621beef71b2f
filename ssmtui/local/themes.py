"""Which themes there are, by their files. What a theme holds is for the explorer to judge."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ssmtui.core.near import did_you_mean
from ssmtui.core.problem import Problem, ProblemKind
from ssmtui.core.text import plain
from ssmtui.local import toml_lines


def theme_files(folder: Path) -> list[Path]:
    """The theme files of a folder, which need not be there, in the order of their names."""
    return sorted(folder.glob("*.toml")) if folder.is_dir() else []


def theme_names(folders: Iterable[Path]) -> list[str]:
    """The names of all themes, sorted. A broken file counts, with its own name if that can be read:
    what is wrong with it is a notice of its own."""
    return sorted({_name(path) for folder in folders for path in theme_files(folder)})


def is_theme(name: str, folders: Iterable[Path]) -> bool:
    """Whether one of `theme_names` is `name`; reads no more files than it needs."""
    files = [path for folder in folders for path in theme_files(folder)]
    files.sort(key=lambda path: path.stem != name)
    return any(_name(path) == name for path in files)


def no_theme(name: str, known: Iterable[str], where: str = "") -> Problem:
    """What is wrong with a name that no theme has. `where` asks for it: "config.toml line 1: "."""
    names = list(known)
    what = f"{where}{'there' if where else 'There'} is no theme {name!r}"
    remedy = did_you_mean(name, names, otherwise=f"There are {', '.join(names)}")
    return Problem(ProblemKind.INPUT, plain(what), plain(remedy))


def _name(path: Path) -> str:
    try:
        name = toml_lines.read(path.read_text(encoding="utf-8-sig")).get("name")
    except (OSError, UnicodeDecodeError, toml_lines.TomlError):
        name = None
    return name if isinstance(name, str) else path.stem

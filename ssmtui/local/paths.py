"""Where everything lies: configuration, state and cache, and AWS's own shared files."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

import msgspec
import platformdirs

_SECTION = re.compile(r"\s*\[([^\[\]]+)\]")


class Paths(msgspec.Struct, frozen=True):
    """The three folders of the program, and the files in them. Nothing is made by asking."""

    config: Path
    state: Path
    cache: Path

    @property
    def config_file(self) -> Path:
        return self.config / "config.toml"

    @property
    def themes(self) -> Path:
        """The user's own themes, one TOML file each."""
        return self.config / "themes"

    @property
    def snapshot(self) -> Path:
        """The database of the last rows of every scope, and of the journal."""
        return self.state / "snapshot.sqlite3"

    @property
    def audit(self) -> Path:
        """What was done, as JSON lines."""
        return self.state / "audit.jsonl"

    @property
    def crashes(self) -> Path:
        """The folder of crash reports."""
        return self.state / "crashes"

    @property
    def history(self) -> Path:
        """The folder of the lines typed before, one file a prompt."""
        return self.state / "history"

    @property
    def rollouts(self) -> Path:
        """The folder of rollouts: what was planned, and what became of every call."""
        return self.state / "rollouts"

    @property
    def remembered(self) -> Path:
        """The values last given to documents, and snippets of scripts."""
        return self.state / "commands.json"

    @property
    def log(self) -> Path:
        """The log that `--log-level` asks for."""
        return self.state / "ssmtui.log"


def default(environ: Mapping[str, str] = os.environ) -> Paths:
    """The user's folders, by the platform's convention.

    SSMTUI_CONFIG_DIR and SSMTUI_STATE_DIR name others; the cache then lies inside the state folder.
    """
    config, state = environ.get("SSMTUI_CONFIG_DIR"), environ.get("SSMTUI_STATE_DIR")
    return Paths(
        config=_folder(config) if config else platformdirs.user_config_path("ssmtui"),
        state=_folder(state) if state else platformdirs.user_state_path("ssmtui"),
        cache=_folder(state) / "cache" if state else platformdirs.user_cache_path("ssmtui"),
    )


def demo(environ: Mapping[str, str] = os.environ) -> Paths:
    """The same configuration, and a state of its own: the demo never mixes with real fleets."""
    paths = default(environ)
    return Paths(config=paths.config, state=paths.state / "demo", cache=paths.cache / "demo")


def builtin_themes() -> Path:
    """The themes that come with the program: inside the package, or beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "themes"
    return installed if installed.is_dir() else package.parent / "themes"


def shared_profiles(environ: Mapping[str, str] = os.environ) -> tuple[str, ...]:
    """The names of the profiles in AWS's shared config and credentials files, sorted.

    They are read for completion only: what cannot be read offers nothing.
    """
    config = _lines(_folder(environ.get("AWS_CONFIG_FILE") or "~/.aws/config"))
    credentials = _lines(
        _folder(environ.get("AWS_SHARED_CREDENTIALS_FILE") or "~/.aws/credentials")
    )
    names = {_profile(name) for name in _sections(config)}
    names.update(_sections(credentials))
    return tuple(sorted(name for name in names if name))


def _profile(section: str) -> str:
    """`profile dev` is dev and `default` itself; other sections (sso-session) are no profiles."""
    word, _, name = section.partition(" ")
    if section == "default":
        return section
    return name.strip().strip("\"'") if word == "profile" else ""


def _sections(lines: list[str]) -> list[str]:
    return [match[1].strip() for line in lines if (match := _SECTION.match(line))]


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []


def _folder(text: str) -> Path:
    return Path(text).expanduser()

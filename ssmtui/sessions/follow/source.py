"""What is followed, and the command that follows it on a node of each platform."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Final

import msgspec

from ssmtui.core.problem import ProblemError, input_problem
from ssmtui.core.text import plain

WINDOWS: Final = "windows"
LINUX: Final = "linux"

MACOS: Final = "macos"

_WORDS: Final = re.compile(r"(unit|event(?:\s+log)?)\s+(\S.*)", re.IGNORECASE)
_WILDCARDS: Final = re.compile(r"[`\[\]*?]")

_EVENT_LINE: Final = (
    "'{0:yyyy-MM-ddTHH:mm:sszzz} {1} {2} {3}' -f $_.TimeCreated, $_.LevelDisplayName, "
    "$_.ProviderName, ($_.Message -replace '\\s+', ' ')"
)


class SourceKind(StrEnum):
    PATH = "path"
    UNIT = "unit"  # of systemd's journal
    EVENT_LOG = "event log"  # of Windows


class Source(msgspec.Struct, frozen=True):
    """A file, a unit of the journal, or a Windows event log. ProblemError for a wrong name."""

    kind: SourceKind
    name: str

    def __post_init__(self) -> None:
        if not self.name or any(ord(char) < 32 for char in self.name):
            raise input_problem(f"{plain(self.name) or 'Nothing'} is not the name of a {self.kind}")

    @property
    def title(self) -> str:
        return plain(self.name if self.kind is SourceKind.PATH else f"{self.kind} {self.name}")

    def is_on(self, platform: str) -> bool:
        """Whether nodes of that platform have such a thing."""
        match self.kind:
            case SourceKind.UNIT:
                return platform == LINUX
            case SourceKind.EVENT_LOG:
                return platform == WINDOWS
            case _:
                return self.name.startswith("/") == (platform != WINDOWS)

    def command(self, platform: str, lines: int) -> str:
        """The command that shows the last `lines` lines and then what comes, until it is ended.

        `platform` is linux, windows or macos. ProblemError where there is no such thing on it.
        """
        windows = platform == WINDOWS
        match self.kind:
            case SourceKind.PATH if windows:
                path = _quoted(_WILDCARDS.sub(r"`\g<0>", self.name))
                return f"Get-Content -Path {path} -Tail {lines} -Wait"
            case SourceKind.PATH:
                # -F: a log that is rotated goes on under its name.
                return f"tail -n {lines} -F -- {shlex.quote(self.name)}"
            case SourceKind.UNIT if platform == LINUX:
                # short-iso has the zone, so that the lines of several nodes can be ordered.
                unit = shlex.quote(self.name)
                return f"journalctl --no-pager -o short-iso -n {lines} -f -u {unit}"
            case SourceKind.EVENT_LOG if windows:
                return _events(self.name, lines)
            case _:
                raise input_problem(f"There is no {self.kind} on a {plain(platform)} node")


def read_source(text: str) -> Source:
    """What a typed line means: "unit NAME", "event log NAME", or else a path.

    The title of a Source reads as that Source. ProblemError for a line that names nothing.
    """
    text = text.strip()
    if (found := _WORDS.fullmatch(text)) is None:
        return Source(SourceKind.PATH, text)
    kind = SourceKind.UNIT if found[1].lower() == "unit" else SourceKind.EVENT_LOG
    return Source(kind, found[2])


# What is on most nodes of a platform, as `read_source` reads it.
_USUAL: Final = {
    LINUX: (
        "/var/log/messages",
        "/var/log/syslog",
        "/var/log/amazon/ssm/amazon-ssm-agent.log",
        "/var/log/cloud-init-output.log",
        "/var/log/nginx/access.log",
        "/var/log/nginx/error.log",
        "unit amazon-ssm-agent",
        "unit sshd",
        "unit nginx",
    ),
    WINDOWS: (
        "event log System",
        "event log Application",
        "event log Security",
        r"C:\ProgramData\Amazon\SSM\Logs\amazon-ssm-agent.log",
        r"C:\ProgramData\Amazon\SSM\Logs\errors.log",
    ),
    MACOS: ("/var/log/system.log", "/var/log/amazon/ssm/amazon-ssm-agent.log"),
}


def suggested(platforms: Iterable[str], followed: Sequence[str]) -> list[str]:
    """What may be meant on these platforms: what was followed before, latest first, and the usual.

    `followed` are lines typed before, oldest first. Only what one of the platforms has is there.
    """
    wanted = set(platforms)
    usual = [text for platform in _USUAL for text in _USUAL[platform] if platform in wanted]
    texts = dict.fromkeys((*reversed(followed), *usual))
    return [text for text in texts if _is_on_one(text, wanted)]


def _is_on_one(text: str, platforms: Iterable[str]) -> bool:
    try:
        return any(map(read_source(text).is_on, platforms))
    except ProblemError:  # a history that somebody else has written
        return False


def _events(name: str, lines: int) -> str:
    """No cmdlet follows an event log: every second, what is younger than the last one is asked for.

    1,000 events in a second are more than Windows writes. Each is shown as one line.
    """
    log = _quoted(name)
    show = f"; {_EVENT_LINE}" if lines else ""
    first = (
        f"Get-WinEvent -LogName {log} -MaxEvents {max(lines, 1)} | Sort-Object TimeCreated "
        f"| ForEach-Object {{ $last = $_.TimeCreated{show} }}"
    )
    again = (
        f"Get-WinEvent -LogName {log} -MaxEvents 1000 -ErrorAction SilentlyContinue "
        "| Where-Object { $_.TimeCreated -gt $last } | Sort-Object TimeCreated "
        f"| ForEach-Object {{ $last = $_.TimeCreated; {_EVENT_LINE} }}"
    )
    return f"$last = Get-Date; {first}; while ($true) {{ Start-Sleep -Seconds 1; {again} }}"


def _quoted(text: str) -> str:
    """A literal of PowerShell's."""
    return "'" + text.replace("'", "''") + "'"

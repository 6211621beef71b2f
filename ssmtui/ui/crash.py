"""The crash report: written for a true bug only, without values of variables, and redacted."""

from __future__ import annotations

import platform
import re
import traceback
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from ssmtui import __version__
from ssmtui.core.text import plain
from ssmtui.local.files import write_private

# The home folder's name, credentials in the forms that AWS gives them, and long opaque words.
_SECRETS = (
    (re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"), "<access key>"),
    (re.compile(r"(?i)\b(secret\w*|token|password|authorization)\b(\W{1,4})\S+"), r"\1\2<hidden>"),
    (re.compile(r"\b[A-Za-z0-9+=_-]{40,}"), "<long word>"),
)


class Crash(msgspec.Struct, frozen=True):
    """Where the report is, and what it is about in one line."""

    path: Path | None
    summary: str

    @property
    def message(self) -> str:
        """What the user is told after the screen is gone."""
        if self.path is None:
            return f"ssmtui stopped because of a mistake of its own: {self.summary}."
        return (
            f"ssmtui stopped because of a mistake of its own: {self.summary}.\n"
            f"A report without secrets is in {self.path}; please attach it to an issue."
        )


def report(error: BaseException, folder: Path, now: float) -> Crash:
    """Write the report of `error` into `folder` (0600); a disk that is full still gives a Crash."""
    summary = plain(redacted(type(error).__name__))
    at = datetime.fromtimestamp(now, UTC)
    path = folder / f"crash-{at:%Y%m%dT%H%M%SZ}.txt"
    try:
        write_private(path, text_of(error, at).encode("utf-8", "backslashreplace"))
    except OSError:
        return Crash(None, summary)
    return Crash(path, summary)


def text_of(error: BaseException, at: datetime) -> str:
    """The report: versions and the stack's places. The messages are left out, only their types
    stay, since an exception's message may quote a value."""
    lines = [
        f"ssmtui {__version__}, Python {platform.python_version()}, {platform.system()}",
        f"{at:%Y-%m-%dT%H:%M:%SZ}",
        "",
    ]
    for cause in _chain(error):
        lines += traceback.format_list(traceback.extract_tb(cause.__traceback__))
        lines += [f"{type(cause).__module__}.{type(cause).__qualname__}", ""]
    return redacted("\n".join(line.rstrip("\n") for line in lines) + "\n")


def _chain(error: BaseException) -> list[BaseException]:
    chain: list[BaseException] = []
    current: BaseException | None = error
    while current is not None and current not in chain:
        chain.append(current)
        current = current.__cause__ or current.__context__
    return chain[::-1]


def redacted(text: str) -> str:
    """`text` without what looks like a credential and without the home folder's name."""
    text = text.replace(str(Path.home()), "~")
    for pattern, replacement in _SECRETS:
        text = pattern.sub(replacement, text)
    return text

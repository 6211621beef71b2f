"""What a copy asks of a node, in the words of its shell.

Files are named by paths that are never part of a script's own syntax: the dialects quote them.
"""

from __future__ import annotations

from typing import Protocol

from ssmtui.sessions.copying.posix import Posix
from ssmtui.sessions.copying.powershell import PowerShell
from ssmtui.sessions.copying.scripts import Piece


class Dialect(Protocol):
    """The scripts of one kind of shell."""

    def base(self, path: str) -> str:
        """The last part of a path; "" if it has none."""

    def join(self, folder: str, name: str) -> str:
        """The path of a name in a folder."""

    def folder(self, path: str) -> str:
        """The path of a directory without a separator at its end."""

    def part(self, path: str, digest: str) -> str:
        """Where what has come of a file is kept, of that very content: beside its place."""

    def look(self, path: str) -> str:
        """Print a file's size and its SHA-256."""

    def read(self, path: str, skip: int) -> str:
        """Print a file from its byte `skip` (whole blocks) on, as lines of base64."""

    def survey(self, path: str, inside: str, digest: str) -> str:
        """Where a file would go: `path`, or `inside` where that is a folder.

        Prints "into" or "as", then "there" or "free", then size and SHA-256 of what has come of it
        ("0 -" for nothing).
        """

    def receive(self, part: str, begun: int, coming: int) -> str:
        """Keep `begun` bytes of a part, and append what is typed: so many characters of base64."""

    def typed(self, text: bytes) -> bytes:
        """A piece of base64 as `receive` wants it typed."""

    def end(self) -> bytes:
        """What is typed at the end of it all."""

    def entered(self, address: str) -> bytes:
        """An address as `fetch` and `send` want it typed."""

    def place(self, part: str, path: str, digest: str, *, mode: int, overwrite: bool) -> str:
        """Move a part into place, if it is whole and (unless `overwrite`) nothing is there."""

    def fetch(self, part: str, begun: int, piece: Piece) -> str:
        """Append what a part of `begun` bytes lacks of a piece, from an address that is typed as a
        line.
        """

    def send(self, path: str, piece: Piece | None = None) -> str:
        """Put a file, or a piece of it, to an address that is typed as a line."""

    def unsent(self, token: str) -> str:
        """Remove what is left of a piece that was cut off on its way."""

    def discard(self, path: str) -> str:
        """Remove a file, if it is there."""

    def pack(self, path: str) -> str:
        """Pack what is in a directory; print the archive's path, size and SHA-256."""

    def survey_folder(self, path: str, inside: str, digest: str) -> str:
        """`survey` of a directory."""

    def place_folder(self, part: str, path: str, digest: str, *, overwrite: bool) -> str:
        """Unpack a part, if it is whole: a new directory appears at once, one that is there gets
        what is new.
        """


def dialect_of(platform: str) -> Dialect:
    """The dialect of a node's platform: linux, macos or windows."""
    return PowerShell() if platform == "windows" else Posix()

"""What a copy asks of a node, in the words of its shell.

Every script ends with an exit code of `Code`, or with another one and a complaint on stderr. Files
are named by paths that are never part of the script's own syntax: they are quoted here.
"""

from __future__ import annotations

import shlex
from enum import IntEnum
from typing import Final, Protocol

# Where a transfer can be taken up again: `dd` skips whole blocks fast.
BLOCK: Final = 64 * 1024

# What a script that is typed to says when it listens, and when it is done with an exit code. Base64
# has no colons, so that an echo of what is typed can never look like this.
READY: Final = b":ready:"
_DONE: Final = ":done:"


class Code(IntEnum):
    """What a script found, as its exit code."""

    MISSING = 64
    DIRECTORY = 65
    UNREADABLE = 66
    NO_FOLDER = 67
    DIFFERS = 68
    EXISTS = 69
    NO_TAR = 70
    NO_FETCHER = 71


class Dialect(Protocol):
    """The scripts of one kind of shell."""

    def base(self, path: str) -> str:
        """The last part of a path; "" if it has none."""

    def join(self, folder: str, name: str) -> str:
        """The path of a name in a folder."""

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

    def fetch(self, part: str, begun: int) -> str:
        """Get the rest of a part from an address that is typed as a line."""

    def send(self, path: str) -> str:
        """Put a file to an address that is typed as a line."""

    def discard(self, path: str) -> str:
        """Remove a file, if it is there."""


class Posix:
    """A POSIX shell with the usual small programs; on macOS `shasum` stands for `sha256sum`."""

    _SUM = (
        "sum() { if command -v sha256sum > /dev/null; then sha256sum; else shasum -a 256; fi; }; "
    )

    def base(self, path: str) -> str:
        name = path.rstrip("/").rpartition("/")[2]
        return "" if name in (".", "..") else name

    def join(self, folder: str, name: str) -> str:
        return f"{folder.rstrip('/')}/{name}"

    def part(self, path: str, digest: str) -> str:
        folder, slash, name = path.rpartition("/")
        return f"{folder}{slash}.{name}.{digest[:16]}.part"

    def look(self, path: str) -> str:
        return (
            f"{self._SUM}f={shlex.quote(path)}; "
            f'if [ -d "$f" ]; then exit {Code.DIRECTORY}; fi; '
            f'if [ ! -f "$f" ]; then exit {Code.MISSING}; fi; '
            f'if [ ! -r "$f" ]; then exit {Code.UNREADABLE}; fi; '
            'wc -c < "$f" && sum < "$f"'
        )

    def read(self, path: str, skip: int) -> str:
        return f"dd if={shlex.quote(path)} bs={BLOCK} skip={skip // BLOCK} 2>/dev/null | base64"

    def survey(self, path: str, inside: str, digest: str) -> str:
        quoted = [
            shlex.quote(each)
            for each in (path, inside, self.part(path, digest), self.part(inside, digest))
        ]
        f, g, p, q = quoted
        return (
            f"{self._SUM}f={f}; p={p}; w=as; "
            f'if [ -d "$f" ]; then f={g}; p={q}; w=into; fi; '
            f'if [ -d "$f" ]; then exit {Code.DIRECTORY}; fi; '
            f'if [ ! -d "$(dirname "$f")" ]; then exit {Code.NO_FOLDER}; fi; '
            'echo $w; if [ -e "$f" ]; then echo there; else echo free; fi; '
            'if [ -f "$p" ]; then wc -c < "$p"; sum < "$p"; else echo 0; echo -; fi'
        )

    def receive(self, part: str, begun: int, coming: int) -> str:
        p = shlex.quote(part)
        # What is there is known to be right, or to be begun anew: a part is kept whole or emptied.
        empty = "" if begun else f": > {p} && "
        return (
            f"umask 077; stty raw -echo; {empty}printf {READY.decode()} && "
            f"head -c {coming} | base64 -d >> {p}; printf '{_DONE}%s:' $?"
        )

    def typed(self, text: bytes) -> bytes:
        return text

    def end(self) -> bytes:
        return b""

    def entered(self, address: str) -> bytes:
        return address.encode() + b"\n"

    def place(self, part: str, path: str, digest: str, *, mode: int, overwrite: bool) -> str:
        p, f = shlex.quote(part), shlex.quote(path)
        keep = "" if overwrite else f'if [ -e "$f" ]; then exit {Code.EXISTS}; fi; '
        return (
            f'{self._SUM}p={p}; f={f}; s=$(sum < "$p") || exit 1; '
            f'case "$s" in {digest}*) ;; *) rm -f "$p"; exit {Code.DIFFERS};; esac; '
            f'{keep}chmod {mode:03o} "$p" && mv -f "$p" "$f"'
        )

    def fetch(self, part: str, begun: int) -> str:
        p = shlex.quote(part)
        empty = "" if begun else f": > {p} && "
        return self._with_address(f"{empty}curl -fsS --retry 3 -C - -o {p} -K -")

    def send(self, path: str) -> str:
        return self._with_address(f"curl -fsS --retry 3 -T {shlex.quote(path)} -K -")

    def _with_address(self, command: str) -> str:
        # The address is a way in: it is typed without an echo and goes on to curl's standard input,
        # so that no list of processes, history or record of the session ever shows it.
        return (
            f"umask 077; command -v curl > /dev/null || {{ printf '{_DONE}{Code.NO_FETCHER:d}:'; "
            f"exit {Code.NO_FETCHER}; }}; stty -echo -icanon; printf {READY.decode()}; read -r u; "
            f"printf 'url = \"%s\"\\n' \"$u\" | {{ {command}; }}; printf '{_DONE}%s:' $?"
        )

    def discard(self, path: str) -> str:
        return f"rm -rf {shlex.quote(path)}"

    # Directories, which PowerShell has no word for.

    _TAR = f"if ! command -v tar > /dev/null; then exit {Code.NO_TAR}; fi; "

    def pack(self, path: str) -> str:
        """Pack what is in a directory; print the archive's path, size and SHA-256."""
        return (
            f"{self._TAR}{self._SUM}f={shlex.quote(path)}; "
            f'if [ ! -d "$f" ]; then exit {Code.MISSING}; fi; '
            't=$(mktemp) && echo "$t" && tar -C "$f" -cf "$t" . && wc -c < "$t" && sum < "$t"'
        )

    def survey_folder(self, path: str, inside: str, digest: str) -> str:
        """`survey` of a directory."""
        f, g, p, q = (
            shlex.quote(each)
            for each in (path, inside, self.part(path, digest), self.part(inside, digest))
        )
        return (
            f"{self._TAR}{self._SUM}f={f}; p={p}; w=as; "
            f'if [ -d "$f" ]; then f={g}; p={q}; w=into; fi; '
            f'if [ ! -d "$(dirname "$f")" ]; then exit {Code.NO_FOLDER}; fi; '
            'echo $w; if [ -e "$f" ]; then echo there; else echo free; fi; '
            'if [ -f "$p" ]; then wc -c < "$p"; sum < "$p"; else echo 0; echo -; fi'
        )

    def place_folder(self, part: str, path: str, digest: str, *, overwrite: bool) -> str:
        """Unpack a part, if it is whole: a new directory appears at once, one that is there gets
        what is new.
        """
        p, f = shlex.quote(part), shlex.quote(path)
        there = 'tar -C "$f" -xf "$p"' if overwrite else f"exit {Code.EXISTS}"
        return (
            f'{self._SUM}p={p}; f={f}; n="$p.new"; s=$(sum < "$p") || exit 1; '
            f'case "$s" in {digest}*) ;; *) rm -f "$p"; exit {Code.DIFFERS};; esac; '
            f'if [ -e "$f" ]; then {there} || exit 1; else '
            'rm -rf "$n"; mkdir "$n" && tar -C "$n" -xf "$p" && mv "$n" "$f" || exit 1; fi; '
            'rm -f "$p"'
        )


class PowerShell:
    """Windows PowerShell 5.1 and later, with .NET's own streams for bytes."""

    _STRICT = "$ErrorActionPreference='Stop'; $ProgressPreference='SilentlyContinue'; "
    # A console gives 254 characters of a line to who reads it, so these are shorter.
    _LINE = 240
    _PIECE = 49_152  # a multiple of 3, so that lines of base64 have no padding but at the end

    def base(self, path: str) -> str:
        name = path.replace("/", "\\").rstrip("\\").rpartition("\\")[2]
        return "" if name in (".", "..") or name.endswith(":") else name

    def join(self, folder: str, name: str) -> str:
        return folder.rstrip("\\/") + "\\" + name

    def part(self, path: str, digest: str) -> str:
        folder, slash, name = path.replace("/", "\\").rpartition("\\")
        return f"{folder}{slash}.{name}.{digest[:16]}.part"

    def look(self, path: str) -> str:
        return (
            f"{self._STRICT}$f={_quoted(path)}; "
            f"if (Test-Path -LiteralPath $f -PathType Container) {{ exit {Code.DIRECTORY} }}; "
            f"if (-not (Test-Path -LiteralPath $f)) {{ exit {Code.MISSING} }}; {_measure('$f')}"
        )

    def read(self, path: str, skip: int) -> str:
        return (
            f"{self._STRICT}$s=[IO.File]::Open({_quoted(path)},'Open','Read','ReadWrite'); "
            f"$null=$s.Seek({skip},'Begin'); $b=New-Object byte[] {self._PIECE}; "
            "$n=$s.Read($b,0,$b.Length); while ($n -gt 0) { [Convert]::ToBase64String($b,0,$n); "
            "$n=$s.Read($b,0,$b.Length) }; $s.Close()"
        )

    def survey(self, path: str, inside: str, digest: str) -> str:
        return (
            f"{self._STRICT}$f={_quoted(path)}; $p={_quoted(self.part(path, digest))}; $w='as'; "
            f"if (Test-Path -LiteralPath $f -PathType Container) {{ $f={_quoted(inside)}; "
            f"$p={_quoted(self.part(inside, digest))}; $w='into' }}; "
            f"if (Test-Path -LiteralPath $f -PathType Container) {{ exit {Code.DIRECTORY} }}; "
            f"if (-not (Test-Path -LiteralPath (Split-Path $f))) {{ exit {Code.NO_FOLDER} }}; "
            "$w; if (Test-Path -LiteralPath $f) { 'there' } else { 'free' }; "
            f"if (Test-Path -LiteralPath $p) {{ {_measure('$p')} }} else {{ '0'; '-' }}"
        )

    def receive(self, part: str, begun: int, coming: int) -> str:
        return (
            f"{self._STRICT}$s=[IO.File]::Open({_quoted(part)},'OpenOrCreate'); "
            f"$s.SetLength({begun}); $null=$s.Seek(0,'End'); Write-Host '{READY.decode()}'; "
            "$l=[Console]::ReadLine(); while ($l -ne '.') { $b=[Convert]::FromBase64String($l); "
            "$s.Write($b,0,$b.Length); $l=[Console]::ReadLine() }; $s.Close(); "
            f"Write-Host '{_DONE}0:'"
        )

    def typed(self, text: bytes) -> bytes:
        lines = (text[at : at + self._LINE] for at in range(0, len(text), self._LINE))
        return b"".join(line + b"\r" for line in lines)

    def end(self) -> bytes:
        return b".\r"

    def entered(self, address: str) -> bytes:
        return address.encode() + b"\r"

    def place(self, part: str, path: str, digest: str, *, mode: int, overwrite: bool) -> str:
        keep = "" if overwrite else f"if (Test-Path -LiteralPath $f) {{ exit {Code.EXISTS} }}; "
        return (
            f"{self._STRICT}$p={_quoted(part)}; $f={_quoted(path)}; "
            f"if ({_hash('$p')} -ne '{digest}') {{ Remove-Item -LiteralPath $p; "
            f"exit {Code.DIFFERS} }}; {keep}Move-Item -LiteralPath $p -Destination $f -Force"
        )

    def fetch(self, part: str, begun: int) -> str:
        # Invoke-WebRequest cannot go on from a place: what has come is got again.
        return self._with_address(
            f"Invoke-WebRequest -UseBasicParsing -Uri $u -OutFile {_quoted(part)}"
        )

    def send(self, path: str) -> str:
        return self._with_address(
            f"$null=Invoke-WebRequest -UseBasicParsing -Method Put -Uri $u -InFile {_quoted(path)}"
        )

    def _with_address(self, command: str) -> str:
        # Read by the key: a console neither shows it then, nor cuts it off.
        return (
            f"{self._STRICT}Write-Host '{READY.decode()}'; $u=''; $k=[Console]::ReadKey($true); "
            "while ($k.Key -ne 'Enter') { $u=$u+$k.KeyChar; $k=[Console]::ReadKey($true) }; "
            f"{command}; Write-Host '{_DONE}0:'"
        )

    def discard(self, path: str) -> str:
        f = _quoted(path)
        return f"if (Test-Path -LiteralPath {f}) {{ Remove-Item -LiteralPath {f} -Recurse -Force }}"


def _measure(name: str) -> str:
    return f"(Get-Item -LiteralPath {name} -Force).Length; {_hash(name)}"


def _hash(name: str) -> str:
    return f"(Get-FileHash -LiteralPath {name} -Algorithm SHA256).Hash.ToLower()"


def _quoted(text: str) -> str:
    """A literal text of PowerShell, which knows five kinds of single quotes."""
    for quote in "'\u2018\u2019\u201a\u201b":
        text = text.replace(quote, quote * 2)
    return f"'{text}'"


def dialect_of(platform: str) -> Dialect:
    """The dialect of a node's platform: linux, macos or windows."""
    return PowerShell() if platform == "windows" else Posix()

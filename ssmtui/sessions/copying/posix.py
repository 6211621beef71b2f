"""The scripts of a copy for a POSIX shell."""

from __future__ import annotations

import shlex

from ssmtui.sessions.copying.scripts import BLOCK, DONE, READY, Code, Piece


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

    def folder(self, path: str) -> str:
        return path.rstrip("/") or "/"

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
            f"head -c {coming} | base64 -d >> {p}; printf '{DONE}%s:' $?"
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

    def fetch(self, part: str, begun: int, piece: Piece) -> str:
        p = shlex.quote(part)
        empty = "" if begun else f": > {p} && "
        # It is only repeated before anything of it has come, so that nothing is appended twice.
        return self._with_address(f"{empty}curl -fsS --retry 3 -r {begun - piece.at}- -K - >> {p}")

    def send(self, path: str, piece: Piece | None = None) -> str:
        f = shlex.quote(path)
        if piece is None:
            return self._with_address(f"curl -fsS --retry 3 -T {f} -K -")
        # S3 wants to know the length beforehand, which curl only knows of a file.
        t, count = self._meanwhile(piece.token), -(-piece.size // BLOCK)
        return self._with_address(
            f"dd if={f} bs={BLOCK} skip={piece.at // BLOCK} count={count} of={t} 2>/dev/null && "
            f"curl -fsS --retry 3 -T {t} -K -; s=$?; rm -f {t}; (exit $s)"
        )

    def unsent(self, token: str) -> str:
        return f"rm -f {self._meanwhile(token)}"

    def _meanwhile(self, token: str) -> str:
        return f'"${{TMPDIR:-/tmp}}/ssmtui-{token}"'

    def _with_address(self, command: str) -> str:
        # The address is a way in: it is typed without an echo and goes on to curl's standard input,
        # so that no list of processes, history or record of the session ever shows it.
        return (
            f"umask 077; command -v curl > /dev/null || {{ printf '{DONE}{Code.NO_FETCHER:d}:'; "
            f"exit {Code.NO_FETCHER}; }}; stty -echo -icanon; printf {READY.decode()}; read -r u; "
            f"printf 'url = \"%s\"\\n' \"$u\" | {{ {command}; }}; printf '{DONE}%s:' $?"
        )

    def discard(self, path: str) -> str:
        return f"rm -rf {shlex.quote(path)}"

    _TAR = f"if ! command -v tar > /dev/null; then exit {Code.NO_TAR}; fi; "

    def pack(self, path: str) -> str:
        return (
            f"{self._TAR}{self._SUM}f={shlex.quote(path)}; "
            f'if [ ! -d "$f" ]; then exit {Code.MISSING}; fi; '
            't=$(mktemp) && echo "$t" && tar -C "$f" -cf "$t" . && wc -c < "$t" && sum < "$t"'
        )

    def survey_folder(self, path: str, inside: str, digest: str) -> str:
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
        p, f = shlex.quote(part), shlex.quote(path)
        there = 'tar -C "$f" -xf "$p"' if overwrite else f"exit {Code.EXISTS}"
        return (
            f'{self._SUM}p={p}; f={f}; n="$p.new"; s=$(sum < "$p") || exit 1; '
            f'case "$s" in {digest}*) ;; *) rm -f "$p"; exit {Code.DIFFERS};; esac; '
            f'if [ -e "$f" ]; then {there} || exit 1; else '
            'rm -rf "$n"; mkdir "$n" && tar -C "$n" -xf "$p" && mv "$n" "$f" || exit 1; fi; '
            'rm -f "$p"'
        )

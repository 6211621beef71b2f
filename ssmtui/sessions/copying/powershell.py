"""The scripts of a copy for Windows PowerShell."""

from __future__ import annotations

from ssmtui.sessions.copying.scripts import BLOCK, DONE, READY, Code, Piece


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

    def folder(self, path: str) -> str:
        # In quotes, a backslash at the end would take the closing one's meaning for a program.
        bare = path.replace("/", "\\").rstrip("\\")
        return bare + "\\" if bare.endswith(":") or not bare else bare

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
        taken = f"if (Test-Path -LiteralPath $f -PathType Container) {{ exit {Code.DIRECTORY} }}; "
        return self._survey(path, inside, digest, taken)

    def _survey(self, path: str, inside: str, digest: str, taken: str) -> str:
        return (
            f"{self._STRICT}$f={_quoted(path)}; $p={_quoted(self.part(path, digest))}; $w='as'; "
            f"if (Test-Path -LiteralPath $f -PathType Container) {{ $f={_quoted(inside)}; "
            f"$p={_quoted(self.part(inside, digest))}; $w='into' }}; {taken}"
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
            f"Write-Host '{DONE}0:'"
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

    def fetch(self, part: str, begun: int, piece: Piece) -> str:
        # Invoke-WebRequest cannot go on from a place: a piece is got whole, and then appended.
        return self._with_address(
            f"$t={self._meanwhile(piece.token)}; "
            "try { Invoke-WebRequest -UseBasicParsing -Uri $u -OutFile $t; "
            "$s=[IO.File]::Open($t,'Open','Read','ReadWrite'); "
            f"$null=$s.Seek({begun - piece.at},'Begin'); "
            f"$d=[IO.File]::Open({_quoted(part)},'OpenOrCreate'); "
            f"$d.SetLength({begun}); $null=$d.Seek(0,'End'); "
            f"$b=New-Object byte[] {BLOCK}; $n=$s.Read($b,0,$b.Length); "
            "while ($n -gt 0) { $d.Write($b,0,$n); $n=$s.Read($b,0,$b.Length) }; "
            "$s.Close(); $d.Close() } "
            "finally { if (Test-Path -LiteralPath $t) { Remove-Item -LiteralPath $t } }"
        )

    _PUT = "$null=Invoke-WebRequest -UseBasicParsing -Method Put -Uri $u -InFile "

    def send(self, path: str, piece: Piece | None = None) -> str:
        f = _quoted(path)
        if piece is None:
            return self._with_address(f"{self._PUT}{f}")
        return self._with_address(
            f"$t={self._meanwhile(piece.token)}; "
            f"$s=[IO.File]::Open({f},'Open','Read','ReadWrite'); "
            f"$null=$s.Seek({piece.at},'Begin'); $d=[IO.File]::Open($t,'Create'); "
            f"$b=New-Object byte[] {BLOCK}; $r={piece.size}; $n=$s.Read($b,0,$b.Length); "
            "while ($n -gt 0 -and $r -gt 0) { $d.Write($b,0,$n); $r=$r-$n; "
            "$n=$s.Read($b,0,$b.Length) }; $s.Close(); $d.Close(); "
            f"try {{ {self._PUT}$t }} finally {{ Remove-Item -LiteralPath $t }}"
        )

    def unsent(self, token: str) -> str:
        return (
            f"$t={self._meanwhile(token)}; "
            "if (Test-Path -LiteralPath $t) { Remove-Item -LiteralPath $t }"
        )

    def _meanwhile(self, token: str) -> str:
        return f'"$env:TEMP\\ssmtui-{token}"'

    def _with_address(self, command: str) -> str:
        # Read by the key: a console neither shows it then, nor cuts it off.
        return (
            f"{self._STRICT}Write-Host '{READY.decode()}'; $u=''; $k=[Console]::ReadKey($true); "
            "while ($k.Key -ne 'Enter') { $u=$u+$k.KeyChar; $k=[Console]::ReadKey($true) }; "
            f"{command}; Write-Host '{DONE}0:'"
        )

    def discard(self, path: str) -> str:
        f = _quoted(path)
        return f"if (Test-Path -LiteralPath {f}) {{ Remove-Item -LiteralPath {f} -Recurse -Force }}"

    # Windows' own tar, there since Windows Server 2019: by its path, as another one may be first.
    _TAR = (
        '$x="$env:SystemRoot\\System32\\tar.exe"; '
        f"if (-not (Test-Path -LiteralPath $x)) {{ exit {Code.NO_TAR} }}; "
    )
    _WELL = "if ($LASTEXITCODE -ne 0) { exit 1 }"

    def pack(self, path: str) -> str:
        return (
            f"{self._STRICT}{self._TAR}$f={_quoted(self.folder(path))}; "
            f"if (-not (Test-Path -LiteralPath $f -PathType Container)) {{ exit {Code.MISSING} }}; "
            f"$t=[IO.Path]::GetTempFileName(); $t; & $x -C $f -cf $t .; {self._WELL}; "
            f"{_measure('$t')}"
        )

    def survey_folder(self, path: str, inside: str, digest: str) -> str:
        return self._survey(path, inside, digest, self._TAR)

    def place_folder(self, part: str, path: str, digest: str, *, overwrite: bool) -> str:
        there = f"& $x -C $f -xf $p; {self._WELL}" if overwrite else f"exit {Code.EXISTS}"
        return (
            f"{self._STRICT}{self._TAR}$p={_quoted(part)}; $f={_quoted(path)}; "
            f"if ({_hash('$p')} -ne '{digest}') {{ Remove-Item -LiteralPath $p; "
            f"exit {Code.DIFFERS} }}; if (Test-Path -LiteralPath $f) {{ {there} }} else {{ "
            '$n="$p.new"; if (Test-Path -LiteralPath $n) '
            "{ Remove-Item -LiteralPath $n -Recurse -Force }; "
            f"$null=New-Item -ItemType Directory -Path $n; & $x -C $n -xf $p; {self._WELL}; "
            "Move-Item -LiteralPath $n -Destination $f }; Remove-Item -LiteralPath $p"
        )


def _measure(name: str) -> str:
    return f"(Get-Item -LiteralPath {name} -Force).Length; {_hash(name)}"


def _hash(name: str) -> str:
    return f"(Get-FileHash -LiteralPath {name} -Algorithm SHA256).Hash.ToLower()"


def _quoted(text: str) -> str:
    """A literal text of PowerShell, which knows five kinds of single quotes."""
    for quote in "'\u2018\u2019\u201a\u201b":
        text = text.replace(quote, quote * 2)
    return f"'{text}'"

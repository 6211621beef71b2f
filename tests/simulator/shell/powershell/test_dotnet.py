from __future__ import annotations

from typing import Any

import pytest

MADE = (
    "[IO.File]::Open('C:\\Temp\\f','Create').Write([Convert]::FromBase64String('YWJjZGVm'),0,6); "
)


@pytest.mark.parametrize(
    ("script", "printed"),
    [
        (f"{MADE}gc C:\\Temp\\f", "abcdef\n"),
        (f"{MADE}$s=[IO.File]::OpenRead('C:\\Temp\\f'); $s.Length; $s.Position", "6\n0\n"),
        (
            (
                f"{MADE}$s=[IO.File]::Open('C:\\Temp\\f','Open'); $s.Seek(2,'Begin'); "
                "$b=New-Object byte[] 3; $n=$s.Read($b,0,$b.Length); "
                "while ($n -gt 0) { [Convert]::ToBase64String($b,0,$n); $n=$s.Read($b,0,$b.Length) }"
            ),
            "2\nY2Rl\nZg==\n",
        ),
        (
            (
                f"{MADE}$s=[IO.File]::Open('C:\\Temp\\f','OpenOrCreate'); $s.SetLength(3); "
                "$null=$s.Seek(0,'End'); $b=[Convert]::FromBase64String('WFla'); "
                "$s.Write($b,0,$b.Length); $s.Close(); gc C:\\Temp\\f"
            ),
            "abcXYZ\n",
        ),
        (
            (
                f"{MADE}$s=[IO.File]::Open('C:\\Temp\\f','Open'); $b=[Convert]::FromBase64String('WA==');"
                " $null=$s.Seek(1,'Begin'); $s.Write($b,0,1); gc C:\\Temp\\f"
            ),
            "aXcdef\n",
        ),
        (
            (
                f"{MADE}$s=[IO.File]::Open('C:\\Temp\\f','Append'); "
                "$b=[Convert]::FromBase64String('WA=='); $s.Write($b,0,1); gc C:\\Temp\\f"
            ),
            "abcdefX\n",
        ),
        ("[Convert]::ToBase64String((New-Object byte[] 2))", "AAA=\n"),
        ("$l=[Console]::ReadLine(); $l -eq $null", "True\n"),
    ],
)
async def test_bytes(bench: Any, script: str, printed: str) -> None:
    assert await bench.windows(script) == printed


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("[IO.File]::Open('C:\\nope','Open')", "Could not find file 'C:\\nope'"),
        ("[IO.File]::Open('C:\\no\\such','Create')", "Could not find a part of the path"),
        ("[IO.File]::Open('C:\\Windows','Create')", "is denied"),
        ("[Convert]::FromBase64String('!')", "not a valid Base-64 string"),
        ("[Convert]::ToBase64String($null)", "Value cannot be null"),
        (f"{MADE}[IO.File]::OpenRead('C:\\Temp\\f').Nope()", "does not contain a method"),
        ("$b=New-Object byte[] 2; [Convert]::ToBase64String($b,1,9)", "out of range"),
        ("New-Object byte[] 999999999", "OutOfMemoryException"),
        ("[Console]::ReadKey($true)", "Cannot read keys"),
    ],
)
async def test_mistakes(bench: Any, script: str, words: str) -> None:
    result = await bench.run(script, "Windows Server 2022")
    assert words in result.stderr


async def test_a_console_shows_lines_when_they_are_read_and_keys_never(session: Any) -> None:
    script = '$l=[Console]::ReadLine(); $k=[Console]::ReadKey($true); "[$l $($k.Key)]"'
    opened = await session("Windows Server 2022", command=script)
    assert await opened.type("seen\r") == "seen\r\n"
    shown = await opened.type("x\r")
    assert "[seen X]" in shown
    assert "x" not in shown


async def test_names_of_temporary_files_are_new_ones(bench: Any) -> None:
    script = "$a=[IO.Path]::GetTempFileName(); $b=[IO.Path]::GetTempFileName(); $a -eq $b; "
    out = await bench.windows(f"{script}Test-Path -LiteralPath $a; (Get-Item $b).Length; $a")
    assert out == "False\nTrue\n0\nC:\\Temp\\tmp1.tmp\n"

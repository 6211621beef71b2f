from __future__ import annotations

import hashlib
from typing import Any

import pytest


@pytest.mark.parametrize(
    ("script", "printed"),
    [
        (
            "Set-Content C:\\Temp\\a.txt 'one', 'two'; Add-Content C:\\Temp\\a.txt three; gc C:\\Temp\\a.txt",
            "one\ntwo\nthree\n",
        ),
        (
            "'x' | Out-File C:\\Temp\\a.txt; 'y' | Out-File C:\\Temp\\a.txt -Append; (gc c:\\temp\\A.TXT).Count",
            "2\n",
        ),
        (
            "sc C:\\Temp\\a 1, 2, 3; gc C:\\Temp\\a -Tail 1; gc C:\\Temp\\a -TotalCount 1; (gc C:\\Temp\\a -Raw).Length",
            "3\n1\n9\n",
        ),
        (
            "New-Item C:\\Temp\\d -ItemType Directory | Out-Null; Test-Path C:\\Temp\\D; Test-Path C:\\nope",
            "True\nFalse\n",
        ),
        (
            "ni C:\\Temp\\f -Value text | Out-Null; mv C:\\Temp\\f C:\\Temp\\g; cp C:\\Temp\\g C:\\Temp\\h; gc C:\\Temp\\h",
            "text\n",
        ),
        ("ni C:\\Temp\\f | Out-Null; rm C:\\Temp\\f; Test-Path C:\\Temp\\f", "False\n"),
        (
            "cd C:\\Temp; (pwd).Path; cd ..; (Get-Location).Path; cd Windows; $pwd",
            "C:\\Temp\nC:\\\nC:\\Windows\n",
        ),
        ("dir C:\\ -Name | select -First 2", "Program Files\nProgramData\n"),
        ("ls C:\\Windows -Recurse -Name -Filter *.ini", "win.ini\n"),
        (
            "Split-Path C:\\Temp\\a; Split-Path C:\\a; Split-Path C:/x/y -Leaf",
            "C:\\Temp\nC:\\\ny\n",
        ),
        (
            "Test-Path -LiteralPath C:\\Windows -PathType Container; Test-Path C:\\Windows -PathType Leaf",
            "True\nFalse\n",
        ),
        ("ls C:\\Windows\\*.ini -Name", "win.ini\n"),
        ("(ls C:\\Windows -File | ? Name -eq win.ini).Length", "49\n"),
        ("(Get-Item C:\\Windows\\win.ini).Name; Join-Path C:\\a b", "win.ini\nC:\\a\\b\n"),
        ("sls fonts C:\\Windows\\win.ini", "win.ini:2:[fonts]\n"),
    ],
)
async def test_items(bench: Any, script: str, printed: str) -> None:
    assert await bench.windows(script) == printed


async def test_a_folder_looks_like_one(bench: Any) -> None:
    printed = await bench.windows("Get-ChildItem C:\\Windows")
    assert "    Directory: C:\\Windows" in printed
    assert "Mode                     LastWriteTime         Length Name" in printed
    assert "-a----" in printed
    assert "d-----" in printed


async def test_hashes(bench: Any) -> None:
    script = "sc C:\\Temp\\x abc; (Get-FileHash C:\\Temp\\x).Hash; (Get-FileHash C:\\Temp\\x -Algorithm MD5).Hash"
    data = b"abc\r\n"
    expected = [hashlib.sha256(data).hexdigest(), hashlib.md5(data).hexdigest()]
    assert (await bench.windows(script)).split() == [one.upper() for one in expected]


async def test_waiting_for_more(bench: Any) -> None:
    script = "Get-Content C:\\inetpub\\logs\\app.log -Tail 1 -Wait"
    result = await bench.during(bench.run(script, "Windows", time_limit=50.0), 20, 20, 20)
    assert 6 < result.stdout.count("\r\n") < 20


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("gc C:\\nope", "Cannot find path 'C:\\nope' because it does not exist."),
        ("gc C:\\Windows", "is denied"),
        ("sc C:\\no\\such x", "Could not find a part of the path 'C:\\no\\such'."),
        ("ni C:\\Temp -ItemType Directory", "already exists"),
        ("rm C:\\Windows", "Directory not empty"),
        ("rm C:\\nope", "Cannot find path"),
        ("cd C:\\Windows\\win.ini", "Cannot find path"),
        ("mv C:\\nope C:\\x", "Cannot find path"),
        ("Get-FileHash C:\\Windows\\win.ini -Algorithm X", "not supported"),
    ],
)
async def test_problems(bench: Any, script: str, message: str) -> None:
    assert message in (await bench.run(script, "Windows")).stderr

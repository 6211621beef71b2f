from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(
    ("script", "printed"),
    [
        ("if (1 -eq 2) { 'a' } elseif (1) { 'b' } else { 'c' }", "b\n"),
        ("$i = 0; while ($i -lt 3) { $i++ }; $i", "3\n"),
        (
            "foreach ($x in 1..5) { if ($x -eq 2) { continue }; if ($x -eq 4) { break }; $x }",
            "1\n3\n",
        ),
        ("function add($a, $b) { return $a + $b; 'never' }; add 2 3", "5\n"),
        ("function f { $args.Count }; f 1 2 3", "3\n"),
        ("$x = 'out'; function f { $x = 'in' }; f; $x", "out\n"),
        (
            "try { throw 'bad' } catch { \"got $($_.Exception.Message)\" } finally { 'end' }",
            "got bad\nend\n",
        ),
        ("try { Get-Item C:\\nope -ErrorAction Stop } catch { 'caught' }", "caught\n"),
        ("try { 'fine' } finally { 'end' }", "fine\nend\n"),
        ("1..3 | ForEach-Object { $_ * 2 } | Where-Object { $_ -gt 2 }", "4\n6\n"),
        ("$x = if ($true) { 'chosen' }; $x", "chosen\n"),
        ("'a'; return; 'b'", "a\n"),
        (
            "'kept' > C:\\Temp\\o.txt; 'more' >> C:\\Temp\\o.txt; Get-Content C:\\Temp\\o.txt",
            "kept\nmore\n",
        ),
        ("'gone' > $null; Get-Item C:\\nope 2>$null; 'on'", "on\n"),
        ("$ErrorActionPreference = 'SilentlyContinue'; 'x'", "x\n"),
        ("Get-Item C:\\nope -EA SilentlyContinue; $?", "False\n"),
    ],
)
async def test_scripts(bench: Any, script: str, printed: str) -> None:
    assert await bench.windows(script) == printed


@pytest.mark.parametrize(
    ("script", "status", "printed"),
    [
        ("'a'; exit 3; 'b'", 3, "a\r\n"),
        ("'a'; throw 'x'; 'b'", 1, "a\r\n"),
        ("Get-Foo; 'on'", 0, "on\r\n"),
        ("$ErrorActionPreference = 'Stop'; Get-Item C:\\nope; 'never'", 1, ""),
        ("exit", 0, ""),
        ("(", 1, ""),
    ],
)
async def test_exit_codes(bench: Any, script: str, status: int, printed: str) -> None:
    result = await bench.run(script, "Windows")
    assert (result.exit_code, result.stdout) == (status, printed)


async def test_errors_look_like_powershell_s(bench: Any) -> None:
    result = await bench.run("Get-Foo -Bar", "Windows")
    assert result.stderr.splitlines()[1:] == [
        "At line:1 char:1",
        "+ Get-Foo -Bar",
        "+ ~~~~~~~~~~~~",
        "    + CategoryInfo          : ObjectNotFound: (Get-Foo:String) [], CommandNotFoundException",
        "    + FullyQualifiedErrorId : CommandNotFoundException",
        " ",
    ]


async def test_recursion_is_bounded(bench: Any) -> None:
    result = await bench.run("function f { f }; f; 'survived'", "Windows")
    assert "call depth overflow" in result.stderr
    assert result.stdout == "survived\r\n"


async def test_endless_loops_can_be_stopped(bench: Any) -> None:
    result = await bench.during(bench.run("while ($true) { }", "Windows", time_limit=5.0), 6)
    assert result.timed_out


async def test_lists_are_bounded(bench: Any) -> None:
    script = "$a = 1..90000; $b = @($a; $a; $a); $b.Count"
    result = await bench.run(script, "Windows")
    assert "OutOfMemory" in result.stderr


async def test_output_comes_as_it_is_made(bench: Any) -> None:
    script = "'first'; Start-Sleep -Seconds 60; 'never'"
    result = await bench.during(bench.run(script, "Windows", time_limit=5.0), 6)
    assert result.stdout == "first\r\n"

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(
    ("script", "printed"),
    [
        ('$x = 5; "$x $($x * 2)"', "5 10\n"),
        ("$a = 1, 2; $a += 3; $a.Count", "3\n"),
        ("$a = @(1, 2); $a[0] = 9; $a -join ','", "9,2\n"),
        ("$h = @{}; $h.x = 1; $h['y'] = 2; $h.x + $h['y']", "3\n"),
        ("$env:FOO = 'bar'; $env:foo", "bar\n"),
        ("[Environment]::MachineName -eq $env:COMPUTERNAME", "True\n"),
        ("([datetime]::Now).Year", "2026\n"),
        ("$PSVersionTable.PSVersion", "5.1.20348.2849\n"),
        ("$undefined -eq $null", "True\n"),
        ("$b = { 1 + 1 }; & $b", "2\n"),
        ("(Get-Date).AddDays(-1).Day", "1\n"),
    ],
)
async def test_values(bench: Any, script: str, printed: str) -> None:
    assert await bench.windows(script) == printed


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("[nope]::Thing()", "Unable to find type [nope]"),
        ("$a = @(1); $a[5] = 1", "outside the bounds"),
        ("1 / 0", "divide by zero"),
        ("'a' -match '('", "parsing"),
    ],
)
async def test_problems(bench: Any, script: str, message: str) -> None:
    result = await bench.run(script + "; 'after'", "Windows")
    assert message in result.stderr
    assert result.stdout == "after\r\n"

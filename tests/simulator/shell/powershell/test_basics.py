from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(
    ("script", "printed"),
    [
        ("Write-Output a b; echo c; Write-Host d e; 'f' | Write-Output", "a\nb\nc\nd e\nf\n"),
        ("Write-Warning careful; Write-Verbose quiet", "WARNING: careful\n"),
        ("(Get-Command Get-Serv*).Name; (gcm hostname).CommandType", "Get-Service\nApplication\n"),
        (
            "iex '1 + 1'; Get-ExecutionPolicy; Set-ExecutionPolicy Bypass; Import-Module x",
            "2\nRemoteSigned\n",
        ),
        ("$abc = 5; (Get-Variable | ? Name -eq abc).Value", "5\n"),
        ("Clear-Host", "\x1b[2J\x1b[H\n"),
        ("Get-Help gc | select -First 2", "NAME\n    Get-Content\n"),
    ],
)
async def test_basics(bench: Any, script: str, printed: str) -> None:
    assert await bench.windows(script) == printed


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("Write-Error broken", "broken : broken"),
        ("Get-Command nope", "The term 'nope' is not recognized"),
        ("Get-Help nope", "is not recognized"),
        ("iex '('", "Missing"),
        ("hostile nope", "no such sequence"),
    ],
)
async def test_problems(bench: Any, script: str, message: str) -> None:
    result = await bench.run(script + "\n'after'", "Windows")
    assert message in result.stderr
    assert result.stdout == "after\r\n"


async def test_hostile_output(bench: Any) -> None:
    assert "\x1b]0;owned\x07" in await bench.windows("hostile title")

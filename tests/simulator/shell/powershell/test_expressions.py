from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(
    ("expression", "shown"),
    [
        ("1 + 2 * 3", "7"),
        ("(1 + 2) * 3", "9"),
        ("10 - 2 - 3", "5"),
        ("7 % 4", "3"),
        ("1..3 -join ','", "1,2,3"),
        ("1 -eq 1 -and -not (2 -eq 3)", "True"),
        ("!$true -or $false", "False"),
        ("-(5)", "-5"),
        ('"a$(1 + 1)b"', "a2b"),
        ('"say `"hi`" `$x"', 'say "hi" $x'),
        ("'it''s $x'", "it's $x"),
        ('"a""b"', 'a"b'),
        ("@'\n$x\n'@", "$x"),
        ('@"\nv=$(1)\n"@', "v=1"),
        ("(1, 2, 3)[1]", "2"),
        ("(1, 2, 3)[-1]", "3"),
        ("'abc'[0]", "a"),
        ("@(1, 2).Count", "2"),
        ("@{ a = 1; 'b c' = 2 }.a", "1"),
        ("[int]'4' + 1", "5"),
        ("[math]::Round(2.567, 1)", "2.6"),
        ("[Math]::Max(3, 9)", "9"),
        ("'a,b'.Split(',')[1].ToUpper()", "B"),
        ("[string]::IsNullOrEmpty('')", "True"),
        ("${a b}", ""),
        ("$env:OS", "Windows_NT"),
        ("$true, $null, 5 -join '|'", "True||5"),
        ("'x' * 3", "xxx"),
        ("5 -in 1..9", "True"),
        ("1kb", "1024"),
    ],
)
async def test_values(bench: Any, expression: str, shown: str) -> None:
    assert (await bench.windows(f'$r = {expression}; "$r"')) == f"{shown}\n"


async def test_long_sums_are_fine(bench: Any) -> None:
    assert await bench.windows("+".join(["1"] * 40)) == "40\n"

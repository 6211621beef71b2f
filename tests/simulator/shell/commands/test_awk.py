from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(
    ("program", "printed"),
    [
        ("{print $1}", "a\nx\n"),
        ("{print $2, $1}", "b a\ny x\n"),
        ("{print $NF}", "c\nz\n"),
        ("{print $(NF-1)}", "b\ny\n"),
        ('{print NR": "$0}', "1: a b c\n2: x y z\n"),
        ("/x/ {print $3}", "z\n"),
        ("NR==2", "x y z\n"),
        ("NR>1 {print $1}", "x\n"),
        ('$1 == "a" {print NF}', "3\n"),
        ('$2 != "b"', "x y z\n"),
        ('{printf "%s-%s\\n", $1, $2}', "a-b\nx-y\n"),
        ("{print $9}", "\n\n"),
        ("$1 ~ /x/", "x y z\n"),
        ('{print "a,b"}', "a,b\na,b\n"),
        ("NR>=2 {print}", "x y z\n"),
        ("NR<=1 {print $1}", "a\n"),
    ],
)
async def test_programs(bench: Any, program: str, printed: str) -> None:
    assert await bench.out(f"printf 'a b c\\nx y z\\n' | awk '{program}'") == printed


async def test_separators(bench: Any) -> None:
    assert await bench.out("awk -F: '{print $1}' /etc/passwd | head -n 1") == "root\n"


@pytest.mark.parametrize(
    "program", ["BEGIN { x = 1 }", "{ print $1; print $2 }", "{ print", "garbage {print}"]
)
async def test_what_is_not_understood_is_said(bench: Any, program: str) -> None:
    result = await bench.run(f"echo | awk '{program}'")
    assert result.exit_code == 2
    assert result.stderr.startswith("awk: ")

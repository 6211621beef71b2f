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
        ('NR > 1 && $1 == "x" {print $1}', "x\n"),
        ('NR > 1 && $1 == "a" {print $1}', ""),
        ('$1 == "a" || $3 == "z" {print $1}', "a\nx\n"),
        ('/x/ && NR == 2 || $1 == "none" {print $2}', "y\n"),
        ("$1 ~ /^[xz]$/", "x y z\n"),
        ("$1 !~ /x/ {print $1}", "a\n"),
        ("/a|z/ {print $1}", "a\nx\n"),
        ('$1 == "a&&b" {print $1}', ""),
    ],
)
async def test_programs(bench: Any, program: str, printed: str) -> None:
    assert await bench.out(f"printf 'a b c\\nx y z\\n' | awk '{program}'") == printed


async def test_numbers_are_compared_as_numbers(bench: Any) -> None:
    table = "printf 'disk use\\n/ 9%%\\n/data 91%%\\n/tmp 100%%\\n'"
    full = await bench.out(f"{table} | awk 'NR > 1 && int($2) >= 90 {{print $1, $2}}'")
    assert full == "/data 91%\n/tmp 100%\n"
    assert await bench.out(f"{table} | awk 'NR == 2 {{print int($2)}}'") == "9\n"
    assert await bench.out(f"{table} | awk 'NR == 1 {{print int($2) \"x\"}}'") == "0x\n"
    assert await bench.out("printf '9\\n10\\n' | awk '$1 > 9'") == "10\n"
    assert await bench.out("printf '9\\n10\\n' | awk '$1 > \"5\"'") == "9\n"


async def test_separators(bench: Any) -> None:
    assert await bench.out("awk -F: '{print $1}' /etc/passwd | head -n 1") == "root\n"


@pytest.mark.parametrize(
    "program",
    [
        "BEGIN { x = 1 }",
        "{ print $1; print $2 }",
        "{ print",
        "garbage {print}",
        "length($1) > 2",
        "$1 + 1 == 2",
        "{print int($1}",
    ],
)
async def test_what_is_not_understood_is_said(bench: Any, program: str) -> None:
    result = await bench.run(f"echo | awk '{program}'")
    assert result.exit_code == 2
    assert result.stderr.startswith("awk: ")

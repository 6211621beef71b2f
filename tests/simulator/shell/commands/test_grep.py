from __future__ import annotations

from typing import Any

import pytest

TEXT = "Alpha one\\nbeta two\\ngamma ONE\\n\\n"


@pytest.mark.parametrize(
    ("options", "printed"),
    [
        ("one", "Alpha one\n"),
        ("-i one", "Alpha one\ngamma ONE\n"),
        ("-v a", "\n"),
        ("-c a", "3\n"),
        ("-n two", "2:beta two\n"),
        ("-E 'one|two'", "Alpha one\nbeta two\n"),
        ("-o 't.o'", "two\n"),
        ("-w on", ""),
        ("-x 'beta two'", "beta two\n"),
        ("-F 'a o'", "Alpha one\n"),
        ("-m1 a", "Alpha one\n"),
        ("-A1 Alpha", "Alpha one\nbeta two\n"),
        ("-B1 two", "Alpha one\nbeta two\n"),
        ("-e one -e two", "Alpha one\nbeta two\n"),
        ("-q one", ""),
        ("'^$'", "\n"),
        ("'t[[:alpha:]]o$'", "beta two\n"),
        ("-io ONE", "one\nONE\n"),
        ("-l one", "(standard input)\n"),
    ],
)
async def test_lines(bench: Any, options: str, printed: str) -> None:
    assert (await bench.run(f"printf '{TEXT}' | grep {options}")).stdout == printed


async def test_files(bench: Any) -> None:
    await bench.run("mkdir -p /tmp/g/h; echo one > /tmp/g/a; echo two > /tmp/g/h/b")
    assert await bench.out("grep -r o /tmp/g") == "/tmp/g/a:one\n/tmp/g/h/b:two\n"
    assert await bench.out("grep -l two /tmp/g/a /tmp/g/h/b") == "/tmp/g/h/b\n"
    assert await bench.out("grep -h o /tmp/g/a /tmp/g/h/b") == "one\ntwo\n"
    assert await bench.out("cd /tmp/g; grep -rc one") == "./a:1\n./h/b:0\n"


@pytest.mark.parametrize(
    ("script", "status", "message"),
    [
        ("grep x /etc/hostname", 1, ""),
        ("grep x /nope", 2, "grep: /nope: No such file"),
        ("grep -s x /nope", 2, ""),
        ("grep '['  /etc/passwd", 2, "Unmatched ["),
        ("grep", 2, "usage"),
        ("grep -E '(a' x", 2, "Unmatched ("),
    ],
)
async def test_statuses(bench: Any, script: str, status: int, message: str) -> None:
    result = await bench.run(script)
    assert result.exit_code == status
    assert message in result.stderr


async def test_it_stops_when_nobody_reads(bench: Any) -> None:
    assert await bench.out("yes | grep y | head -n 1") == "y\n"

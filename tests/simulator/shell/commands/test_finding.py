from __future__ import annotations

from typing import Any

import pytest

SETUP = "mkdir -p /tmp/f/sub; echo 12345 > /tmp/f/a.txt; touch /tmp/f/empty; echo x > /tmp/f/sub/B.TXT; cd /tmp/f; "


@pytest.mark.parametrize(
    ("script", "printed"),
    [
        ("find", ".\n./a.txt\n./empty\n./sub\n./sub/B.TXT\n"),
        ("find . -name '*.txt'", "./a.txt\n"),
        ("find . -iname '*.txt'", "./a.txt\n./sub/B.TXT\n"),
        ("find . -type d", ".\n./sub\n"),
        ("find /tmp/f -maxdepth 1 -type f", "/tmp/f/a.txt\n/tmp/f/empty\n"),
        ("find . -mindepth 2", "./sub/B.TXT\n"),
        ("find . -empty", "./empty\n"),
        ("find . -type f ! -name '*.txt'", "./empty\n./sub/B.TXT\n"),
        ("find . -size +3c -type f", "./a.txt\n"),
        ("find . -path './sub/*'", "./sub/B.TXT\n"),
        ("find . -name empty -delete; ls", "a.txt\nsub\n"),
        ("find . -name a.txt -exec cat {} \\;", "12345\n"),
        ("find . -name 'a*' -print0 | xargs -0 -n 1 basename", "a.txt\n"),
        ("find . -mtime -1 -name sub", "./sub\n"),
        ("find . -user root -name sub", "./sub\n"),
        ("find . -newer a.txt", ""),
        ("find . -mmin +5", ""),
        ("find . -name sub -ls | cut -c1-10", "drwxr-xr-x\n"),
    ],
)
async def test_finding(bench: Any, script: str, printed: str) -> None:
    assert await bench.out(SETUP + script) == printed


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("find /nope", "'/nope': No such file"),
        ("find . -wat", "unknown predicate `-wat'"),
        ("find . -name", "missing argument to `-name'"),
        ("find . -exec ls", "missing argument to `-exec'"),
        ("find . -size x", "invalid number"),
    ],
)
async def test_problems(bench: Any, script: str, message: str) -> None:
    result = await bench.run(script)
    assert message in result.stderr
    assert result.exit_code == 1

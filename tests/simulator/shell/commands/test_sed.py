from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(
    ("script", "printed"),
    [
        ("echo aXbX | sed s/X/-/", "a-bX\n"),
        ("echo aXbX | sed 's/X/-/g'", "a-b-\n"),
        ("echo aXbX | sed 's/X/-/2'", "aXb-\n"),
        ("echo ab | sed 's/\\(a\\)\\(b\\)/\\2\\1[&]/'", "ba[ab]\n"),
        ("echo ab | sed -E 's/(a)(b)/\\2\\1/'", "ba\n"),
        ("echo /a/b | sed 's|/|:|g'", ":a:b\n"),
        ("echo ABC | sed 's/b/x/i'", "AxC\n"),
        ("echo aaa | sed 's/a*/x/g'", "x\n"),
        ("echo abc | sed 's/x*/-/g'", "-a-b-c-\n"),
        ("seq 5 | sed -n 2,3p", "2\n3\n"),
        ("seq 5 | sed '2,$d'", "1\n"),
        ("seq 5 | sed '/3/d; s/^/n/'", "n1\nn2\nn4\nn5\n"),
        ("seq 9 | sed -n '/3/,/5/p'", "3\n4\n5\n"),
        ("seq 3 | sed 2q", "1\n2\n"),
        ("seq 3 | sed -n '$='", "3\n"),
        ("seq 3 | sed '2!d'", "2\n"),
        ("echo b | sed -e 'i a' -e 'a c'", "a\nb\nc\n"),
        ("seq 3 | sed '2c two'", "1\ntwo\n3\n"),
        ("echo abc | sed y/abc/xyz/", "xyz\n"),
        ("echo a > /tmp/s; sed -i s/a/b/ /tmp/s; cat /tmp/s", "b\n"),
        ("echo x | sed -n 's/x/y/p'", "y\n"),
        ("echo 'a b' | sed 's/ /\\n/'", "a\nb\n"),
        ("printf 's/a/b/\\n' > /tmp/x.sed; echo a | sed -f /tmp/x.sed", "b\n"),
    ],
)
async def test_scripts(bench: Any, script: str, printed: str) -> None:
    assert await bench.out(script) == printed


@pytest.mark.parametrize(
    "script", ["s/a/b", "s/a", "k", "2,d", "s/(/x/z", "y/ab/c/", "", "s/\\(/x/"]
)
async def test_mistakes(bench: Any, script: str) -> None:
    result = await bench.run(f"echo | sed '{script}'")
    assert result.exit_code == (1 if script else 0)
    assert result.stderr.startswith("sed: -e expression #1") or not script

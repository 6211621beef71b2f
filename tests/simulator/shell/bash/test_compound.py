from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(
    ("script", "printed"),
    [
        ("if false; then echo a; elif true; then echo b; else echo c; fi", "b\n"),
        ("for i in 1 2 3; do [ $i = 2 ] && continue; echo $i; done", "1\n3\n"),
        ("for i in 1 2; do for j in a b; do echo $i$j; break 2; done; done; echo end", "1a\nend\n"),
        ("for i in a b; do for j in 1 2; do continue 2; done; echo never; done; echo e", "e\n"),
        ("i=0; while [ $i -lt 3 ]; do i=$((i+1)); done; echo $i", "3\n"),
        ("i=3; until ((i == 0)); do ((i--)); done; echo $i", "0\n"),
        ("for ((i=0; i<3; i++)); do echo -n $i; done; echo", "012\n"),
        ("set -- a b; for x; do echo $x; done", "a\nb\n"),
        ("case abc in b*) echo 1;; a*|z) echo 2;; *) echo 3;; esac", "2\n"),
        ("case x in y) echo 1;; esac; echo $?", "0\n"),
        ("case 'a*' in 'a*') echo quoted;; esac", "quoted\n"),
        ("((0)); echo $?; ((5)); echo $?", "1\n0\n"),
        ("while read -r a b; do echo \"$b-$a\"; done <<< $'1 2\\n3 4 5'", "2-1\n4 5-3\n"),
        ("seq 3 | while read n; do echo $((n * n)); done", "1\n4\n9\n"),
        ("f() if true; then echo body; fi; f", "body\n"),
    ],
)
async def test_commands(bench: Any, script: str, printed: str) -> None:
    assert await bench.out(script) == printed

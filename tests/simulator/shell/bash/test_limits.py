from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(
    ("script", "problem"),
    [
        ('x=aaaaaaaa; while true; do x=$x$x$x$x; [ -z "$x" ] && exit; done', "cannot allocate"),
        ("f() { f; }; f", "nesting level exceeded"),
        ("echo {1..9999}{1..9}{1..9}{1..9}{1..9} | wc -w; x=$(seq 1 100000); echo $x", "too long"),
        ("x=$(printf 'a%.0s' {1..9000}); echo ${x//*a*a*a*b/}", "takes too long"),
    ],
)
async def test_no_script_gets_more_than_its_share(bench: Any, script: str, problem: str) -> None:
    result = await bench.during(bench.run(f"set -e; {script}", time_limit=5.0), 6)
    assert problem in result.stderr
    assert not result.timed_out


async def test_a_fork_bomb_is_refused(bench: Any) -> None:
    result = await bench.during(bench.run(":(){ :|:& };: ; echo survived", time_limit=5.0), 6)
    assert result.stdout == "survived\n"


async def test_captured_output_is_bounded(bench: Any) -> None:
    assert await bench.out("x=$(yes); echo ${#x}") == "1048575\n"

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(
    ("script", "printed"),
    [
        ("export A=1; bash -c 'echo $A'; export -n A; bash -c 'echo [$A]'", "1\n[]\n"),
        (
            "x=1; unset x; echo [$x]; f() { echo f; }; unset -f f; type f 2>/dev/null || echo gone",
            "[]\ngone\n",
        ),
        ("set -- a b c; shift 2; echo $@; shift 5; echo $?", "c\n1\n"),
        ("set -o errexit; set +o errexit; false; echo on", "on\n"),
        (
            "read a b <<< 'one two three'; echo $b; read <<< whole; echo $REPLY",
            "two three\nwhole\n",
        ),
        ("read x < /dev/null; echo $?", "1\n"),
        ("printf 'a\\nb\\n' | { read x; read y; echo $y$x; }", "ba\n"),
        ("declare -x D=1; env | grep -c ^D=1", "1\n"),
        ("f() { local v; v=2; g; }; g() { echo $v; }; v=1; f; echo $v", "2\n1\n"),
    ],
)
async def test_variables(bench: Any, script: str, printed: str) -> None:
    assert await bench.out(script) == printed


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("readonly R=1; R=2", "R: readonly variable"),
        ("readonly R=1; unset R", "cannot unset"),
        ("export 1x=2", "not a valid identifier"),
        ("local x=1", "can only be used in a function"),
        ("set -o nope", "invalid option name"),
        ("set -q", "invalid option"),
        ("shift x", "out of range"),
    ],
)
async def test_problems(bench: Any, script: str, message: str) -> None:
    result = await bench.run(script)
    assert message in result.stderr
    assert result.exit_code


async def test_a_password_is_not_echoed(session: Any) -> None:
    one = await session()
    await one.type("read -s -p 'password: ' p\r")
    assert "hunter2" not in await one.type("hunter2\r")
    assert "\r\nhunter2\r\n" in await one.type("echo $p\r")

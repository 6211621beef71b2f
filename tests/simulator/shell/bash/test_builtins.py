from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(
    ("script", "printed"),
    [
        ("echo -n a; echo -e 'b\\tc\\n\\0101'; echo -E 'x\\n'; echo -x", "ab\tc\nA\nx\\n\n-x\n"),
        ("echo -e 'a\\cb'; echo", "a\n"),
        ("printf '%s=%d\\n' a 1 b 2", "a=1\nb=2\n"),
        ("printf -v x '%03d' 7; echo $x", "007\n"),
        ("cd /etc; pwd; cd ..; pwd; cd - > /dev/null; pwd; echo $OLDPWD", "/etc\n/\n/etc\n/\n"),
        ("eval 'x=1; echo $x'; echo $x", "1\n1\n"),
        ("echo 'y=sourced' > /tmp/e; . /tmp/e; source /tmp/e; echo $y", "sourced\n"),
        (
            "type cd; type ls; f() { :; }; type f",
            "cd is a shell builtin\nls is /usr/bin/ls\nf is a function\n",
        ),
        (
            "command -v ls; command -v nope; echo $?; ls() { echo mine; }; command ls /srv",
            "/usr/bin/ls\n1\n",
        ),
        ("let x=2*3 y=x+1; echo $x $y; let 0; echo $?", "6 7\n1\n"),
        (
            "sleep 100 & jobs; kill %1; wait %1; echo $?",
            "[1]+  Running                 sleep 100 &\n143\n",
        ),
        ("umask; trap 'x' INT; trap -p", "0022\ntrap -- x INT\n"),
        ("f() { return 300; }; f; echo $?", "44\n"),
    ],
)
async def test_builtins(bench: Any, script: str, printed: str) -> None:
    assert await bench.out(script) == printed


@pytest.mark.parametrize(
    ("script", "message", "status"),
    [
        ("cd /nope", "cd: /nope: No such file or directory", 1),
        ("cd /etc/passwd", "cd: /etc/passwd: Not a directory", 1),
        ("return 1", "can only `return'", 1),
        ("printf", "usage", 2),
        ("printf %z", "invalid format character", 1),
        (". /nope", "No such file or directory", 1),
        ("wait %9", "no such job", 127),
        ("exit abc", "", 2),
        ("break", "", 0),
    ],
)
async def test_problems(bench: Any, script: str, message: str, status: int) -> None:
    result = await bench.run(script)
    assert message in result.stderr
    assert result.exit_code == status


async def test_folders_of_others_are_closed(bench: Any) -> None:
    result = await bench.run("cd /root", user="ssm-user")
    assert result.stderr == "cd: /root: Permission denied\n"


async def test_history_at_a_prompt(session: Any) -> None:
    one = await session()
    await one.type("echo first\r")
    shown = await one.type("history\r")
    assert "    1  echo first\r\n    2  history\r\n" in shown

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(
    ("script", "printed"),
    [
        ("echo a > /tmp/f; echo b >> /tmp/f; cat < /tmp/f", "a\nb\n"),
        ("ls /nope > /tmp/f 2>&1; cut -d: -f1 /tmp/f", "ls\n"),
        ("ls /nope &> /tmp/f; wc -l < /tmp/f; ls /nope &>> /tmp/f; wc -l < /tmp/f", "1\n2\n"),
        ("ls /nope 2> /dev/null; echo $?", "2\n"),
        ('cat <<< "here $((1+1))"', "here 2\n"),
        ("x=1; cat <<A; cat <<'B'\n$x\nA\n$x\nB\n", "1\n$x\n"),
        ("{ echo to3 >&3; } 3> /tmp/f; cat /tmp/f", "to3\n"),
        ("echo to-stdout 2>&1 1>/dev/null | wc -l", "0\n"),
        ("echo a >| /tmp/f; cat 0< /tmp/f", "a\n"),
        ("for i in 1 2; do echo $i; done > /tmp/f; tail -n 1 /tmp/f", "2\n"),
        ("echo a > /dev/null; echo b > /dev/zero; echo done", "done\n"),
    ],
)
async def test_redirections(bench: Any, script: str, printed: str) -> None:
    assert await bench.out(script) == printed


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("cat < /nope", "/nope: No such file or directory"),
        ("echo x > /etc", "/etc: Is a directory"),
        ("echo x > /nope/f", "/nope/f: No such file or directory"),
        ("echo x >&7", "7: Bad file descriptor"),
        ("cat <&7", "7: Bad file descriptor"),
        ("echo x > ''", "No such file or directory"),
    ],
)
async def test_problems(bench: Any, script: str, message: str) -> None:
    result = await bench.run(f"{script}; echo after $?")
    assert message in result.stderr
    assert result.stdout == "after 1\n"


async def test_files_of_root_are_not_written_by_others(bench: Any) -> None:
    result = await bench.run("echo x >> /etc/hosts", user="ssm-user")
    assert "/etc/hosts: Permission denied" in result.stderr


async def test_the_disk_is_not_endless(bench: Any) -> None:
    result = await bench.run(
        "yes > /tmp/big; yes > /tmp/b2; ls -s /tmp > /dev/null; wc -c < /tmp/big"
    )
    assert "File too large" in result.stderr
    assert 8_000_000 < int(result.stdout.split()[-1]) <= 8 << 20

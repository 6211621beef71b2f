from __future__ import annotations

from typing import Any

import pytest

from ssmtui.simulator.shell.commands.reading import visible


@pytest.mark.parametrize(
    ("script", "printed"),
    [
        (
            "printf 'a\\nb' > /tmp/f; cat /tmp/f - <<< c; cat -n /tmp/f; printf 'a\\tb\\n' | cat -A",
            "a\nbc\n     1\ta\n     2\tb\na^Ib$\n",
        ),
        ("seq 20 | head -n 2; seq 20 | head -3 | tail -1; seq 5 | head -n -3", "1\n2\n3\n1\n2\n"),
        ("echo abcdef | head -c 3; echo; echo abcdef | tail -c 3", "abc\nef\n"),
        ("seq 20 | tail -n 2; seq 5 | tail -n +4; seq 3 | tail -1", "19\n20\n4\n5\n3\n"),
        ("seq 3 | tac; printf 'a\\nb\\n' | nl", "3\n2\n1\n     1\ta\n     2\tb\n"),
        (
            "printf 'a b\\nc\\n' | wc; printf 'é' | wc -c; printf 'é' | wc -m; seq 3 | wc -l",
            "      2       3       6\n2\n1\n3\n",
        ),
        ("echo x | tee /tmp/t; echo y | tee -a /tmp/t > /dev/null; cat /tmp/t", "x\nx\ny\n"),
        (
            "echo a > /tmp/1; echo b > /tmp/2; head -n 1 /tmp/1 /tmp/2",
            "==> /tmp/1 <==\na\n\n==> /tmp/2 <==\nb\n",
        ),
        ("echo a > /tmp/1; wc -l /tmp/1 /tmp/1", "      1 /tmp/1\n      1 /tmp/1\n      2 total\n"),
        (
            "printf 'ab\\0longer text\\0' > /tmp/b; strings /tmp/b; less /tmp/1 2>/dev/null || true",
            "longer text\n",
        ),
    ],
)
async def test_showing(bench: Any, script: str, printed: str) -> None:
    assert await bench.out(script) == printed


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("cat /nope /etc/hostname", "cat: /nope: No such file or directory"),
        ("cat /etc", "cat: /etc: Is a directory"),
        ("head /nope", "head: cannot open '/nope' for reading"),
        ("tail -n x /etc/passwd", "invalid number"),
        ("tail -f /nope", "no files remaining"),
        ("cat -z", "invalid option -- 'z'"),
        ("vi x", "no editor"),
    ],
)
async def test_problems(bench: Any, script: str, message: str) -> None:
    result = await bench.run(script)
    assert message in result.stderr
    assert result.exit_code == 1


async def test_a_log_as_a_whole_and_its_end_agree(bench: Any) -> None:
    script = "tail -n 3 /var/log/app.log; cat /var/log/app.log | tail -n 3; ls -l /var/log/app.log | awk '{print $5}'; wc -c < /var/log/app.log"
    *lines, listed, counted = (await bench.out(script)).splitlines()
    assert lines[:3] == lines[3:]
    assert listed == counted


async def test_following_files_that_people_write(bench: Any) -> None:
    script = "echo a > /tmp/f; (sleep 1; echo b >> /tmp/f) & timeout 3 tail -n 1 -f /tmp/f"
    assert await bench.during(bench.out(script), 1, 2) == "a\nb\n"


async def test_following_several_logs(bench: Any) -> None:
    script = "timeout 30 tail -n 1 -f /var/log/app.log /var/log/firehose.log"
    printed = await bench.during(bench.out(script, limit=1 << 22), *[1.0] * 30)
    assert printed.count("==> /var/log/app.log <==") > 1
    assert 14_000 < printed.count("\n") < 16_000


async def test_following_loses_no_line(bench: Any) -> None:
    printed = await bench.during(
        bench.out("timeout 100 tail -n 0 -f /var/log/app.log"), *[7.0] * 15
    )
    whole = await bench.out("cat /var/log/app.log")
    assert printed in whole
    assert len(printed.splitlines()) > 15


def test_invisible_characters() -> None:
    assert [visible(char) for char in "\x01\x7fa"] == ["^A", "^?", "a"]

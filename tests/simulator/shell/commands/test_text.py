from __future__ import annotations

from typing import Any

import pytest

from ssmtui.simulator.shell.commands.text import version_key


@pytest.mark.parametrize(
    ("script", "printed"),
    [
        ("printf 'b\\na\\nc\\na\\n' | sort -u", "a\nb\nc\n"),
        ("printf '10\\n9\\n' | sort; printf '10\\n9\\n' | sort -nr", "10\n9\n10\n9\n"),
        ("printf 'x 2\\ny 10\\nz 1\\n' | sort -k2 -n", "z 1\nx 2\ny 10\n"),
        ("printf 'a:3\\nb:1\\n' | sort -t: -k2,2n", "b:1\na:3\n"),
        ("printf 'v1.10\\nv1.9\\n' | sort -V", "v1.9\nv1.10\n"),
        ("printf '1K\\n1M\\n2\\n' | sort -hr", "1M\n1K\n2\n"),
        ("printf 'b\\na\\n' > /tmp/s; sort -o /tmp/s /tmp/s; cat /tmp/s", "a\nb\n"),
        (
            "printf 'a\\na\\nb\\n' | uniq -c; printf 'a\\na\\nb\\n' | uniq -d; printf 'a\\na\\nb\\n' | uniq -u",
            "      2 a\n      1 b\na\nb\n",
        ),
        (
            "echo a:b:c | cut -d: -f2-; echo a:b:c | cut -d: -f1,3; echo abcdef | cut -c2-4; echo x | cut -d: -f2",
            "b:c\na:c\nbcd\nx\n",
        ),
        (
            "echo hello | tr a-y b-z; echo 'a  b' | tr -s ' '; echo abc | tr -d b; echo ab12 | tr -cd '0-9\\n'",
            "ifmmp\na b\nac\n12\n",
        ),
        ("echo Abc | tr '[:upper:]' '[:lower:]'; echo a,b | tr , '\\n'", "abc\na\nb\n"),
        (
            "echo abc | rev; printf '1\\n2\\n' > /tmp/1; printf 'a\\nb\\n' > /tmp/2; paste -d, /tmp/1 /tmp/2; paste -s -d+ /tmp/1",
            "cba\n1,a\n2,b\n1+2\n",
        ),
        ("printf 'a bb\\nccc d\\n' | column -t", "a    bb\nccc  d\n"),
        (
            "printf 'a\\nb\\nc\\n' > /tmp/1; printf 'a\\nx\\nc\\n' > /tmp/2; diff /tmp/1 /tmp/2; diff -q /tmp/1 /tmp/2; diff /tmp/1 /tmp/1 && echo same",
            "2c2\n< b\n---\n> x\nFiles /tmp/1 and /tmp/2 differ\nsame\n",
        ),
    ],
)
async def test_lines(bench: Any, script: str, printed: str) -> None:
    assert await bench.out(script) == printed


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("cut /etc/passwd", "must specify a list"),
        ("echo | cut -f0", "numbered from 1"),
        ("echo | cut -fx", "invalid field value"),
        ("tr", "missing operand"),
        ("echo | tr a", "missing operand after"),
        ("echo | tr z-a b", "reverse order"),
        ("echo | sort -k x", "invalid number at field start"),
        ("diff a", "missing operand"),
    ],
)
async def test_problems(bench: Any, script: str, message: str) -> None:
    result = await bench.run(script)
    assert message in result.stderr
    assert result.exit_code in (1, 2)


async def test_endless_input_is_not_sorted(bench: Any) -> None:
    assert "memory exhausted" in (await bench.run("yes | sort")).stderr


def test_versions() -> None:
    assert version_key("1.10") > version_key("1.9")

from __future__ import annotations

from typing import Any

import pytest

from ssmtui.simulator.shell.commands.listing import human, mode_text, when_text
from ssmtui.simulator.shell.machine.files import Device, Folder, Kept, Link

SETUP = "mkdir -p /tmp/d/sub; echo 12345 > /tmp/d/b; echo x > /tmp/d/.hidden; sleep 1; echo 1 > /tmp/d/a; ln -s a /tmp/d/link; cd /tmp/d; "


@pytest.mark.parametrize(
    ("script", "printed"),
    [
        ("ls", "a\nb\nlink\nsub\n"),
        ("ls -A", ".hidden\na\nb\nlink\nsub\n"),
        ("ls -a | head -n 2", ".\n..\n"),
        ("ls -r", "sub\nlink\nb\na\n"),
        ("ls -F", "a\nb\nlink@\nsub/\n"),
        ("ls -S | tail -n 2", "a\nlink\n"),
        ("ls -d /tmp/d sub", "/tmp/d\nsub\n"),
        ("ls -R | head -n 3", ".:\na\nb\n"),
        ("ls a b", "a\nb\n"),
        ("ls -l b", "-rw-r--r--. 1 root root 6 Nov  2 08:00 b\n"),
        ("ls -l link", "lrwxrwxrwx. 1 root root 1 Nov  2 08:00 link -> a\n"),
        ("ls -lh /usr/bin/ls | cut -c1-10", "-rwxr-xr-x\n"),
        (
            "stat -c '%n %s %a %U %F' b sub",
            "b 6 644 root regular file\nsub 4096 755 root directory\n",
        ),
        ("stat b | head -n 1", "  File: b\n"),
        ("du -s .", "24\t.\n"),
        ("du -h sub", "4.0K\tsub\n"),
        ("du -a . | tail -n 1", "24\t.\n"),
        (
            "file a sub link /usr/bin/ls",
            "a: ASCII text\nsub: directory\nlink: symbolic link to a\n/usr/bin/ls: ELF 64-bit LSB pie executable\n",
        ),
        ("tree . | head -n 3", ".\n├── .hidden\n├── a\n"),
        ("which ls", "/usr/bin/ls\n"),
    ],
)
async def test_looking(bench: Any, script: str, printed: str) -> None:
    assert await bench.during(bench.out(SETUP + script), 1) == printed


@pytest.mark.parametrize(
    ("script", "message", "status"),
    [
        ("ls /nope", "ls: cannot access '/nope': No such file or directory", 2),
        ("stat /nope", "cannot statx", 1),
        ("du /nope", "cannot access", 1),
        ("which nope", "no nope in", 1),
    ],
)
async def test_problems(bench: Any, script: str, message: str, status: int) -> None:
    result = await bench.run(script)
    assert message in result.stderr
    assert result.exit_code == status


async def test_folders_of_others(bench: Any) -> None:
    result = await bench.run("ls /root", user="ssm-user")
    assert result.stderr == "ls: cannot open directory '/root': Permission denied\n"


async def test_columns_at_a_terminal(session: Any) -> None:
    one = await session()
    shown = await one.type("ls /\r")
    assert "bin  " in shown
    one.shell.resize(8, 24)
    assert "\r\nbin\r\n" in await one.type("ls /\r")


def test_modes() -> None:
    assert mode_text(Folder(mode=0o1777)) == "drwxrwxrwt"
    assert mode_text(Kept(mode=0o640)) == "-rw-r-----"
    assert mode_text(Link(mode=0o777)) == "lrwxrwxrwx"
    assert mode_text(Device("null")) == "crw-rw-rw-"


def test_sizes_and_times() -> None:
    assert [human(size) for size in (5, 2048, 20 << 20, 3 << 40)] == ["5", "2.0K", "20M", "3.0T"]
    assert when_text(0.0, 1e9) == "Jan  1  1970"

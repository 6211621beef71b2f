from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(
    ("script", "printed"),
    [
        ("x=1; export y=2; bash -c 'echo [$x] $y'", "[] 2\n"),
        ("echo 'echo in; exit 3' | bash; echo $?", "in\n3\n"),
        ("bash -e -c 'false; echo never'; echo $?", "1\n"),
        ("bash -c 'echo $0-$1' a b; bash -s <<< 'echo s'", "a-b\ns\n"),
        ("sudo -u ssm-user whoami; sudo -u ssm-user -i pwd", "ssm-user\n/home/ssm-user\n"),
        ("sudo A=1 env | grep ^A=; sudo id -u", "A=1\n0\n"),
        (
            "su ssm-user -c whoami; su - ssm-user -c 'pwd; echo $HOME'",
            "ssm-user\n/home/ssm-user\n/home/ssm-user\n",
        ),
        (
            "env -i A=1 env; env B=2 bash -c 'echo $B'; printenv HOME; printenv NOPE; echo $?",
            "A=1\n2\n/root\n1\n",
        ),
        ("nohup echo hi; nice -n 5 echo a; setsid echo b; stdbuf -o0 echo c", "hi\na\nb\nc\n"),
        (
            "seq 4 | xargs -n 2 echo; printf 'a b\\nc\\n' | xargs -I {} echo '<{}>'; : | xargs -r echo never; seq 2 | xargs",
            "1 2\n3 4\n<a b>\n<c>\n1 2\n",
        ),
        (
            "printf '1\\n2\\n' | xargs -n1 bash -c 'exit 1'; echo $?; echo x | xargs nope 2>/dev/null; echo $?",
            "123\n127\n",
        ),
        ("timeout 5 echo quick; timeout 5 false; echo $?", "quick\n1\n"),
        (
            "tty; tput cols; tput setaf 1 | od -c | head -n 1",
            "not a tty\n80\n0000000 033   [   3   1   m\n",
        ),
    ],
)
async def test_running_others(bench: Any, script: str, printed: str) -> None:
    assert await bench.out(script) == printed


async def test_a_timeout(bench: Any) -> None:
    assert await bench.during(bench.out("timeout 5 sleep 60; echo $?"), 5) == "124\n"


async def test_time(bench: Any) -> None:
    result = await bench.during(bench.run("time sleep 3"), 3)
    assert "real\t0m3.000s" in result.stderr


async def test_watch(bench: Any) -> None:
    printed = await bench.during(bench.out("timeout 5 watch -n 2 date +%S; true"), 2, 2, 1)
    assert [word for word in printed.split() if word in ("00", "02", "04")] == ["00", "02", "04"]


@pytest.mark.parametrize(
    ("script", "message", "status"),
    [
        ("bash -c", "requires an argument", 2),
        ("bash -Z", "invalid option", 2),
        ("bash /nope", "No such file", 1),
        ("sudo", "a command is required", 1),
        ("sudo nope", "sudo: nope: command not found", 1),
        ("sudo -u nobody2 ls", "unknown user nobody2", 1),
        ("nohup", "missing operand", 125),
        ("timeout 5", "missing operand", 125),
        ("stty size", "Inappropriate ioctl", 1),
        ("tput frob", "unknown terminfo", 4),
    ],
)
async def test_problems(bench: Any, script: str, message: str, status: int) -> None:
    result = await bench.run(script)
    assert message in result.stderr
    assert result.exit_code == status


async def test_others_may_not_be_anybody(bench: Any) -> None:
    assert "Authentication failure" in (await bench.run("su -c whoami", user="ssm-user")).stderr
    assert (
        await bench.out("sudo whoami; sudo su -c whoami; sudo -l | tail -n 1", user="ssm-user")
        == "root\nroot\n    (ALL) NOPASSWD: ALL\n"
    )


async def test_a_terminal_s_settings(session: Any) -> None:
    one = await session()
    assert "\r\n24 80\r\n" in await one.type("stty size\r")
    assert "\r\n10 20\r\n" in await one.type("stty rows 10 cols 20; stty size\r")
    assert "icanon" in await one.type("stty -a\r")
    assert "\x1b[H\x1b[2J" in await one.type("clear; reset\r")
    assert "nohup.out" in await one.type("nohup echo kept\r")
    assert "\r\nkept\r\n" in await one.type("cat nohup.out\r")


async def test_shells_within_shells(session: Any) -> None:
    one = await session()
    await one.type("bash\r")
    await one.type("exit 5\r")
    assert "\r\n5\r\n" in await one.type("echo $?\r")
    assert "[root@" in await one.type("sudo su -\r")
    await one.type("sleep 1000\r")
    assert "^C\r\n[root@" in await one.type(b"\x03")
    assert "[ssm-user@" in await one.type(b"\x04")

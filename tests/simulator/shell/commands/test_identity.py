from __future__ import annotations

from typing import Any

import pytest


async def test_uname(bench: Any) -> None:
    machine = bench.machine()
    assert await bench.out("uname; uname -r; uname -sm") == (
        f"Linux\n{machine.kernel}\nLinux {machine.hardware.arch}\n"
    )
    assert machine.hostname in await bench.out("uname -a")


@pytest.mark.parametrize(
    ("script", "printed"),
    [
        ("whoami; id -u; id -un; groups", "ssm-user\n1001\nssm-user\nssm-user\n"),
        ("id root", "uid=0(root) gid=0(root) groups=0(root)\n"),
        ("nproc; arch", "2\nx86_64\n"),
        ("getent passwd root | cut -d: -f1", "root\n"),
        ("uptime -s | wc -c", "20\n"),
    ],
)
async def test_who(bench: Any, script: str, printed: str) -> None:
    machine = bench.machine()
    printed = printed.replace("2\nx86_64", f"{machine.hardware.cpus}\n{machine.hardware.arch}")
    assert await bench.out(script, user="ssm-user") == printed


async def test_names(bench: Any) -> None:
    node = bench.node()
    assert await bench.out("hostname -I; hostname -f") == f"{node.address}\n{node.computer_name}\n"
    await bench.run("hostname renamed")
    assert (
        await bench.out("hostname; hostnamectl | grep Static")
        == "renamed\n  Static hostname: renamed\n"
    )
    assert "must be root" in (await bench.run("hostname x", user="ssm-user")).stderr


async def test_uptime_grows(bench: Any) -> None:
    await bench.run("reboot")
    bench.clock.advance(2 * 3600 + 60)
    assert " up  2:01, " in await bench.out("uptime")
    assert await bench.out("uptime -p") == "up 2 hours, 1 minute\n"


async def test_a_mac(bench: Any) -> None:
    assert await bench.out("sw_vers -productVersion; uname", "macOS") == "14.7.1\nDarwin\n"


async def test_ubuntu(bench: Any) -> None:
    assert await bench.out("lsb_release -si", "Ubuntu") == "Ubuntu\n"


async def test_others(bench: Any) -> None:
    assert "Model name" in await bench.out("lscpu")
    assert "system boot" in await bench.out("last")
    assert "no such user" in (await bench.run("id nobody2")).stderr
    assert (await bench.run("getent shadow")).exit_code == 1


async def test_somebody_is_there(session: Any) -> None:
    one = await session()
    assert "ssm-user" in (await one.type("who; w\r")).splitlines()[1]

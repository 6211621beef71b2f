from __future__ import annotations

from typing import Any

import pytest

from ssmtui.simulator.shell.commands.load import disks


async def test_disks(bench: Any) -> None:
    *_, (device, total, used, place, _) = disks(bench.machine())
    assert (device, place) == ("/dev/nvme0n1p1", "/")
    row = (await bench.out("df /")).splitlines()[1].split()
    assert row[1:4] == [str(total >> 10), str(used >> 10), str((total - used) >> 10)]
    assert "Mounted on" in await bench.out("df -hT | head -n 1")
    assert (await bench.run("df /nope")).exit_code == 1


async def test_what_is_written_uses_the_disk(bench: Any) -> None:
    used = "df -k / | awk 'NR==2 {print $3}'"
    before = int(await bench.out(used))
    await bench.run("dd if=/dev/zero of=/tmp/z bs=1M count=4 status=none")
    assert int(await bench.out(used)) == before + 4096


async def test_a_database_has_a_disk_for_its_data(bench: Any) -> None:
    node = next(n for n in bench.world.nodes.values() if n.role == "db" and n.managed)
    assert [row[3] for row in disks(bench.machines.of(node.id))][-1] == "/data"


async def test_memory(bench: Any) -> None:
    memory = bench.machine().memory
    assert (await bench.out("free -b | awk 'NR==2 {print $2}'")) == f"{memory.total}\n"
    assert "Gi" in await bench.out("free -h")


@pytest.mark.parametrize(
    "options",
    ["", "-e", "-ef", "aux", "-eo pid,comm,%cpu", "aux --sort=-%mem", "-p 1", "-p 1 -o comm="],
)
async def test_ps(bench: Any, options: str) -> None:
    result = await bench.run(f"ps {options}")
    assert result.stderr == ""
    assert result.stdout


async def test_ps_shows_the_services_and_itself(bench: Any) -> None:
    printed = await bench.out("ps -ef")
    assert "/usr/bin/amazon-ssm-agent" in printed
    assert printed.rstrip().endswith("ps -ef")
    assert await bench.out("ps -p 1 -o pid=,comm=") == "1 systemd\n"


async def test_a_column_that_there_is_not(bench: Any) -> None:
    assert "unknown" in (await bench.run("ps -eo nope")).stderr


async def test_top(bench: Any, session: Any) -> None:
    printed = await bench.out("top -b -n 1")
    assert printed.startswith("top - 08:00:00 up")
    assert printed.count("\n") > 20
    one = await session()
    await one.type("top\r")
    bench.clock.advance(4)
    shown = await one.type("x")
    assert "08:00:04" in shown
    assert max(map(len, shown.replace("\x1b[H\x1b[2J", "").splitlines())) <= 80
    await one.type("q")
    assert "left" in await one.type("echo le''ft\r")
    bench.clock.advance(10)
    assert "top -" not in await one.type("x")


async def test_others(bench: Any) -> None:
    assert "nvme0n1" in await bench.out("lsblk; mount; vmstat")
    assert "Linux version" in await bench.out("dmesg")
    assert "not permitted" in (await bench.run("dmesg", user="ssm-user")).stderr

from __future__ import annotations

from typing import Any

import pytest

KINDS = ("Amazon Linux", "Ubuntu", "Red Hat", "SLES", "Debian", "macOS", "Windows")


@pytest.mark.parametrize("kind", KINDS)
def test_every_file_can_be_read(bench: Any, kind: str) -> None:
    machine = bench.machine(kind)
    seen = 0
    for path, entry in machine.tree.walk("/", machine.tree.root):
        if getattr(entry, "kind", "") == "regular file":
            seen += 1
            size = sum(len(piece) for piece in entry.read())
            assert entry.size() in (size, 0), path
    assert seen > 5


async def test_what_a_node_knows_is_in_its_files(bench: Any) -> None:
    node = bench.node()
    assert node.address in await bench.out("cat /etc/hosts")
    assert node.region in await bench.out("cat /etc/amazon/ssm/amazon-ssm-agent.json")
    assert 'NAME="Amazon Linux"' in await bench.out("cat /etc/os-release")
    version = bench.node("Ubuntu").platform.version
    assert f'VERSION_ID="{version}"' in await bench.out("cat /etc/os-release", "Ubuntu")


async def test_proc_is_alive(bench: Any) -> None:
    before = await bench.out("cat /proc/uptime")
    bench.clock.advance(100)
    assert float((await bench.out("cat /proc/uptime")).split()[0]) - float(before.split()[0]) == 100
    assert "MemTotal" in await bench.out("cat /proc/meminfo")


async def test_secrets_of_root_are_closed(bench: Any) -> None:
    assert "Permission denied" in (await bench.run("cat /etc/shadow", user="ssm-user")).stderr
    assert "root:" in await bench.out("cat /etc/shadow")


async def test_systems_have_their_own_tools(bench: Any) -> None:
    assert await bench.out("which dnf 2>/dev/null || which yum") != ""
    assert (await bench.run("apt list")).exit_code == 127
    assert (await bench.run("rpm -qa", "Ubuntu")).exit_code == 127
    assert (await bench.run("systemctl", "macOS")).exit_code == 127

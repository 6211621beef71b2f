from __future__ import annotations

from typing import Any

import pytest

from ssmtui.simulator.shell import Machines
from ssmtui.simulator.world import World


def test_a_machine_is_made_when_somebody_looks() -> None:
    world = World.generate(nodes=50)
    machines = Machines(world)
    assert len(machines) == 0
    node = next(iter(world.nodes))
    assert machines.of(node) is machines.of(node)
    assert len(machines) == 1


def test_there_is_none_without_a_node(bench: Any) -> None:
    with pytest.raises(KeyError):
        bench.machines.of("i-nope")


async def test_the_same_node_has_the_same_machine_every_time(bench: Any) -> None:
    script = "uname -a; df -k; rpm -qa; ps aux; cat /var/log/app.log /etc/passwd; free; uptime"
    first = await bench.out(script)
    other = type(bench)()
    assert await other.out(script) == first


async def test_nodes_differ(bench: Any) -> None:
    outputs = {
        await bench.out("uname -r; hostname; cat /etc/os-release", kind)
        for kind in ("Amazon Linux", "Ubuntu", "Debian", "SLES", "Red Hat")
    }
    assert len(outputs) == 5


async def test_a_rebooting_node_that_is_stopped_meanwhile_stays_so(bench: Any) -> None:
    node = bench.node()
    await bench.run("reboot")
    bench.world.stop(node.id)
    bench.clock.advance(100)
    assert node.state == "stopped"
    assert node.silent_since


@pytest.mark.parametrize(
    ("script", "forgotten"),
    [
        ("uptime; df -h; hostname; cat /etc/os-release | grep PRETTY; ps aux | head -2", True),
        ("echo x > /tmp/file", False),
        ("chmod 600 /etc/hosts", False),
        ("rm /etc/motd", False),
        ("mv /etc/motd /etc/motto", False),
        ("mkdir /srv/here", False),
        ("sed -i s/a/b/ /etc/hosts", False),
        ("systemctl stop crond", False),
        ("yum -y install jq", False),
        ("logger hello", False),
        ("hostname another", False),
        ("sudo touch /etc/hosts", False),
    ],
)
async def test_of_many_machines_those_that_nobody_changed_are_forgotten(
    bench: Any, monkeypatch: pytest.MonkeyPatch, script: str, forgotten: bool
) -> None:
    monkeypatch.setattr("ssmtui.simulator.shell.machines.ENOUGH", 0)
    machine = bench.machine()
    await bench.run(script)
    bench.machines.release(machine)
    assert (bench.machine() is not machine) is forgotten


async def test_a_machine_with_somebody_on_it_is_kept(
    bench: Any, session: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ssmtui.simulator.shell.machines.ENOUGH", 0)
    machine = bench.machine()
    await session()
    bench.machines.release(machine)
    assert bench.machine() is machine

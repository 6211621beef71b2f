from __future__ import annotations

import asyncio
from typing import Any

import pytest

from ssmtui.core.tasks import spawn


def test_it_is_up_since_its_launch(bench: Any) -> None:
    machine = bench.machine()
    assert machine.uptime == bench.clock.now - machine.node.launched
    bench.clock.advance(10)
    assert machine.uptime == bench.clock.now - machine.node.launched


def test_memory_adds_up(bench: Any) -> None:
    memory = bench.machine().memory
    assert memory.used + memory.free + memory.cache == memory.total
    assert memory.free < memory.available < memory.total


async def test_waiting_is_simulated(bench: Any) -> None:
    waiting = spawn(bench.machine().wait(5.0), "waiting")
    await asyncio.sleep(0)
    bench.clock.advance(4.9)
    await asyncio.sleep(0)
    assert not waiting.done()
    bench.clock.advance(0.2)
    await waiting


async def test_a_wait_that_is_cancelled_leaves_no_timer(bench: Any) -> None:
    due = bench.clock.next_due
    waiting = spawn(bench.machine().wait(5.0), "waiting")
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert bench.clock.next_due == due


def test_a_reboot_starts_anew(bench: Any) -> None:
    machine = bench.machine()
    machine.services.stop(machine.services.get("sshd"))
    machine.packages.install("kernel", machine.now)
    downs: list[str] = []
    machine.on_down(lambda: downs.append("first"))
    machine.on_down(lambda: downs.append("second"))()
    machine.reboot()
    assert downs == ["first"]
    assert machine.uptime == 0
    assert machine.services.get("sshd").active == "active"
    assert machine.packages.kernel in machine.kernel
    machine.reboot()
    assert downs == ["first"]


def test_a_new_kernel_runs_after_the_reboot(bench: Any) -> None:
    for node in bench.world.nodes.values():
        machine = bench.machines.of(node.id)
        if machine.level == 0 and machine.system.packager == "rpm":
            break
    before = machine.kernel
    machine.packages.install(
        "kernel-default" if machine.system.id == "sles" else "kernel", machine.now
    )
    assert machine.kernel == before
    machine.reboot()
    assert machine.kernel != before


@pytest.mark.parametrize("kind", ["Amazon Linux", "macOS", "Windows", "Raspbian", "SLES"])
def test_machines_of_every_kind(bench: Any, kind: str) -> None:
    machine = bench.machine(kind)
    assert machine.kernel
    assert len(list(machine.processes)) > 5
    assert machine.services.all()

"""The toy machines of a world's nodes, made when they are first needed and kept from then on."""

from __future__ import annotations

from ssmtui.simulator.shell.machine.machine import Machine
from ssmtui.simulator.world import World
from ssmtui.simulator.world.node import Node

# How long the agent of a node that is rebooted is silent; the service misses nothing meanwhile.
BOOT_SECONDS = 45.0


class Machines:
    """Get it with `world.part(Machines)`: sessions and commands see the same machines."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._machines: dict[str, Machine] = {}

    def of(self, node: Node) -> Machine:
        """The node's machine."""
        machine = self._machines.get(node.id)
        if machine is None or machine.node is not node:
            machine = Machine(node, self._world.clock, on_reboot=self._rebooted)
            self._machines[node.id] = machine
        return machine

    def _rebooted(self, machine: Machine) -> None:
        node = machine.node
        self._world.silence(node.id)
        silent_since = node.silent_since

        def back() -> None:
            # Whatever has happened to the node meanwhile goes before.
            if node.silent_since == silent_since and node.state in ("", "running"):
                self._world.restore(node.id)

        self._world.clock.after(BOOT_SECONDS, back)

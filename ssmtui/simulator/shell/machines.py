"""The toy machines of a world: one a node, made when somebody first looks."""

from __future__ import annotations

from ssmtui.simulator.outside import Outside
from ssmtui.simulator.shell.commands import programs_on
from ssmtui.simulator.shell.machine.machine import Machine
from ssmtui.simulator.shell.machine.system import distribution
from ssmtui.simulator.world import World

BOOT_SECONDS = 45.0
# So many machines are kept in any case, since somebody may soon be on them again.
ENOUGH = 300


class Machines:
    """A machine lasts as long as its node: what was done on it stays."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._machines: dict[str, Machine] = {}

    def of(self, node_id: str) -> Machine:
        """KeyError if there is no such node."""
        node = self._world.node(node_id)
        machine = self._machines.get(node_id)
        if machine is None or machine.node is not node:
            machine = Machine(
                node,
                self._world.clock,
                programs=programs_on(distribution(node)),
                on_reboot=self._rebooted,
                outside=self._world.part(Outside),
            )
            self._machines[node_id] = machine
        return machine

    def release(self, machine: Machine) -> None:
        """One is done with it: of many machines, those that nobody has changed are forgotten."""
        if len(self._machines) > ENOUGH and machine.fresh:
            self._machines.pop(machine.node.id, None)

    def __len__(self) -> int:
        """How many have been made."""
        return len(self._machines)

    def _rebooted(self, machine: Machine) -> None:
        """Its agent is silent until it is up again."""
        node = machine.node
        self._world.silence(node.id)

        def up() -> None:
            if self._world.nodes.get(node.id) is node and node.state in ("", "running"):
                self._world.restore(node.id)

        self._world.clock.after(BOOT_SECONDS, up)

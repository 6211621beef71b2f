"""What a plugin gets and gives."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from ssmtui.simulator.shell import Machine, Sink
from ssmtui.simulator.shell.streams import encode
from ssmtui.simulator.world import World

# What the agent gives as the exit code of a script that it has stopped.
STOPPED = 137
_WINDOWS_REBOOT, _OTHER_REBOOT = 3010, 194


@dataclass
class Job:
    """One plugin's work on one node. `inputs` have their parameters filled in.

    `random` is the same for the same command, node and step.
    """

    world: World
    machine: Machine
    command_id: str
    step_name: str
    inputs: Mapping[str, Any]
    stdout: Sink
    stderr: Sink
    random: Random

    async def out(self, *lines: str) -> None:
        """Print lines."""
        await self.stdout.write(encode("".join(f"{line}\n" for line in lines)))

    async def complain(self, *lines: str) -> None:
        await self.stderr.write(encode("".join(f"{line}\n" for line in lines)))

    async def work(self, least: float, most: float) -> None:
        """Let simulated seconds pass, as many as this node needs."""
        await self.machine.wait(self.random.uniform(least, most))

    def input(self, name: str) -> str:
        """An input as text; empty if it is not there."""
        return str(self.inputs.get(name, ""))

    @property
    def folder(self) -> str:
        """Where the agent keeps what belongs to this command."""
        return (
            f"/var/lib/amazon/ssm/{self.machine.node.id}/document/orchestration/{self.command_id}"
        )


@dataclass(frozen=True)
class Outcome:
    """How a plugin ended. `down`: its machine went down meanwhile."""

    code: int = 0
    timed_out: bool = False
    down: bool = False


Plugin = Callable[[Job], Awaitable[Outcome]]


def reboot_code(machine: Machine) -> int:
    """With what a plugin asks for a reboot, after which it is run again."""
    return _WINDOWS_REBOOT if machine.windows else _OTHER_REBOOT

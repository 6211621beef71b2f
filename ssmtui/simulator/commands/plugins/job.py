"""What a plugin gets and gives."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import PureWindowsPath
from random import Random
from typing import Any

from ssmtui.simulator.documents.model import Version
from ssmtui.simulator.shell import Machine, Sink
from ssmtui.simulator.shell.streams import encode
from ssmtui.simulator.world import World

# What the agent gives as the exit code of a script that it has stopped.
STOPPED = 137
_WINDOWS_REBOOT, _OTHER_REBOOT = 3010, 194


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file that an earlier step has fetched; `version`: it is that of a stored document."""

    data: bytes
    version: Version | None = None


@dataclass
class Job:
    """One plugin's work on one node. `inputs` have their parameters filled in.

    `random` is the same for the same command, node and step. `plugins` are all that the agent has,
    and `downloads` the files by path that the command has fetched onto the node. `depth` is how
    many documents this one is run by.
    """

    world: World
    machine: Machine
    command_id: str
    step_name: str
    inputs: Mapping[str, Any]
    stdout: Sink
    stderr: Sink
    random: Random
    plugins: Mapping[str, Plugin] = field(default_factory=dict)
    downloads: dict[str, Fetched] = field(default_factory=dict)
    depth: int = 0

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

    def path(self, *parts: str) -> str:
        """A path in the folder where the agent keeps what belongs to this command."""
        windows, node_id = self.machine.windows, self.machine.node.id
        base = r"C:\ProgramData\Amazon\SSM\InstanceData" if windows else "/var/lib/amazon/ssm"
        separator = "\\" if windows else "/"
        return separator.join((base, node_id, "document", "orchestration", self.command_id, *parts))

    def place(self, path: str) -> str:
        """A path that an input names: among the command's downloads unless it is absolute."""
        absolute = PureWindowsPath(path).drive if self.machine.windows else path.startswith("/")
        return path if absolute else self.path("downloads", path)

    def fetched(self, path: str) -> Fetched | None:
        """What an earlier step has fetched to that path."""
        return self.downloads.get(self.place(path))


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

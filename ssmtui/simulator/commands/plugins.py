"""What the agent's plugins do on a machine."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from ssmtui.simulator.shell import Machine, Shell, Sink
from ssmtui.simulator.shell.streams import encode
from ssmtui.simulator.world import World

# What the agent gives as the exit code of a script that it has stopped.
STOPPED = 137
REBOOT_CODES = {"Windows": 3010}
OTHER_REBOOT_CODE = 194


@dataclass
class Job:
    """One plugin's work on one node. `inputs` have their parameters filled in."""

    world: World
    machine: Machine
    command_id: str
    step_name: str
    inputs: Mapping[str, Any]
    stdout: Sink
    stderr: Sink
    random: Random  # the same for the same command and node

    async def out(self, text: str) -> None:
        """Print text as lines."""
        await self.stdout.write(encode(text + "\n"))

    async def complain(self, text: str) -> None:
        await self.stderr.write(encode(text + "\n"))

    @property
    def folder(self) -> str:
        """Where the agent keeps what belongs to this plugin of this command."""
        return (
            f"/var/lib/amazon/ssm/{self.machine.node.id}/document/orchestration/{self.command_id}"
        )


@dataclass(frozen=True)
class Outcome:
    """How a plugin ended. `down`: its machine went down meanwhile."""

    code: int
    timed_out: bool = False
    down: bool = False


Plugin = Callable[[Job], Awaitable[Outcome]]


async def run_shell_script(job: Job) -> Outcome:
    """aws:runShellScript: a script of bash, as root."""
    return await _script(job, "awsrunShellScript")


async def run_powershell_script(job: Job) -> Outcome:
    """aws:runPowerShellScript: as SYSTEM on Windows; elsewhere nobody has installed PowerShell."""
    if not job.machine.windows:
        await job.complain(
            'failed to run commands: exec: "pwsh": executable file not found in $PATH'
        )
        return Outcome(1)
    return await _script(job, "awsrunPowerShellScript")


async def _script(job: Job, plugin: str) -> Outcome:
    lines = job.inputs.get("runCommand") or []
    name = f"{job.folder}/{plugin}/0.{plugin}/_script.sh"
    ended = await Shell(job.machine, user="root").run_script(
        "\n".join(map(str, lines)),
        stdout=job.stdout,
        stderr=job.stderr,
        name=name,
        cwd=str(job.inputs.get("workingDirectory") or ""),
        time_limit=_seconds(job.inputs.get("timeoutSeconds")),
    )
    if ended.timed_out:
        await job.complain("failed to run commands: the script ran out of time and was stopped")
        return Outcome(STOPPED, timed_out=True)
    code = ended.exit_code
    if code and not ended.down and code != reboot_code(job.machine):
        await job.complain(f"failed to run commands: exit status {code}")
    return Outcome(code, down=ended.down)


def reboot_code(machine: Machine) -> int:
    """With what a script asks for a reboot, after which it is run again."""
    return REBOOT_CODES.get(machine.node.platform.type, OTHER_REBOOT_CODE)


def _seconds(text: Any) -> float:
    return float(text) if str(text).isdecimal() else 3600.0


PLUGINS: dict[str, Plugin] = {
    "aws:runShellScript": run_shell_script,
    "aws:runPowerShellScript": run_powershell_script,
}

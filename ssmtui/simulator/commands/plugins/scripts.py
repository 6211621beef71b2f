"""Scripts: aws:runShellScript and aws:runPowerShellScript."""

from __future__ import annotations

from typing import Any

from ssmtui.simulator.commands.plugins.job import STOPPED, Job, Outcome, reboot_code
from ssmtui.simulator.shell import Shell

_DEFAULT_TIMEOUT = 3600.0


async def run_shell_script(job: Job) -> Outcome:
    """aws:runShellScript: a script of bash, as root."""
    return await run_lines(job, "awsrunShellScript", job.inputs.get("runCommand"))


async def run_powershell_script(job: Job) -> Outcome:
    """aws:runPowerShellScript: as SYSTEM on Windows; elsewhere nobody has installed PowerShell."""
    if not job.machine.windows:
        await job.complain(
            'failed to run commands: exec: "pwsh": executable file not found in $PATH'
        )
        return Outcome(1)
    return await run_lines(job, "awsrunPowerShellScript", job.inputs.get("runCommand"))


async def run_lines(job: Job, plugin: str, lines: Any) -> Outcome:
    """Run a script as that plugin does, whose name is in the messages of the shell."""
    ended = await Shell(job.machine, user="root").run_script(
        "\n".join(map(str, lines or [])),
        stdout=job.stdout,
        stderr=job.stderr,
        name=job.path(plugin, f"0.{plugin}", f"_script.{'ps1' if job.machine.windows else 'sh'}"),
        cwd=job.input("workingDirectory"),
        time_limit=_seconds(job.input("timeoutSeconds")),
    )
    if ended.timed_out:
        await job.complain("failed to run commands: the script ran out of time and was stopped")
        return Outcome(STOPPED, timed_out=True)
    code = ended.exit_code
    if code and not ended.down and code != reboot_code(job.machine):
        await job.complain(f"failed to run commands: exit status {code}")
    return Outcome(code, down=ended.down)


def _seconds(text: str) -> float:
    return float(text) if text.isdecimal() else _DEFAULT_TIMEOUT

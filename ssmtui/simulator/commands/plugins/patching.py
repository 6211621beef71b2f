"""Patching: what is missing, and having it installed, with the reboot that it may need."""

from __future__ import annotations

from ssmtui.simulator.commands.plugins.job import Job, Outcome, reboot_code
from ssmtui.simulator.shell.machine.windows import hot_fixes

_CURRENT = 2  # the patch level of a machine that has everything
_LISTED = 12  # names that are listed in the output


async def patch(job: Job) -> Outcome:
    """Scan, or Install: then the machine has what its repository has."""
    operation, machine = job.input("operation") or "Scan", job.machine
    await job.work(2, 12)
    missing = _missing(job)
    await job.out(
        f"{_now(job)} Operating system: {machine.system.pretty}",
        f"{_now(job)} Operation: {operation}",
        f"{_now(job)} Missing patches: {len(missing)}",
        *(f"  {name}" for name in missing[:_LISTED]),
    )
    if len(missing) > _LISTED:
        await job.out(f"  and {len(missing) - _LISTED} more")
    if operation == "Scan" or not missing:
        await job.out(f"{_now(job)} Compliance: {'NON_COMPLIANT' if missing else 'COMPLIANT'}")
        return Outcome()
    await job.work(15, 120)
    if machine.packages.installed and _locked(job):
        await job.complain("E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by "
                           "process 4711 (unattended-upgr)")  # fmt: skip
        return Outcome(100)
    needs_reboot = _install(job)
    await job.out(f"{_now(job)} Installed: {len(missing)}, failed: 0")
    if needs_reboot and job.input("reboot") != "NoReboot":
        await job.out(f"{_now(job)} Rebooting")
        return Outcome(reboot_code(machine))
    if needs_reboot:
        await job.out(f"{_now(job)} A reboot is pending")
    return Outcome()


def _now(job: Job) -> str:
    seconds = int(job.machine.now) % 86_400
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _missing(job: Job) -> list[str]:
    machine = job.machine
    if machine.windows:
        have = {fix.id for fix in machine.hot_fixes}
        every = hot_fixes(machine.node.id, _CURRENT, machine.built)
        return [fix.id for fix in every if fix.id not in have]
    return [package.label for package in machine.packages.updates() if package.fixed]


def _locked(job: Job) -> bool:
    """Now and then another program is just installing something."""
    return job.machine.system.packager == "deb" and job.random.random() < 0.04


def _install(job: Job) -> bool:
    """Install what is missing; whether the machine needs a reboot for it."""
    machine, now = job.machine, job.machine.now
    machine.touched = True
    if machine.windows:
        known = {fix.id for fix in machine.hot_fixes}
        fresh = [
            fix._replace(installed=now)
            for fix in hot_fixes(machine.node.id, _CURRENT, machine.built)
            if fix.id not in known
        ]
        machine.hot_fixes.extend(fresh)
        return bool(fresh)
    before = machine.packages.kernel
    for package in machine.packages.updates():
        if package.fixed:
            machine.packages.install(package.name, now)
    return machine.packages.kernel != before

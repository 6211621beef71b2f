"""systemctl, service, journalctl and logger; launchctl on a Mac."""

from __future__ import annotations

from datetime import UTC, datetime

from ssmtui.simulator.shell.commands.journals import journal_line
from ssmtui.simulator.shell.commands.making import formatted
from ssmtui.simulator.shell.invocation import Complaint, Invocation, Program
from ssmtui.simulator.shell.machine.services import Service
from ssmtui.simulator.shell.options import Options

NOT_ACTIVE, NO_UNIT = 3, 4
_CHANGES = ("start", "stop", "restart", "reload", "try-restart", "enable", "disable",
            "reload-or-restart", "reset-failed", "kill", "mask", "unmask")  # fmt: skip


async def systemctl(call: Invocation) -> int:
    options = Options(
        call.args, "alqfr", "tpnos",
        {"all": "a", "no-pager": "l", "full": "l", "quiet": "q", "type": "t", "state": "s",
         "property": "p", "now": "r", "plain": "l", "no-legend": "q", "lines": "n", "failed": "f",
         "value": "r", "force": "l"},
    )  # fmt: skip
    verb, *names = options.rest or ["list-units"]
    if "f" in options:
        verb = "list-failed"
    if verb in ("list-units", "list-failed", "--failed"):
        return await _list_units(call, options, failed=verb != "list-units")
    if verb == "list-unit-files":
        rows = [f"{service.name + '.service':<40} {'enabled' if service.enabled else 'disabled'}"
                for service in call.machine.services.all()]  # fmt: skip
        await call.lines([f"{'UNIT FILE':<40} STATE", *rows])
        return 0
    if verb == "daemon-reload":
        return 0
    if verb in ("reboot", "poweroff", "halt"):
        return await reboot(call)
    if verb == "is-system-running":
        broken = any(service.active == "failed" for service in call.machine.services.all())
        await call.line("degraded" if broken else "running")
        return int(broken)
    if not names:
        if verb == "status":
            return await _system_status(call)
        raise Complaint("Too few arguments.")
    if verb in _CHANGES:
        return await _change(call, verb, names, now="r" in options)
    if verb in ("status", "is-active", "is-enabled", "is-failed", "show", "cat"):
        return await _ask(call, verb, names, options)
    raise Complaint(f"Unknown command verb {verb}.")


async def _list_units(call: Invocation, options: Options, *, failed: bool) -> int:
    shown = [
        service
        for service in call.machine.services.all()
        if (service.active == "failed" or not failed)
        and (options.value("s") in ("", service.active, service.sub))
        and ("a" in options or service.active != "inactive")
    ]
    if "q" not in options:
        await call.line(f"  {'UNIT':<34} {'LOAD':<6} {'ACTIVE':<8} {'SUB':<8} DESCRIPTION")
    for service in shown:
        mark = "●" if service.active == "failed" else " "
        await call.line(
            f"{mark} {service.name + '.service':<34} loaded {service.active:<8} "
            f"{service.sub:<8} {service.unit.description}"
        )
    if "q" not in options:
        await call.line(f"\n{len(shown)} loaded units listed.")
    return 0


async def _system_status(call: Invocation) -> int:
    machine = call.machine
    failed = sum(service.active == "failed" for service in machine.services.all())
    await call.lines(
        [
            f"● {machine.hostname}",
            f"    State: {'degraded' if failed else 'running'}",
            f"     Jobs: 0 queued\n   Failed: {failed} units",
            f"    Since: {_long_time(machine.boot_time)}",
        ]
    )
    return 0


async def _change(call: Invocation, verb: str, names: list[str], *, now: bool) -> int:
    status = 0
    for name in names:
        service = call.machine.services.get(name)
        if service is None:
            await call.err(f"Failed to {verb} {_unit(name)}: Unit {_unit(name)} not found.")
            status = 5
        elif not call.root:
            await call.err(
                f"Failed to {verb} {_unit(name)}: Access denied\n"
                f"See system logs and 'systemctl status {_unit(name)}' for details."
            )
            status = 4
        else:
            await _do(call, verb, service, now=now)
    return status


async def _do(call: Invocation, verb: str, service: Service, *, now: bool) -> None:
    services = call.machine.services
    link = f"/etc/systemd/system/multi-user.target.wants/{service.name}.service"
    match verb:
        case "start":
            services.start(service)
        case "stop" | "kill":
            services.stop(service)
        case "restart" | "reload-or-restart":
            services.restart(service)
        case "reload" if service.active != "active":
            raise Complaint(f"{_unit(service.name)} is not active, cannot reload.")
        case "try-restart" if service.active == "active":
            services.restart(service)
        case "reset-failed" if service.active == "failed":
            service.active, service.result = "inactive", "success"
        case "enable":
            if not service.enabled:
                await call.err(f'Created symlink {link} → /usr/lib/systemd/system/'
                               f"{service.name}.service.")  # fmt: skip
            service.enabled = True
            if now:
                services.start(service)
        case "disable":
            if service.enabled:
                await call.err(f'Removed "{link}".')
            service.enabled = False
            if now:
                services.stop(service)


async def _ask(call: Invocation, verb: str, names: list[str], options: Options) -> int:
    status = 0
    for name in names:
        service = call.machine.services.get(name)
        if service is None:
            status = NO_UNIT
            if verb in ("is-active", "is-failed", "is-enabled"):
                status = NOT_ACTIVE if verb == "is-active" else 1
                await call.line("inactive" if verb != "is-enabled" else "not-found")
            else:
                await call.err(f"Unit {_unit(name)} could not be found.")
            continue
        match verb:
            case "status":
                await call.lines(_status_lines(call, service, options.number("n", 10)))
                status = status or (0 if service.active == "active" else NOT_ACTIVE)
            case "is-active":
                if "q" not in options:
                    await call.line(service.active)
                status = status or (0 if service.active == "active" else NOT_ACTIVE)
            case "is-enabled":
                await call.line("enabled" if service.enabled else "disabled")
                status = status or int(not service.enabled)
            case "is-failed":
                await call.line(service.active)
                status = status or int(service.active != "failed")
            case "show":
                await _show(call, service, options)
            case "cat":
                await call.lines(_unit_file(service))
    return status


async def _show(call: Invocation, service: Service, options: Options) -> None:
    facts = {
        "Id": _unit(service.name), "Description": service.unit.description,
        "LoadState": "loaded", "ActiveState": service.active, "SubState": service.sub,
        "UnitFileState": "enabled" if service.enabled else "disabled",
        "MainPID": str(service.process.pid if service.process else 0), "Result": service.result,
        "ActiveEnterTimestamp": _long_time(service.since),
    }  # fmt: skip
    wanted = options.value("p").split(",") if "p" in options else list(facts)
    await call.lines(
        [facts[name] if "r" in options else f"{name}={facts[name]}"
         for name in wanted if name in facts]
    )  # fmt: skip


def _unit(name: str) -> str:
    return name if "." in name else f"{name}.service"


def _unit_file(service: Service) -> list[str]:
    unit = service.unit
    return [
        f"# /usr/lib/systemd/system/{unit.name}.service",
        "[Unit]", f"Description={unit.description}", "", "[Service]", f"ExecStart={unit.command}",
        f"User={unit.user}", "Restart=on-failure", "", "[Install]", "WantedBy=multi-user.target",
    ]  # fmt: skip


def _status_lines(call: Invocation, service: Service, logs: int) -> list[str]:
    machine, unit = call.machine, service.unit
    mark = {"active": "●", "failed": "×"}.get(service.active, "○")
    enabled = "enabled" if service.enabled else "disabled"
    since = f"since {_long_time(service.since)}; {_ago(machine.now - service.since)} ago"
    reason = f" (Result: {service.result})" if service.active == "failed" else f" ({service.sub})"
    lines = [
        f"{mark} {unit.name}.service - {unit.description}",
        (
            f"     Loaded: loaded (/usr/lib/systemd/system/{unit.name}.service; {enabled}; "
            "preset: disabled)"
        ),
        f"     Active: {service.active}{reason} {since}",
    ]
    if unit.document:
        lines.append(f"       Docs: {unit.document}")
    if service.process is not None:
        lines += [
            f"   Main PID: {service.process.pid} ({service.process.name})",
            f"     Memory: {service.process.memory / 1024:.1f}M",
            f"     CGroup: /system.slice/{unit.name}.service",
            f"             └─{service.process.pid} {unit.command}",
        ]
    elif service.active == "failed":
        lines.append("    Process: 1290 ExecStart (code=exited, status=1/FAILURE)")
    records = machine.journal[0].last(max(0, min(logs, 1000)), machine.boot_time, machine.now,
                                      unit.name) if logs else []  # fmt: skip
    if records:
        lines += ["", *(journal_line(call, record) for record in records)]
    return lines


def _long_time(when: float) -> str:
    return formatted(datetime.fromtimestamp(when, UTC), "%a %F %T UTC")


def _ago(amount: float) -> str:
    whole = int(amount)
    if whole >= 86400:
        return f"{whole // 86400} days"
    if whole >= 3600:
        return f"{whole // 3600}h {whole % 3600 // 60}min"
    return f"{whole // 60}min {whole % 60}s" if whole >= 60 else f"{whole}s"


async def service(call: Invocation) -> int:
    """The old way: service NAME VERB."""
    if call.args[:1] == ["--status-all"]:
        await call.lines(
            [f" [ {'+' if one.active == 'active' else '-'} ]  {one.name}"
             for one in call.machine.services.all()]
        )  # fmt: skip
        return 0
    if len(call.args) < 2:
        raise Complaint("usage: service < option > | --status-all | [ service_name [ command ] ]")
    name, verb = call.args[:2]
    if verb == "start" or call.machine.services.get(name) is None:
        await call.err(f"Redirecting to /bin/systemctl {verb} {_unit(name)}")
    return await systemctl(call.having(name="systemctl", args=[verb, name]))


async def reboot(call: Invocation) -> int:
    if not call.root:
        raise Complaint("Call to Reboot failed: Interactive authentication required.")
    await call.machine.restart()
    return 0


async def shutdown(call: Invocation) -> int:
    if "-c" in call.args:
        return 0
    if "-r" not in call.args:
        raise Complaint("a simulated machine can only be rebooted from within (shutdown -r)")
    return await reboot(call)


async def launchctl(call: Invocation) -> int:
    if call.args[:1] not in (["list"], ["print"]):
        raise Complaint("Unrecognized subcommand; only list is there on a simulated machine")
    await call.line("PID\tStatus\tLabel")
    for one in call.machine.services.all():
        pid = str(one.process.pid) if one.process else "-"
        await call.line(f"{pid}\t{0 if one.active == 'active' else 1}\t{one.name}")
    return 0


PROGRAMS: dict[str, Program] = {
    "systemctl": systemctl, "service": service,
    "reboot": reboot, "shutdown": shutdown, "launchctl": launchctl,
}  # fmt: skip

"""rpm, dnf, yum and zypper: what is installed, and changing it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ssmtui.simulator.shell.bash.patterns import Pattern
from ssmtui.simulator.shell.commands.listing import human
from ssmtui.simulator.shell.invocation import Complaint, Invocation, Program
from ssmtui.simulator.shell.machine.packages import Package
from ssmtui.simulator.shell.options import Options

UPDATES_AVAILABLE = 100  # what `yum check-update` exits with


def named(packages: Mapping[str, Package], names: Sequence[str]) -> list[Package]:
    """Those of these names or patterns; all without any."""
    patterns = [Pattern([(name, False)]) for name in names]
    return [
        package
        for package in packages.values()
        if not patterns
        or any(one.matches(package.name) or one.matches(package.label) for one in patterns)
    ]


async def rpm(call: Invocation) -> int:
    options = Options(
        call.args, "qailVUehFf", "Q",
        {"query": "q", "all": "a", "info": "i", "list": "l", "version": "V", "qf": "Q",
         "queryformat": "Q"},
    )  # fmt: skip
    if "q" not in options:
        if "V" in options:
            await call.line("RPM version 4.16.1.3")
            return 0
        raise Complaint("only queries are there on a simulated machine: use dnf or yum to install")
    installed = call.machine.packages.installed
    if "a" in options:
        found, missing = named(installed, options.rest), []
    else:
        labels = {package.label: package for package in installed.values()} | installed
        found = [labels[name] for name in options.rest if name in labels]
        missing = [name for name in options.rest if name not in labels]
    for name in missing:
        await call.line(f"package {name} is not installed")
    for package in found:
        if "Q" in options:
            await call.out(_formatted(options.value("Q"), package, call.machine.built))
        elif "i" in options:
            await call.lines(_rpm_info(package))
        else:
            await call.line(package.label)
    return len(missing)


def _formatted(pattern: str, package: Package, built: float) -> str:
    for name, value in {
        "NAME": package.name, "VERSION": package.version, "RELEASE": package.release,
        "ARCH": package.arch, "SIZE": str(package.size), "EPOCH": "(none)",
        "INSTALLTIME": f"{package.installed or built:.0f}",
    }.items():  # fmt: skip
        pattern = pattern.replace(f"%{{{name}}}", value)
    return pattern.replace("\\n", "\n").replace("\\t", "\t")


def _rpm_info(package: Package) -> list[str]:
    rows = {"Name": package.name, "Version": package.version, "Release": package.release,
            "Architecture": package.arch, "Size": str(package.size)}  # fmt: skip
    return [f"{label:<12}: {value}" for label, value in rows.items()]


async def dnf(call: Invocation) -> int:
    """yum speaks the same, for our purposes."""
    options = Options(
        call.args, "yqvC", "x",
        {"assumeyes": "y", "quiet": "q", "security": "v", "refresh": "v", "installed": "C",
         "exclude": "x", "all": "v"},
    )  # fmt: skip
    verb, *names = options.rest or ["help"]
    packages = call.machine.packages
    match verb:
        case "list":
            wanted = [name for name in names if name not in ("installed", "available", "all")]
            return await _dnf_list(call, names, wanted, installed="C" in options)
        case "check-update" | "list-updates":
            return await _check_update(call, names)
        case "info":
            found = named({**packages.available, **packages.installed}, names)
            for package in found:
                await call.lines(_rpm_info(package))
            return int(not found)
        case "search":
            found = [
                one for one in packages.available.values() if any(n in one.name for n in names)
            ]
            await call.lines([f"{one.name}.{one.arch} : {one.name}" for one in found])
            return 0
        case "install" | "update" | "upgrade" | "remove" | "erase" | "reinstall" | "downgrade":
            message = "Error: This command has to be run with superuser privileges."
            if not call.root:
                await call.err(message)
                return 1
            if verb in ("remove", "erase"):
                return await _dnf_remove(call, names)
            return await _dnf_install(call, verb, names)
        case "clean" | "makecache" | "history" | "repolist" | "updateinfo":
            return await _dnf_other(call, verb)
    raise Complaint(f"No such command: {verb}. Please use /usr/bin/{call.name} --help")


async def _dnf_other(call: Invocation, verb: str) -> int:
    if verb == "repolist":
        await call.lines([f"{'repo id':<20} repo name", f"{'baseos':<20} BaseOS packages"])
    elif verb == "updateinfo":
        fixes = sum(package.fixed for package in call.machine.packages.updates())
        await call.lines(["Updates Information Summary: available",
                          f"    {fixes} Security notice(s)"])  # fmt: skip
    else:
        await call.line("Metadata cache created." if verb == "makecache" else "0 files removed")
    return 0


async def _dnf_list(
    call: Invocation, names: list[str], wanted: list[str], *, installed: bool
) -> int:
    packages = call.machine.packages
    have = named(packages.installed, wanted)
    if "available" not in names and have:
        await call.line("Installed Packages")
        await call.lines([_dnf_row(package, "@System") for package in have])
    could = [one for one in named(packages.available, wanted) if one.name not in packages.installed]
    if "installed" not in names and not installed and could:
        await call.line("Available Packages")
        await call.lines([_dnf_row(package, "baseos") for package in could])
    if wanted and not have and not could:
        await call.err("Error: No matching Packages to list")
        return 1
    return 0


def _dnf_row(package: Package, repository: str) -> str:
    return f"{f'{package.name}.{package.arch}':<44} {package.full_version:<32} {repository}"


async def _check_update(call: Invocation, names: list[str]) -> int:
    updates = {package.name: package for package in call.machine.packages.updates()}
    found = named(updates, names)
    if found:
        await call.lines(["", *(_dnf_row(package, "baseos") for package in found)])
    return UPDATES_AVAILABLE if found else 0


async def _dnf_install(call: Invocation, verb: str, names: list[str]) -> int:
    packages = call.machine.packages
    await call.line("Last metadata expiration check: 0:14:02 ago.")
    before = packages.installed
    unknown = [name for name in names if name not in packages.available and name not in before]
    if unknown:
        await call.err(f"No match for argument: {unknown[0]}")
        await call.err(f"Error: Unable to find a match: {' '.join(unknown)}")
        return 1
    newer = {package.name for package in packages.updates()}
    if verb in ("update", "upgrade"):
        chosen = [name for name in (names or sorted(newer)) if name in newer]
    else:
        chosen = [name for name in names if name in newer or name not in before]
        for name in set(names) - set(chosen):
            await call.line(f"Package {before[name].label} is already installed.")
    if not chosen:
        await call.line("Dependencies resolved.\nNothing to do.\nComplete!")
        return 0
    done = [one for name in chosen if (one := packages.install(name, call.machine.now))]
    upgraded = [one for one in done if one.name in before]
    fresh = [one for one in done if one.name not in before]
    total = sum(one.size for one in done)
    await call.lines(["Dependencies resolved.", "", "Transaction Summary", "=" * 60])
    if fresh:
        await call.line(f"Install  {len(fresh)} Package{'s' if len(fresh) > 1 else ''}")
    if upgraded:
        await call.line(f"Upgrade  {len(upgraded)} Package{'s' if len(upgraded) > 1 else ''}")
    await call.line(f"\nTotal download size: {human(total / 3)}\nRunning transaction")
    for number, one in enumerate(done, 1):
        what = "Upgrading" if one.name in before else "Installing"
        await call.line(f"  {what:<17}: {one.label:<55} {number}/{len(done)}")
    for title, some in (("Upgraded", upgraded), ("Installed", fresh)):
        if some:
            await call.line(f"\n{title}:")
            await call.lines([f"  {one.label}" for one in some])
    await call.line("\nComplete!")
    call.machine.log(call.name, f"{verb}: {' '.join(one.label for one in done)[:400]}")
    return 0


async def _dnf_remove(call: Invocation, names: list[str]) -> int:
    gone = [one for name in names if (one := call.machine.packages.remove(name))]
    if not gone:
        await call.line("No packages marked for removal.\nNothing to do.\nComplete!")
        return 0
    await call.lines(["Removed:", *(f"  {one.label}" for one in gone), "\nComplete!"])
    return 0


async def zypper(call: Invocation) -> int:
    options = Options(
        call.args,
        "nqysi",
        "t",
        {"non-interactive": "n", "quiet": "q", "no-confirm": "y", "installed-only": "i"},
    )
    verb, *names = options.rest or ["help"]
    verb = {"in": "install", "up": "update", "se": "search", "lu": "list-updates",
            "rm": "remove", "ref": "refresh", "lp": "list-patches"}.get(verb, verb)  # fmt: skip
    packages = call.machine.packages
    if verb in ("list-updates", "list-patches"):
        have = packages.installed
        await call.line("S | Repository | Name | Current Version | Available Version | Arch")
        await call.lines(
            [f"v | SLES-Updates | {one.name} | {have[one.name].full_version} | {one.full_version} "
             f"| {one.arch}" for one in packages.updates()]
        )  # fmt: skip
        return 0
    if verb == "search":
        have = packages.installed
        rows = [one for one in {**packages.available, **have}.values()
                if not names or any(name in one.name for name in names)]  # fmt: skip
        await call.line("S  | Name | Type")
        await call.lines(
            [f"{'i+' if one.name in have else '  '} | {one.name} | package" for one in rows]
        )
        return 0 if rows else 104
    if verb == "refresh":
        await call.line("All repositories have been refreshed.")
        return 0
    if verb not in ("install", "update", "remove", "patch"):
        raise Complaint(f"Unknown command '{verb}'")
    if not call.root:
        await call.err("Root privileges are required to run this command.")
        return 5
    if verb == "remove":
        return await _dnf_remove(call, names)
    status = await _dnf_install(call, "update" if verb == "patch" else verb, names)
    return 104 if status else 0


PROGRAMS: dict[str, Program] = {
    "rpm": rpm, "dnf": dnf, "yum": dnf, "zypper": zypper,
}  # fmt: skip

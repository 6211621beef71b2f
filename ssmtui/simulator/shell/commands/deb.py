"""dpkg, apt and apt-get: what is installed, and changing it."""

from __future__ import annotations

from ssmtui.simulator.shell.commands.rpm import named
from ssmtui.simulator.shell.invocation import Complaint, Invocation, Program
from ssmtui.simulator.shell.machine.packages import Package
from ssmtui.simulator.shell.options import Options

APT_FAILED = 100


async def dpkg(call: Invocation) -> int:
    options = Options(
        call.args, "lsLSWirpa", "f",
        {"list": "l", "status": "s", "print-architecture": "a", "showformat": "f", "get-selections":
         "r", "configure": "p"},
    )  # fmt: skip
    installed = call.machine.packages.installed
    if "a" in options and not options.rest and call.name == "dpkg":
        await call.line(next(iter(installed.values())).arch)
        return 0
    if "W" in options or call.name == "dpkg-query":
        pattern = options.value("f", "${Package}\\t${Version}\\n").removeprefix("=")
        found = named(installed, options.rest)
        for package in found:
            await call.out(_dpkg_format(pattern, package))
        return await _dpkg_missing(call, options.rest, found)
    if "l" in options:
        found = named(installed, options.rest)
        if found:
            await call.lines(_dpkg_table(found))
        return await _dpkg_missing(call, options.rest, found)
    if "s" in options:
        for name in options.rest:
            if name not in installed:
                await call.err(
                    f"dpkg-query: package '{name}' is not installed and no information is available"
                )
                return 1
            await call.lines(_deb_info(installed[name]))
        return 0
    if "r" in options:
        await call.lines([f"{name:<40} install" for name in installed])
        return 0
    if "p" in options:
        return 0
    raise Complaint("error: need an action option", 2)


async def _dpkg_missing(call: Invocation, names: list[str], found: list[Package]) -> int:
    if names and not found:
        await call.err(f"dpkg-query: no packages found matching {names[0]}")
        return 1
    return 0


def _dpkg_table(found: list[Package]) -> list[str]:
    return [
        "Desired=Unknown/Install/Remove/Purge/Hold",
        "| Status=Not/Inst/Conf-files/Unpacked/halF-conf/Half-inst/trig-aWait/Trig-pend",
        "|/ Err?=(none)/Reinst-required (Status,Err: uppercase=bad)",
        f"||/ {'Name':<30} {'Version':<34} {'Architecture':<12} Description",
        "+++-" + "=" * 30 + "-" + "=" * 34 + "-" + "=" * 12 + "-" + "=" * 20,
        *(
            f"ii  {one.name:<30} {one.full_version:<34} {one.arch:<12} {one.name} package"
            for one in found
        ),
    ]


def _dpkg_format(pattern: str, package: Package) -> str:
    for name, value in {
        "Package": package.name, "Version": package.full_version, "Architecture": package.arch,
        "Status": "install ok installed", "db:Status-Abbrev": "ii ",
        "Installed-Size": str(package.size >> 10), "binary:Package": package.name,
    }.items():  # fmt: skip
        pattern = pattern.replace(f"${{{name}}}", value)
    return pattern.replace("\\n", "\n").replace("\\t", "\t")


def _deb_info(package: Package) -> list[str]:
    return [
        f"Package: {package.name}", "Status: install ok installed",
        f"Installed-Size: {package.size >> 10}", f"Architecture: {package.arch}",
        f"Version: {package.full_version}", "",
    ]  # fmt: skip


async def apt(call: Invocation) -> int:
    options = Options(
        call.args, "yqsf", "ot",
        {"yes": "y", "assume-yes": "y", "quiet": "q", "upgradable": "f", "installed": "s",
         "no-install-recommends": "q", "only-upgrade": "q", "purge": "q", "simulate": "q"},
    )  # fmt: skip
    verb, *names = options.rest or ["help"]
    packages = call.machine.packages
    changing = ("update", "install", "upgrade", "dist-upgrade", "full-upgrade", "remove", "purge",
                "autoremove", "clean", "autoclean")  # fmt: skip
    if verb in changing:
        if not call.root:
            await call.err(
                "E: Could not open lock file /var/lib/dpkg/lock-frontend - open (13: Permission "
                "denied)\nE: Unable to acquire the dpkg frontend lock "
                "(/var/lib/dpkg/lock-frontend), are you root?"
            )
            return APT_FAILED
        return await _apt_change(call, verb, names)
    if verb == "list":
        await call.line("Listing...")
        if "f" in options:
            have = packages.installed
            rows = [
                f"{one.name}/stable {one.full_version} {one.arch} "
                f"[upgradable from: {have[one.name].full_version}]"
                for one in packages.updates()
            ]
        else:
            found = packages.installed if "s" in options else {**packages.available,
                                                               **packages.installed}  # fmt: skip
            rows = [
                f"{one.name}/now {one.full_version} {one.arch}"
                + (" [installed]" if one.name in packages.installed else "")
                for one in named(found, names)
            ]
        await call.lines(rows)
        return 0
    if verb in ("show", "policy", "search"):
        patterns = [f"*{name}*" for name in names] if verb == "search" else names
        shown = named({**packages.available, **packages.installed}, patterns) if names else []
        for package in shown:
            await call.lines(_deb_info(package))
        return 0 if shown else APT_FAILED
    raise Complaint(f"E: Invalid operation {verb}", APT_FAILED)


async def _apt_change(call: Invocation, verb: str, names: list[str]) -> int:
    packages = call.machine.packages
    if verb == "update":
        count = len(packages.updates())
        await call.lines(["Hit:1 mirror stable InRelease", "Reading package lists... Done"])
        if call.name == "apt":
            await call.line(f"{count} packages can be upgraded." if count else
                            "All packages are up to date.")  # fmt: skip
        return 0
    if verb in ("clean", "autoclean"):
        return 0
    await call.lines(
        ["Reading package lists... Done", "Building dependency tree... Done",
         "Reading state information... Done"]
    )  # fmt: skip
    if verb in ("remove", "purge", "autoremove"):
        gone = [one for name in names if (one := packages.remove(name))]
        await call.line(f"0 upgraded, 0 newly installed, {len(gone)} to remove.")
        await call.lines([f"Removing {one.name} ({one.full_version}) ..." for one in gone])
        return 0
    before = packages.installed
    newer = {package.name for package in packages.updates()}
    names = names if verb == "install" else sorted(newer)
    for name in names:
        if name not in packages.available and name not in before:
            await call.err(f"E: Unable to locate package {name}")
            return APT_FAILED
    chosen = [name for name in names if name in newer or name not in before]
    for name in names:
        if name not in chosen:
            await call.line(f"{name} is already the newest version ({before[name].full_version}).")
    fresh = [name for name in chosen if name not in before]
    await call.line(
        f"{len(chosen) - len(fresh)} upgraded, {len(fresh)} newly installed, 0 to remove and "
        f"{len(newer) - (len(chosen) - len(fresh))} not upgraded."
    )
    for name in chosen:
        package = packages.install(name, call.machine.now)
        if package is not None:
            await call.line(f"Setting up {package.name} ({package.full_version}) ...")
    return 0


PROGRAMS: dict[str, Program] = {
    "dpkg": dpkg,
    "dpkg-query": dpkg,
    "apt": apt,
    "apt-get": apt,
    "apt-cache": apt,
}

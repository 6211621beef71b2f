from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest


def old_one(bench: Any, kind: str) -> str:
    """The platform's name of a machine that now has updates waiting."""
    packages = bench.machine(kind).packages
    for name in ("openssl", "glibc"):
        packages.put(replace(packages.installed[name], release="0.old"))
    return kind


async def test_queries(bench: Any) -> None:
    bash = bench.machine().packages.installed["bash"]
    assert await bench.out("rpm -q bash") == f"{bash.label}\n"
    assert await bench.out("rpm -q --qf '%{NAME} %{VERSION}\\n' bash") == f"bash {bash.version}\n"
    assert f"Version     : {bash.version}" in await bench.out("rpm -qi bash")
    assert bash.label in await bench.out("rpm -qa")
    assert await bench.out("rpm -qa 'ba*h'") == f"{bash.label}\n"
    result = await bench.run("rpm -q nope")
    assert (result.stdout, result.exit_code) == ("package nope is not installed\n", 1)


async def test_updating(bench: Any) -> None:
    kind = old_one(bench, "Red Hat")
    assert (await bench.run("yum check-update", kind)).exit_code == 100
    printed = await bench.out("dnf update -y openssl; rpm -q openssl", kind)
    assert "Upgraded:\n  openssl-" in printed
    assert "0.old" not in printed.splitlines()[-1]
    await bench.out("yum update -y", kind)
    assert (await bench.run("yum check-update", kind)).exit_code == 0
    assert "Nothing to do." in await bench.out("dnf upgrade -y", kind)


async def test_installing_and_removing(bench: Any) -> None:
    assert "Installed:\n  tree-" in await bench.out("dnf install -y tree", "Red Hat")
    assert "already installed" in await bench.out("dnf install -y tree", "Red Hat")
    assert "Removed:\n  tree-" in await bench.out(
        "dnf remove -y tree; rpm -q tree || true", "Red Hat"
    )
    assert "baseos" in await bench.out(
        "dnf list available; dnf repolist; dnf search tree; dnf info tree", "Red Hat"
    )
    assert "Security notice" in await bench.out(
        "dnf updateinfo; dnf makecache; dnf list --installed bash", "Red Hat"
    )


async def test_zypper(bench: Any) -> None:
    kind = old_one(bench, "SLES")
    assert "| openssl |" in await bench.out("zypper lu", kind)
    await bench.out(
        "zypper -n patch; zypper ref; zypper -n in tree; zypper se tree; zypper rm tree", kind
    )
    assert "| openssl |" not in await bench.out("zypper list-updates", kind)
    assert (await bench.run("zypper se nope", kind)).exit_code == 104
    assert (await bench.run("zypper in nope", kind)).exit_code == 104


@pytest.mark.parametrize(
    ("script", "message", "status"),
    [
        ("dnf install -y nope", "Unable to find a match: nope", 1),
        ("dnf frob", "No such command: frob", 1),
        ("rpm -i x", "only queries", 1),
        ("dnf list nope", "No matching Packages", 1),
    ],
)
async def test_problems(bench: Any, script: str, message: str, status: int) -> None:
    result = await bench.run(script, "Red Hat")
    assert message in result.stderr
    assert result.exit_code == status


@pytest.mark.parametrize(("kind", "script"), [("Red Hat", "dnf update -y"), ("SLES", "zypper up")])
async def test_only_root_changes_packages(bench: Any, kind: str, script: str) -> None:
    result = await bench.run(script, kind, user="ssm-user")
    assert "privileges" in result.stderr
    assert result.exit_code in (1, 5)

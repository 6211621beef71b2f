from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest


async def test_queries(bench: Any) -> None:
    bash = bench.machine("Ubuntu").packages.installed["bash"]
    assert await bench.out("dpkg-query -W bash", "Ubuntu") == f"bash\t{bash.full_version}\n"
    assert (
        await bench.out("dpkg-query -W -f='${Package} ${Status}\\n' bash", "Ubuntu")
        == "bash install ok installed\n"
    )
    assert "ii  bash " in await bench.out("dpkg -l", "Ubuntu")
    assert f"Version: {bash.full_version}" in await bench.out("dpkg -s bash", "Ubuntu")
    assert f"bash/now {bash.full_version}" in await bench.out("apt list --installed", "Ubuntu")
    assert "Package: tree" in await bench.out(
        "apt-cache policy tree; apt show tree; apt search tre", "Ubuntu"
    )
    assert "bash" in await bench.out("dpkg --get-selections; dpkg --print-architecture", "Ubuntu")


async def test_updating_and_installing(bench: Any) -> None:
    packages = bench.machine("Debian").packages
    packages.put(replace(packages.installed["openssl"], release="old"))
    assert "openssl/stable" in await bench.out("apt list --upgradable", "Debian")
    printed = await bench.out("apt-get update; apt-get -y upgrade", "Debian")
    assert "Setting up openssl" in printed
    assert "openssl" not in await bench.out("apt list --upgradable", "Debian")
    assert "Setting up tree" in await bench.out("apt install -y tree", "Debian")
    assert "already the newest" in await bench.out("apt install -y tree", "Debian")
    assert "Removing tree" in await bench.out("apt-get remove -y tree; apt-get clean", "Debian")
    assert "up to date" in await bench.out("apt update", "Debian")


@pytest.mark.parametrize(
    ("script", "message", "status"),
    [
        ("apt install -y nope", "Unable to locate package nope", 100),
        ("apt frob", "Invalid operation frob", 100),
        ("dpkg -l nope", "no packages found", 1),
        ("dpkg -s nope", "is not installed", 1),
        ("dpkg", "need an action", 2),
    ],
)
async def test_problems(bench: Any, script: str, message: str, status: int) -> None:
    result = await bench.run(script, "Ubuntu")
    assert message in result.stderr
    assert result.exit_code == status


async def test_only_root_changes_packages(bench: Any) -> None:
    result = await bench.run("apt-get install -y tree", "Ubuntu", user="ssm-user")
    assert "are you root?" in result.stderr
    assert result.exit_code == 100

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(
    ("script", "printed"),
    [
        (
            "systemctl is-active sshd; systemctl is-enabled sshd; systemctl is-failed sshd; echo $?",
            "active\nenabled\nactive\n1\n",
        ),
        ("systemctl stop sshd; systemctl is-active sshd.service; echo $?", "inactive\n3\n"),
        ("systemctl is-active nope; echo $?", "inactive\n3\n"),
        ("systemctl show sshd -p ActiveState,SubState", "ActiveState=active\nSubState=running\n"),
        ("systemctl show sshd --property Id --value", "sshd.service\n"),
        (
            "systemctl disable --now sshd 2>/dev/null; systemctl is-enabled sshd; systemctl is-active sshd",
            "disabled\ninactive\n",
        ),
        (
            "systemctl stop crond; systemctl enable --now crond; systemctl is-active crond",
            "active\n",
        ),
        ("systemctl cat sshd | head -n 1", "# /usr/lib/systemd/system/sshd.service\n"),
        ("systemctl is-active -q sshd; echo $?", "0\n"),
        (
            "systemctl daemon-reload; systemctl restart sshd; systemctl reload sshd; systemctl is-active sshd",
            "active\n",
        ),
    ],
)
async def test_systemctl(bench: Any, script: str, printed: str) -> None:
    assert await bench.out(script) == printed


async def test_status(bench: Any) -> None:
    result = await bench.run("systemctl status sshd")
    assert "● sshd.service - OpenSSH server daemon" in result.stdout
    assert "Active: active (running) since" in result.stdout
    await bench.run("systemctl stop sshd; kill -9 $(pidof crond)")
    assert (await bench.run("systemctl status sshd")).exit_code == 3
    result = await bench.run("systemctl status crond")
    assert "× crond.service" in result.stdout
    assert "Active: failed (Result: signal)" in result.stdout
    assert (await bench.run("systemctl status nope")).exit_code == 4


async def test_lists(bench: Any) -> None:
    assert "sshd.service" in await bench.out("systemctl list-units --no-pager")
    assert "sshd.service" not in await bench.out("systemctl --failed")
    await bench.run("kill -9 $(pidof sshd)")
    assert "● sshd.service" in await bench.out("systemctl list-units --failed")
    assert "degraded" in await bench.out("systemctl is-system-running; systemctl status")
    assert "sshd.service" in await bench.out(
        "systemctl list-unit-files; service --status-all; service sshd start 2>/dev/null; systemctl"
    )


@pytest.mark.parametrize(
    ("script", "message", "status"),
    [
        ("systemctl start nope", "Unit nope.service not found.", 5),
        ("systemctl frobnicate x", "Unknown command verb", 1),
        ("systemctl start", "Too few arguments", 1),
        ("systemctl stop crond; systemctl reload crond", "is not active", 1),
        ("service", "usage", 1),
        ("shutdown -h now", "only be rebooted", 1),
    ],
)
async def test_problems(bench: Any, script: str, message: str, status: int) -> None:
    result = await bench.run(script)
    assert message in result.stderr
    assert result.exit_code == status


@pytest.mark.parametrize("script", ["systemctl restart sshd", "reboot", "shutdown -r now"])
async def test_only_root_changes_things(bench: Any, script: str) -> None:
    result = await bench.run(script, user="ssm-user")
    assert "denied" in result.stderr or "authentication" in result.stderr
    assert bench.machine().reboots == 0


async def test_a_mac(bench: Any) -> None:
    assert "com.openssh.sshd" in await bench.out("launchctl list", "macOS")
    assert (await bench.run("launchctl load x", "macOS")).exit_code == 1

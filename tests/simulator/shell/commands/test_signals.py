from __future__ import annotations

from typing import Any

import pytest


async def test_finding_processes(bench: Any) -> None:
    service = bench.machine().services.get("sshd")
    pid = service.process.pid
    assert (
        await bench.out("pgrep -x sshd; pidof sshd; pgrep -l sshd") == f"{pid}\n{pid}\n{pid} sshd\n"
    )
    assert (await bench.run("pgrep nope")).exit_code == 1
    assert (await bench.run("pidof nope")).exit_code == 1


@pytest.mark.parametrize(
    "script", ["kill $(pidof sshd)", "pkill sshd", "killall sshd", "kill -s TERM $(pidof sshd)"]
)
async def test_a_service_can_be_ended(bench: Any, script: str) -> None:
    await bench.run(script)
    assert bench.machine().services.get("sshd").active == "inactive"


@pytest.mark.parametrize(
    "script", ["kill -9 $(pidof sshd)", "pkill -9 sshd", "kill -SIGKILL $(pidof sshd)"]
)
async def test_killed_hard_it_has_failed(bench: Any, script: str) -> None:
    await bench.run(script)
    assert bench.machine().services.get("sshd").active == "failed"


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("kill", "usage"),
        ("kill 99999", "No such process"),
        ("kill abc", "must be process or job IDs"),
        ("kill -FOO 1", "invalid signal"),
        ("killall nope", "no process found"),
        ("pgrep", "no matching criteria"),
        ("pgrep '('", "Unmatched"),
    ],
)
async def test_problems(bench: Any, script: str, message: str) -> None:
    result = await bench.run(script)
    assert message in result.stderr
    assert result.exit_code


async def test_processes_of_others_are_left_alone(bench: Any) -> None:
    result = await bench.run("kill -9 $(pidof sshd)", user="ssm-user")
    assert "Operation not permitted" in result.stderr
    assert bench.machine().services.get("sshd").active == "active"


async def test_signals_that_end_nothing(bench: Any) -> None:
    assert (
        await bench.out(
            "kill -0 $(pidof sshd) && kill -HUP 1; kill -l | grep -c SIGTERM; pidof sshd | wc -l"
        )
        == "1\n1\n"
    )

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(
    ("script", "message", "status"),
    [
        ("/nope", "/nope: No such file or directory", 127),
        ("/etc", "/etc: Is a directory", 126),
        ("/etc/passwd", "/etc/passwd: Permission denied", 126),
        ("''", ": command not found", 127),
        ("PATH=; ls", "ls: command not found", 127),
        ("rm /usr/bin/tac; tac", "tac: command not found", 127),
        ("chmod -x /usr/bin/ls; ls", "ls: command not found", 127),
        ("cp /usr/bin/ls /tmp/copy; /tmp/copy", "cannot execute binary file", 126),
    ],
)
async def test_what_cannot_be_run(bench: Any, script: str, message: str, status: int) -> None:
    result = await bench.run(script)
    assert message in result.stderr
    assert result.exit_code == status


async def test_scripts_along_the_path(bench: Any) -> None:
    script = (
        "mkdir -p /opt/tools; echo 'echo tool $1' > /opt/tools/mine; chmod +x /opt/tools/mine\n"
        "PATH=$PATH:/opt/tools; mine a; which mine"
    )
    assert await bench.out(script) == "tool a\n/opt/tools/mine\n"


async def test_a_program_by_its_path(bench: Any) -> None:
    assert await bench.out("/bin/echo hi; cd /usr; ./bin/echo there") == "hi\nthere\n"


async def test_files_of_others_are_not_run(bench: Any) -> None:
    await bench.run("echo 'echo x' > /root/s; chmod 700 /root/s /root")
    assert (await bench.run("/root/s", user="ssm-user")).exit_code == 126

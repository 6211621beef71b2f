from __future__ import annotations

import json
from typing import Any

import pytest


async def test_versions_are_the_node_s(bench: Any) -> None:
    version = bench.node().agent_version
    assert await bench.out("amazon-ssm-agent -version") == f"SSM Agent version: {version}\n"
    info = json.loads(await bench.out("ssm-cli get-instance-information"))
    assert info["instance-id"] == bench.node().id


async def test_diagnostics(bench: Any) -> None:
    assert "Agent service: Success" in await bench.out("ssm-cli get-diagnostics")
    await bench.run("systemctl stop amazon-ssm-agent")
    assert "Agent service: Failed" in await bench.out("ssm-cli get-diagnostics")


@pytest.mark.parametrize(
    ("script", "status"), [("amazon-ssm-agent", 1), ("ssm-cli", 2), ("aws s3 ls", 253)]
)
async def test_problems(bench: Any, script: str, status: int) -> None:
    assert (await bench.run(script)).exit_code == status


async def test_others(bench: Any) -> None:
    assert "aws-cli/2" in await bench.out("aws --version")
    assert await bench.out("cloud-init status") == "status: done\n"

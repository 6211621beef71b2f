"""What is Amazon's on a toy machine: amazon-ssm-agent, ssm-cli, cloud-init, aws."""

from __future__ import annotations

from ssmtui.simulator.shell.invocation import Complaint, Invocation, Program
from ssmtui.simulator.shell.machine.services import SSM_AGENT


async def ssm_agent(call: Invocation) -> int:
    version = call.machine.node.agent_version or "3.3.0.0"
    if call.args[:1] in (["-version"], ["--version"]):
        await call.line(f"SSM Agent version: {version}")
        return 0
    if not call.root:
        raise Complaint("failed to load agent: permission denied")
    raise Complaint(f"already running (SSM Agent version {version})")


async def ssm_cli(call: Invocation) -> int:
    """ssm-cli get-instance-information, and get-diagnostics in short."""
    node = call.machine.node
    match call.args[:1]:
        case ["get-instance-information"]:
            await call.line(
                f'{{"instance-id":"{node.id}","region":"{node.region}",'
                f'"release-version":"{node.agent_version}"}}'
            )
        case ["get-diagnostics"]:
            agent = call.machine.services.get(SSM_AGENT)
            running = agent is None or agent.active == "active"
            await call.line(f"Agent service: {'Success' if running else 'Failed'}")
            await call.line(f"Credentials: {'Success' if node.managed else 'Failed'}")
        case _:
            raise Complaint("usage: ssm-cli get-instance-information | get-diagnostics", 2)
    return 0


async def cloud_init(call: Invocation) -> int:
    await call.line("status: done" if call.args[:1] == ["status"] else "cloud-init 22.2.2")
    return 0


async def aws(call: Invocation) -> int:
    if call.args[:1] == ["--version"]:
        await call.line("aws-cli/2.27.50 Python/3.13.4 Linux source")
        return 0
    raise Complaint("Unable to locate credentials. You can configure credentials by running "
                    '"aws configure".', 253)  # fmt: skip


PROGRAMS: dict[str, Program] = {
    SSM_AGENT: ssm_agent, "ssm-cli": ssm_cli, "cloud-init": cloud_init, "aws": aws,
}  # fmt: skip

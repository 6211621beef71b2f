"""The agent's care for itself: its version, packages, inventory and associations."""

from __future__ import annotations

from ssmtui.core.wire import versions
from ssmtui.simulator.commands.plugins.job import Job, Outcome
from ssmtui.simulator.world.catalogue import LATEST_AGENT

_KNOWN_PACKAGES = {
    "AmazonCloudWatchAgent": "amazon-cloudwatch-agent",
    "docker": "docker",
}
# Packages of Distributor that are not in any repository of a toy machine.
_DISTRIBUTED = ("AWSPVDriver", "AwsEnaNetworkDriver", "AWSNVMe", "AWSCodeDeployAgent")


async def update_agent(job: Job) -> Outcome:
    """Have another version of the agent, which restarts and goes on."""
    node = job.machine.node
    asked = job.input("targetVersion")
    wanted = asked if asked not in ("", "latest", "None") else LATEST_AGENT
    before = node.agent_version
    await job.out(f"Updating amazon-ssm-agent from {before} to {asked or 'latest'}")
    if before == wanted:
        await job.out(f"amazon-ssm-agent {wanted} has already been installed, update skipped")
        return Outcome()
    target, current = versions.parse(wanted), versions.parse(before)
    if target is None:
        await job.complain(f"amazon-ssm-agent has no version {wanted}")
        return Outcome(1)
    older = current is not None and target < current
    if older and job.input("allowDowngrade") != "true":
        await job.complain(
            f"updating amazon-ssm-agent to an older version ({wanted}) needs allowDowngrade"
        )
        return Outcome(1)
    await job.work(8, 40)
    if job.world.nodes.get(node.id) is node:
        job.world.update_agent(node.id, wanted)
    await job.out(f"amazon-ssm-agent updated successfully to {wanted}")
    return Outcome()


async def configure_package(job: Job) -> Outcome:
    """Install or remove a package."""
    asked, action = job.input("name"), job.input("action") or "Install"
    packages = job.machine.packages
    name = _KNOWN_PACKAGES.get(asked, asked)
    if name == "docker" and job.machine.system.packager == "deb":
        name = "docker.io"
    await job.work(4, 25)
    if asked in _DISTRIBUTED:
        await job.out(f"Successfully {_DONE[action]} {asked}")
        return Outcome()
    if action == "Uninstall":
        if packages.remove(name) is None:
            await job.complain(f"{asked} is not installed")
            return Outcome(1)
    elif packages.install(name, job.machine.now) is None:
        await job.complain(f"failed to find the latest version of package {asked} for the platform")
        return Outcome(1)
    job.machine.touched = True
    await job.out(f"Initiating {asked} {action.lower()}", f"Successfully {_DONE[action]} {asked}")
    return Outcome()


_DONE = {"Install": "installed", "Uninstall": "uninstalled"}


async def inventory(job: Job) -> Outcome:
    """Collect what is wanted."""
    await job.work(1, 6)
    wanted = [name for name, value in job.inputs.items() if value == "Enabled"]
    await job.out(
        f"Inventory policy has been successfully applied: {len(wanted)} types",
        f"{len(job.machine.packages.installed)} packages",
    )
    return Outcome()


async def refresh_associations(job: Job) -> Outcome:
    """Have the node's associations run now, and well."""
    await job.work(2, 10)
    node = job.machine.node
    if job.world.nodes.get(node.id) is node:
        job.world.heal_associations(node.id)
    wanted = job.inputs.get("associationIds") or ["all"]
    await job.out(f"Associations have been refreshed: {', '.join(map(str, wanted))}")
    return Outcome()

"""What the agent's plugins do on a machine, by the document's word for it or our own."""

from __future__ import annotations

from ssmtui.simulator.commands.plugins import agents, content, documents, patching, scripts
from ssmtui.simulator.commands.plugins.job import (
    STOPPED,
    Fetched,
    Job,
    Outcome,
    Plugin,
    reboot_code,
)

__all__ = ["PLUGINS", "STOPPED", "Fetched", "Job", "Outcome", "Plugin", "reboot_code"]

PLUGINS: dict[str, Plugin] = {
    "aws:runShellScript": scripts.run_shell_script,
    "aws:runPowerShellScript": scripts.run_powershell_script,
    "aws:psModule": scripts.run_powershell_script,
    "aws:downloadContent": content.download,
    "aws:runDocument": documents.run_document,
    "ansible": content.ansible,
    "patch": patching.patch,
    "update-agent": agents.update_agent,
    "configure-package": agents.configure_package,
    "inventory": agents.inventory,
    "refresh-associations": agents.refresh_associations,
}

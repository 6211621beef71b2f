"""Documents for Windows only."""

from __future__ import annotations

from ssmtui.simulator.documents.making import (
    EXECUTION_TIMEOUT,
    WORKING_DIRECTORY,
    command,
    script,
    step,
    text,
)
from ssmtui.simulator.documents.model import WINDOWS, Document
from ssmtui.simulator.documents.parameters import Kind, Parameter

_KB = text("KbArticleIds", "The articles, separated by commas", "",
           pattern=r"^$|^(KB)?\d{6,7}(,(KB)?\d{6,7})*$")  # fmt: skip
_LEVEL = text("UpdateLevel", "Which updates", "Important", ("Important", "Optional", "All"))


def documents() -> list[Document]:
    patch = step(
        "aws:runPowerShellScript",
        "installWindowsUpdates",
        {"operation": "{{ Action }}", "reboot": "{{ AllowReboot }}"},
        does="patch",
    )
    return [
        command(
            "AWS-InstallWindowsUpdates",
            "Look for Windows updates, or install them",
            WINDOWS,
            (text("Action", "What to do", "Install", ("Install", "Scan")),
             text("AllowReboot", "Whether to reboot", "RebootIfNeeded",
                  ("RebootIfNeeded", "NoReboot")), _KB),
            patch,
        ),
        command(
            "AWS-FindWindowsUpdates",
            "List the Windows updates that are missing (superseded)",
            WINDOWS,
            (_LEVEL,),
            step("aws:runPowerShellScript", "findWindowsUpdates",
                 {"operation": "Scan", "reboot": "NoReboot"}, does="patch"),
        ),
        command(
            "AWS-InstallMissingWindowsUpdates",
            "Install the Windows updates that are missing (superseded)",
            WINDOWS,
            (_LEVEL,),
            step("aws:runPowerShellScript", "installMissingWindowsUpdates",
                 {"operation": "Install", "reboot": "RebootIfNeeded"}, does="patch"),
        ),
        command(
            "AWS-ListWindowsInventory",
            "List what is installed and configured on Windows",
            WINDOWS,
            (text("networkConfig", "With the network's configuration", "Enabled",
                  ("Enabled", "Disabled")),),
            script("Get-Service | Select-Object Name, Status", "Get-HotFix",
                   platform="Windows"),
        ),
        command(
            "AWS-ConfigureWindowsUpdate",
            "Set when Windows looks for updates by itself",
            WINDOWS,
            (text("updateLevel", "What it does", "InstallUpdatesAutomatically",
                  ("InstallUpdatesAutomatically", "NeverCheckForUpdates")),
             text("scheduledInstallDay", "On which day", "Daily",
                  ("Daily", "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday",
                   "Saturday")),
             text("scheduledInstallTime", "At which time", "03:00",
                  pattern=r"^([01]\d|2[0-3]):[0-5]\d$")),
            script('Write-Output "Windows Update: {{ updateLevel }}, {{ scheduledInstallDay }} '
                   '{{ scheduledInstallTime }}"', platform="Windows"),
        ),
        command(
            "AWS-InstallApplication",
            "Install, repair or remove an application by its .msi",
            WINDOWS,
            (text("action", "What to do", "Install", ("Install", "Repair", "Uninstall")),
             text("parameters", "Parameters of the installer", ""),
             text("source", "The address of the .msi", pattern=r"^https?://.+\.msi$"),
             text("sourceHash", "Its SHA-256", "", pattern=r"^$|^[a-fA-F0-9]{64}$")),
            script('Write-Output "{{ action }} of {{ source }} has ended with code 0."',
                   platform="Windows"),
        ),
        command(
            "AWS-InstallPowerShellModule",
            "Install a PowerShell module, and run commands afterwards",
            WINDOWS,
            (text("source", "The address of the module's .zip", ""),
             text("sourceHash", "Its SHA-256", ""),
             Parameter("commands", "The lines to run", Kind.STRING_LIST, [], display="textarea"),
             WORKING_DIRECTORY, EXECUTION_TIMEOUT),
            step("aws:psModule", "aws:psModule",
                 {"runCommand": "{{ commands }}", "timeoutSeconds": "{{ executionTimeout }}"}),
            schema="1.2",
        ),
        command(
            "AWS-JoinDirectoryServiceDomain",
            "Join the node to a domain of Directory Service",
            WINDOWS,
            (text("directoryId", "The directory", pattern=r"^d-[0-9a-f]{10}$"),
             text("directoryName", "The domain's name"),
             text("directoryOU", "The organizational unit", ""),
             Parameter("dnsIpAddresses", "The domain's name servers", Kind.STRING_LIST, [])),
            script('Write-Output "The computer has joined {{ directoryName }}."',
                   platform="Windows"),
        ),
        command(
            "AWSEC2-RunSysprep",
            "Prepare an instance for an image",
            WINDOWS,
            (text("Id", "The run's name", ""),),
            script('Write-Error "Sysprep is refused: this instance is in service."', "exit 1",
                   platform="Windows"),
        ),
        command(
            "AWSEC2-CreateVssSnapshot",
            "Take snapshots of an instance's volumes that its applications agree with",
            WINDOWS,
            (text("description", "The snapshots' description", ""),
             text("tags", "The snapshots' tags: Key=name,Value=value;...", "Key=Name,Value="),
             text("ExcludeBootVolume", "Leave the boot volume out", "False", ("True", "False"))),
            script('Write-Output "Snapshots have been requested."', platform="Windows"),
        ),
    ]  # fmt: skip

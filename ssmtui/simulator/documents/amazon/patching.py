"""Documents of Patch Manager."""

from __future__ import annotations

from typing import Any

from ssmtui.simulator.documents.making import command, step, text
from ssmtui.simulator.documents.model import EVERYWHERE, WINDOWS, Document, Step
from ssmtui.simulator.documents.parameters import Parameter

_OPERATION = text("Operation", "Look for missing patches, or install them", None,
                  ("Scan", "Install"))  # fmt: skip
_SNAPSHOT = text(
    "SnapshotId",
    "The snapshot of the baseline, so that nodes of one run patch alike",
    "",
    pattern=r"(^$)|^[0-9a-fA-F]{8}\-[0-9a-fA-F]{4}\-[0-9a-fA-F]{4}\-[0-9a-fA-F]{4}\-[0-9a-fA-F]{12}$",
)
_OVERRIDE = text(
    "InstallOverrideList",
    "The address of a list of patches to install in the place of the baseline's",
    "",
    pattern=r"(^$)|^https://.+$|^s3://([^/]+)/(.*?([^/]+))$",
)
_BASELINE = text("BaselineOverride", "The address of baselines to use instead", "",
                 pattern=r"(^$)|^https://.+$|^s3://([^/]+)/(.*?([^/]+))$")  # fmt: skip
_REBOOT = text(
    "RebootOption",
    "Whether to reboot after patches that need it",
    "RebootIfNeeded",
    ("RebootIfNeeded", "NoReboot"),
)
_TAGS = text("BaselineTags", "Use the baseline with this tag: Key=name,Values=value", "")


def _hook(name: str, when: str) -> Parameter:
    return text(name, f"The document to run {when}", "AWS-Noop")


def _run_hook(name: str, **inputs: Any) -> Step:
    path = "{{ " + name + "DocName }}"
    return step(
        "aws:runDocument", name, {"documentType": "SSMDocument", "documentPath": path, **inputs}
    )


def documents() -> list[Document]:
    usual = (_OPERATION, _SNAPSHOT, _OVERRIDE, _BASELINE, _REBOOT)
    return [
        command(
            "AWS-RunPatchBaseline",
            "Look for missing patches, or install them, by the baseline of the patch group",
            EVERYWHERE,
            usual,
            *_patch("{{ Operation }}", "{{ RebootOption }}"),
        ),
        command(
            "AWS-RunPatchBaselineAssociation",
            "As AWS-RunPatchBaseline, for associations: baselines are found by their tags",
            EVERYWHERE,
            (_OPERATION, _TAGS, text("AssociationId", "The association that runs this", ""),
             _OVERRIDE, _REBOOT),
            *_patch("{{ Operation }}", "{{ RebootOption }}"),
        ),
        command(
            "AWS-RunPatchBaselineWithHooks",
            "As AWS-RunPatchBaseline, with documents that run before, after and at the end",
            EVERYWHERE,
            (
                _OPERATION,
                _SNAPSHOT,
                _REBOOT,
                _hook("PreInstallHookDocName", "before anything is installed"),
                _hook("PostInstallHookDocName", "after the patches are installed"),
                _hook("OnExitHookDocName", "at the end, after reboots"),
            ),
            _run_hook("PreInstallHook", onFailure="exit"),
            *_patch("{{ Operation }}", "{{ RebootOption }}"),
            _run_hook("PostInstallHook", onFailure="exit"),
            _run_hook("OnExitHook", finallyStep=True),
        ),
        command(
            "AWS-ApplyPatchBaseline",
            "Look for missing patches, or install them, on Windows (superseded)",
            WINDOWS,
            (_OPERATION, _SNAPSHOT),
            step("aws:psModule", "PatchWindows",
                 {"operation": "{{ Operation }}", "reboot": "RebootIfNeeded"}, does="patch"),
        ),
        command(
            "AWS-ConfigureKernelLivePatching",
            "Switch kernel live patching on Amazon Linux on or off",
            ("Linux",),
            (text("EnableOrDisable", "What to do", "Enable", ("Enable", "Disable")),),
            step("aws:runShellScript", "configureKernelLivePatching", {
                "runCommand": [
                    ". /etc/os-release",
                    'test "$ID" = amzn || { echo "$PRETTY_NAME has no live patching"; exit 1; }',
                    'echo "Kernel live patching: {{ EnableOrDisable }}d for $(uname -r)"',
                ],
                "timeoutSeconds": "600",
            }),
        ),
    ]  # fmt: skip


def _patch(operation: str, reboot: str) -> list[Step]:
    inputs = {"operation": operation, "reboot": reboot}
    return [
        step("aws:runPowerShellScript", "PatchWindows", inputs, platform="Windows", does="patch"),
        step("aws:runShellScript", "PatchLinux", inputs, platform="Linux", does="patch"),
        step("aws:runShellScript", "PatchMacOS", inputs, platform="MacOS", does="patch"),
    ]

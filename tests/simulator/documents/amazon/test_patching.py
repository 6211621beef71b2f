"""What the documents of Patch Manager do on a toy machine."""

from __future__ import annotations

from typing import Any

import pytest

from ssmtui.simulator.commands.statuses import Detail


@pytest.mark.parametrize("document", ["AWS-RunPatchBaseline", "AWS-RunPatchBaselineAssociation"])
@pytest.mark.parametrize("platform", ["Linux", "Windows"])
def test_each_platform_scans_in_a_step_of_its_own(bench: Any, document: str, platform: str) -> None:
    steps = bench.steps(bench.node(platform), document, Operation="Scan")
    assert "Operation: Scan" in steps.pop(f"Patch{platform}").stdout.text
    assert len(steps) == 2
    assert all("Step execution skipped" in step.stdout.text for step in steps.values())


def test_what_is_installed_is_not_missing_any_more(bench: Any) -> None:
    node = bench.node("Windows")
    bench.run(node, "AWS-RunPatchBaseline", Operation="Install", RebootOption="NoReboot")
    after = bench.steps(node, "AWS-RunPatchBaseline", Operation="Scan")["PatchWindows"]
    assert "Missing patches: 0" in after.stdout.text
    assert "Compliance: COMPLIANT" in after.stdout.text


def test_hooks_are_documents_around_it(bench: Any) -> None:
    steps = bench.steps(
        bench.node(),
        "AWS-RunPatchBaselineWithHooks",
        Operation="Scan",
        PreInstallHookDocName="ops-collect-facts",
    )
    assert "Filesystem" in steps["PreInstallHook"].stdout.text
    assert "Missing patches" in steps["PatchLinux"].stdout.text
    assert steps["OnExitHook"].detail is Detail.SUCCESS


def test_a_hook_that_fails_keeps_all_but_the_last_from_running(bench: Any) -> None:
    steps = bench.steps(
        bench.node(),
        "AWS-RunPatchBaselineWithHooks",
        Operation="Scan",
        PreInstallHookDocName="no-such-document",
        OnExitHookDocName="ops-collect-facts",
    )
    assert steps["PreInstallHook"].detail is Detail.FAILED
    for name in ("PatchLinux", "PostInstallHook"):
        assert "skipped due to prior step with an exit condition" in steps[name].stdout.text
    assert "Filesystem" in steps["OnExitHook"].stdout.text


def test_the_old_document_patches_windows(bench: Any) -> None:
    steps = bench.steps(bench.node("Windows"), "AWS-ApplyPatchBaseline", Operation="Scan")
    assert "Operation: Scan" in steps["PatchWindows"].stdout.text


def test_live_patching_is_amazon_linuxs_own(bench: Any) -> None:
    node = next(
        node
        for node in bench.scope.managed
        if "Amazon Linux" in node.platform.name and node.ping == "Online"
    )
    (result,) = bench.run(node, "AWS-ConfigureKernelLivePatching").plugins
    assert result.stdout.text.startswith("Kernel live patching: Enabled for ")

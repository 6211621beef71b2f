"""onFailure, onSuccess, finallyStep, exit codes 168 and 169, and steps that do not fit."""

from __future__ import annotations

from typing import Any

import pytest

from ssmtui.simulator.commands import Invocation
from ssmtui.simulator.commands.plugins import PLUGINS, Outcome
from ssmtui.simulator.commands.plugins.flow import Flow
from ssmtui.simulator.commands.statuses import Detail
from ssmtui.simulator.documents.library import Library
from ssmtui.simulator.documents.making import command, script, step
from ssmtui.simulator.documents.model import EVERYWHERE, LINUX, Step


def run(desk: Any, *steps: Step) -> Invocation:
    """What becomes of a document of these steps on one node."""
    (node,) = desk.nodes()
    document = command("x-steps", "Steps", LINUX, (), *steps)
    desk.world.part(Library).add(node.account, node.region, document)
    invocation: Invocation = desk.run(node, "x-steps", seconds=120)
    return invocation


def ends(invocation: Invocation) -> list[tuple[str, int]]:
    return [(result.detail, result.code) for result in invocation.plugins]


BEHIND = script("echo behind", name="behind")
SKIPPED = (
    "Plugin with name aws:runShellScript and id behind skipped due to prior step with an exit "
    "condition"
)


def test_without_a_word_all_steps_run(desk: Any) -> None:
    invocation = run(desk, script("exit 3", name="fails"), BEHIND)
    assert ends(invocation) == [("Failed", 3), ("Success", 0)]
    assert invocation.detail is Detail.FAILED


def test_a_failure_ends_the_document(desk: Any) -> None:
    invocation = run(desk, script("echo a; exit 3", name="fails", onFailure="exit"), BEHIND)
    assert ends(invocation) == [("Failed", 3), ("Success", 0)]
    fails, behind = invocation.plugins
    added = "\nStep was found to have onFailure property. Further document steps will be skipped."
    assert fails.stdout.text == f"a\n{added}"
    assert fails.stderr.text.endswith(f"exit status 3\n{added}")
    assert behind.stdout.text == SKIPPED
    assert invocation.detail is Detail.FAILED


def test_a_failure_ends_the_document_well(desk: Any) -> None:
    fails = script("exit 3", name="fails", onFailure="successAndExit")
    invocation = run(desk, fails, BEHIND)
    assert ends(invocation) == [("Success", 168), ("Success", 0)]
    assert invocation.plugins[1].stdout.text == SKIPPED
    assert invocation.detail is Detail.SUCCESS


def test_success_ends_the_document(desk: Any) -> None:
    invocation = run(desk, script("true", name="works", onSuccess="exit"), BEHIND)
    assert invocation.plugins[1].stdout.text == SKIPPED
    invocation = run(desk, script("false", name="fails", onSuccess="exit"), BEHIND)
    assert invocation.plugins[1].stdout.text == "behind\n"


@pytest.mark.parametrize(("code", "detail"), [(168, Detail.SUCCESS), (169, Detail.FAILED)])
def test_scripts_end_the_document_by_their_exit_codes(desk: Any, code: int, detail: Detail) -> None:
    invocation = run(desk, script(f"echo e >&2; exit {code}", name="ends"), BEHIND)
    assert ends(invocation) == [(detail, code), ("Success", 0)]
    first, behind = invocation.plugins
    assert f"Step exited with code {code}. Therefore" in first.stdout.text
    assert ("e\n" in first.stderr.text) == (code == 169)
    assert behind.stdout.text == SKIPPED
    assert invocation.detail is detail


def test_the_final_step_runs_whatever_happened(desk: Any) -> None:
    fails = script("exit 3", name="fails", onFailure="exit")
    last = script("echo cleaned up", name="last", finallyStep=True)
    invocation = run(desk, fails, BEHIND, last)
    said = [result.stdout.text for result in invocation.plugins[1:]]
    assert said == [SKIPPED, "cleaned up\n"]
    assert invocation.detail is Detail.FAILED


def test_a_final_step_that_is_not_the_last_is_none(desk: Any) -> None:
    fails = script("exit 3", name="fails", onFailure="exit")
    first = script("echo x", name="behind", finallyStep=True)
    invocation = run(desk, fails, first, script("echo y", name="last"))
    assert invocation.plugins[1].stdout.text == SKIPPED
    assert "skipped due to prior step" in invocation.plugins[2].stdout.text


def test_what_ran_out_of_time_has_not_failed(desk: Any) -> None:
    """The agent asks for the status Failed, and this one is TimedOut."""
    slow = script("sleep 30", name="slow", onFailure="exit", timeoutSeconds="5")
    invocation = run(desk, slow, BEHIND)
    assert ends(invocation)[0][0] == Detail.EXECUTION_TIMED_OUT
    assert invocation.plugins[1].stdout.text == "behind\n"
    assert invocation.detail is Detail.EXECUTION_TIMED_OUT


def test_a_parameter_may_say_it() -> None:
    one = script("false", name="one", onFailure="{{ How }}")
    flow = Flow((one, BEHIND), "2.2", "Linux", PLUGINS)
    flow.ended({"onFailure": "exit"}, Outcome(1))
    why, ended = flow.unfit(BEHIND, BEHIND.inputs) or ("", None)
    assert why == SKIPPED
    assert ended is not None
    assert (ended.code, ended.detail) == (0, Detail.SUCCESS)


@pytest.mark.parametrize(
    ("schema", "action", "platform", "wanted", "why", "detail"),
    [
        ("2.2", "aws:runShellScript", "Linux", "Windows",
         "unsatisfied preconditions: '\"StringEquals\": [platformType, Windows]'.", "Success"),
        ("2.2", "aws:runShellScript", "Windows", "", "unsupported plugin: aws:runSh", "Success"),
        ("1.2", "aws:runShellScript", "Windows", "", "not supported in current platform", "Failed"),
        ("2.2", "aws:psModule", "Linux", "", "unsupported plugin: aws:psModule", "Success"),
        ("2.2", "aws:flyToTheMoon", "Linux", "", "please update to latest version", "Failed"),
    ],
)  # fmt: skip
def test_steps_that_do_not_fit(
    schema: str, action: str, platform: str, wanted: str, why: str, detail: str
) -> None:
    one = step(action, "one", platform=wanted)
    said, ended = Flow((one,), schema, platform, PLUGINS).unfit(one, {}) or ("", None)
    assert why in said
    assert said.endswith("Step name: one")
    assert ended is not None
    assert ended.detail == detail


def test_steps_that_fit() -> None:
    for platform, action in (
        ("Linux", "aws:runShellScript"),
        ("Linux", "aws:runPowerShellScript"),
        ("Windows", "aws:psModule"),
        ("MacOS", "aws:runDocument"),
    ):
        one = step(action, "one")
        assert Flow((one,), "2.2", platform, PLUGINS).unfit(one, {}) is None


def test_a_document_for_all_platforms_runs_the_step_of_each(desk: Any) -> None:
    (node,) = desk.nodes(platform="Windows")
    document = command("x-both", "Both", EVERYWHERE, (), script("echo a", name="unix"),
                       script("Write-Output b", name="windows", platform="Windows"))  # fmt: skip
    desk.world.part(Library).add(node.account, node.region, document)
    unix, windows = desk.run(node, "x-both", seconds=60).plugins
    assert unix.stdout.text.startswith("Step execution skipped due to unsupported plugin")
    assert windows.stdout.text.strip() == "b"

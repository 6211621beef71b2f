"""What the steps of an invocation have printed, and whether all of it is there."""

from __future__ import annotations

import pytest

from ssmtui.resources.invocations.outputs import (
    ERROR_CUT,
    ERROR_LINE,
    OUTPUT_CUT,
    Output,
    deciding,
    in_reading_order,
    is_added,
    split_output,
    step_heading,
    step_output,
    was_cut,
)


@pytest.mark.parametrize(
    ("text", "stdout", "stderr", "cuts"),
    [
        ("", "", "", (False, False)),
        ("out\n", "out\n", "", (False, False)),
        (f"\n{ERROR_LINE}\nerr", "", "err", (False, False)),
        (f"a\n{OUTPUT_CUT}\n{ERROR_LINE}\nb", f"a\n{OUTPUT_CUT}", "b", (True, False)),
        (f"a\n{ERROR_LINE}\nb\n{ERROR_CUT}", "a", f"b\n{ERROR_CUT}", (False, True)),
        ("x" * 2500, "x" * 2500, "", (True, False)),
        (f"a\n{ERROR_LINE}\n" + "y" * 2500, "a", "y" * 2500, (True, True)),
        ("x" * 2499, "x" * 2499, "", (False, False)),
    ],
)
def test_outputs_are_split_as_the_agent_joins_them(
    text: str, stdout: str, stderr: str, cuts: tuple[bool, bool]
) -> None:
    assert split_output(text) == (stdout, stderr, *cuts)


def test_what_was_cut_says_so_at_its_end() -> None:
    assert was_cut("x" * 100 + "--output truncated--")
    assert not was_cut("--output truncated--" + "x" * 100)


def test_a_code_that_has_not_been_told_is_none() -> None:
    plugin = {"Name": "aws:runShellScript", "Output": "up\n", "ResponseCode": -1}
    assert step_output(plugin).code is None
    assert step_output(plugin | {"ResponseCode": 0}).code == 0
    assert step_output(plugin).stdout == "up\n"


SKIPPED = "Step execution skipped due to unsatisfied preconditions: platformType. Step name: c"


def step(
    name: str, status: str = "success", code: int | None = 0, stdout: str = "", stderr: str = ""
) -> Output:
    return Output(name, stdout, stderr, False, False, code, status)


@pytest.mark.parametrize(
    ("steps", "failed", "name"),
    [
        ([], True, None),
        ([step("a"), step("b", "failed", 1), step("c", stdout=SKIPPED)], True, "b"),
        ([step("a", "failed", 4), step("b", "failed", 5), step("c")], True, "a"),
        # The service says of one step only that it failed; its code is 0.
        ([step("a", "failed", 0), step("b")], True, "a"),
        ([step("a", "timedout", None), step("b", "", 3)], True, "a"),
        # A service that tells no status of steps.
        ([step("a", ""), step("b", "", 7), step("c", "")], True, "b"),
        ([step("a"), step("b"), step("c", stdout=SKIPPED)], False, "b"),
        ([step("a"), step("b", "running", None)], False, "a"),
        ([step("a", stdout=SKIPPED), step("b", stdout=SKIPPED)], False, "b"),
    ],
)
def test_one_step_decides(steps: list[Output], failed: bool, name: str | None) -> None:
    found = deciding(steps, failed=failed)
    assert (found.step if found else None) == name


@pytest.mark.parametrize(
    ("output", "skipped"),
    [
        (step("a", stdout=SKIPPED), True),
        (step("a", stdout="Plugin with name aws:x and id a skipped due to prior step"), True),
        (step("a", "skipped"), True),
        (step("a", stdout="It is said: Step execution skipped"), False),
        (step("a", "failed", 1, SKIPPED), False),
    ],
)
def test_a_step_that_was_passed_over_is_known(output: Output, skipped: bool) -> None:
    assert output.skipped is skipped


def test_what_failed_is_read_first_and_what_was_skipped_last() -> None:
    steps = [step("a", stdout=SKIPPED), step("b"), step("c", "failed", 1), step("d")]
    assert [each.step for each in in_reading_order(steps, failed=True)] == ["c", "b", "d", "a"]
    assert [each.step for each in in_reading_order(steps, failed=False)] == ["b", "c", "d", "a"]


def test_what_no_node_has_printed_is_known() -> None:
    assert all(map(is_added, (step_heading("linux"), OUTPUT_CUT, ERROR_CUT)))
    assert not any(map(is_added, ("", "== a", f"said {OUTPUT_CUT}")))


def test_a_step_says_how_it_stands() -> None:
    assert step_output({"Status": "TimedOut", "StatusDetails": "ExecutionTimedOut"}).status == (
        "timedout"
    )
    assert step_output({}).status == ""

"""What the steps of an invocation have printed, and whether all of it is there."""

from __future__ import annotations

import pytest

from ssmtui.resources.invocations.outputs import (
    ERROR_CUT,
    ERROR_LINE,
    OUTPUT_CUT,
    split_output,
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

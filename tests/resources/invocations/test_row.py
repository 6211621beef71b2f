"""An invocation's row: exit code, first line, times; and nothing that looks like a secret."""

from __future__ import annotations

from typing import Any

import pytest

from ssmtui.core.columns import UNKNOWN
from ssmtui.core.keys import ScopeKey
from ssmtui.core.secret import MASK
from ssmtui.resources.invocations.outputs import ERROR_LINE
from ssmtui.resources.invocations.row import COLUMNS, Invocation, from_answer, is_problem

SCOPE = ScopeKey("111122223333", "eu-west-1")


def plugin(**given: Any) -> dict[str, Any]:
    return {
        "Name": "aws:runShellScript",
        "Status": "Success",
        "ResponseCode": 0,
        "ResponseStartDateTime": 1_790_000_001.0,
        "ResponseFinishDateTime": 1_790_000_004.0,
        "Output": "\n up 3 days\nmore\n",
        **given,
    }


def row(*plugins: dict[str, Any], **given: Any) -> Invocation:
    fact = {
        "CommandId": "c-1",
        "InstanceId": "i-1",
        "InstanceName": "web-1",
        "Comment": "ssmtui 7f3a91c2-0000 openssl fix",
        "DocumentName": "AWS-RunShellScript",
        "RequestedDateTime": 1_790_000_000.0,
        "Status": "Success",
        "StatusDetails": "Success",
        "CommandPlugins": list(plugins),
        **given,
    }
    return from_answer(SCOPE, fact)


def test_every_column_is_a_field() -> None:
    made = row(plugin())
    assert [column.id for column in COLUMNS if not hasattr(made, column.id)] == []
    assert (made.id, made.code, made.said, made.duration) == ("c-1/i-1", 0, "up 3 days", 3.0)
    assert (made.title, made.label) == ("openssl fix", "openssl fix on web-1")


def test_of_what_failed_the_error_is_told() -> None:
    output = f"working\n{ERROR_LINE}\nE: could not lock\n"
    failed = row(plugin(Output=output, ResponseCode=100, Status="Failed"), StatusDetails="Failed")
    assert (failed.said, failed.code, failed.status) == ("E: could not lock", 100, "failed")
    assert row(plugin(Output=output)).said == "working"


def test_a_secret_in_an_output_is_masked() -> None:
    assert row(plugin(Output="TOKEN=abcdef12345\n")).said == f"TOKEN={MASK}"


def test_steps_of_which_some_have_not_begun() -> None:
    made = row(
        plugin(Name="first"),
        plugin(Name="second", Status="Pending", ResponseCode=-1, Output=""),
        Status="InProgress",
        StatusDetails="InProgress",
    )
    assert made.steps == ("first", "second")
    assert (made.code, made.ended, made.active) == (0, None, True)


def test_one_that_has_told_nothing_yet() -> None:
    made = row(Status="Pending", StatusDetails="Pending", InstanceName="")
    assert (made.code, made.said, made.started, made.duration) == (None, None, None, None)
    assert made.name is UNKNOWN
    assert made.label == "openssl fix on i-1"


def test_the_latest_command_comes_first_and_of_one_what_failed() -> None:
    rows = {
        "old failed": row(StatusDetails="Failed", RequestedDateTime=1_780_000_000.0),
        "ok": row(),
        "running": row(Status="InProgress", StatusDetails="InProgress"),
        "failed": row(StatusDetails="Failed"),
    }
    order = sorted(rows, key=lambda name: rows[name].board)
    assert order == ["failed", "running", "ok", "old failed"]


@pytest.mark.parametrize(
    ("details", "wants_attention"),
    [("Success", False), ("Failed", True), ("Undeliverable", True), ("Cancelled", False)],
)
def test_what_ctrl_z_keeps(details: str, wants_attention: bool) -> None:
    assert is_problem(row(StatusDetails=details)) is wants_attention


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({}, None),
        ({"StandardOutputUrl": "https://s3/x"}, "https://s3/x"),
        (
            {"CloudWatchOutputConfig": {"CloudWatchOutputEnabled": True}},
            "logs /aws/ssm/AWS-RunShellScript",
        ),
    ],
)
def test_where_the_whole_output_is(given: dict[str, Any], place: str | None) -> None:
    assert row(**given).output == place


def test_output_that_was_cut_says_so() -> None:
    assert row(plugin(Output="x" * 2500)).cut
    assert not row(plugin()).cut


def test_of_several_steps_the_one_that_failed_tells() -> None:
    skipped = plugin(Name="mac", Output="Step execution skipped due to preconditions")
    broken = plugin(
        Name="linux",
        Status="Failed",
        StatusDetails="Failed",
        ResponseCode=156,
        Output=f"looking\n{ERROR_LINE}\nE: no lock\n",
    )
    failed = row(plugin(Name="first"), broken, skipped, Status="Failed", StatusDetails="Failed")
    assert (failed.code, failed.said) == (156, "E: no lock")
    silent = row(
        plugin(Name="first"), plugin(Status="Failed", ResponseCode=4, Output=""),
        Status="Failed", StatusDetails="Failed",
    )  # fmt: skip
    assert (silent.code, silent.said) == (4, "up 3 days")
    well = row(skipped, plugin(Name="linux", Output="patched\n"), skipped)
    assert (well.code, well.said) == (0, "patched")

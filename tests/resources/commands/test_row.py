"""A command's row: counts, targets in words, whose it is, and nothing secret."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from ssmtui.core.columns import UNKNOWN
from ssmtui.core.keys import ScopeKey
from ssmtui.core.secret import MASK
from ssmtui.local.paths import Paths
from ssmtui.resources.commands import commands
from ssmtui.resources.commands.row import (
    COLUMNS,
    Command,
    Origin,
    Sender,
    from_answer,
    is_problem,
    masked_parameters,
    targets_in_words,
    what_runs,
)
from ssmtui.resources.memory import Memory

SCOPE = ScopeKey("111122223333", "eu-west-1")
ID = "0b1c2d3e-0000-4000-8000-000000000001"
OURS = {"7f3a91c2": Origin("openssl fix", "ops")}


def fact(**given: Any) -> dict[str, Any]:
    return {
        "CommandId": ID,
        "DocumentName": "AWS-RunShellScript",
        "DocumentVersion": "$DEFAULT",
        "Comment": "",
        "ExpiresAfter": 1_790_003_600.0,
        "Parameters": {"commands": ["uptime"]},
        "InstanceIds": ["i-0000000000000001", "i-0000000000000002"],
        "Targets": [],
        "RequestedDateTime": 1_790_000_000.0,
        "Status": "Success",
        "StatusDetails": "Success",
        "OutputS3BucketName": "",
        "MaxConcurrency": "50",
        "MaxErrors": "0",
        "TargetCount": 2,
        "CompletedCount": 2,
        "ErrorCount": 0,
        "DeliveryTimedOutCount": 0,
        **given,
    }


def row(**given: Any) -> Command:
    return from_answer(SCOPE, fact(**given), origins=OURS)


def text(column_id: str, command: Command) -> str:
    column = next(column for column in COLUMNS if column.id == column_id)
    return column.text(command, 1_790_000_060.0)


def test_every_column_is_a_field() -> None:
    made = row()
    assert [column.id for column in COLUMNS if not hasattr(made, column.id)] == []
    assert (made.targets, made.done, made.failed, made.undelivered) == (2, 2, 0, 0)
    assert (made.document, made.at_once, made.max_errors) == ("AWS-RunShellScript", "50", "0")
    assert text("requested", made) == "1m"


def test_a_rollouts_command_is_called_as_the_rollout_and_is_ones_own() -> None:
    made = row(Comment="ssmtui 7f3a91c2-0003 something else")
    assert (made.name, made.rollout, made.who, made.mine) == (
        "openssl fix",
        "7f3a91c2",
        "ops",
        True,
    )


def test_of_a_rollout_that_is_not_on_our_record_nobody_knows_whose_it_is() -> None:
    made = row(Comment="ssmtui aaaaaaaa-0003 deploy it")
    assert (made.name, made.who, made.mine) == ("deploy it", UNKNOWN, UNKNOWN)
    assert row(Comment="ssmtui aaaaaaaa-0003").name == "rollout aaaaaaaa"


def test_who_has_sent_it_is_what_cloudtrail_says() -> None:
    sender = Sender("jane", "arn:aws:sts::1:assumed-role/Ops/jane", False)
    made = from_answer(SCOPE, fact(), origins=OURS, sender=sender)
    assert (made.who, made.mine, made.sender) == ("jane", False, sender.arn)
    assert row().who is UNKNOWN


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "2 nodes"),
        ({"InstanceIds": ["i-1"]}, "i-1"),
        (
            {"InstanceIds": [], "Targets": [{"Key": "tag:Env", "Values": ["prod", "dev"]}]},
            "Env=prod,dev",
        ),
        (
            {
                "InstanceIds": [],
                "Targets": [
                    {"Key": "tag:Env", "Values": ["prod"]},
                    {"Key": "tag-key", "Values": ["Web"]},
                ],
            },
            "Env=prod tag-key=Web",
        ),
        (
            {"InstanceIds": [], "Targets": [{"Key": "resource-groups:Name", "Values": ["shop"]}]},
            "group shop",
        ),
        ({"InstanceIds": [], "Targets": [{"Key": "InstanceIds", "Values": ["*"]}]}, "every node"),
        ({"InstanceIds": [], "Targets": [{"Key": "InstanceIds", "Values": ["i-9"]}]}, "i-9"),
        ({"InstanceIds": []}, UNKNOWN),
    ],
)
def test_targets_in_words(given: dict[str, Any], words: Any) -> None:
    assert row(**given).on == words


def test_nodes_are_folded_by_their_names() -> None:
    ids = [f"i-{number}" for number in range(1, 6)]
    names = {node: f"web-{number:03d}" for number, node in enumerate(ids[:4], 1)}
    assert targets_in_words(fact(InstanceIds=ids[:4]), names) == "web-[001-004]"
    assert targets_in_words(fact(InstanceIds=ids), names) == "web-[001-004] and 1 more"


def test_which_nodes_a_tag_fits_is_not_known_but_for_the_one_that_was_asked_for() -> None:
    tagged = fact(InstanceIds=[], Targets=[{"Key": "tag:Env", "Values": ["prod"]}])
    assert from_answer(SCOPE, tagged, origins={}).node is UNKNOWN
    assert from_answer(SCOPE, tagged, origins={}, holding="i-7").node == ("i-7",)
    assert row().node == ("i-0000000000000001", "i-0000000000000002")


def test_no_secret_of_a_script_gets_into_a_row() -> None:
    made = row(
        Comment="TOKEN=abcdef123456",
        Parameters={
            "commands": ["#!/bin/bash", "export DB_PASSWORD=hunter2222", "migrate"],
            "ApiToken": ["s3cr3t-value"],
        },
    )
    everything = "".join(str(getattr(made, column.id)) for column in COLUMNS)
    for secret in ("hunter2222", "s3cr3t-value", "abcdef123456"):
        assert secret not in everything
    assert made.what == f"export DB_PASSWORD={MASK} (+1 line)"
    assert f"ApiToken={MASK}" in str(made.parameters)


def test_half_of_a_secret_is_not_shown_either() -> None:
    long = "x" * 10 + " " + "PASSWORD=" + "hunter2" * 10
    cut = masked_parameters({"commands": [long]}, at_most=30)
    assert "hunter" not in str(cut)
    assert cut == {"commands": ["xxxxxxxxxx …"]}


@pytest.mark.parametrize(
    ("parameters", "shown"),
    [
        ({"commands": ["df -h"]}, "df -h"),
        ({"commands": ["#!/bin/sh", "", "  a  ", "b", "c"]}, "a (+2 lines)"),
        ({"commands": ["a\nb"]}, "a (+1 line)"),
        ({"Operation": ["Scan"], "Extra": ["1", "2"]}, "Extra=1; 2 Operation=Scan"),
        ({"commands": [""], "x": ["1"]}, "commands= x=1"),
        ({}, None),
    ],
)
def test_what_runs(parameters: dict[str, list[str]], shown: str | None) -> None:
    assert what_runs(parameters) == shown


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({}, None),
        ({"OutputS3BucketName": "b"}, "s3://b"),
        ({"OutputS3BucketName": "b", "OutputS3KeyPrefix": "p"}, "s3://b/p"),
        (
            {"CloudWatchOutputConfig": {"CloudWatchOutputEnabled": True}},
            "logs /aws/ssm/AWS-RunShellScript",
        ),
        (
            {
                "OutputS3BucketName": "b",
                "CloudWatchOutputConfig": {
                    "CloudWatchOutputEnabled": True,
                    "CloudWatchLogGroupName": "mine",
                },
            },
            "s3://b logs mine",
        ),
        ({"CloudWatchOutputConfig": {"CloudWatchOutputEnabled": False}}, None),
    ],
)
def test_where_outputs_go(given: dict[str, Any], place: str | None) -> None:
    assert row(**given).output == place


def test_while_it_goes_on_the_count_says_how_far_it_is() -> None:
    going_on = row(Status="InProgress", StatusDetails="InProgress", CompletedCount=1)
    assert (text("targets", going_on), text("targets", row())) == ("1/2", "2")
    assert going_on.active
    assert not row().active


@pytest.mark.parametrize(
    ("given", "wants_attention"),
    [
        ({}, False),
        ({"Status": "Failed", "StatusDetails": "Failed"}, True),
        ({"Status": "Cancelled", "StatusDetails": "Cancelled"}, False),
        ({"ErrorCount": 1}, True),
        ({"DeliveryTimedOutCount": 1}, True),
        ({"Status": "InProgress", "StatusDetails": "InProgress"}, False),
    ],
)
def test_what_ctrl_z_keeps(given: dict[str, Any], wants_attention: bool) -> None:
    assert is_problem(row(**given)) is wants_attention


def test_an_answer_with_next_to_nothing_in_it() -> None:
    made = from_answer(SCOPE, {"CommandId": ID}, origins={})
    assert (made.status, made.targets, made.on, made.label) == (UNKNOWN, UNKNOWN, UNKNOWN, ID)
    assert made.requested is None
    assert not made.active


def test_rows_come_back_from_disk_as_they_were_and_no_secret_gets_there(tmp_path: Path) -> None:
    paths = Paths(tmp_path, tmp_path, tmp_path)
    rows = [
        row(Parameters={"commands": ["export DB_PASSWORD=hunter2222"]}),
        row(CommandId="other", InstanceIds=[], Targets=[{"Key": "tag:Env", "Values": ["prod"]}]),
    ]
    with closing(Memory(paths)) as memory:
        memory.remember(commands(), SCOPE, rows, 1_790_000_000.0)
    with closing(Memory(paths)) as memory:
        ((_, _, kept),) = memory.recall(commands(), [SCOPE])
    assert sorted(kept, key=lambda each: each.id) == rows
    assert b"hunter2222" not in paths.snapshot.read_bytes()

"""The session's declaration."""

from __future__ import annotations

import msgspec

from ssmtui.core.columns import UNKNOWN, Severity
from ssmtui.core.keys import ScopeKey
from ssmtui.resources.sessions import sessions
from ssmtui.resources.sessions.row import COLUMNS, Session, from_answer, is_problem

SCOPE = ScopeKey("111122223333", "eu-west-1")
ARN = "arn:aws:sts::111122223333:assumed-role/Operators/jane"
FACT = {
    "SessionId": "jane-0a1b",
    "Target": "i-1",
    "Status": "Terminated",
    "StartDate": 1000.0,
    "EndDate": 1900.0,
    "DocumentName": "SSM-SessionManagerRunShell",
    "Owner": ARN,
    "Reason": "INC-1",
    "Details": "it ended",
    "OutputUrl": {"S3OutputUrl": "https://s3/log", "CloudWatchOutputUrl": "https://logs"},
    "AccessType": "Standard",
}
# The contract of `ssmtui get sessions -o json`.
IDS = {
    *("status", "mine", "owner", "name", "node", "account", "region", "started", "duration"),
    *("reason", "document", "ended", "details", "access", "s3_log", "cloudwatch_log", "id"),
}


def row(**given):
    return msgspec.structs.replace(from_answer(SCOPE, FACT, caller=ARN), **given)


def test_the_columns_are_the_contract():
    assert {column.id for column in COLUMNS if not column.hidden} == IDS
    assert {column.id for column in COLUMNS if column.hidden} == {"owner_arn", "board"}


def test_every_column_is_a_field_of_the_row():
    assert {column.id for column in COLUMNS} - {"board"} == set(Session.__struct_fields__)


def test_everything_that_the_service_says():
    found = {column.id: column.json(row(name="web")) for column in COLUMNS if not column.hidden}
    assert found == {
        "status": "Terminated",
        "mine": True,
        "owner": "jane",
        "name": "web",
        "node": "i-1",
        "account": "111122223333",
        "region": "eu-west-1",
        "started": "1970-01-01T00:16:40Z",
        "duration": 900.0,
        "reason": "INC-1",
        "document": "SSM-SessionManagerRunShell",
        "ended": "1970-01-01T00:31:40Z",
        "details": "it ended",
        "access": "Standard",
        "s3_log": "https://s3/log",
        "cloudwatch_log": "https://logs",
        "id": "jane-0a1b",
    }


def test_the_least_that_the_service_may_say():
    bare = from_answer(SCOPE, {"SessionId": "jane-0a1b"}, caller=ARN)
    assert (bare.mine, bare.status, bare.owner, bare.duration) == (False, UNKNOWN, None, None)
    assert bare.label == "jane-0a1b"
    assert all(isinstance(column.text(bare, 0.0), str) for column in COLUMNS)


def test_anothers_session_is_not_ones_own():
    assert not from_answer(SCOPE, FACT, caller=ARN.replace("jane", "bob")).mine
    # The same name in another role is somebody else.
    assert not from_answer(SCOPE, FACT, caller=ARN.replace("Operators", "Admins")).mine


def test_which_go_on():
    assert row(status="Connected", ended=None).active
    assert row(status="Disconnected", ended=None).active
    assert row(status="SomethingNew", ended=None).active
    assert not row(status="Terminating", ended=None).active
    assert not row(status="Failed", ended=None).active
    assert not row().active


def test_the_order_of_the_board():
    going_on = {"status": "Connected", "ended": None}
    rows = [
        row(mine=True, started=9.0, **going_on),
        row(mine=True, started=1.0, **going_on),
        row(mine=False, started=99.0, **going_on),
        row(mine=False, started=UNKNOWN, **going_on),
        row(mine=True, started=5.0),
        row(mine=False, started=7.0),
        row(mine=False, started=6.0),
    ]
    assert sorted(rows, key=lambda each: each.board) == rows


def test_what_wants_attention():
    assert [
        status
        for status in ("Connected", "Terminated", "Failed", "Disconnected", "Connecting")
        if is_problem(row(status=status))
    ] == ["Failed", "Disconnected", "Connecting"]


def test_a_label_names_the_node_as_well_as_it_can():
    assert row(name="web").label == "jane on web"
    assert row(name=" ").label == "jane on i-1"
    assert row(node=None).label == "jane on an unknown node"


def test_statuses_have_severities_and_unknown_words_none():
    column = sessions().column("status")
    assert column.severity("Failed") is Severity.BAD
    assert column.severity("Connected") is Severity.GOOD
    assert column.severity("SomethingNew") is Severity.PLAIN


def test_how_long_it_lasted_is_drawn_as_a_duration():
    assert sessions().column("duration").text(row(), 0.0) == "15m"


def test_a_session_leads_to_its_node():
    (link,) = sessions().links(row())
    assert (link.resource, link.filter) == ("nodes", "id=i-1")
    assert not sessions().links(row(node=None))

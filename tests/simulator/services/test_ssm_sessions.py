from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from ssmtui.simulator.agent.sessions import KEPT, Sessions
from ssmtui.simulator.agent.settings import SessionSettings
from ssmtui.simulator.call import ServiceError
from ssmtui.simulator.world.node import Node

MINUTE = 60.0


@pytest.fixture
def sessions(aws: Any) -> Sessions:
    found: Sessions = aws.world.part(Sessions)
    return found


@pytest.fixture
def settings(aws: Any, sessions: Sessions) -> SessionSettings:
    return sessions.settings(aws.account, aws.region)


def connected(aws: Any, **wanted: Any) -> Node:
    """The first node that a session can be started on."""
    for node in aws.nodes:
        answer = aws("ssm:GetConnectionStatus", Target=node.id)
        fits = all(getattr(node, name) == value for name, value in wanted.items())
        if fits and answer["Status"] == "connected":
            return node
    raise AssertionError("no such node is connected")


def listed(aws: Any, state: str, **params: Any) -> list[dict[str, Any]]:
    pages = aws.pages("ssm:DescribeSessions", State=state, **params)
    return [session for page in pages for session in page["Sessions"]]


def own(aws: Any, state: str) -> list[dict[str, Any]]:
    owner = aws.identities.long_lived(aws.account).arn
    return listed(aws, state, Filters=[{"key": "Owner", "value": owner}])


def test_a_session_starts_and_ends(aws: Any) -> None:
    node = connected(aws)
    started = aws("ssm:StartSession", Target=node.id, Reason="why not")
    assert started["StreamUrl"].startswith("ws://")
    assert started["SessionId"] in started["StreamUrl"]
    assert started["SessionId"].startswith("ops-0")
    assert 0 < len(started["TokenValue"]) <= 300

    (session,) = own(aws, "Active")
    assert session["SessionId"] == started["SessionId"]
    assert session["Target"] == node.id
    assert session["Status"] == "Connecting"
    assert session["Reason"] == "why not"
    assert session["DocumentName"] == "SSM-SessionManagerRunShell"
    assert session["StartDate"] == aws.world.now
    assert "EndDate" not in session

    aws.world.clock.advance(90)
    ended = aws("ssm:TerminateSession", SessionId=started["SessionId"])
    assert ended == {"SessionId": started["SessionId"]}
    assert own(aws, "Active") == []
    (session,) = own(aws, "History")
    assert session["Status"] == "Terminated"
    assert session["EndDate"] - session["StartDate"] == 90


def test_terminating_cannot_fail(aws: Any) -> None:
    started = aws("ssm:StartSession", Target=connected(aws).id)
    for _ in range(2):
        aws("ssm:TerminateSession", SessionId=started["SessionId"])
    aws("ssm:TerminateSession", SessionId="nobody-0123")
    assert len(own(aws, "History")) == 1


def test_another_account_terminates_nothing(aws: Any) -> None:
    started = aws("ssm:StartSession", Target=connected(aws).id)
    home, aws.account = aws.account, aws.world.accounts[0].id
    aws("ssm:TerminateSession", SessionId=started["SessionId"])
    refusal = aws.refusal("ssm:ResumeSession", SessionId=started["SessionId"])
    assert refusal == "DoesNotExistException"
    aws.account = home
    assert len(own(aws, "Active")) == 1


def test_a_session_resumes_with_another_token(aws: Any) -> None:
    started = aws("ssm:StartSession", Target=connected(aws).id)
    resumed = aws("ssm:ResumeSession", SessionId=started["SessionId"])
    assert resumed["SessionId"] == started["SessionId"]
    assert resumed["StreamUrl"] == started["StreamUrl"]
    assert resumed["TokenValue"] != started["TokenValue"]


def test_an_ended_session_resumes_without_a_token(aws: Any) -> None:
    started = aws("ssm:StartSession", Target=connected(aws).id)
    aws("ssm:TerminateSession", SessionId=started["SessionId"])
    resumed = aws("ssm:ResumeSession", SessionId=started["SessionId"])
    assert resumed == {"SessionId": started["SessionId"]}


def test_what_is_not_connected_is_refused(aws: Any) -> None:
    online = connected(aws, state="running")
    elsewhere = next(node for node in aws.world.nodes.values() if node.account != aws.account)
    unmanaged = next(node for node in aws.nodes if not node.managed)
    stopped = next(node for node in aws.nodes if node.state == "stopped")
    for target in (elsewhere.id, unmanaged.id, stopped.id, "i-00000000000000000", "nonsense"):
        assert aws.refusal("ssm:StartSession", Target=target) == "TargetNotConnected"
    aws.world.silence(online.id)
    assert aws.refusal("ssm:StartSession", Target=online.id) == "TargetNotConnected"


def test_an_agent_of_before_sessions_is_not_connected(aws: Any) -> None:
    node = connected(aws)
    aws.world.update_agent(node.id, "2.3.50.0")
    status = aws("ssm:GetConnectionStatus", Target=node.id)["Status"]
    assert status == "notconnected"
    assert aws.refusal("ssm:StartSession", Target=node.id) == "TargetNotConnected"


def test_hybrid_nodes_need_the_advanced_tier(aws: Any, settings: SessionSettings) -> None:
    hybrid = connected(aws, state="")
    assert hybrid.hybrid
    aws("ssm:StartSession", Target=hybrid.id)
    settings.advanced_tier = False
    assert aws.refusal("ssm:StartSession", Target=hybrid.id) == "BadRequest"
    aws("ssm:StartSession", Target=connected(aws, state="running").id)


def test_a_policy_may_want_the_document_named(aws: Any, settings: SessionSettings) -> None:
    settings.document_must_be_named = True
    node = connected(aws)
    assert aws.refusal("ssm:StartSession", Target=node.id) == "AccessDeniedException"
    aws("ssm:StartSession", Target=node.id, DocumentName="SSM-SessionManagerRunShell")


def test_a_missing_document_is_refused(aws: Any) -> None:
    refusal = aws.refusal("ssm:StartSession", Target=connected(aws).id, DocumentName="AWS-Nothing")
    assert refusal == "InvalidDocument"


@pytest.mark.parametrize(
    ("document", "given", "sentence"),
    [
        ("AWS-StartSSHSession", {"port": ["22"]}, "Parameter port is not defined"),
        ("AWS-StartSSHSession", {"portNumber": ["0"]}, "which does not match the pattern"),
        ("AWS-StartSSHSession", {"portNumber": ["65536"]}, "which does not match the pattern"),
        ("AWS-StartSSHSession", {"portNumber": ["22", "23"]}, "takes one value, not 2"),
        ("AWS-StartNonInteractiveCommand", {}, "Parameter command is required"),
        (
            "AWS-StartNonInteractiveCommand",
            {"command": ["ls"], "separateOutputStream": ["yes"]},
            "which is none of true, false, True, False",
        ),
    ],
)
def test_wrong_parameters_are_refused(
    aws: Any, document: str, given: dict[str, list[str]], sentence: str
) -> None:
    node = connected(aws)
    with pytest.raises(ServiceError, match=sentence) as refused:
        aws("ssm:StartSession", Target=node.id, DocumentName=document, Parameters=given)
    assert refused.value.code == "InvalidParameters"
    assert own(aws, "Active") == []


def test_idle_sessions_end(aws: Any, sessions: Sessions) -> None:
    started = aws("ssm:StartSession", Target=connected(aws).id)
    aws.world.clock.advance(19 * MINUTE)
    session = sessions.find(started["SessionId"])
    assert session is not None
    sessions.touch(session)
    aws.world.clock.advance(19 * MINUTE)
    assert session.active
    aws.world.clock.advance(MINUTE)
    assert not session.active
    assert session.ended == session.active_at + 20 * MINUTE


def test_long_sessions_end(aws: Any, sessions: Sessions, settings: SessionSettings) -> None:
    settings.max_minutes = 60
    started = aws("ssm:StartSession", Target=connected(aws).id)
    session = sessions.find(started["SessionId"])
    assert session is not None
    for _ in range(6):
        assert session.active
        aws.world.clock.advance(10 * MINUTE)
        sessions.touch(session)
    assert session.ended == session.started + 60 * MINUTE
    assert own(aws, "History")[0]["MaxSessionDuration"] == "60"


def test_the_history_is_long_and_tells_of_logs(aws: Any) -> None:
    history = listed(aws, "History")
    assert len(history) > 50
    starts = [session["StartDate"] for session in history]
    assert starts == sorted(starts, reverse=True)
    assert min(starts) > aws.world.now - KEPT
    assert all(session["EndDate"] >= session["StartDate"] for session in history)
    assert {session["Status"] for session in history} == {"Terminated", "Failed"}
    assert len({session["Owner"] for session in history}) > 5
    assert len({session["DocumentName"] for session in history}) > 3
    assert any("Reason" in session for session in history)
    urls = history[0]["OutputUrl"]
    assert history[0]["SessionId"] in urls["S3OutputUrl"]
    assert history[0]["SessionId"] in urls["CloudWatchOutputUrl"]


def test_the_history_is_forgotten_in_time(aws: Any) -> None:
    aws("ssm:StartSession", Target=connected(aws).id)
    aws.world.clock.advance(KEPT + 21 * MINUTE)
    assert own(aws, "History") == []


def test_pages_hold_200_and_go_on_after_the_last_one_seen(aws: Any) -> None:
    everything = listed(aws, "History")
    pages = aws.pages("ssm:DescribeSessions", State="History", MaxResults=7)
    assert all(len(page["Sessions"]) <= 7 for page in pages)
    assert [session for page in pages for session in page["Sessions"]] == everything
    node = connected(aws)
    for _ in range(230):
        aws("ssm:StartSession", Target=node.id)
    first = aws("ssm:DescribeSessions", State="Active")
    assert len(first["Sessions"]) == 200
    assert aws.refusal("ssm:DescribeSessions", State="Active", NextToken="x") == "InvalidNextToken"


def test_others_are_at_work_too(aws: Any) -> None:
    active = listed(aws, "Active")
    assert active
    assert all(session["Status"] == "Connected" for session in active)
    (name,) = {session["SessionId"] for session in active[:1]}
    aws("ssm:TerminateSession", SessionId=name)
    assert name not in {session["SessionId"] for session in listed(aws, "Active")}
    assert name in {session["SessionId"] for session in listed(aws, "History")}
    aws.world.clock.advance(86_400)
    later = listed(aws, "Active")
    assert later
    assert not {each["SessionId"] for each in later} & {each["SessionId"] for each in active}


def test_filters_narrow_the_list(aws: Any) -> None:
    history = listed(aws, "History")
    chosen = history[len(history) // 2]

    def only(key: str, value: str) -> list[dict[str, Any]]:
        return listed(aws, "History", Filters=[{"key": key, "value": value}])

    assert only("SessionId", chosen["SessionId"]) == [chosen]
    assert chosen in only("Owner", chosen["Owner"])
    assert chosen in only("Owner", chosen["Owner"].rpartition("/")[2])
    assert chosen in only("Target", chosen["Target"])
    assert chosen in only("Status", chosen["Status"])
    assert only("AccessType", "JustInTime") == []
    moment = datetime.fromtimestamp(chosen["StartDate"], UTC).isoformat()
    before, after = only("InvokedBefore", moment), only("InvokedAfter", moment)
    assert len(before) + len(after) in (len(history) - 1, len(history))
    assert all(session["StartDate"] <= chosen["StartDate"] for session in before)
    both = [{"key": "Target", "value": chosen["Target"]}, {"key": "Status", "value": "Connected"}]
    assert listed(aws, "History", Filters=both) == []


def test_a_time_that_is_none_is_refused(aws: Any) -> None:
    for value in ("yesterday", "2026-11-02T08:00:00"):
        wrong = [{"key": "InvokedAfter", "value": value}]
        refusal = aws.refusal("ssm:DescribeSessions", State="Active", Filters=wrong)
        assert refusal == "InvalidFilterValue"


def test_an_empty_scope_has_no_sessions(aws: Any) -> None:
    aws.region = "af-south-1"
    assert listed(aws, "Active") == []
    assert listed(aws, "History") == []

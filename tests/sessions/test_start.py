from __future__ import annotations

import asyncio
import json
from types import SimpleNamespace

import pytest

from ssmtui.aws.scope import Mode
from ssmtui.core.keys import RowKey
from ssmtui.core.problem import ProblemError, ProblemKind, input_problem
from ssmtui.sessions import start as module
from ssmtui.sessions.specs import SessionSpec
from ssmtui.sessions.start import start, terminate
from ssmtui.simulator.agent.sessions import Sessions, connected


class Place:
    """A served fleet, its one scope, and nodes of it that can and cannot be connected to."""

    def __init__(self, fleet):
        self.fleet = fleet
        self.scope = fleet.scopes[0]
        self.calls = fleet.endpoint.calls
        nodes = fleet.world.nodes.values()
        self.node = next(node for node in nodes if connected(node))
        self.target = RowKey(*self.scope.key, self.node.id)

    def fault(self, rule):
        self.fleet.endpoint.faults.add(rule)

    @property
    def sessions(self):
        return list(self.fleet.world.part(Sessions))

    @property
    def open(self):
        return [session for session in self.sessions if session.active]


@pytest.fixture
async def place(open_fleet):
    async with open_fleet(nodes=30) as fleet:
        yield Place(fleet)


async def test_a_session_is_started_and_ended(place):
    session = await start(place.scope, SessionSpec(place.target, reason="INC-1"))
    (there,) = place.open
    assert session.id == there.id
    assert session.started.token.reveal() == there.token
    assert session.started.stream_url.startswith("ws://127.0.0.1")
    assert there.reason == "INC-1"
    assert await session.terminate() is None
    assert place.open == []


async def test_it_is_terminated_once_however_often_that_is_asked(place):
    session = await start(place.scope, SessionSpec(place.target))
    await asyncio.gather(session.terminate(), session.terminate())
    await session.terminate()
    assert place.calls["ssm:TerminateSession"] == 1


async def test_a_node_that_is_lost_is_told_before_a_session_is_tried(place):
    place.fleet.world.lose(place.node.id)
    with pytest.raises(ProblemError) as caught:
        await start(place.scope, SessionSpec(place.target))
    problem = caught.value.problem
    assert problem.what.startswith(
        f"{place.node.id} is not connected to Systems Manager (its agent"
    )
    assert "ConnectionLost" in problem.what
    assert f"ssmtui why {place.node.id}" in problem.remedy
    assert place.calls["ssm:StartSession"] == 0


async def test_a_node_heard_of_in_the_future_is_told_so(place, monkeypatch):
    place.fleet.world.lose(place.node.id)
    behind = SimpleNamespace(time=lambda: 0.0)
    monkeypatch.setattr(module, "time", behind)
    with pytest.raises(ProblemError, match=r"heard of .* in the future by this machine's clock"):
        await start(place.scope, SessionSpec(place.target))


async def test_a_node_that_is_not_known_is_told_too(place):
    with pytest.raises(ProblemError, match="no managed agent, or is stopped"):
        await start(place.scope, SessionSpec(RowKey(*place.scope.key, "i-00000000000000000")))


async def test_what_may_not_be_read_does_not_hinder(place):
    place.fault("denied ssm:GetConnectionStatus")
    session = await start(place.scope, SessionSpec(place.target))
    assert place.open
    await session.terminate()


async def test_a_state_that_may_not_be_read_is_left_out(place):
    place.fleet.world.lose(place.node.id)
    place.fault("denied ssm:DescribeInstanceInformation")
    with pytest.raises(ProblemError) as caught:
        await start(place.scope, SessionSpec(place.target))
    assert caught.value.problem.what.endswith("is not connected to Systems Manager")


async def test_a_node_that_is_lost_in_between_is_said_in_the_same_words(place):
    place.fault("denied ssm:GetConnectionStatus")
    place.fleet.world.lose(place.node.id)
    with pytest.raises(ProblemError, match="is not connected to Systems Manager"):
        await start(place.scope, SessionSpec(place.target))


async def test_a_denied_start_is_tried_once_more_with_the_default_document(place):
    place.fault("denied ssm:StartSession count=1")
    session = await start(place.scope, SessionSpec(place.target))
    assert place.calls["ssm:StartSession"] == 2
    assert session.spec.document == "SSM-SessionManagerRunShell"
    assert place.open[0].document_named == "SSM-SessionManagerRunShell"
    await session.terminate()


async def test_denied_twice_is_denied(place):
    place.fault("denied ssm:StartSession")
    with pytest.raises(ProblemError, match="missing ssm:StartSession"):
        await start(place.scope, SessionSpec(place.target))
    assert place.calls["ssm:StartSession"] == 2


async def test_a_named_document_is_not_tried_again(place):
    place.fault("denied ssm:StartSession")
    with pytest.raises(ProblemError):
        await start(place.scope, SessionSpec(place.target, "AWS-StartSSHSession"))
    assert place.calls["ssm:StartSession"] == 1


async def test_a_document_that_is_not_there(place):
    with pytest.raises(ProblemError, match="There is no session document No-Such-Document here"):
        await start(place.scope, SessionSpec(place.target, "No-Such-Document"))


async def test_a_wrong_parameter_is_said_in_the_services_words(place):
    spec = SessionSpec(place.target, "AWS-StartSSHSession", {"portNumber": ["ssh"]})
    with pytest.raises(ProblemError, match="portNumber"):
        await start(place.scope, spec)


async def test_a_lost_answer_is_not_repeated_and_says_what_that_means(place):
    place.fault("reply-lost ssm:StartSession")
    with pytest.raises(ProblemError) as caught:
        await start(place.scope, SessionSpec(place.target))
    assert caught.value.problem.kind is ProblemKind.UNKNOWN
    assert "may be open" in caught.value.problem.remedy
    assert place.calls["ssm:StartSession"] == 1


async def test_resuming_gives_another_token(place):
    session = await start(place.scope, SessionSpec(place.target))
    resumed = await session.resume()
    assert resumed is not None
    assert resumed.token != session.started.token
    assert resumed.token.reveal() == place.open[0].token
    await session.terminate()


async def test_resuming_is_repeated_when_its_answer_is_lost(place):
    session = await start(place.scope, SessionSpec(place.target))
    place.fault("reply-lost ssm:ResumeSession count=1")
    resumed = await session.resume()
    assert resumed is not None
    assert resumed.token.reveal() == place.open[0].token
    await session.terminate()


async def test_what_has_ended_cannot_be_resumed(place):
    session = await start(place.scope, SessionSpec(place.target))
    place.fleet.world.part(Sessions).end(place.open[0])
    assert await session.resume() is None


async def test_a_lost_answer_to_the_end_is_asked_for_again(place):
    session = await start(place.scope, SessionSpec(place.target))
    place.fault("abort ssm:TerminateSession count=1")
    assert await session.terminate() is None
    assert place.open == []


async def test_what_hinders_the_end_is_returned(place):
    session = await start(place.scope, SessionSpec(place.target))
    place.fault("denied ssm:TerminateSession")
    problem = await session.terminate()
    assert problem is not None
    assert problem.kind is ProblemKind.DENIED


async def test_an_end_that_is_never_answered_is_given_up(place, monkeypatch):
    monkeypatch.setattr(module, "TERMINATE_SECONDS", 0.05)
    session = await start(place.scope, SessionSpec(place.target))
    place.fault("hang ssm:TerminateSession")
    problem = await session.terminate()
    assert problem is not None
    assert "may still be open" in problem.what


async def test_a_caller_that_is_cancelled_still_ends_the_session(place):
    session = await start(place.scope, SessionSpec(place.target))
    ending = asyncio.ensure_future(terminate(place.scope, session.id))
    await asyncio.sleep(0)
    ending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await ending
    assert place.open == []


async def test_the_upgrade_is_signed_by_the_scopes_credentials(place):
    session = await start(place.scope, SessionSpec(place.target))
    upgrade = await session.upgrade(session.started.stream_url)
    identity = place.fleet.endpoint.engine.identities.long_lived(place.scope.key.account)
    assert identity.access_key in upgrade.headers["Authorization"]
    assert f"/{place.scope.region}/ssmmessages/" in upgrade.headers["Authorization"]
    assert upgrade.ca_bundle is None
    await session.terminate()


async def test_a_data_key_is_bound_to_session_and_target(place):
    session = await start(place.scope, SessionSpec(place.target))
    key, sealed = await session.data_key("alias/session-manager")
    assert len(key) == 64
    answer = await place.scope._caller.transport.send(
        place.scope.route,
        "kms",
        "Decrypt",
        {
            "CiphertextBlob": sealed,
            "EncryptionContext": {
                "aws:ssm:SessionId": session.id,
                "aws:ssm:TargetId": place.node.id,
            },
        },
        raw=False,
    )
    assert answer["Plaintext"] == key
    await session.terminate()


async def test_a_data_key_that_is_denied_is_said(place):
    session = await start(place.scope, SessionSpec(place.target))
    place.fault("denied kms:GenerateDataKey")
    with pytest.raises(ProblemError, match="missing kms:GenerateDataKey"):
        await session.data_key("alias/session-manager")
    await session.terminate()


async def test_look_mode_starts_nothing(open_fleet):
    async with open_fleet(nodes=30, mode=Mode.LOOK) as fleet:
        place = Place(fleet)
        with pytest.raises(ProblemError) as caught:
            await start(place.scope, SessionSpec(place.target))
        assert caught.value.problem.kind is ProblemKind.MODE
        assert place.sessions == []


async def test_everything_is_on_record_and_no_token_is(place, tmp_path):
    session = await start(place.scope, SessionSpec(place.target, reason="INC-1"))
    await session.resume()
    await session.terminate()
    text = (tmp_path / "audit.jsonl").read_text()
    lines = [json.loads(line) for line in text.splitlines()]
    assert [line["operation"] for line in lines if "intent" in line] == [
        "ssm:StartSession",
        "ssm:ResumeSession",
        "ssm:TerminateSession",
    ]
    assert session.started.token.reveal() not in text


# Being told to stop while a session starts

SPEC = SessionSpec(RowKey("1", "eu-west-1", "i-1"))


class Answered:
    def __init__(self) -> None:
        self.terminated = 0

    async def terminate(self) -> None:
        self.terminated += 1


@pytest.fixture
async def answer(monkeypatch) -> asyncio.Future[Answered]:
    """What StartSession will be answered."""
    future: asyncio.Future[Answered] = asyncio.Future()

    async def answered(scope: object, spec: object) -> Answered:
        assert (scope, spec) == ("scope", SPEC)
        return await future

    monkeypatch.setattr(module, "_start", answered)
    return future


async def cancelled(task: asyncio.Task[Answered]) -> None:
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.sleep(0)


async def test_a_session_that_is_started_is_given(answer) -> None:
    answer.set_result(started := Answered())
    assert await start("scope", SPEC) is started
    assert started.terminated == 0


async def test_a_refusal_comes_through(answer) -> None:
    answer.set_exception(input_problem("No"))
    with pytest.raises(ProblemError, match="No"):
        await start("scope", SPEC)


async def test_when_cancelled_a_session_on_its_way_is_ended(answer) -> None:
    task = asyncio.ensure_future(start("scope", SPEC))
    await cancelled(task)
    assert not task.done()
    answer.set_result(started := Answered())
    with pytest.raises(asyncio.CancelledError):
        await task
    assert started.terminated == 1


async def test_when_cancelled_a_refusal_is_no_matter(answer) -> None:
    task = asyncio.ensure_future(start("scope", SPEC))
    await cancelled(task)
    answer.set_exception(input_problem("No"))
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_an_answer_that_does_not_come_is_not_waited_for(answer, monkeypatch) -> None:
    monkeypatch.setattr(module, "_PATIENCE_SECONDS", 0)
    task = asyncio.ensure_future(start("scope", SPEC))
    await cancelled(task)
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.sleep(0)
    assert answer.cancelled()

from __future__ import annotations

import asyncio

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError, NoCredentialsError

from ssmtui.aws.mode import Mode
from ssmtui.aws.operations import CLASSES, OpClass, needed_mode
from ssmtui.aws.scope import Outcome, Scope
from ssmtui.aws.signing import Credentials
from ssmtui.core.keys import ScopeKey
from ssmtui.core.problem import ProblemError, ProblemKind
from ssmtui.core.secret import Secret
from ssmtui.core.tasks import spawn

NAMES = sorted(CLASSES)
NODE = {"InstanceId": "mi-0123456789abcdef0"}


def of(*classes):
    return [name.split(":") for name in NAMES if CLASSES[name] in classes]


def answered(code, status=400):
    response = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(response, "DeregisterManagedInstance")


async def refusal(work):
    with pytest.raises(ProblemError) as caught:
        await work
    return caught.value.problem


async def consumed(pages):
    return [page async for page in pages]


# Classes


@pytest.mark.parametrize(
    ("service", "operation"), of(OpClass.SECRET_READ, OpClass.CHANGE, OpClass.CREDENTIAL)
)
async def test_reading_refuses_everything_but_reads(make_scope, transport, service, operation):
    scope = make_scope()
    for work in (
        scope.read(service, operation),
        scope.read(service, operation, raw=True),
        consumed(scope.pages(service, operation)),
    ):
        problem = await refusal(work)
        assert problem.operation == f"{service}:{operation}"
    assert transport.sent == []


@pytest.mark.parametrize(("service", "operation"), of(OpClass.READ))
async def test_reads_are_read_and_never_sent_as_anything_else(
    make_scope, transport, service, operation
):
    scope = make_scope(Mode.LOOK)
    assert await scope.read(service, operation) == {}
    assert len(transport.sent) == 1
    await refusal(scope.change(service, operation, intent="x"))
    await refusal(scope.secret_read(service, operation, intent="x"))
    assert len(transport.sent) == 1


@pytest.mark.parametrize(
    ("service", "operation"), of(OpClass.READ, OpClass.CHANGE, OpClass.CREDENTIAL)
)
async def test_only_secret_reads_are_read_as_such(make_scope, transport, service, operation):
    await refusal(make_scope().secret_read(service, operation, intent="x"))
    assert transport.sent == []


async def test_what_has_no_class_is_never_called(make_scope, transport):
    scope = make_scope()
    for work in (
        scope.read("s3", "ListBuckets"),
        scope.change("ec2", "TerminateInstances", intent="x"),
    ):
        assert (await refusal(work)).kind is ProblemKind.BUG
    assert transport.sent == []


# Modes


@pytest.mark.parametrize(("service", "operation"), of(OpClass.CHANGE, OpClass.CREDENTIAL))
@pytest.mark.parametrize("mode", list(Mode))
async def test_each_mode_sends_what_it_allows_and_refuses_the_rest(
    make_scope, transport, audit_file, mode, service, operation
):
    scope = make_scope(mode)
    if mode.allows(needed_mode(service, operation)):
        change = await scope.change(service, operation, intent="x")
        assert change.outcome is Outcome.DONE
        assert len(transport.sent) == 1
    else:
        problem = await refusal(scope.change(service, operation, intent="x"))
        assert (problem.kind, problem.scope) == (ProblemKind.MODE, scope.key)
        assert transport.sent == []
        assert not audit_file.exists()


async def test_look_mode_refuses_changes_and_sessions(make_scope, transport):
    scope = make_scope(Mode.LOOK)
    for operation in ("SendCommand", "StartSession", "TerminateSession"):
        problem = await refusal(scope.change("ssm", operation, intent="x"))
        assert "look mode" in problem.what
    assert transport.sent == []


async def test_arming_opens_for_a_while(make_scope, transport, clock):
    scope = make_scope(Mode.CONNECT, production=True)
    assert scope.can_arm
    assert ":arm" in (await refusal(scope.change("ssm", "SendCommand", intent="x"))).remedy
    scope.arm(900)
    assert (scope.mode, scope.armed_seconds) == (Mode.CHANGE, 900)
    await scope.change("ssm", "SendCommand", intent="x")
    await clock.advance(900)
    assert scope.mode is Mode.CONNECT
    await refusal(scope.change("ssm", "SendCommand", intent="x"))
    scope.arm(60)
    scope.disarm()
    await refusal(scope.change("ssm", "SendCommand", intent="x"))
    assert len(transport.sent) == 1


async def test_what_was_opened_for_reading_is_never_armed(make_scope):
    scope = make_scope(Mode.CHANGE, ceiling=Mode.LOOK)
    assert scope.mode is Mode.LOOK
    assert not scope.can_arm
    with pytest.raises(ProblemError) as caught:
        scope.arm(60)
    assert caught.value.problem.kind is ProblemKind.MODE
    problem = await refusal(scope.change("ssm", "SendCommand", intent="x"))
    assert "--read-only" in problem.remedy


# Audit


async def test_intent_is_on_record_before_the_change_is_sent(make_scope, transport, audited):
    seen = []

    async def look():
        seen.extend(audited())
        return {"ResponseMetadata": {"RequestId": "r-1"}}

    transport.script.append(look)
    change = await make_scope().change(
        "ssm", "DeregisterManagedInstance", NODE, intent="deregister mi-0"
    )
    assert [line["event"] for line in seen] == ["intent"]
    assert seen[0]["intent"] == "deregister mi-0"
    assert seen[0]["identity"] == "jane"
    outcome = audited()[1]
    assert (outcome["outcome"], outcome["request_id"]) == ("done", "r-1")
    assert outcome["command"] == change.command
    assert change.command == (
        "aws ssm deregister-managed-instance --instance-id mi-0123456789abcdef0 "
        "--region eu-west-1 --profile shop"
    )


@pytest.mark.parametrize(
    ("trouble", "outcome", "code"),
    [
        (answered("AccessDeniedException"), "refused", "AccessDeniedException"),
        (answered("InternalServerError", 500), "unknown", "InternalServerError"),
        (ConnectionClosedError(endpoint_url="u"), "unknown", ""),
    ],
)
async def test_every_outcome_is_on_record(make_scope, transport, audited, trouble, outcome, code):
    transport.script.append(trouble)
    change = await make_scope().change("ssm", "DeregisterManagedInstance", NODE, intent="x")
    line = audited()[1]
    assert (change.outcome, line["outcome"], line["code"]) == (outcome, outcome, code)
    assert len(transport.sent) == 1


@pytest.mark.parametrize("phase", ["waiting", "sent"])
async def test_a_cancelled_change_says_whether_it_may_have_been_done(
    make_scope, transport, caller, audited, phase
):
    reached, never = asyncio.Event(), asyncio.Event()

    async def hang():
        reached.set()
        await never.wait()

    if phase == "waiting":

        async def prepare(_route, _service):
            await hang()

        transport.prepare = prepare
    else:
        transport.script.append(hang)
    work = make_scope().change("ssm", "DeregisterManagedInstance", NODE, intent="x")
    task = spawn(work, "change")
    await reached.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert audited()[1]["outcome"] == ("unknown" if phase == "sent" else "refused")


async def test_a_change_whose_intent_cannot_be_recorded_is_not_sent(
    make_scope, transport, audit_file
):
    audit_file.parent.write_text("a file, not a folder")
    await refusal(make_scope().change("ssm", "DeregisterManagedInstance", NODE, intent="x"))
    assert transport.sent == []


async def test_a_done_change_whose_outcome_cannot_be_recorded_is_done_with_a_problem(
    make_scope, transport, audit_file
):
    async def break_the_audit():
        audit_file.unlink()
        audit_file.mkdir()
        return {}

    transport.script.append(break_the_audit)
    change = await make_scope().change("ssm", "DeregisterManagedInstance", NODE, intent="x")
    assert change.outcome is Outcome.DONE
    assert "could not be audited" in change.problem.what


async def test_secret_reads_are_audited_without_their_secrets(
    make_scope, transport, audited, audit_file
):
    transport.script.append({"Parameter": {"Value": "hunter2"}})
    params = {"Name": "/db/password", "WithDecryption": True}
    await make_scope(Mode.LOOK).secret_read("ssm", "GetParameter", params, intent="reveal")
    intent, outcome = audited()
    assert (intent["class"], intent["intent"]) == ("secret-read", "reveal")
    assert "--name /db/password" in intent["command"]
    assert outcome["outcome"] == "done"
    assert "hunter2" not in audit_file.read_text()


async def test_a_failed_secret_read_is_audited_too(make_scope, transport, audited):
    transport.script.append(answered("AccessDeniedException"))
    problem = await refusal(
        make_scope().secret_read("ssm", "GetParameter", {"Name": "/a"}, intent="reveal")
    )
    assert problem.kind is ProblemKind.DENIED
    assert (audited()[1]["outcome"], audited()[1]["code"]) == ("failed", "AccessDeniedException")


async def test_a_written_secret_is_never_on_record(make_scope, audit_file):
    params = {"Name": "/db", "Value": "hunter2", "Type": "SecureString"}
    await make_scope().change("ssm", "PutParameter", params, intent="set /db")
    assert "hunter2" not in audit_file.read_text()


# Around sessions


async def test_what_was_opened_while_armed_can_be_resumed_and_ended_afterwards(
    make_scope, transport, clock
):
    scope = make_scope(Mode.LOOK)
    scope.arm(60)
    transport.script.append({"SessionId": "jane-1", "TokenValue": "t", "StreamUrl": "wss://x"})
    await scope.change("ssm", "StartSession", {"Target": "mi-0"}, intent="open")
    await clock.advance(61)
    assert scope.mode is Mode.LOOK
    for operation in ("ResumeSession", "TerminateSession"):
        change = await scope.change("ssm", operation, {"SessionId": "jane-1"}, intent="x")
        assert change.outcome is Outcome.DONE
        problem = await refusal(
            scope.change("ssm", operation, {"SessionId": "another-1"}, intent="x")
        )
        assert problem.kind is ProblemKind.MODE
    problem = await refusal(scope.change("ssm", "StartSession", {"Target": "mi-0"}, intent="x"))
    assert problem.kind is ProblemKind.MODE
    assert [operation for _, operation, _ in transport.sent] == [
        "StartSession",
        "ResumeSession",
        "TerminateSession",
    ]


async def test_an_upgrade_is_signed_and_trusts_what_is_named(make_scope, transport):
    async def credentials(route):
        return Credentials("AKIA", Secret("key")), f"/etc/{route.profile}.pem"

    transport.credentials = credentials
    scope = make_scope()
    headers, ca_bundle = await scope.upgrade("wss://channel.example/v1/data-channel/s")
    assert "Credential=AKIA/" in headers["Authorization"]
    assert "/eu-west-1/ssmmessages/" in headers["Authorization"]
    assert ca_bundle == "/etc/shop.pem"
    assert (await scope.credentials()).access_key == "AKIA"
    assert scope.endpoint("ssm") == "https://ssm.eu-west-1.example"


async def test_credentials_that_cannot_be_had_are_a_problem(make_scope, transport):
    async def credentials(_route):
        raise NoCredentialsError

    transport.credentials = credentials
    problem = await refusal(make_scope().credentials())
    assert problem.kind is ProblemKind.CREDENTIALS


# Pages and identity


async def test_pages_are_followed(make_scope, transport):
    transport.script.extend([{"Nodes": [1], "NextToken": "a"}, {"NextToken": "b"}, {"Nodes": [2]}])
    pages = await consumed(make_scope().pages("ssm", "ListNodes", page_size=50))
    assert len(pages) == 3
    assert [params for _, _, params in transport.sent] == [
        {"MaxResults": 50},
        {"MaxResults": 50, "NextToken": "a"},
        {"MaxResults": 50, "NextToken": "b"},
    ]


async def test_whoever_stops_reading_stops_the_calls(make_scope, transport):
    transport.script.extend([{"NextToken": "a"}, {"NextToken": "b"}])
    pages = make_scope().pages("ssm", "ListNodes")
    assert await anext(pages) == {"NextToken": "a"}
    await pages.aclose()
    assert len(transport.sent) == 1


async def test_a_page_that_fails_for_a_moment_is_asked_again(make_scope, transport):
    lost = ConnectionClosedError(endpoint_url="u")
    transport.script.extend([{"NextToken": "a"}, lost, {"Nodes": [2]}])
    assert len(await consumed(make_scope().pages("ssm", "ListNodes"))) == 2
    assert [params for _, _, params in transport.sent] == [
        {}, {"NextToken": "a"}, {"NextToken": "a"},
    ]  # fmt: skip


def test_the_name_is_the_configured_one_else_the_alias_else_the_profile(make_scope):
    scope: Scope = make_scope()
    assert (scope.name, scope.alias) == ("shop", None)
    scope.account.alias = "shop-prod"
    assert (scope.name, scope.alias) == ("shop-prod", "shop-prod")
    assert make_scope(given_name="PROD").name == "PROD"


def test_a_sentence_says_where_by_name_account_and_region(make_scope):
    scope: Scope = make_scope()
    assert scope.place == "shop (111122223333/eu-west-1)"
    assert make_scope(given_name="111122223333").place == "111122223333/eu-west-1"


def test_a_scope_says_who_and_where_it_is(make_scope):
    scope = make_scope(expires=lambda: 12.0)
    assert scope.key == ScopeKey("111122223333", "eu-west-1")
    assert (scope.region, scope.identity, scope.expires) == ("eu-west-1", "jane", 12.0)
    assert repr(scope) == "<Scope 111122223333/eu-west-1>"


@pytest.mark.parametrize(
    ("operation", "more"),
    [
        ("DeregisterManagedInstance", {}),
        ("UpdateManagedInstanceRole", {"IamRole": "service-role/other"}),
        (
            "AddTagsToResource",
            {"ResourceType": "ManagedInstance", "Tags": [{"Key": "Env", "Value": "x"}]},
        ),
    ],
)
@pytest.mark.parametrize("kind", ["reply-lost", "truncate", "abort"])
async def test_a_change_of_a_fleet_whose_answer_is_lost_is_never_sent_twice(
    open_fleet, operation, more, kind
):
    async with open_fleet(nodes=60) as fleet:
        (scope,) = fleet.scopes
        node = next(n for n in fleet.world.nodes.values() if n.hybrid and n.managed)
        key = "ResourceId" if operation == "AddTagsToResource" else "InstanceId"
        fleet.endpoint.faults.add(f"{kind} ssm:{operation} count=1")
        change = await scope.change("ssm", operation, {key: node.id, **more}, intent="a test")
        assert change.outcome is Outcome.UNKNOWN
        assert fleet.endpoint.calls[f"ssm:{operation}"] == 1


async def test_a_sentence_calls_it_by_the_name_that_it_has_by_then(make_scope, transport):
    scope = make_scope()

    async def refuse():
        scope.account.alias = "shop-dev"  # learned while the call is under way
        raise answered("AccessDeniedException")

    transport.script += [answered("AccessDeniedException"), refuse]
    for name in ("shop", "shop-dev"):
        problem = await refusal(scope.read("ssm", "ListNodes"))
        assert f" in {name} ({scope.key}): " in problem.what

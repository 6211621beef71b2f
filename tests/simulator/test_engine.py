"""The engine: who asks, for what, what may go wrong, and never anything but a modelled answer."""

from __future__ import annotations

import logging
import xml.etree.ElementTree as ET

import msgspec
import pytest

from ssmtui.simulator.engine import MAX_BODY, MAX_OBJECT, Engine, Fate, largest_body, scope_of
from ssmtui.simulator.errors import RefusedError
from ssmtui.simulator.protocols import Incoming

PUT = b'{"Name":"/a","Value":"x","Type":"String"}'


async def answer(engine, request):
    """Status and body of an answer that is sent."""
    reply = await engine.reply(request)
    assert reply.fate is Fate.SENT
    return reply.answer.status, msgspec.json.decode(reply.answer.body)


async def code(engine, request):
    reply = await engine.reply(request)
    if reply.answer.headers["Content-Type"].startswith("text/xml"):
        root = ET.fromstring(reply.answer.body)
        return reply.answer.status, next(
            element.text for element in root.iter() if element.tag.rpartition("}")[2] == "Code"
        )
    return reply.answer.status, reply.answer.headers["x-amzn-ErrorType"]


async def test_account_and_region_come_from_the_signature(engine, json_request):
    await engine.reply(json_request("PutParameter", PUT))
    get = json_request(
        "GetParameter", b'{"Name":"/a"}', key="AKIA444455556666DEMO", region="us-east-1"
    )
    status, body = await answer(engine, get)
    assert status == 200
    assert body["Parameter"]["Value"] == "444455556666 us-east-1"
    assert body["Parameter"]["LastModifiedDate"] == engine.world.clock.now


async def test_calls_are_counted_by_operation(engine, json_request, form_request):
    for _ in range(3):
        await engine.reply(json_request("PutParameter", PUT))
    await engine.reply(form_request("sts", b"Action=GetCallerIdentity&Version=2011-06-15"))
    assert engine.calls == {"ssm:PutParameter": 3, "sts:GetCallerIdentity": 1}


async def test_a_handlers_own_error_is_sent_as_it_is(engine, json_request):
    reply = await engine.reply(json_request("GetParameter", b'{"Name":"/b"}'))
    assert reply.answer.status == 400
    assert reply.answer.headers["x-amzn-ErrorType"] == "ParameterNotFound"
    assert engine.mistakes == []


async def test_inputs_are_held_to_the_model(engine, json_request):
    status, body = await answer(engine, json_request("DescribeParameters", b'{"MaxResults":51}'))
    assert status == 400
    assert body["__type"] == "ValidationException"
    assert "less than or equal to 50" in body["message"]


@pytest.mark.parametrize("operation", ["ListCommands", "ListDocuments"])
async def test_a_handlers_mistake_is_a_modelled_500_and_is_noted(
    engine, json_request, operation, caplog
):
    with caplog.at_level(logging.CRITICAL):
        status, body = await answer(engine, json_request(operation))
    assert status == 500
    assert body["__type"] == "InternalServerError"
    assert len(engine.mistakes) == 1
    assert type(engine.mistakes[0]).__name__ in body["message"]


@pytest.mark.parametrize(
    ("operation", "why"), [("GetEverything", "does not exist"), ("SendCommand", "not simulated")]
)
async def test_an_unknown_operation_is_a_modelled_error(engine, json_request, operation, why):
    status, body = await answer(engine, json_request(operation))
    assert (status, body["__type"]) == (400, "UnknownOperationException")
    assert f"ssm:{operation}" in body["message"]
    assert why in body["message"]


async def test_an_unknown_action_and_service_are_modelled_errors(
    engine, json_request, form_request
):
    assert await code(engine, form_request("sts", b"Action=Nothing")) == (400, "InvalidAction")
    assert await code(engine, form_request("ec2", b"Action=Nothing")) == (400, "InvalidAction")
    assert await code(engine, form_request("sns", b"Action=Publish")) == (400, "InvalidAction")
    unknown = json_request("ListTables", service="dynamodb", target="DynamoDB_20120810")
    assert await code(engine, unknown) == (400, "UnknownOperationException")
    rest = Incoming("GET", "/x", "", {"authorization": unknown.headers["authorization"]}, b"")
    assert await code(engine, rest) == (404, "UnknownOperationException")


async def test_unknown_keys_are_refused_in_each_protocols_words(engine, json_request, form_request):
    nobody = "AKIANOBODYNOBODYNOBO"
    assert await code(engine, json_request("GetParameter", key=nobody)) == (
        400,
        "UnrecognizedClientException",
    )
    sts = form_request("sts", b"Action=GetCallerIdentity", key=nobody)
    assert await code(engine, sts) == (403, "InvalidClientTokenId")
    ec2 = form_request("ec2", b"Action=DescribeRegions", key=nobody)
    assert await code(engine, ec2) == (401, "AuthFailure")


async def test_a_region_that_the_world_does_not_have_is_not_enabled(
    engine, json_request, form_request
):
    nowhere = json_request("GetParameter", b'{"Name":"/a"}', region="sa-east-1")
    status, body = await answer(engine, nowhere)
    assert (status, body["__type"]) == (400, "UnrecognizedClientException")
    assert "sa-east-1 is not enabled" in body["message"]
    engine.world.regions = ["eu-west-1"]
    ec2 = form_request("ec2", b"Action=DescribeRegions")
    assert await code(engine, ec2) == (401, "AuthFailure")
    sts = form_request("sts", b"Action=GetCallerIdentity&Version=2011-06-15")
    assert (await engine.reply(sts)).answer.status == 200


async def test_temporary_keys_work_until_they_expire(engine, json_request):
    now = engine.world.clock.now
    issued = engine.identities.issue("444455556666", "arn:aws:sts::x", "AROA", now + 900)
    request = json_request(
        "GetParameter",
        b'{"Name":"/b"}',
        key=issued.access_key,
        x_amz_security_token=issued.session_token,
    )
    assert await code(engine, request) == (400, "ParameterNotFound")
    engine.world.clock.advance(900)
    assert await code(engine, request) == (400, "ExpiredTokenException")


async def test_an_unsigned_or_badly_signed_request_is_refused(engine, json_request):
    request = json_request("GetParameter")
    bad = request.headers | {"authorization": "AWS4-HMAC-SHA256 Credential=AKIA/2027/x"}
    assert (await code(engine, Incoming("POST", "/", "", bad, b"{}")))[1] == (
        "IncompleteSignatureException"
    )
    del request.headers["authorization"]
    assert (await code(engine, request))[1] == "MissingAuthenticationTokenException"


def test_a_presigned_url_names_its_scope_too():
    query = "X-Amz-Credential=AKIA%2F20270115%2Feu-west-1%2Fsts%2Faws4_request"
    scope = scope_of(Incoming("GET", "/", query, {}, b""))
    assert (scope.access_key, scope.region, scope.service) == ("AKIA", "eu-west-1", "sts")
    with pytest.raises(RefusedError):
        scope_of(Incoming("GET", "/", "X-Amz-Credential=AKIA", {}, b""))


async def test_malformed_and_oversize_bodies_are_modelled_errors(engine, json_request):
    assert await code(engine, json_request("GetParameter", b"<html>")) == (
        400,
        "SerializationException",
    )
    huge = json_request("GetParameter", b" " * (MAX_BODY + 1))
    assert await code(engine, huge) == (413, "RequestEntityTooLargeException")


async def test_request_ids_are_unique_and_the_same_in_every_run(engine, world, json_request):
    async def ids(of):
        replies = [await of.reply(json_request("GetParameter")) for _ in range(3)]
        return [reply.answer.headers["x-amzn-RequestId"] for reply in replies]

    first = await ids(engine)
    assert len(set(first)) == 3
    assert await ids(Engine(world, {})) == first


async def test_what_is_due_happens_before_a_request_is_answered(engine, json_request, monotonic):
    engine.world.clock.set_pace(1)
    engine.world.clock.after(5, lambda: engine.world.kept.append("/due"))
    monotonic.seconds += 6
    status, _ = await answer(engine, json_request("GetParameter", b'{"Name":"/due"}'))
    assert status == 200


@pytest.mark.parametrize(
    ("rule", "status", "error"),
    [
        ("throttle *", 400, "ThrottlingException"),
        ("error *", 500, "InternalServerError"),
        ("error * status=503", 503, "ServiceUnavailableException"),
        ("error * status=504", 504, "ServiceUnavailableException"),
        ("denied *", 400, "AccessDeniedException"),
        ("expired *", 400, "ExpiredTokenException"),
    ],
)
async def test_faults_that_refuse_leave_no_effect(engine, json_request, rule, status, error):
    engine.faults.add(f"{rule} count=1")
    assert await code(engine, json_request("PutParameter", PUT)) == (status, error)
    assert engine.world.kept == []
    assert (await answer(engine, json_request("PutParameter", PUT)))[0] == 200


async def test_a_denial_names_who_may_not_do_what(engine, json_request, form_request):
    engine.faults.add("denied *")
    _, body = await answer(engine, json_request("PutParameter", PUT))
    assert body["message"] == (
        "User: arn:aws:iam::111122223333:user/ops is not authorized to perform: ssm:PutParameter "
        "on resource: arn:aws:ssm:eu-west-1:111122223333:* because no identity-based policy "
        "allows the ssm:PutParameter action"
    )
    ec2 = await engine.reply(form_request("ec2", b"Action=DescribeRegions"))
    assert b"<Code>UnauthorizedOperation</Code>" in ec2.answer.body
    assert b"You are not authorized to perform this operation. User: arn" in ec2.answer.body


@pytest.mark.parametrize(
    ("rule", "fate", "effect"),
    [
        ("abort *", Fate.CUT, []),
        ("hang *", Fate.HELD, []),
        ("reply-lost *", Fate.CUT, ["/a"]),
        ("truncate *", Fate.TRUNCATED, ["/a"]),
    ],
)
async def test_faults_of_the_connection_keep_or_spare_the_effect(
    engine, json_request, rule, fate, effect
):
    engine.faults.add(rule)
    reply = await engine.reply(json_request("PutParameter", PUT))
    assert reply.fate is fate
    assert engine.world.kept == effect


async def test_a_lost_reply_may_be_an_error(engine, json_request):
    engine.faults.add("reply-lost *")
    assert (await engine.reply(json_request("GetParameter", b'{"Name":"/b"}'))).fate is Fate.CUT


async def test_latencies_pass_before_the_answer(engine, json_request, slept):
    engine.faults.latency_ms = 40
    engine.faults.add("latency ssm:PutParameter ms=250")
    await engine.reply(json_request("PutParameter", PUT))
    await engine.reply(json_request("DescribeParameters"))
    assert slept == [0.29, 0.04]


async def test_idle_waits_for_the_flight_to_end(engine):
    with engine.flight():
        assert engine.in_flight == 1
    await engine.idle()
    assert engine.in_flight == 0


def test_only_what_goes_into_a_bucket_may_be_large(json_request):
    assert largest_body(json_request("GetParameter", b"{}")) == MAX_BODY
    for service, most in (("s3", MAX_OBJECT), ("ssm", MAX_BODY)):
        credential = f"KEY/20261102/eu-west-1/{service}/aws4_request"
        headers = {"authorization": f"AWS4-HMAC-SHA256 Credential={credential}, Signature=0"}
        assert largest_body(Incoming("PUT", "/b/k", "", headers, b"")) == most
        query = f"X-Amz-Credential={credential}"
        assert largest_body(Incoming("PUT", "/b/k", query, {}, b"")) == most
    assert largest_body(Incoming("PUT", "/b/k", "", {}, b"")) == MAX_BODY

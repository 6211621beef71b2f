from __future__ import annotations

import asyncio

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    NoCredentialsError,
    ReadTimeoutError,
)
from botocore.parsers import ResponseParserError

from ssmtui.aws.calls import Call, CallFailedError
from ssmtui.aws.errors import Fate
from ssmtui.aws.limiter import Priority
from ssmtui.aws.transport import Route
from ssmtui.core.keys import ScopeKey
from ssmtui.core.problem import ProblemError, ProblemKind
from ssmtui.core.tasks import spawn

SCOPE = ScopeKey("111122223333", "eu-west-1")
CALL = Call(SCOPE, Route("shop", "eu-west-1"), "ssm", "ListNodes", {"MaxResults": 50}, "shop")
FRONT = Priority.FOREGROUND


def answered(code, status=400):
    response = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(response, "ListNodes")


THROTTLED = answered("ThrottlingException")
BROKEN = answered("InternalServerError", 500)
LOST = ConnectionClosedError(endpoint_url="u")
CUT = ResponseParserError("cut")


async def test_an_answer_comes_through(caller, transport):
    transport.script.append({"Nodes": [1]})
    assert await caller.repeated(CALL, FRONT) == {"Nodes": [1]}
    assert transport.sent == [("ssm", "ListNodes", {"MaxResults": 50})]


@pytest.mark.parametrize("trouble", [THROTTLED, BROKEN, LOST, CUT])
async def test_passing_trouble_is_tried_again(caller, transport, clock, trouble):
    transport.script.extend([trouble, trouble, {"Nodes": []}])
    assert await caller.repeated(CALL, FRONT) == {"Nodes": []}
    assert len(transport.sent) == 3
    assert clock.slept == [0.6, 1.2]


@pytest.mark.parametrize(
    ("trouble", "attempts", "kind"),
    [
        (THROTTLED, 6, ProblemKind.THROTTLED),
        (BROKEN, 6, ProblemKind.SERVICE),
        (LOST, 6, ProblemKind.ENDPOINT),
        (ConnectTimeoutError(endpoint_url="u"), 3, ProblemKind.ENDPOINT),
        (answered("AccessDeniedException"), 1, ProblemKind.DENIED),
        (answered("ExpiredTokenException"), 1, ProblemKind.EXPIRED),
        (answered("ValidationException"), 1, ProblemKind.SERVICE),
    ],
)
async def test_lasting_trouble_ends_as_a_problem(caller, transport, trouble, attempts, kind):
    transport.script.extend([trouble] * 10)
    with pytest.raises(ProblemError) as caught:
        await caller.repeated(CALL, FRONT)
    assert caught.value.problem.kind is kind
    assert len(transport.sent) == attempts


async def test_the_time_is_bounded_as_well(caller, transport, clock):
    async def hang():
        await clock.advance(30)
        raise ReadTimeoutError(endpoint_url="u")

    transport.script.extend([hang] * 10)
    with pytest.raises(ProblemError):
        await caller.repeated(CALL, FRONT)
    assert len(transport.sent) == 2


async def test_throttling_slows_the_quota_down(caller, transport):
    transport.script.extend([THROTTLED, {}])
    await caller.repeated(CALL, FRONT)
    assert [key.quota for key in caller.limiter.slowed] == ["ssm:ListNodes"]


async def test_trouble_with_credentials_was_not_sent(caller, transport):
    transport.prepare_error = NoCredentialsError()
    told = []
    with pytest.raises(CallFailedError) as caught:
        await caller.once(CALL, FRONT, lambda: told.append("sent"))
    assert caught.value.failure.fate is Fate.NOT_SENT
    assert (transport.sent, told) == ([], [])


async def test_an_answer_lost_on_the_way_to_credentials_is_not_the_calls(caller, transport):
    transport.prepare_error = LOST
    with pytest.raises(CallFailedError) as caught:
        await caller.once(CALL, FRONT)
    assert caught.value.failure.fate is Fate.NOT_SENT


async def test_the_slot_is_given_back_however_a_call_ends(caller, transport):
    never = asyncio.Event()

    async def hang():
        await never.wait()

    transport.script.extend([{}, answered("ValidationException"), hang])
    await caller.once(CALL, FRONT)
    with pytest.raises(CallFailedError):
        await caller.once(CALL, FRONT)
    task = spawn(caller.once(CALL, FRONT), "hangs")
    while len(transport.sent) < 3:
        await asyncio.sleep(0)
    assert caller.limiter.in_flight == 1
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert caller.limiter.in_flight == 0

from __future__ import annotations

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    NoCredentialsError,
    ReadTimeoutError,
)
from botocore.parsers import ResponseParserError

from ssmtui.aws.calls import Call
from ssmtui.aws.changes import Outcome, send_change
from ssmtui.aws.limiter import Priority
from ssmtui.aws.transport import Route
from ssmtui.core.keys import ScopeKey
from ssmtui.core.problem import Problem, ProblemError, ProblemKind

SCOPE = ScopeKey("111122223333", "eu-west-1")
CALL = Call(SCOPE, Route("shop", "eu-west-1"), "ssm", "SendCommand", {}, "shop")


def answered(code, status=400):
    response = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(response, "SendCommand")


THROTTLED = answered("ThrottlingException")
LOST = [
    ConnectionClosedError(endpoint_url="u"),
    ReadTimeoutError(endpoint_url="u"),
    ResponseParserError("cut"),
    answered("InternalServerError", 500),
    RuntimeError("surprise"),
]


class Look:
    """A way to reconcile, which gives the scripted verdicts."""

    def __init__(self, *verdicts):
        self.verdicts = list(verdicts)
        self.looks = 0

    async def __call__(self):
        self.looks += 1
        verdict = self.verdicts.pop(0)
        if isinstance(verdict, Exception):
            raise verdict
        return verdict


@pytest.fixture
def send(caller):
    async def sending(reconcile=None):
        return await send_change(
            caller,
            CALL,
            command="aws ...",
            priority=Priority.FOREGROUND,
            reconcile=reconcile,
            on_send=lambda: None,
        )

    return sending


async def test_a_change_that_is_answered_is_done(send, transport):
    transport.script.append({"Command": {"CommandId": "c"}})
    change = await send()
    assert (change.outcome, change.answer) == (Outcome.DONE, {"Command": {"CommandId": "c"}})
    assert change.problem is None


@pytest.mark.parametrize("trouble", LOST)
async def test_a_lost_answer_is_unknown_and_nothing_is_sent_again(send, transport, trouble):
    transport.script.append(trouble)
    change = await send()
    assert change.outcome is Outcome.UNKNOWN
    assert change.problem.kind is ProblemKind.UNKNOWN
    assert "may have been done" in change.problem.what
    assert len(transport.sent) == 1


@pytest.mark.parametrize("trouble", LOST)
async def test_a_lost_answer_that_is_found_done_is_done(send, transport, trouble):
    transport.script.append(trouble)
    change = await send(Look(True))
    assert (change.outcome, change.reconciled) == (Outcome.DONE, True)
    assert len(transport.sent) == 1


async def test_only_what_was_definitely_not_done_is_sent_again(send, transport):
    transport.script.extend([LOST[0], {"ok": 1}])
    look = Look(False)
    change = await send(look)
    assert (change.outcome, change.answer) == (Outcome.DONE, {"ok": 1})
    assert (len(transport.sent), look.looks) == (2, 1)


async def test_it_is_sent_again_no_more_than_once(send, transport):
    transport.script.extend([LOST[0]] * 5)
    change = await send(Look(False, False))
    assert (change.outcome, change.reconciled) == (Outcome.REFUSED, True)
    assert len(transport.sent) == 2


@pytest.mark.parametrize("verdict", [None, ProblemError(Problem(ProblemKind.DENIED, "no"))])
async def test_not_being_able_to_tell_is_unknown(send, transport, verdict):
    transport.script.append(LOST[0])
    change = await send(Look(verdict))
    assert change.outcome is Outcome.UNKNOWN
    assert len(transport.sent) == 1


async def test_a_throttled_change_is_sent_again(send, transport, clock):
    transport.script.extend([THROTTLED, THROTTLED, {"ok": 1}])
    look = Look()
    change = await send(look)
    assert change.outcome is Outcome.DONE
    assert len(transport.sent) == 3
    assert clock.slept == [0.6, 1.2]
    assert look.looks == 0


async def test_throttling_that_does_not_end_is_a_refusal(send, transport):
    transport.script.extend([THROTTLED] * 10)
    change = await send()
    assert (change.outcome, change.problem.kind) == (Outcome.REFUSED, ProblemKind.THROTTLED)
    assert len(transport.sent) == 6


@pytest.mark.parametrize(
    ("trouble", "kind"),
    [
        (answered("AccessDeniedException"), ProblemKind.DENIED),
        (answered("InvalidDocument"), ProblemKind.SERVICE),
        (answered("ExpiredTokenException"), ProblemKind.EXPIRED),
        (ConnectTimeoutError(endpoint_url="u"), ProblemKind.ENDPOINT),
    ],
)
async def test_a_definite_no_is_a_refusal(send, transport, trouble, kind):
    transport.script.append(trouble)
    look = Look()
    change = await send(look)
    assert (change.outcome, change.problem.kind) == (Outcome.REFUSED, kind)
    assert (len(transport.sent), look.looks) == (1, 0)


async def test_without_credentials_nothing_is_sent(send, transport):
    transport.prepare_error = NoCredentialsError()
    change = await send()
    assert (change.outcome, change.problem.kind) == (Outcome.REFUSED, ProblemKind.CREDENTIALS)
    assert transport.sent == []

"""Who may open a data channel."""

from __future__ import annotations

import json
from typing import Any

import aiohttp
import pytest
from aiohttp import WSMsgType
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from ssmtui.simulator.server import Endpoint, running
from ssmtui.simulator.world import World

TOKEN_CLOSE = 1003


@pytest.fixture
async def started(ssm: Any, node: Any) -> dict[str, Any]:
    answer: dict[str, Any] = await ssm.start_session(
        Target=node.id, DocumentName="AWS-StartSSHSession"
    )
    return answer


def opening(token: str) -> str:
    return json.dumps(
        {
            "MessageSchemaVersion": "1.0",
            "RequestId": "8d4f1c64-1df5-4f4e-9df0-000000000001",
            "TokenValue": token,
            "ClientId": "8d4f1c64-1df5-4f4e-9df0-000000000002",
            "ClientVersion": "1.2.835.0",
        }
    )


def signed(endpoint: Endpoint, url: str, **changed: str) -> dict[str, str]:
    """The headers of a signed upgrade."""
    options = endpoint.client_options()
    credentials = Credentials(
        changed.get("key", options["aws_access_key_id"]),
        options["aws_secret_access_key"],
        changed.get("token"),
    )
    request = AWSRequest("GET", url)
    SigV4Auth(credentials, "ssmmessages", options["region_name"]).add_auth(request)
    return dict(request.headers)


async def test_the_token_opens_it_unsigned(
    http: aiohttp.ClientSession, started: dict[str, Any], endpoint: Endpoint
) -> None:
    async with http.ws_connect(started["StreamUrl"]) as socket:
        await socket.send_str(opening(started["TokenValue"]))
        assert (await socket.receive()).type is WSMsgType.BINARY
        assert socket.compress == 0
    assert endpoint.calls["ssmmessages:OpenDataChannel"] == 1


async def test_the_token_opens_it_signed(
    http: aiohttp.ClientSession, started: dict[str, Any], endpoint: Endpoint
) -> None:
    headers = signed(endpoint, started["StreamUrl"])
    async with http.ws_connect(started["StreamUrl"], headers=headers) as socket:
        await socket.send_str(opening(started["TokenValue"]))
        assert (await socket.receive()).type is WSMsgType.BINARY


@pytest.mark.parametrize("changed", [{"key": "AKIA000000000000NONE"}, {"token": "strange"}])
async def test_a_signature_by_a_stranger_is_refused(
    http: aiohttp.ClientSession,
    started: dict[str, Any],
    endpoint: Endpoint,
    changed: dict[str, str],
) -> None:
    headers = signed(endpoint, started["StreamUrl"], **changed)
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await http.ws_connect(started["StreamUrl"], headers=headers)
    assert refused.value.status == 403


@pytest.mark.parametrize(
    "first", ["", "{}", "[]", "not json", opening(""), opening("wrong"), opening("wröng")]
)
async def test_a_wrong_token_closes_it(
    http: aiohttp.ClientSession, started: dict[str, Any], first: str
) -> None:
    async with http.ws_connect(started["StreamUrl"]) as socket:
        await socket.send_str(first)
        closing = await socket.receive()
        assert (closing.type, closing.data) == (WSMsgType.CLOSE, TOKEN_CLOSE)
        assert closing.extra == "request to open data channel does not contain token"


async def test_bytes_are_no_token(http: aiohttp.ClientSession, started: dict[str, Any]) -> None:
    async with http.ws_connect(started["StreamUrl"]) as socket:
        await socket.send_bytes(opening(started["TokenValue"]).encode())
        assert (await socket.receive()).data == TOKEN_CLOSE


async def test_an_older_token_is_void(
    http: aiohttp.ClientSession, started: dict[str, Any], ssm: Any
) -> None:
    resumed = await ssm.resume_session(SessionId=started["SessionId"])
    async with http.ws_connect(resumed["StreamUrl"]) as socket:
        await socket.send_str(opening(started["TokenValue"]))
        assert (await socket.receive()).data == TOKEN_CLOSE


async def test_an_ended_session_has_no_channel(
    http: aiohttp.ClientSession, started: dict[str, Any], ssm: Any
) -> None:
    await ssm.terminate_session(SessionId=started["SessionId"])
    async with http.ws_connect(started["StreamUrl"]) as socket:
        await socket.send_str(opening(started["TokenValue"]))
        assert (await socket.receive()).data == TOKEN_CLOSE


async def test_a_request_that_is_no_upgrade_is_refused(
    http: aiohttp.ClientSession, started: dict[str, Any]
) -> None:
    url = started["StreamUrl"].replace("ws://", "http://")
    async with http.get(url) as answer:
        assert answer.status == 400


@pytest.mark.parametrize(
    ("rule", "status"),
    [("denied", 403), ("expired", 403), ("throttle", 429), ("error", 500)],
)
async def test_rules_refuse_the_upgrade(
    http: aiohttp.ClientSession,
    started: dict[str, Any],
    endpoint: Endpoint,
    rule: str,
    status: int,
) -> None:
    endpoint.faults.add(f"{rule} ssmmessages:OpenDataChannel count=1")
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await http.ws_connect(started["StreamUrl"])
    assert refused.value.status == status
    async with http.ws_connect(started["StreamUrl"]) as socket:
        await socket.send_str(opening(started["TokenValue"]))
        assert (await socket.receive()).type is WSMsgType.BINARY


async def test_a_rule_cuts_the_upgrade(
    http: aiohttp.ClientSession, started: dict[str, Any], endpoint: Endpoint
) -> None:
    endpoint.faults.add("abort ssmmessages:*")
    with pytest.raises(aiohttp.ClientConnectionError):
        await http.ws_connect(started["StreamUrl"])


async def test_a_rule_cuts_it_once_it_is_open(
    http: aiohttp.ClientSession, started: dict[str, Any], endpoint: Endpoint
) -> None:
    endpoint.faults.add("reply-lost ssmmessages:OpenDataChannel count=1")
    async with http.ws_connect(started["StreamUrl"]) as socket:
        await socket.send_str(opening(started["TokenValue"]))
        closing = await socket.receive()
        assert closing.type in (WSMsgType.CLOSED, WSMsgType.CLOSING, WSMsgType.ERROR)


async def test_open_channels_do_not_hold_up_the_end(world: World) -> None:
    """The endpoint closes at once, whatever is connected to it."""
    async with aiohttp.ClientSession() as http:
        async with running(world) as served:
            socket = await http.ws_connect(
                served.url.replace("http", "ws") + "/v1/data-channel/nobody-0123"
            )
        closing = await socket.receive(timeout=5)
        assert closing.type is not WSMsgType.BINARY

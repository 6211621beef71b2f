"""Faults on the wire: as a real client meets them, and byte by byte."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    EndpointConnectionError,
    HTTPClientError,
    ReadTimeoutError,
)

from ssmtui.simulator.server import running

PUT = {"Name": "/a", "Value": "x", "Type": "String"}
PUT_BODY = b'{"Name":"/a","Value":"x"}'
CUT = (ConnectionClosedError, EndpointConnectionError, HTTPClientError)


class Ssm:
    """Handlers for the tests that serve an endpoint of their own."""

    def DescribeParameters(self, call):
        return {}

    def PutParameter(self, call):
        call.world.kept.append(call.params["Name"])
        return {"Version": 1}


@pytest.mark.parametrize(
    ("rule", "code", "status"),
    [
        ("throttle *", "ThrottlingException", 400),
        ("error *", "InternalServerError", 500),
        ("error * status=503", "ServiceUnavailableException", 503),
        ("denied *", "AccessDeniedException", 400),
        ("expired *", "ExpiredTokenException", 400),
    ],
)
async def test_a_client_meets_refusals(endpoint, client, rule, code, status):
    endpoint.faults.add(f"{rule} count=1")
    async with client("ssm") as ssm:
        with pytest.raises(ClientError) as refused:
            await ssm.put_parameter(**PUT)
        assert refused.value.response["Error"]["Code"] == code
        assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == status
        assert endpoint.world.kept == []
        assert (await ssm.put_parameter(**PUT))["Version"] == 1


@pytest.mark.parametrize(
    ("rule", "kept"), [("abort *", []), ("reply-lost *", ["/a"]), ("truncate *", ["/a"])]
)
async def test_a_client_loses_its_connection(endpoint, client, rule, kept):
    endpoint.faults.add(f"{rule} count=1")
    async with client("ssm") as ssm:
        with pytest.raises(CUT):
            await ssm.put_parameter(**PUT)
        assert endpoint.world.kept == kept
        assert (await ssm.put_parameter(**PUT))["Version"] == len(kept) + 1


async def test_a_client_waits_in_vain(endpoint, client):
    endpoint.faults.add("hang *")
    async with client("ssm", read_timeout=0.05) as ssm:
        with pytest.raises(ReadTimeoutError):
            await ssm.put_parameter(**PUT)
    await endpoint.engine.idle()
    assert endpoint.world.kept == []


async def test_a_client_waits_for_latency(endpoint, client, slept):
    endpoint.faults.add("latency ssm:PutParameter ms=250")
    async with client("ssm") as ssm:
        await ssm.put_parameter(**PUT)
    assert slept == [0.25]


async def test_the_same_client_reaches_every_protocol(endpoint, client):
    async with client("sts", account="444455556666") as sts:
        assert (await sts.get_caller_identity())["Account"] == "444455556666"
    async with client("ec2") as ec2:
        regions = (await ec2.describe_regions())["Regions"]
        assert [region["RegionName"] for region in regions] == ["eu-west-1", "us-east-1"]
    async with client("resource-groups") as groups:
        assert (await groups.get_group(Group="web"))["Group"]["Name"] == "web"
    async with client("ssm") as ssm:
        pages = ssm.get_paginator("describe_parameters").paginate(PaginationConfig={"PageSize": 50})
        assert [len(page["Parameters"]) async for page in pages] == [50, 50, 20]
    assert endpoint.mistakes == []


async def bare_request(endpoint, request):
    """Send a request over a bare socket; its streams."""
    url = urlsplit(endpoint.url)
    reader, writer = await asyncio.open_connection(url.hostname, url.port)
    headers = {"host": url.netloc, "content-length": str(len(request.body)), **request.headers}
    lines = [f"{name}: {value}" for name, value in headers.items()]
    writer.write("\r\n".join(["POST / HTTP/1.1", *lines, "", ""]).encode() + request.body)
    return reader, writer


@pytest.fixture
def raw(endpoint, json_request):
    """Send an operation over a bare socket; its streams."""

    async def send(operation, body=b"{}"):
        return await bare_request(endpoint, json_request(operation, body))

    return send


async def received(streams):
    """All that comes before the connection ends."""
    reader, writer = streams
    data = await reader.read()
    writer.close()
    return data


@pytest.mark.parametrize("rule", ["abort *", "reply-lost *"])
async def test_a_cut_connection_sends_not_one_byte(endpoint, raw, rule):
    endpoint.faults.add(rule)
    assert await received(await raw("DescribeParameters")) == b""


async def test_a_truncated_answer_announces_more_than_it_sends(endpoint, raw):
    endpoint.faults.add("truncate *")
    data = await received(await raw("DescribeParameters"))
    head, _, body = data.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK")
    lengths = [line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
    announced = int(lengths[0].split(b":")[1])
    assert len(body) == announced // 2
    assert body.startswith(b'{"Parameters":[{"Name":"p000"}')


async def test_a_held_request_ends_when_its_client_leaves(endpoint, raw):
    endpoint.faults.add("hang *")
    _, writer = await raw("DescribeParameters")
    while not endpoint.calls or not endpoint.engine.in_flight:
        await asyncio.sleep(0)
    assert endpoint.engine.in_flight == 1
    writer.close()
    await asyncio.wait_for(endpoint.engine.idle(), 10)


async def test_an_effect_is_finished_also_if_the_client_leaves(world, json_request):
    waiting, going_on = asyncio.Event(), asyncio.Event()

    async def sleep(seconds):
        waiting.set()
        await going_on.wait()

    async with running(world, services={"ssm": Ssm}, latency_ms=1, sleep=sleep) as served:
        _, writer = await bare_request(served, json_request("PutParameter", PUT_BODY))
        await waiting.wait()
        writer.transport.abort()
        while not writer.transport.is_closing():
            await asyncio.sleep(0)
        going_on.set()
        await asyncio.wait_for(served.engine.idle(), 10)
    assert world.kept == ["/a"]


async def test_an_oversize_body_is_refused(endpoint, client):
    async with client("ssm") as ssm:
        with pytest.raises(ClientError) as refused:
            await ssm.put_parameter(**{**PUT, "Value": "x" * 1_100_000})
    assert refused.value.response["Error"]["Code"] == "RequestEntityTooLargeException"
    assert endpoint.world.kept == []


async def test_the_worlds_mistakes_are_noted_and_time_goes_on(endpoint, caplog):
    happened = asyncio.Event()

    def fail():
        raise KeyError("a mistake of the world")

    with caplog.at_level("CRITICAL"):
        endpoint.clock.after(0, fail)
        endpoint.clock.after(0, happened.set)
        await asyncio.wait_for(happened.wait(), 10)
    assert [type(mistake) for mistake in endpoint.mistakes] == [KeyError]


async def test_only_loopback_is_listened_on(endpoint):
    assert endpoint.url.startswith("http://127.0.0.1:")
    assert endpoint.control == f"{endpoint.url}/_ssmtui/"


async def test_closing_does_not_wait_for_held_requests(world, json_request):
    async with asyncio.timeout(20):  # aiohttp's own patience would be a minute
        async with running(world, services={"ssm": Ssm}, faults=["hang *"]) as served:
            _, writer = await bare_request(served, json_request("DescribeParameters"))
            while not served.engine.in_flight or not served.calls:
                await asyncio.sleep(0)
        writer.close()

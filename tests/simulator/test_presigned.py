"""Addresses made by botocore, asked of the endpoint by a plain HTTP client."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiobotocore.config import AioConfig
from aiobotocore.session import get_session

from ssmtui.simulator.server import Endpoint, running
from ssmtui.simulator.world import World
from ssmtui.simulator.world.buckets import Bucket, Buckets


@pytest.fixture
async def endpoint() -> AsyncIterator[Endpoint]:
    async with running(World.generate(nodes=0, accounts=2, regions=1)) as endpoint:
        yield endpoint
        assert endpoint.mistakes == []


@pytest.fixture
def bucket(endpoint: Endpoint) -> Bucket:
    return endpoint.world.part(Buckets).usual(endpoint.accounts[0], endpoint.world.regions[0])


async def presigned(endpoint: Endpoint, method: str, expires: int = 60, **params: Any) -> str:
    config = AioConfig(signature_version="s3v4")
    options = endpoint.client_options()
    async with get_session().create_client("s3", config=config, **options) as s3:
        url = await s3.generate_presigned_url(method, Params=params, ExpiresIn=expires)
    return str(url)


async def asked(method: str, url: str, body: bytes = b"") -> tuple[int, str]:
    async with (
        aiohttp.ClientSession() as http,
        http.request(method, aiohttp.client.URL(url, encoded=True), data=body) as answer,
    ):
        return answer.status, await answer.text()


async def test_an_address_does_what_it_was_signed_for(endpoint: Endpoint, bucket: Bucket) -> None:
    place = {"Bucket": bucket.name, "Key": "a b/ä+c"}
    assert await asked("PUT", await presigned(endpoint, "put_object", **place), b"data") == (
        200,
        "",
    )
    assert bucket.get(place["Key"]).data == b"data"
    url = await presigned(endpoint, "get_object", **place)
    assert await asked("GET", url) == (200, "data")
    assert await asked("GET", url) == (200, "data")


async def test_it_does_nothing_else(endpoint: Endpoint, bucket: Bucket) -> None:
    bucket.put("key", b"data", 0.0)
    bucket.put("other", b"data", 0.0)
    url = await presigned(endpoint, "get_object", Bucket=bucket.name, Key="key")
    longer = url.replace("X-Amz-Expires=60", "X-Amz-Expires=600")
    for method, wrong in (
        ("PUT", url),
        ("GET", url.replace("/key?", "/other?")),
        ("GET", longer),
        ("GET", url[:-1] + ("0" if url[-1] != "0" else "1")),
    ):
        status, text = await asked(method, wrong, b"x" if method == "PUT" else b"")
        assert (status, "<Code>SignatureDoesNotMatch<" in text) == (403, True)
    assert bucket.get("key").data == b"data"


async def test_it_expires(
    endpoint: Endpoint, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    bucket.put("key", b"data", 0.0)
    url = await presigned(endpoint, "get_object", Bucket=bucket.name, Key="key")
    monkeypatch.setattr(endpoint.engine, "_wall", lambda: time.time() + 59)
    assert (await asked("GET", url))[0] == 200
    monkeypatch.setattr(endpoint.engine, "_wall", lambda: time.time() + 62)
    status, text = await asked("GET", url)
    assert status == 403
    assert "<Code>AccessDenied</Code><Message>Request has expired</Message><Expires>" in text


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("X-Amz-Expires=60", "X-Amz-Expires=soon"),
        ("X-Amz-Expires=60", "X-Amz-Expires=604801"),
        ("X-Amz-Expires=60", "X-Amz-Expires=0"),
        ("X-Amz-Date=", "X-Amz-Day="),
    ],
)
async def test_it_must_say_how_long_it_lasts(
    endpoint: Endpoint, bucket: Bucket, was: str, now: str
) -> None:
    url = await presigned(endpoint, "get_object", Bucket=bucket.name, Key="key")
    status, text = await asked("GET", url.replace(was, now))
    assert (status, "<Code>AuthorizationQueryParametersError<" in text) == (400, True)


async def test_without_a_signature_there_is_no_access(endpoint: Endpoint, bucket: Bucket) -> None:
    bucket.put("key", b"data", 0.0)
    url = await presigned(endpoint, "get_object", Bucket=bucket.name, Key="key")
    unsigned = url[: url.index("&X-Amz-Signature=")]
    assert (await asked("GET", unsigned))[0] == 403
    assert (await asked("GET", url.partition("?")[0]))[0] == 403

from __future__ import annotations

import pytest

from ssmtui.simulator.outside import CutError, Outside, Response
from ssmtui.simulator.server import running
from ssmtui.simulator.world import World


@pytest.fixture
def world() -> World:
    return World.generate(nodes=0, accounts=1, regions=1)


async def test_only_who_was_opened_answers(world: World) -> None:
    asked = []

    async def serve(method, path, query, headers, body):
        asked.append((method, path, query, headers["host"], body))
        return Response(200, {}, b"here")

    outside = Outside(world)
    assert await outside.ask("GET", "http://127.0.0.1:1/a?b=c") is None
    outside.open("127.0.0.1:1", serve)
    answer = await outside.ask("PUT", "http://127.0.0.1:1/a?b=c", body=b"x")
    assert answer == Response(200, {}, b"here")
    assert asked == [("PUT", "/a", "b=c", "127.0.0.1:1", b"x")]
    assert await outside.ask("GET", "http://127.0.0.1:2/") is None
    assert await outside.ask("GET", "http://example.com/") is None
    outside.close("127.0.0.1:1")
    assert await outside.ask("GET", "http://127.0.0.1:1/") is None


async def test_a_served_world_answers_its_own_machines(world: World) -> None:
    async with running(world) as endpoint:
        outside = world.part(Outside)
        answer = await outside.ask("GET", f"{endpoint.url}/bucket/key")
        assert answer is not None
        assert (answer.status, b"Missing Authentication Token" in answer.body) == (403, True)
    assert await outside.ask("GET", f"{endpoint.url}/") is None


async def test_faults_befall_them_too(world: World) -> None:
    from ssmtui.simulator.world.buckets import Buckets
    from tests.simulator.test_presigned import presigned

    async with running(world, faults=["truncate s3:GetObject", "abort s3:PutObject"]) as endpoint:
        bucket = world.part(Buckets).usual(endpoint.accounts[0], world.regions[0])
        bucket.put("key", b"12345678", 0.0)
        place = {"Bucket": bucket.name, "Key": "key"}
        with pytest.raises(CutError) as cut:
            await world.part(Outside).ask("GET", await presigned(endpoint, "get_object", **place))
        assert cut.value.body == b"1234"
        with pytest.raises(CutError) as cut:
            await world.part(Outside).ask("PUT", await presigned(endpoint, "put_object", **place))
        assert cut.value.body == b""

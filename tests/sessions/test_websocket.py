from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from ssmtui.sessions.start import Upgrade
from ssmtui.sessions.websocket import LostError, UpgradeError, open_websocket


class Server:
    """A websocket server whose one handler the test gives."""

    def __init__(self):
        self.url = ""
        self.requests = []
        self.handler = None

    async def handle(self, request):
        self.requests.append(request)
        return await self.handler(request)


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    made = Server()
    runner = web.ServerRunner(web.Server(made.handle), shutdown_timeout=0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.url = f"ws://127.0.0.1:{runner.addresses[0][1]}/v1/data-channel/s"
    yield made
    await runner.cleanup()


async def _echo(request):
    socket = web.WebSocketResponse()
    await socket.prepare(request)
    async for message in socket:
        if message.data == "close":
            await socket.close(code=1003)
        elif message.data == "cut":
            request.transport.abort()
        elif isinstance(message.data, str):
            await socket.send_str("a text, which the protocol does not have")
            await socket.send_bytes(message.data.encode())
        else:
            await socket.send_bytes(message.data)
    return socket


async def test_frames_go_both_ways_with_the_signed_headers(server):
    server.handler = _echo
    socket = await open_websocket(server.url, Upgrade({"Authorization": "AWS4-HMAC-SHA256 x"}))
    await socket.send("text")
    assert await socket.receive() == b"text"
    await socket.send(b"bytes")
    await socket.ping()
    assert await socket.receive() == b"bytes"
    await socket.close()
    headers = server.requests[0].headers
    assert headers["Authorization"] == "AWS4-HMAC-SHA256 x"
    assert headers["User-Agent"].startswith("ssmtui/")


async def test_the_address_is_used_as_it_is(server):
    server.handler = _echo
    query = "?role=publish_subscribe&cell-number=AAEA%2Fb+c=="
    socket = await open_websocket(server.url + query, Upgrade({}))
    await socket.close()
    assert server.requests[0].raw_path.endswith(query)


@pytest.mark.parametrize(("wish", "code"), [("close", 1003), ("cut", 1006)])
async def test_an_end_is_told_with_its_code(server, wish, code):
    server.handler = _echo
    socket = await open_websocket(server.url, Upgrade({}))
    await socket.send(wish)
    assert await socket.receive() is None
    assert socket.close_code == code
    with pytest.raises(LostError):
        await socket.send(b"more")
    await socket.close()


async def test_a_large_frame_is_taken(server):
    server.handler = _echo
    socket = await open_websocket(server.url, Upgrade({}))
    await socket.send(b"x" * 3_000_000)
    assert await socket.receive() == b"x" * 3_000_000
    await socket.close()


@pytest.mark.parametrize(
    ("status", "refused", "words"),
    [
        (403, True, "HTTP 403): missing ssmmessages:OpenDataChannel"),
        (404, True, "HTTP 404"),
        (200, False, "HTTP 200"),
        (503, False, "HTTP 503"),
    ],
)
async def test_an_upgrade_that_is_not_made_says_why(server, status, refused, words):
    async def answer(request):
        return web.Response(status=status)

    server.handler = answer
    with pytest.raises(UpgradeError, match=r"127\.0\.0\.1") as caught:
        await open_websocket(server.url, Upgrade({}))
    assert words in str(caught.value)
    assert caught.value.refused is refused


async def test_nobody_there_may_be_there_later(server, unused_tcp_port):
    with pytest.raises(UpgradeError, match="cannot be reached") as caught:
        await open_websocket(f"ws://127.0.0.1:{unused_tcp_port}/", Upgrade({}))
    assert not caught.value.refused


async def test_no_answer_is_not_waited_for(server, monkeypatch):
    monkeypatch.setattr("ssmtui.sessions.websocket.CONNECT_SECONDS", 0.05)
    gone = asyncio.Event()

    async def hang(request):
        await gone.wait()
        return web.Response()

    server.handler = hang
    with pytest.raises(UpgradeError, match="in time"):
        await open_websocket(server.url, Upgrade({}))
    gone.set()


@pytest.mark.parametrize("url", ["", "nonsense", "ftp://127.0.0.1/x", "ws://", "ws://127.0.0.1:x/"])
async def test_an_address_that_is_none_is_refused(url):
    with pytest.raises(UpgradeError) as caught:
        await open_websocket(url, Upgrade({}))
    assert caught.value.refused


@pytest.mark.parametrize("content", [None, "not a certificate"])
async def test_certificates_that_cannot_be_read(tmp_path, server, content):
    bundle = tmp_path / "bundle.pem"
    if content is not None:
        bundle.write_text(content)
    with pytest.raises(UpgradeError, match="CA bundle"):
        await open_websocket(server.url, Upgrade({}, str(bundle)))


async def test_a_proxy_of_the_environment_is_used(server, monkeypatch):
    async def refuse(request):
        return web.Response(status=502)

    server.handler = refuse
    monkeypatch.setenv("http_proxy", server.url.replace("ws://", "http://"))
    with pytest.raises(UpgradeError):
        await open_websocket("ws://channel.example/v1/data-channel/s", Upgrade({}))
    assert str(server.requests[0].url) == "http://channel.example/v1/data-channel/s"


async def test_a_proxy_is_left_out_where_the_environment_says_so(server, monkeypatch):
    server.handler = _echo
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    socket = await open_websocket(server.url, Upgrade({}))
    await socket.close()
    assert len(server.requests) == 1

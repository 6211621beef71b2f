from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ssmtui.core.tasks import spawn
from ssmtui.simulator.agent import http, network
from ssmtui.simulator.agent.connection import pair
from ssmtui.simulator.world import World
from ssmtui.simulator.world.node import Node


async def ask(node: Node, request: bytes) -> bytes:
    """All that is answered to what is sent before hanging up."""
    ours, theirs = pair()
    task = spawn(network.run(http.serve, theirs, node), "http")
    sending = spawn(ours.write(request), "request")
    heard = b""
    while data := await ours.read():
        heard += data
    await task
    await sending
    return heard


def request(line: str, *headers: str, body: bytes = b"", close: bool = True) -> bytes:
    lines = [f"{line} HTTP/1.1", "Host: node", *headers]
    if close:
        lines.append("Connection: close")
    return "\r\n".join([*lines, "", ""]).encode() + body


def parts(answer: bytes) -> tuple[str, bytes]:
    head, _, body = answer.partition(b"\r\n\r\n")
    return head.decode(), body


async def test_the_status_page_is_about_the_node(node: Node) -> None:
    head, body = parts(await ask(node, request("GET /")))
    assert head.startswith("HTTP/1.1 200 OK")
    assert node.id.encode() in body


async def test_hostile_names_do_no_harm_on_the_page(node: Node) -> None:
    node.tags["Name"] = "<script>"
    _, body = parts(await ask(node, request("GET /")))
    assert b"<script>" not in body


async def test_its_health_is_json(node: Node) -> None:
    _, body = parts(await ask(node, request("GET /health")))
    assert json.loads(body) == {"status": "ok", "node": node.id}


@pytest.mark.parametrize("count", [0, 1, 16_384, 100_001])
async def test_bytes_come_in_any_number(node: Node, count: int) -> None:
    head, body = parts(await ask(node, request(f"GET /bytes/{count}")))
    assert f"Content-Length: {count}\r\n" in head
    assert len(body) == count
    assert body == (bytes(range(256)) * (count // 256 + 1))[:count]


async def test_what_is_posted_is_counted(node: Node) -> None:
    post = request("POST /bytes", "Content-Length: 50000", body=b"x" * 50_000)
    _, body = parts(await ask(node, post))
    assert json.loads(body) == {"bytes": 50_000}


async def test_a_connection_answers_one_request_after_the_other(node: Node) -> None:
    both = request("GET /health", close=False) + request("GET /nothing")
    answer = await ask(node, both)
    assert answer.count(b"HTTP/1.1 200 OK") == 1
    assert b"keep-alive" in answer
    assert b"HTTP/1.1 404 Not Found" in answer


async def test_a_head_has_no_body(node: Node) -> None:
    for path in ("/", "/bytes/100"):
        head, body = parts(await ask(node, request(f"HEAD {path}")))
        assert "200 OK" in head
        assert body == b""


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("DELETE /", 405),
        ("GET /bytes/x", 404),
        (f"GET /bytes/{http.MOST_BYTES + 1}", 404),
        ("GET /bytes", 404),
        ("GET", 400),
    ],
)
async def test_what_it_does_not_do(node: Node, line: str, status: int) -> None:
    assert f" {status} ".encode() in await ask(node, request(line))


@pytest.mark.parametrize(
    "headers", [["Content-Length: x"], ["Transfer-Encoding: chunked"], ["no colon"]]
)
async def test_bodies_of_unknown_length_are_refused(node: Node, headers: list[str]) -> None:
    assert b" 400 " in await ask(node, request("POST /bytes", *headers))


async def test_a_head_without_an_end_is_refused(node: Node) -> None:
    assert b" 400 " in await ask(node, b"x" * 20_000)


WORLD = World.generate(nodes=20, accounts=1, regions=1)


@given(st.binary(max_size=200))
@settings(max_examples=100, deadline=None)
async def test_any_bytes_are_answered_or_hung_up_on(data: bytes) -> None:
    ours, theirs = pair()
    node = WORLD.scopes[0].managed[0]
    task = spawn(network.run(http.serve, theirs, node), "http")
    await ours.write(data)
    ours.finish()
    while await ours.read():
        pass
    await task

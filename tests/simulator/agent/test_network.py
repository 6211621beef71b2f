from __future__ import annotations

import pytest

from ssmtui.core.tasks import spawn
from ssmtui.simulator.agent import network
from ssmtui.simulator.agent.connection import PeerConnection, pair
from ssmtui.simulator.agent.network import RefusedError, dial
from ssmtui.simulator.world import World
from ssmtui.simulator.world.node import Node


async def talk(service: network.Service, node: Node, *said: bytes) -> bytes:
    """Say something to a service, hang up, and hear all that it answered."""
    ours, theirs = pair()
    task = spawn(network.run(service, theirs, node), "service")
    for piece in said:
        await ours.write(piece)
    ours.finish()
    heard = b""
    while data := await ours.read():
        heard += data
    await task
    return heard


@pytest.fixture
def windows(world: World) -> Node:
    return next(node for node in world.scopes[0].managed if node.platform.windows)


def test_a_node_knows_itself_by_several_names(node: Node) -> None:
    for host in ("localhost", "127.0.0.1", node.address, node.private_dns.upper(), ""):
        assert dial(node, host, 80)


@pytest.mark.parametrize("port", [1, 81, 443, 65535])
def test_ports_that_nobody_listens_on_are_refused(node: Node, port: int) -> None:
    with pytest.raises(RefusedError, match="connection refused"):
        dial(node, "localhost", port)


def test_hosts_that_are_not_there_are_refused(node: Node) -> None:
    with pytest.raises(RefusedError, match="no such host"):
        dial(node, "example.org", 80)
    with pytest.raises(RefusedError, match="connection refused"):
        dial(node, network.DATABASE_HOST, 80)


def test_windows_has_other_ports(node: Node, windows: Node) -> None:
    assert 22 in network.listening(node)
    assert 22 not in network.listening(windows)
    assert 3389 in network.listening(windows)


async def test_echo_gives_back(node: Node) -> None:
    assert await talk(network.echo, node, b"one", b"two") == b"onetwo"


async def test_silent_says_nothing(node: Node) -> None:
    assert await talk(network.silent, node, b"hello") == b""


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        (b"SSH-2.0-client\r\n", b"SSH-2.0-OpenSSH_8.7\r\n"),
        (b"GET /\r\n", b"SSH-2.0-OpenSSH_8.7\r\nInvalid SSH identification string.\r\n"),
        (b"x" * 300, b"SSH-2.0-OpenSSH_8.7\r\nInvalid SSH identification string.\r\n"),
        (b"", b"SSH-2.0-OpenSSH_8.7\r\n"),
    ],
)
async def test_ssh_says_who_it_is(node: Node, said: bytes, heard: bytes) -> None:
    assert await talk(network.ssh, node, said) == heard


@pytest.mark.parametrize("said", [b"", b"\0\0", b"\0\0\0\x01", b"\xff\xff\xff\xff", b"\0\0\0\x09x"])
async def test_the_database_hangs_up_on_nonsense(node: Node, said: bytes) -> None:
    assert await talk(network.database, node, said) == b""


async def test_a_service_ends_when_nobody_hears_it(node: Node) -> None:
    async def endless(peer: PeerConnection, node: Node) -> None:
        while True:
            await peer.write(b"x" * 4096)

    ours, theirs = pair()
    task = spawn(network.run(endless, theirs, node), "service")
    assert await ours.read()
    ours.end()
    await task

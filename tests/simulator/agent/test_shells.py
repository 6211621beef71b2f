"""Shells and single commands in a session, over a real websocket."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from ssmtui.core.wire import events as wire
from ssmtui.simulator.agent.sessions import Sessions, Status, connected
from ssmtui.simulator.world import World
from ssmtui.simulator.world.node import Node

COMMAND = "AWS-StartNonInteractiveCommand"
INTERACTIVE = "AWS-StartInteractiveCommand"

Start = Callable[..., Awaitable[Any]]


@pytest.fixture
async def shell(start: Start) -> Any:
    """A session whose shell has answered."""
    client = await start()
    done = await client.ready()
    assert done.session_type == "Standard_Stream"
    client.type(b"echo rea''dy\r")
    await client.until_output(b"\nready")
    return client


@pytest.fixture
def windows(world: World) -> Node:
    for node in world.scopes[0].managed:
        if node.platform.windows and connected(node):
            return node
    raise AssertionError("no Windows node is connected")


async def test_a_shell_answers_to_either_newline(shell: Any) -> None:
    """Trap 4: Enter comes as a carriage return or as a newline."""
    shell.type(b"echo o''ne\r")
    await shell.until_output(b"\none")
    shell.type(b"echo t''wo\n")
    await shell.until_output(b"\ntwo")


async def test_a_shell_is_the_session_users(shell: Any, node: Node) -> None:
    shell.type(b"whoami; hostname\r")
    await shell.until_output(b"\nssm-user\r\n")
    name = (node.computer_name or node.private_dns).partition(".")[0]
    await shell.until_output(name.encode())


async def test_the_terminals_size_reaches_the_shell(shell: Any) -> None:
    shell.resize(101, 37)
    shell.type(b"stty size\r")
    await shell.until_output(b"\n37 101\r\n")


async def test_ctrl_c_ends_a_command(shell: Any) -> None:
    shell.type(b"sleep 1000\r")
    await shell.until_output(b"sleep 1000\r\n")
    shell.type(b"\x03")
    shell.type(b"echo sta''tus $?\r")
    await shell.until_output(b"\nstatus 130")


async def test_exit_closes_the_channel(shell: Any, sessions: Sessions) -> None:
    shell.type(b"exit\r")
    assert (await shell.closed()).output == ""
    session = sessions.find(shell.id)
    assert session is not None
    assert session.status is Status.TERMINATED


async def test_much_output_comes_whole(shell: Any) -> None:
    shell.type(b"seq 1 30000; echo do''ne\r")
    await shell.until_output(b"\ndone\r\n")
    begin = shell.output.index(b"\n1\r\n") + 1
    expected = b"".join(b"%d\r\n" % number for number in range(1, 30_001))
    assert bytes(shell.output[begin : begin + len(expected)]) == expected


async def test_endless_output_is_held_up_and_can_be_stopped(shell: Any) -> None:
    shell.type(b"yes\r")
    await shell.until_output(b"y\r\n" * 1000)
    shell.type(b"\x03")
    shell.type(b"echo sto''pped\r")
    await shell.until_output(b"\nstopped")


async def test_a_session_goes_on_after_a_lost_connection(shell: Any, control: Any) -> None:
    shell.type(b"here=there\r")
    await control(f"sessions/{shell.id}/cut", times=1)
    await shell.lost()
    await shell.resume()
    shell.type(b"echo still $here\r")
    await shell.until_output(b"\nstill there")


async def test_what_one_session_does_another_sees(shell: Any, start: Start) -> None:
    shell.type(b"echo hello > /tmp/note; echo wri''tten\r")
    await shell.until_output(b"\nwritten")
    other = await start()
    await other.ready()
    other.type(b"cat /tmp/note\r")
    await other.until_output(b"\nhello\r\n")


async def test_a_windows_node_has_powershell(start: Start, windows: Node) -> None:
    client = await start(target=windows.id)
    await client.until_output(b"PS C:\\Windows\\system32> ")
    client.type(b"Write-Output ('o' + 'k')\r")
    await client.until_output(b"\nok")


async def test_a_command_keeps_its_streams_apart(start: Start) -> None:
    command = "echo out; echo err >&2; exit 7"
    client = await start(COMMAND, command=command, separateOutputStream="true")
    assert (await client.ready()).session_type == "NonInteractiveCommands"
    await client.closed()
    assert bytes(client.output) == b"out\n"
    assert bytes(client.stderr) == b"err\n"
    assert [event.code for event in client.of(wire.Exit)] == [7]


async def test_a_command_may_have_one_stream(start: Start) -> None:
    client = await start(COMMAND, command="echo out; echo err >&2; exit 7")
    await client.closed()
    assert bytes(client.output) == b"out\nerr\n"
    assert client.of(wire.Exit) == client.of(wire.Stderr) == []


async def test_lines_that_are_ready_together_leave_together(start: Start) -> None:
    client = await start(COMMAND, command="for n in $(seq 1 500); do echo line $n; done")
    await client.closed()
    assert bytes(client.output) == b"".join(b"line %d\n" % n for n in range(1, 501))
    messages = client.of(wire.Output)
    assert len(messages) < 100
    assert max(len(message.data) for message in messages) <= 1024


async def test_an_endless_command_is_held_up_and_ends_with_its_session(
    start: Start, ssm: Any
) -> None:
    client = await start(COMMAND, command="yes")
    await client.until_output(b"y\n" * 100_000)
    await ssm.terminate_session(SessionId=client.id)
    await client.closed()


async def test_a_command_ends_with_its_session(start: Start, ssm: Any, world: World) -> None:
    client = await start(COMMAND, command="echo be''gin; sleep 1000; echo end")
    await client.until_output(b"begin")
    await ssm.terminate_session(SessionId=client.id)
    await client.closed()
    world.clock.advance(2000)
    assert bytes(client.output) == b"begin\n"


async def test_an_interactive_command_has_the_terminal(start: Start) -> None:
    client = await start(INTERACTIVE, command="read word; echo got $word")
    assert (await client.ready()).session_type == "InteractiveCommands"
    client.type(b"some")
    await client.until_output(b"some")
    client.type(b"thing\r")
    await client.closed()
    assert bytes(client.output) == b"something\r\ngot something\r\n"


async def test_a_document_without_commands_for_the_platform_fails(
    start: Start, windows: Node
) -> None:
    client = await start("Ops-FollowLog", target=windows.id)
    closed = await client.closed()
    assert "has no commands for Windows" in closed.output


async def test_a_reboot_from_within_ends_the_session(start: Start, node: Node) -> None:
    client = await start(COMMAND, command="reboot")
    await client.closed()
    assert node.silent_since

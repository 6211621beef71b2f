"""Shells in the tabs of the explorer, on a real terminal: whatever happens in and around them."""

from __future__ import annotations

import asyncio
import re
import signal

import pytest

from ssmtui.simulator.agent.sessions import Sessions
from ssmtui.simulator.agent.shells import ShellProgram
from ssmtui.simulator.shell.machines import Machines

ENDING = [signal.SIGTERM, signal.SIGHUP]


async def test_a_shell_from_the_first_key_to_exit_and_back(stage, explorer):
    at = await explorer.shell()
    stage.console.type(b"echo one-$((40+2))\r")
    at = await stage.console.shows(b"one-42", after=at)
    stage.console.type(b"exit\r")
    await explorer.ended(b"ended", after=at)
    assert len(stage.sessions) == 1
    await explorer.quits()


async def test_a_full_screen_program_gives_the_screen_back_as_it_was(stage, explorer):
    at = await explorer.shell()
    stage.console.type(b"echo before-$((40+2))\r")
    at = await stage.console.shows(b"before-42", after=at)
    stage.console.type(b"seq 50 | less\r")
    at = await stage.console.shows(b"m27   ", after=at)
    stage.console.type(b"Gq")
    at = await stage.console.shows(b"before-42", after=at)
    stage.console.type(b"exit\r")
    await explorer.ended(b"ended", after=at)
    await explorer.quits()


async def test_the_terminals_signals_are_the_nodes(stage, explorer):
    at = await explorer.shell()
    for key, code in ((b"\x03", 130), (b"\x1c", 131)):
        stage.console.type(b"sleep 1000\r")
        at = await stage.console.shows(b"sleep 1000", after=at)
        stage.console.type(key)
        stage.console.type(b"echo ended-$?\r")
        at = await stage.console.shows(b"ended-%d" % code, after=at)
    stage.console.type(b"\x1a\x11\x13\x10echo still-$((40+2))\r")  # ^Z ^Q ^S ^P
    at = await stage.console.shows(b"still-42", after=at)
    stage.console.type(b"exit\r")
    await explorer.ended(b"ended", after=at)
    await explorer.quits()


@pytest.mark.parametrize("number", ENDING)
async def test_the_program_is_told_to_end(stage, explorer, number):
    await explorer.shell()
    stage.console.kill(number)
    await explorer.leaves(128 + number)
    assert stage.fleet.endpoint.calls["ssm:TerminateSession"] == 1


async def test_the_program_is_told_to_end_while_a_session_starts(stage, explorer):
    await explorer.open()
    stage.fleet.endpoint.faults.add("latency ssm:StartSession ms=1000")
    calls = stage.fleet.endpoint.calls
    stage.console.type(b"s")
    while not calls["ssm:StartSession"]:
        await asyncio.sleep(0)
    stage.console.kill(signal.SIGTERM)
    await explorer.leaves(128 + signal.SIGTERM)
    assert len(stage.sessions) == 1


async def test_the_window_is_closed(stage, explorer):
    await explorer.shell()
    stage.console.hang_up()
    await stage.console.ends()
    assert stage.open == []


async def test_quitting_ends_the_sessions_of_all_tabs(stage, explorer):
    for number in (1, 2):
        at = await explorer.shell()
        assert len(stage.open) == number
        stage.console.type(b"\x1d")
        at = await stage.console.shows(b"Back to the fleet", after=at)
        stage.console.type(b"l")
        await stage.console.shows(b"forward", after=at)
    await explorer.quits()


async def test_a_storm_of_resizes(stage, explorer, monkeypatch):
    told: asyncio.Queue[tuple[int, int]] = asyncio.Queue()
    resize = ShellProgram.resize

    def listen(program, cols, rows):
        resize(program, cols, rows)
        told.put_nowait((cols, rows))

    monkeypatch.setattr(ShellProgram, "resize", listen)
    at = await explorer.shell()
    sizes = []
    try:
        async with asyncio.timeout(60):
            while 90 not in sizes:  # as wide as the terminal once the tab is laid out
                sizes.append((await told.get())[0])
            for columns in range(40, 140):
                stage.console.resize(columns, 20 + columns % 20)
            while sizes[-1] != 139:
                sizes.append((await told.get())[0])
    except TimeoutError:
        pytest.fail(f"it was told {sizes} only, and shows {stage.console.written[-3000:]!r}")
    stage.console.type(b"echo calm-$((40+2))\r")
    at = await stage.console.shows(b"calm-42", after=at)
    stage.console.type(b"exit\r")
    await explorer.ended(b"ended", after=at)
    await explorer.quits()


async def test_a_node_that_dies(stage, explorer):
    at = await explorer.shell()
    stage.world.stop(stage.node.id)
    await explorer.ended(b"ended", after=at)
    await explorer.quits()


async def test_a_node_that_falls_silent_is_abandoned(stage, explorer):
    at = await explorer.shell()
    stage.world.silence(stage.node.id)
    stage.console.type(b"ls\r\x1d")
    await stage.console.shows(b"Abandon it", after=at)
    stage.console.type(b"a")
    await explorer.ended(b"abandoned", after=at)
    await explorer.quits()


async def test_a_node_that_does_not_answer_is_said_and_left(stage, explorer):
    await explorer.open()
    stage.fleet.endpoint.faults.add("hang ssmmessages:OpenDataChannel")
    at = len(stage.console.written)
    stage.console.type(b"s")
    at = await stage.console.shows(b"the node has not answered yet", after=at)
    await explorer.hears(b"\x1b", b"forward", after=at)
    assert len(stage.sessions) == 1
    await explorer.quits()


async def test_a_node_that_is_offline(stage, explorer):
    await explorer.open()
    stage.world.lose(stage.node.id)
    at = len(stage.console.written)
    stage.console.type(b"s")
    await explorer.ended(b"is not connected to Systems Manager", after=at)
    assert stage.sessions == []
    await explorer.quits()


@pytest.mark.parametrize("times", [1, 2])
async def test_a_connection_that_is_cut_is_made_again_and_loses_nothing(stage, explorer, times):
    at = await explorer.shell()
    for time in range(times):
        stage.fleet.endpoint.faults.add("abort ssmmessages:InputFrame count=1")
        stage.console.type(b"echo kept-%d-$((40+2))\r" % time)
        at = await stage.console.shows(b"reconnecting", after=at)
        at = await stage.console.shows(b"kept-%d-42" % time, after=at)
    stage.console.type(b"exit\r")
    await explorer.ended(b"ended", after=at)
    assert len(stage.sessions) == 1
    await explorer.quits()


async def test_a_connection_that_is_cut_for_good(stage, explorer):
    at = await explorer.shell()
    stage.fleet.endpoint.faults.add("denied ssm:ResumeSession")
    stage.fleet.endpoint.faults.add("abort ssmmessages:InputFrame count=1")
    stage.console.type(b"x")
    await explorer.ended(b"ended: Access denied", after=at)
    await explorer.notices(b"missing ssm:ResumeSession", after=at)  # the tab's line is too short
    await explorer.quits()


async def test_a_token_that_is_refused(stage, explorer, monkeypatch):
    await explorer.open()
    start = Sessions.start

    def start_with_another_token(sessions, *arguments, **more):
        session = start(sessions, *arguments, **more)
        asyncio.get_running_loop().call_soon(setattr, session, "token", "another")
        return session

    monkeypatch.setattr(Sessions, "start", start_with_another_token)
    at = len(stage.console.written)
    stage.console.type(b"s")
    await explorer.ended(b"refused the session's token", after=at)
    await explorer.quits()


async def test_five_megabytes_of_output(stage, explorer):
    at = await explorer.shell()
    line = b"0123456789012345678901234567890123456789"
    stage.console.type(b"yes %b | head -120000; echo d''one\r" % line)
    at = await stage.console.shows(b"done", after=at)
    stage.console.type(b"echo on-$((40+2))\r")
    at = await stage.console.shows(b"on-42", after=at)
    stage.console.type(b"exit\r")
    await explorer.ended(b"ended", after=at)
    await explorer.quits()


def hostile() -> bytes:
    """Every kind of escape sequence there is, with the marks evil and 6666 in its arguments."""
    plain = [b"\x1b%c" % final for final in range(0x30, 0x7F) if final not in b"PX[]^_"]
    charsets = [b"\x1b%c%c" % (kind, end) for kind in b' #%()*+-./"&' for end in range(0x30, 0x7F)]
    control = [
        b"\x1b[%b%b%b%c" % (private, given, middle, final)
        for private in (b"", b"?", b">", b"<", b"=")
        for given in (b"", b"6666", b"0;6666;5", b"1049;1000;1003;2004;25;6")
        for middle in (b"", b" ", b"!", b"$", b"'", b'"')
        for final in range(0x40, 0x7F)
    ]
    numbers = (*range(120), 133, 633, 666, 777, 1337, 99999)
    commands = [b"\x1b]%d;evil;%b%b" % (number, b"ZXZpbA==", end)
                for number in numbers for end in (b"\x07", b"\x1b\\")]  # fmt: skip
    strings = [b"\x1b%cevil\x1b\\" % kind for kind in b"PX^_"]
    strings += [b"\x1bP+q6666\x1b\\", b"\x1bPq#0;2;evil\x1b\\", b"\x1b_Gf=32;evil\x1b\\"]
    eight_bit = [b"\xc2%c31mevil" % kind for kind in range(0x80, 0xA0)]
    unended = [b"\x1b]2;evil" + b"x" * 5000, b"\x1bPevil" + b"x" * 5000, b"\x1b[" + b"6" * 5000]
    pieces = (plain, charsets, control, commands, strings, eight_bit, unended)
    return b"".join(one for piece in pieces for one in piece)


async def test_a_hostile_program_reaches_only_its_own_tab(stage, explorer):
    at = await explorer.shell()
    machine = stage.world.part(Machines).of(stage.node.id)
    machine.tree.create("/tmp/hostile").write(hostile())
    stage.console.type(b"cat /tmp/hostile; printf '\\033c\\033[2J\\033[H'; echo d''one\r")
    at_end = await stage.console.shows(b"done", after=at)
    written = stage.console.written[at:at_end]
    # Colours, places of the cursor and its own two modes: nothing else is the screen's business.
    strange = re.sub(rb"\x1b\[([0-9;]*[mH]|\?(25|2026)[hl])", b"", written)
    assert strange.count(b"\x1b") == 0, strange[strange.find(b"\x1b") :][:100]
    assert not re.search(rb"[\x00-\x09\x0b\x0c\x0e-\x1f]|\xc2[\x80-\x9f]", strange)
    stage.console.type(b"exit\r")
    await explorer.ended(b"ended", after=at_end)
    await explorer.quits()


async def test_the_window_is_closed_while_much_is_written(stage, explorer):
    at = await explorer.shell()
    stage.console.type(b"yes\r")
    await stage.console.shows(b"y  ", after=at)
    stage.console.hang_up()
    await stage.console.ends()
    assert stage.open == []


async def test_another_document_with_its_parameters(stage, explorer):
    await explorer.open()
    console = stage.console
    at = len(console.written)
    console.type(b":start-session AWS-StartInteractiveCommand\r")
    at = await console.shows(b"The command to run", after=at)
    console.type(b"\x13")  # Ctrl-S
    at = await console.shows(b"command has to be given", after=at)
    console.type(b"echo chosen-$((40+2)); read word")
    console.type(b"\x13")
    at = await console.shows(b"chosen-42", after=at)
    (session,) = stage.open
    assert session.document_named == "AWS-StartInteractiveCommand"
    console.type(b"\r")
    await explorer.ended(b"ended", after=at)
    await explorer.quits()

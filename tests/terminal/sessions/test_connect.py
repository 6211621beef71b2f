"""`ssmtui connect` by our own client, on a real terminal."""

from __future__ import annotations

import asyncio
import signal

import pytest

from ssmtui.simulator.agent.sessions import Sessions, connected
from ssmtui.simulator.agent.shells import ShellProgram


async def _shell(stage, *arguments):
    """A shell whose first prompt is there; the position behind it."""
    await stage.connect(*arguments)
    return await stage.console.shows(b"$ ")


async def _after(stage, code):
    assert await stage.console.ends() == code, stage.console.written[-3000:]
    assert stage.console.restored
    assert len(stage.sessions) == 1
    assert stage.open == []


async def test_a_shell_from_the_first_key_to_exit(stage):
    at = await _shell(stage, "--reason", "INC-1")
    assert stage.sessions[0].reason == "INC-1"
    stage.console.type(b"echo one-$USER\r")
    at = await stage.console.shows(b"one-ssm-user", after=at)
    stage.console.type(b"exit\r")
    await _after(stage, 0)
    assert stage.fleet.endpoint.calls["ssm:TerminateSession"] == 0


async def test_ctrl_c_ctrl_z_and_ctrl_backslash_are_the_nodes(stage):
    at = await _shell(stage)
    stage.console.type(b"sleep 1000\r")
    at = await stage.console.shows(b"sleep 1000", after=at)
    stage.console.type(b"\x03")
    at = await stage.console.shows(b"$ ", after=at)
    stage.console.type(b"\x1a\x1c\x03echo still-here\r")
    at = await stage.console.shows(b"\nstill-here", after=at)
    stage.console.type(b"exit\r")
    await _after(stage, 0)


async def test_the_node_learns_the_size_and_its_changes(stage, monkeypatch):
    told: asyncio.Queue[tuple[int, int]] = asyncio.Queue()
    resize = ShellProgram.resize

    def listen(program, cols, rows):
        resize(program, cols, rows)
        told.put_nowait((cols, rows))

    monkeypatch.setattr(ShellProgram, "resize", listen)
    at = await _shell(stage)
    async with asyncio.timeout(30):
        assert await told.get() == (90, 30)
        for columns in range(40, 140):  # a storm, of which only the end must arrive
            stage.console.resize(columns, 33)
        while await told.get() != (139, 33):
            pass
    stage.console.type(b"echo calm\r")
    await stage.console.shows(b"\ncalm", after=at)
    stage.console.type(b"exit\r")
    await _after(stage, 0)


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)]
)
async def test_a_program_that_is_told_to_end_leaves_nothing_behind(stage, number, code):
    await _shell(stage)
    stage.console.kill(number)
    await _after(stage, code)
    assert stage.fleet.endpoint.calls["ssm:TerminateSession"] == 1


async def test_a_terminal_that_is_taken_away_leaves_nothing_behind(stage):
    await _shell(stage)
    stage.console.hang_up()
    assert await stage.console.ends() == 128 + signal.SIGHUP
    assert stage.open == []


async def test_of_several_nodes_one_is_chosen_from_a_list(stage):
    first, second = [
        node for node in stage.world.nodes.values() if connected(node) and node.shown_name
    ][:2]
    second.tags["Name"] = first.tags["Name"] = "twin"
    await stage.console.run("connect", "twin")
    at = await stage.console.shows(b"Which one? 1-2: ")
    ids = [stage.console.written.index(node.id.encode()) for node in (first, second)]
    chosen = first if ids[0] < ids[1] else second
    stage.console.type(b"1\r")
    await stage.console.shows(b"connecting to twin  " + chosen.id.encode(), after=at)
    await stage.console.shows(b"> " if chosen.platform.windows else b"$ ", after=at)
    stage.console.type(b"\x1de")
    await _after(stage, 0)


async def test_a_node_that_is_stopped_ends_the_session(stage):
    await _shell(stage)
    stage.world.stop(stage.node.id)
    await _after(stage, 0)


async def test_a_session_that_the_service_ends_says_why(stage):
    await _shell(stage)
    stage.end_session("Your session timed out due to inactivity.")
    await _after(stage, 255)
    assert b"timed out due to inactivity" in stage.console.written


@pytest.mark.parametrize("times", [1, 2])
async def test_a_cut_connection_is_made_again_and_loses_nothing(stage, times):
    at = await _shell(stage)
    for time in range(times):
        rule = stage.fleet.endpoint.faults.add("abort ssmmessages:InputFrame count=1")
        stage.console.type(b"echo kept-%d-$((40+2))\r" % time)
        at = await stage.console.shows(b"reconnecting", after=at)
        at = await stage.console.shows(b"kept-%d-42" % time, after=at)
        assert rule.hits == 1
    stage.console.type(b"exit\r")
    await _after(stage, 0)


async def test_a_connection_cut_for_good_is_the_end(stage):
    at = await _shell(stage)
    stage.fleet.endpoint.faults.add("denied ssm:ResumeSession")
    stage.fleet.endpoint.faults.add("abort ssmmessages:InputFrame count=1")
    stage.console.type(b"x")
    await stage.console.shows(b"missing ssm:ResumeSession", after=at)
    await _after(stage, 255)


async def test_a_session_that_ended_while_the_connection_was_lost(stage):
    at = await _shell(stage)
    stage.fleet.endpoint.faults.add("latency ssm:ResumeSession ms=500")
    stage.fleet.endpoint.faults.add("abort ssmmessages:InputFrame count=1")
    stage.console.type(b"x")
    await stage.console.shows(b"reconnecting", after=at)
    stage.end_session()
    await _after(stage, 255)
    assert b"ended while the connection was lost" in stage.console.written


async def test_a_refused_token_is_said(stage, monkeypatch):
    start = Sessions.start

    def start_with_another_token(sessions, *arguments, **more):
        session = start(sessions, *arguments, **more)
        asyncio.get_running_loop().call_soon(setattr, session, "token", "another")
        return session

    monkeypatch.setattr(Sessions, "start", start_with_another_token)
    await stage.connect()
    await _after(stage, 255)
    assert b"refused the session's token" in stage.console.written


async def test_the_menu_ends_the_session(stage):
    at = await _shell(stage)
    stage.console.type(b"\x1d")
    at = await stage.console.shows(b"send Ctrl-]", after=at)
    stage.console.type(b"q")
    stage.console.type(b"echo on\r")
    at = await stage.console.shows(b"\non", after=at)
    stage.console.type(b"\x1de")
    await _after(stage, 0)


async def test_the_menu_abandons_a_session_that_is_frozen(stage):
    at = await _shell(stage)
    stage.world.silence(stage.node.id)
    stage.console.type(b"ls\r")
    stage.console.type(b"\x1d")
    await stage.console.shows(b"abandon", after=at)
    stage.console.type(b"a")
    await _after(stage, 0)


async def test_a_program_that_died_on_the_other_screen_is_cleaned_up_after(stage):
    at = await _shell(stage)
    stage.console.type(b"printf '\\033[?1049h\\033[?1000h\\033[?25lfull-screen'\r")
    at = await stage.console.shows(b"\x1b[?25lfull-screen", after=at)
    stage.end_session()
    await _after(stage, 0)
    rest = stage.console.written[at:]
    assert b"\x1b[?1049l" in rest
    assert b"\x1b[?1000l" in rest
    assert b"\x1b[?25h" in rest


async def test_frames_that_are_lost_doubled_damaged_and_late_change_nothing(stage):
    at = await _shell(stage)
    for kind in ("drop", "corrupt", "duplicate", "reorder"):
        stage.fleet.endpoint.faults.add(f"{kind} ssmmessages:*Frame p=0.1")
    stage.console.type(b"seq 1 2000\r")
    at = await stage.console.shows(b"\n2000\r\n", after=at)
    stage.fleet.endpoint.faults.clear()
    lines = stage.console.written[:at].split(b"\r\n")
    assert lines[-2001:-1] == [b"%d" % number for number in range(1, 2001)]
    stage.console.type(b"exit\r")
    await _after(stage, 0)


async def test_a_node_that_is_offline_is_one_sentence(stage):
    stage.world.lose(stage.node.id)
    await stage.connect()
    assert await stage.console.ends() == 2
    assert b"is not connected to Systems Manager" in stage.console.written
    assert stage.console.restored
    assert stage.sessions == []


async def test_a_node_that_does_not_answer_is_said_and_left_by_ctrl_c(stage):
    stage.fleet.endpoint.faults.add("hang ssmmessages:OpenDataChannel")
    await stage.connect()
    await stage.console.shows(b"the node has not answered yet, Ctrl-C leaves")
    stage.console.type(b"\x03")
    await _after(stage, 130)


async def test_ctrl_c_while_a_session_starts_ends_it(stage):
    stage.fleet.endpoint.faults.add("latency ssm:StartSession ms=1000")
    await stage.connect()
    while not stage.fleet.endpoint.calls["ssm:StartSession"]:
        await asyncio.sleep(0)
    stage.console.type(b"ls\x03")
    await _after(stage, 130)


async def test_an_encrypted_session(stage):
    scope = stage.fleet.scopes[0].key
    settings = stage.world.part(Sessions).settings(scope.account, scope.region)
    settings.kms_key = "alias/session-manager"
    at = await _shell(stage)
    assert b"encrypted using AWS KMS" in stage.console.written
    stage.console.type(b"echo sealed-$((40+2))\r")
    at = await stage.console.shows(b"sealed-42", after=at)
    stage.console.type(b"exit\r")
    await _after(stage, 0)
    assert stage.fleet.endpoint.calls["kms:GenerateDataKey"] == 1


async def test_an_encrypted_session_without_the_right_to_its_key(stage):
    scope = stage.fleet.scopes[0].key
    settings = stage.world.part(Sessions).settings(scope.account, scope.region)
    settings.kms_key = "alias/session-manager"
    stage.fleet.endpoint.faults.add("denied kms:GenerateDataKey")
    await stage.connect()
    await _after(stage, 255)
    assert b"missing kms:GenerateDataKey" in stage.console.written


async def test_five_megabytes_of_output_come_whole(stage):
    at = await _shell(stage)
    stage.console.type(
        b"yes 0123456789012345678901234567890123456789 | head -120000; echo d''one\r"
    )
    at = await stage.console.shows(b"\ndone\r\n", after=at)
    count = stage.console.written.count(b"\n0123456789012345678901234567890123456789\r")
    assert count == 120_000
    stage.console.type(b"exit\r")
    await _after(stage, 0)

"""The plugin on a real terminal, played by a stand-in; and the real one where it is installed."""

from __future__ import annotations

import json
import os
import shutil
import signal

import pytest


async def test_the_session_goes_through_the_plugin_and_ends_with_its_channel(stage, stand_in):
    stand_in("shell")
    await stage.connect("--plugin")
    at = await stage.console.shows(b"Starting session")
    stage.console.type(b"a")
    at = await stage.console.shows(b"typed b'a'", after=at)
    stage.end_session()
    assert await stage.console.ends() == 0
    assert b"Exiting session" in stage.console.written[at:]
    assert stage.console.restored
    assert stage.open == []
    assert stage.fleet.endpoint.calls["ssm:TerminateSession"] == 0


@pytest.mark.parametrize(("key", "name"), [(b"\x03", b"^C"), (b"\x1a", b"^Z"), (b"\x1c", b"^\\")])
async def test_the_terminals_signals_are_the_plugins(stage, stand_in, key, name):
    stand_in("shell")
    await stage.connect("--plugin")
    at = await stage.console.shows(b"Starting session")
    for _ in range(2):
        stage.console.type(key)
        at = await stage.console.shows(b"took " + name, after=at)
    stage.console.type(b"x")
    await stage.console.shows(b"typed b'x'", after=at)
    stage.end_session()
    assert await stage.console.ends() == 0
    assert stage.console.restored


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("cbreak", b"was killed by SIGKILL"),
        ("vanish", b"left its session open"),
        ("refuse", b"did not open the session"),
        ("crash", b"did not open the session"),
    ],
)
async def test_a_plugin_that_ends_badly(stage, stand_in, part, words):
    stand_in(part)
    await stage.connect("--plugin")
    assert await stage.console.ends() == 255
    assert words in stage.console.written
    assert stage.console.restored
    assert len(stage.sessions) == 1
    assert stage.open == []


async def test_ctrl_c_ends_a_plugin_that_never_connects(stage, stand_in):
    stand_in("hang")
    await stage.connect("--plugin")
    await stage.console.shows(b"hanging")
    stage.console.type(b"\x03")
    assert await stage.console.ends() == 255
    assert b"was killed by SIGKILL" in stage.console.written
    assert stage.console.restored
    assert stage.open == []


@pytest.mark.parametrize("part", ["hang", "shell"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
async def test_the_program_is_told_to_end(stage, stand_in, number, part):
    stand_in(part)
    await stage.connect("--plugin")
    await stage.console.shows(b"hanging" if part == "hang" else b"Starting session")
    stage.console.kill(number)
    assert await stage.console.ends() == 128 + number
    assert stage.console.restored
    assert stage.open == []


async def test_a_missing_plugin_is_one_sentence_with_the_remedy(stage, monkeypatch):
    monkeypatch.setenv("PATH", str(stage.folder))
    await stage.connect("--plugin")
    assert await stage.console.ends() == 2
    text = stage.console.written
    assert b"session-manager-plugin is not on PATH" in text
    assert b"--no-plugin" in text
    assert stage.sessions == []


@pytest.mark.parametrize(
    ("version", "words"),
    [("1.2.497.0", b"is too old"), ("garbage", b"does not say its version")],
)
async def test_a_plugin_that_is_no_use_starts_nothing(stage, stand_in, version, words):
    stand_in("shell", version=version)
    await stage.connect("--plugin")
    assert await stage.console.ends() == 2
    assert words in stage.console.written
    assert stage.sessions == []


async def test_an_old_plugin_is_used_with_a_warning(stage, stand_in):
    stand_in("refuse", version="1.2.677.0")
    await stage.connect("--plugin")
    assert await stage.console.ends() == 255
    assert b"1.2.677.0 is older than 1.2.764.0" in stage.console.written
    assert len(stage.sessions) == 1


async def test_the_plugin_is_called_as_the_aws_cli_calls_it(stage, stand_in):
    stand_in("report")
    await stage.connect("--plugin", "--reason", "INC-1")
    await stage.console.ends()
    report = json.loads((stage.folder / "report.json").read_text())
    _, variable, region, operation, profile, request, endpoint = report["argv"]
    assert variable.startswith("AWS_SSM_START_SESSION_RESPONSE_")
    assert (region, operation) == (stage.node.region, "StartSession")
    assert profile == stage.fleet.scopes[0].profile
    assert json.loads(request) == {"Target": stage.node.id, "Reason": "INC-1"}
    assert endpoint == stage.fleet.endpoint.url
    response = json.loads(report["environ"][variable])
    (session,) = stage.sessions
    assert response == {
        "SessionId": session.id,
        "TokenValue": session.token,
        "StreamUrl": response["StreamUrl"],
    }
    assert not any(session.token in argument for argument in report["argv"])
    assert report["ignored"] == []


@pytest.mark.skipif(
    shutil.which("session-manager-plugin") is None,
    reason="session-manager-plugin is not on PATH",
)
async def test_the_real_plugin(stage):
    await stage.connect("--plugin")
    at = await stage.console.shows(b"$")
    stage.console.type(b"echo sum-$((40+2))\r")
    at = await stage.console.shows(b"sum-42", after=at)
    stage.console.type(b"exit\r")
    assert await stage.console.ends() == 0
    assert stage.console.restored
    assert stage.open == []
    assert os.environ["AWS_ENDPOINT_URL"] == stage.fleet.endpoint.url

"""`S` in the explorer on a real terminal: whatever the plugin does, the explorer comes back."""

from __future__ import annotations

import signal
import termios

import pytest

# The explorer with a mistake in it, which a signal brings out.
CRASHING = """
import asyncio, signal
from ssmtui.cli.entry import main
from ssmtui.ui.app import SsmtuiApp

def mistake():
    secret = "hunter2"
    raise ZeroDivisionError(secret)

mounted = SsmtuiApp.on_mount

async def on_mount(app):
    await mounted(app)
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGUSR1, lambda: app.call_later(mistake))
    loop.add_signal_handler(signal.SIGUSR2, lambda: app.screen.call_later(mistake))

SsmtuiApp.on_mount = on_mount
main()
"""


async def begun(stage, explorer, words=b"Starting session", **how):
    """Hand the terminal over; the position behind the plugin's first words."""
    await explorer.open(**how)
    at = len(stage.console.written)
    stage.console.type(b"S")
    return await stage.console.shows(words, after=at)


async def back(stage, explorer, words=b"", *, after):
    """The explorer has its terminal again, says `words`, hears keys, and leaves nothing behind."""
    at = await stage.console.shows(b"\x1b[?1049h", after=after)
    await explorer.notices(words, after=at)
    assert termios.tcgetattr(stage.console.slave) == explorer.settings
    assert stage.open == []
    await explorer.quits()


async def test_a_session_and_back_to_the_node(stage, explorer, stand_in):
    stand_in("shell")
    at = await begun(stage, explorer)
    assert len(stage.open) == 1
    assert b"\x1b[?1049l" in stage.console.written
    for key, name in ((b"\x03", b"^C"), (b"\x1a", b"^Z"), (b"\x1c", b"^\\"), (b"\x03", b"^C")):
        stage.console.type(key)
        at = await stage.console.shows(b"took " + name, after=at)
    stage.console.type(b"q")
    at = await stage.console.shows(b"typed b'q'", after=at)
    stage.end_session()
    await back(stage, explorer, after=at)
    assert len(stage.sessions) == 1


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("cbreak", b"was killed by SIGKILL"),
        ("vanish", b"left its session open"),
        ("refuse", b"did not open the session"),
        ("crash", b"did not open the session"),
    ],
)
async def test_a_plugin_that_ends_badly(stage, explorer, stand_in, part, words):
    stand_in(part)
    at = await begun(stage, explorer, b"\x1b[?1049l")
    await back(stage, explorer, words, after=at)
    assert len(stage.sessions) == 1


async def test_ctrl_c_ends_a_plugin_that_never_connects(stage, explorer, stand_in):
    stand_in("hang")
    at = await begun(stage, explorer, b"hanging")
    stage.console.type(b"\x03")
    await back(stage, explorer, b"was killed by SIGKILL", after=at)


@pytest.mark.parametrize("part", ["hang", "shell"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
async def test_the_program_is_told_to_end(stage, explorer, stand_in, number, part):
    stand_in(part)
    await begun(stage, explorer, b"hanging" if part == "hang" else b"Starting session")
    stage.console.kill(number)
    await explorer.leaves(128 + number)
    assert len(stage.sessions) == 1


@pytest.mark.parametrize("part", ["hang", "shell"])
@pytest.mark.parametrize("number", [signal.SIGUSR1, signal.SIGUSR2])
async def test_the_explorer_crashes(stage, explorer, stand_in, number, part):
    stand_in(part)
    words = b"hanging" if part == "hang" else b"Starting session"
    await begun(stage, explorer, words, program=("-c", CRASHING))
    stage.console.kill(number)
    await explorer.leaves(1)
    assert len(stage.sessions) == 1
    assert b"a mistake of its own: ZeroDivisionError" in stage.console.written
    assert b"hunter2" not in stage.console.written


async def test_the_window_is_closed(stage, explorer, stand_in):
    stand_in("shell")
    await begun(stage, explorer)
    stage.console.hang_up()
    await stage.console.ends()
    assert stage.open == []


async def test_a_node_that_dies(stage, explorer, stand_in):
    stand_in("shell")
    at = await begun(stage, explorer)
    stage.world.stop(stage.node.id)
    await back(stage, explorer, after=at)


async def test_a_storm_of_resizes_is_the_plugins(stage, explorer, stand_in):
    stand_in("shell")
    at = await begun(stage, explorer)
    for columns in range(40, 140):
        stage.console.resize(columns, 20 + columns % 20)
    stage.console.type(b"a")
    at = await stage.console.shows(b"typed b'a'", after=at)
    assert b"\x1b[?1049h" not in stage.console.written[at:]
    stage.end_session()
    await back(stage, explorer, after=at)


@pytest.mark.parametrize(
    ("version", "words"),
    [("1.2.497.0", b"is too old"), ("garbage", b"version")],
)
async def test_a_plugin_that_is_no_use(stage, explorer, stand_in, version, words):
    stand_in("shell", version=version)
    at = await begun(stage, explorer, words)
    await explorer.notices(b"press s for a tab", after=at)
    assert stage.sessions == []
    await explorer.quits()


async def test_a_plugin_that_is_missing(stage, explorer, monkeypatch):
    monkeypatch.setenv("PATH", str(stage.folder))
    at = await begun(stage, explorer, b"is not on PATH")
    await explorer.notices(b"press s for a tab", after=at)
    assert stage.sessions == []
    await explorer.quits()


async def test_a_node_that_is_offline(stage, explorer, stand_in):
    stand_in("shell")
    stage.world.lose(stage.node.id)
    at = await begun(stage, explorer, b"is not connected")
    assert stage.sessions == []
    await explorer.notices(b"is not connected", after=at)
    await explorer.quits()

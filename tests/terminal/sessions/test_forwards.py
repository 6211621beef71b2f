"""However the program ends, its forwards end with it, on the service too."""

from __future__ import annotations

import asyncio
import re
import signal
from typing import Any

import pytest

SIGNALS = [signal.SIGTERM, signal.SIGHUP]


async def explore(stage: Any) -> None:
    """Open the explorer with a forward to the node."""
    console = stage.console
    await console.run("-c", f":no {stage.node.id}")
    await console.shows(b"forward")  # offered once there is a row to forward to
    console.type(b":forward 0:80\r")
    await console.shows(b"is open")
    assert len(stage.open) == 1


async def forward(stage: Any) -> int:
    """Run the verb with a forward to the node's web server; gives the local port."""
    await stage.console.run("forward", stage.node.id, "0:80")
    await stage.console.shows(b":80 is open")
    match = re.search(rb"127\.0\.0\.1:(\d+) -> ", stage.console.written)
    assert match is not None
    return int(match[1])


async def test_quitting_the_explorer(stage) -> None:
    await explore(stage)
    stage.console.type(b":q\r")
    assert await stage.console.ends() == 0
    assert stage.open == []
    assert stage.console.restored


@pytest.mark.parametrize("number", SIGNALS)
async def test_signals_to_the_explorer(stage, number) -> None:
    await explore(stage)
    stage.console.kill(number)
    assert await stage.console.ends() == 128 + number
    assert stage.open == []
    assert stage.console.restored


async def test_the_explorers_window_is_closed(stage) -> None:
    await explore(stage)
    stage.console.hang_up()
    await stage.console.ends()
    assert stage.open == []


async def test_ctrl_c_ends_the_verb(stage) -> None:
    await forward(stage)
    assert len(stage.open) == 1
    stage.console.type(b"\x03")
    assert await stage.console.ends() == 130
    assert stage.open == []
    assert stage.console.restored


@pytest.mark.parametrize("number", SIGNALS)
async def test_signals_to_the_verb(stage, number) -> None:
    await forward(stage)
    stage.console.kill(number)
    assert await stage.console.ends() == 128 + number
    assert stage.open == []


async def test_the_verbs_window_is_closed(stage) -> None:
    await forward(stage)
    stage.console.hang_up()
    await stage.console.ends()
    assert stage.open == []


async def test_ctrl_c_while_it_opens(stage) -> None:
    stage.fleet.endpoint.faults.add("latency ssm:StartSession ms=1000")
    await stage.console.run("forward", stage.node.id, "0:80")
    calls = stage.fleet.endpoint.calls
    while not calls["ssm:StartSession"]:
        await asyncio.sleep(0)
    stage.console.type(b"\x03")
    assert await stage.console.ends() == 130
    assert len(stage.sessions) == 1
    assert stage.open == []

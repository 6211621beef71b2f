"""`ssmtui run` with somebody at the terminal: the question, Ctrl-C, and gates by hand."""

from __future__ import annotations

import re

import pytest

LONG = ("--max-concurrency", "100%", "--", "sleep 1000000")


async def test_it_is_asked_for_and_nothing_is_sent_without_a_yes(floor):
    await floor.run("--", "hostname")
    at = await floor.console.shows(b"nodes     3: ")
    await floor.console.shows(b"Run it? y/N: ", after=at)
    floor.console.type(b"\r")
    await floor.console.shows(b"nothing was sent")
    assert await floor.console.ends() == 1
    assert floor.commands == []


async def test_with_a_yes_it_runs_and_its_progress_leaves_nothing_behind(floor):
    at = await floor.agreed("--", "echo done")
    await floor.console.shows(b"%", after=at)
    at = await floor.console.shows(b"3 nodes, exit code 0", after=at)
    await floor.console.shows(b"done", after=at)
    assert await floor.console.ends() == 0, floor.console.written
    assert len(floor.commands) == 1
    assert floor.console.restored


async def test_production_asks_for_the_accounts_alias(floor):
    folder = floor.folder / "config"
    folder.mkdir()
    account = floor.scope.account
    (folder / "config.toml").write_text(f"[contexts.{account.id}]\nproduction = true\n")
    await floor.run("--", "hostname")
    await floor.console.shows(b"type %s: " % account.alias.encode())
    floor.console.type(b"yes\r")
    await floor.console.shows(b"nothing was sent")
    assert await floor.console.ends() == 1


async def test_the_right_alias_opens_production(floor):
    folder = floor.folder / "config"
    folder.mkdir()
    account = floor.scope.account
    (folder / "config.toml").write_text(f"[contexts.{account.id}]\nproduction = true\n")
    await floor.run("--", "hostname")
    await floor.console.shows(b"type %s: " % account.alias.encode())
    floor.console.type(account.alias.encode() + b"\r")
    assert await floor.console.ends() == 0, floor.console.written
    assert len(floor.commands) == 1


async def test_ctrl_c_cancels_when_that_is_chosen(floor):
    at = await floor.agreed(*LONG)
    at = await floor.console.shows(b"running 3", after=at)
    floor.console.type(b"\x03")
    at = await floor.console.shows(b"c cancels it, l leaves it running", after=at)
    floor.console.type(b"c\r")
    await floor.console.shows(b"3 nodes: cancelled 3", after=at)
    assert await floor.console.ends() == 130
    [command] = floor.commands
    assert command.cancelled
    assert floor.console.restored


@pytest.mark.parametrize("answer", [b"l\r", b"\x03"])
async def test_ctrl_c_leaves_it_running_and_it_is_taken_up_again(floor, answer):
    at = await floor.agreed("--max-concurrency", "3", "--", "sleep 300; echo done")
    at = await floor.console.shows(b"running 3", after=at)
    floor.console.type(b"\x03")
    at = await floor.console.shows(b"Enter goes on watching: ", after=at)
    floor.console.type(answer)
    await floor.console.shows(b"1 call on 3 nodes goes on at the service", after=at)
    assert await floor.console.ends() == 130
    [rollout_id] = re.findall(rb"--attach ([0-9a-f]{8})", floor.console.written)
    await floor.console.run("run", "--attach", rollout_id.decode())
    at = await floor.console.shows(b"3 nodes, exit code 0", after=at)
    assert await floor.console.ends() == 0
    assert len(floor.commands) == 1


async def test_ctrl_c_and_enter_goes_on_watching(floor):
    at = await floor.agreed("--max-concurrency", "3", "--", "sleep 200; echo done")
    at = await floor.console.shows(b"running 3", after=at)
    floor.console.type(b"\x03")
    at = await floor.console.shows(b"Enter goes on watching: ", after=at)
    floor.console.type(b"\r")
    await floor.console.shows(b"3 nodes, exit code 0", after=at)
    assert await floor.console.ends() == 0


async def test_a_gate_that_stays_shut_is_opened_by_hand(floor):
    at = await floor.agreed("--canary", "1", "--gate", "false", "--", "echo done")
    at = await floor.console.shows(b"The gate behind wave 1 stays shut", after=at)
    at = await floor.console.shows(b"g goes on, c cancels the rest, l leaves it: ", after=at)
    floor.console.type(b"what?\r")
    at = await floor.console.shows(b"g goes on", after=at)
    floor.console.type(b"g\r")
    await floor.console.shows(b"3 nodes, exit code 0", after=at)
    assert await floor.console.ends() == 0

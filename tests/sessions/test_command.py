from __future__ import annotations

import asyncio

import pytest

from ssmtui.core.wire.payloads import SessionType
from ssmtui.sessions import command as module
from ssmtui.sessions.command import NO_CODE, Result, run_command
from ssmtui.sessions.terminal import CONNECTING, OPEN, RECONNECTING


class Run:
    """A command that is running: what it wrote so far, and the task that is its end."""

    def __init__(self, linked, broken=False):
        self.linked, self.node = linked, linked.node
        self.out, self.err, self.broken = b"", b"", broken
        self.told = []
        self.task = asyncio.ensure_future(
            run_command(
                "scope",
                "spec",
                stdout=self.stdout,
                stderr=self.stderr,
                told=self.told.append,
                clock=linked.clock,
                connect=linked.node.connect,
            )
        )

    async def stdout(self, data):
        if self.broken:
            raise BrokenPipeError
        self.out += data

    async def stderr(self, data):
        self.err += data

    async def result(self):
        async with asyncio.timeout(5):
            return await self.task


@pytest.fixture
def running(make_link, monkeypatch):
    async def make(session_type=SessionType.NON_INTERACTIVE_COMMANDS, **options):
        linked = make_link(session_type=session_type, separate_stderr=True)

        async def start(scope, spec):
            return linked.session

        monkeypatch.setattr(module, "start", start)
        run = Run(linked, **options)
        await linked.node.opens()
        return run

    return make


async def test_output_comes_as_it_is_written_and_the_code_at_the_end(running):
    run = await running()
    await run.node.says(b"one")
    assert run.out == b"one"
    await run.node.says(b"bad", stderr=True)
    await run.node.exits(7)
    await run.node.closes()
    assert await run.result() == Result(7)
    assert (run.out, run.err) == (b"one", b"bad")
    assert run.linked.session.terminated == 0


async def test_a_code_counts_though_the_service_says_something(running):
    run = await running()
    await run.node.exits(0)
    await run.node.closes("bye")
    assert await run.result() == Result(0)


async def test_no_code_is_said(running):
    run = await running()
    await run.node.closes()
    assert await run.result() == Result(None, NO_CODE)


async def test_why_there_is_no_code_is_said_in_the_services_words(running):
    run = await running()
    await run.node.closes("Your session timed out due to inactivity.")
    result = await run.result()
    assert result == Result(None, "Your session timed out due to inactivity")


async def test_cancelling_ends_the_session(running):
    run = await running()
    run.task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await run.result()
    assert run.linked.session.terminated == 1


async def test_nobody_to_read_the_output_ends_the_session(running):
    run = await running(broken=True)
    await run.node.says(b"lost")
    with pytest.raises(BrokenPipeError):
        await run.result()
    assert run.linked.session.terminated == 1


async def test_a_document_that_opens_a_port_is_refused(running):
    run = await running(session_type=SessionType.PORT)
    assert (await run.result()).code is None
    assert run.linked.session.terminated == 1


async def test_how_the_connection_is_is_told(running):
    run = await running()
    run.node.cut()
    await run.node.opens()
    await run.node.exits(0)
    await run.node.closes()
    await run.result()
    assert run.told == [CONNECTING, OPEN, RECONNECTING, OPEN]

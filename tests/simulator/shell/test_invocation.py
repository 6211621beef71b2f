from __future__ import annotations

from typing import Any

import pytest

from ssmtui.simulator.shell import Bytes, Collector, Nothing
from ssmtui.simulator.shell.bash.interpreter import Bash
from ssmtui.simulator.shell.bash.login import new_state
from ssmtui.simulator.shell.commands import programs_of
from ssmtui.simulator.shell.invocation import Complaint, Invocation, Streams
from ssmtui.simulator.shell.machine.tree import FileProblem


@pytest.fixture
def call(bench: Any) -> Invocation:
    machine = bench.machine()
    streams = Streams.of(Bytes(b"one\ntwo"), Collector(), Collector())
    shell = Bash(machine, new_state(machine, machine.users["root"]), streams, programs_of(machine))
    return shell.invocation("prog", ["a"], streams, {"X": "1"})


def written(sink: object) -> bytes:
    assert isinstance(sink, Collector)
    return sink.data


async def test_output(call: Invocation) -> None:
    await call.line("a")
    await call.lines([str(number) for number in range(3)])
    await call.complain("wrong")
    assert written(call.streams.stdout) == b"a\n0\n1\n2\n"
    assert written(call.streams.stderr) == b"prog: wrong\n"


async def test_input(call: Invocation) -> None:
    assert [text async for text in call.texts()] == ["one", "two"]
    assert await call.whole() == b""


async def test_too_much_input_is_refused(call: Invocation) -> None:
    with pytest.raises(Complaint, match="memory exhausted"):
        await call.whole("/dev/zero", limit=10)


async def test_files_are_named_as_they_were_given(call: Invocation) -> None:
    with pytest.raises(FileProblem, match=r"^nope: No such file"):
        call.file("nope")
    with pytest.raises(FileProblem, match=r"^no/such: No such file"):
        call.writable("no/such")
    sink = call.writable("made")
    await sink.write(b"data")
    assert await call.whole("/root/made") == b"data"


def test_environment_and_user(call: Invocation) -> None:
    assert call.env["X"] == "1"
    assert call.root
    assert not call.having(user=call.machine.users["ssm-user"]).root


def test_streams_that_are_closed_are_empty() -> None:
    streams = Streams()
    assert isinstance(streams.stdout, Nothing)
    assert isinstance(streams.stderr, Nothing)

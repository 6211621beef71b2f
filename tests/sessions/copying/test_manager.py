from __future__ import annotations

import asyncio

import pytest

from ssmtui.core.problem import ProblemError
from ssmtui.sessions.copying.copy import CopySpec
from ssmtui.sessions.copying.manager import Copies, State


async def yes(where):
    return True


async def no(where):
    return False


@pytest.fixture
def source(tmp_path, content):
    made = tmp_path / "source.bin"
    made.write_bytes(content)
    return made


@pytest.fixture
def begun(place):
    """`begun(spec)`: the copies, one of them begun, and the states that were told."""

    def begin(spec, agree=no):
        told = []
        copies = Copies(lambda one: told.append(one.state))
        return copies, copies.begin(place.node, spec, name="web-1", agree=agree), told

    return begin


async def test_a_copy_goes_on_in_the_background(place, source, content, begun):
    copies, one, told = begun(CopySpec(True, source, place.path("x")))
    assert (one.state, one.words(), copies.running) == (State.RUNNING, "looking", [one])
    assert one.title == f"{source} -> web-1:{place.path('x')}"
    await one._task
    assert place.holds("x") == content
    assert told == [State.DONE]
    assert one.words().startswith(place.path("x"))
    copies.forget(one)
    assert [*copies] == []


async def test_a_failure_is_said(place, tmp_path, begun):
    _, one, told = begun(CopySpec(False, tmp_path, place.path("nothing")))
    await one._task
    assert told == [State.FAILED]
    assert "There is no file" in one.words()


async def test_who_says_no_leaves_it(place, source, begun):
    place.puts("x", b"theirs")
    _, one, told = begun(CopySpec(True, source, place.path("x")))
    await one._task
    assert (told, one.words()) == ([State.STOPPED], "Nothing was overwritten")
    assert place.holds("x") == b"theirs"


async def test_closing_stops_all_and_leaves_nothing_open(place, source, begun):
    copies, one, told = begun(CopySpec(True, source, place.path("x")))
    while not place.open:
        await asyncio.sleep(0)
    await copies.close()
    assert told == [State.STOPPED]
    assert "go on from there" in one.words()
    assert copies.running == []
    assert place.open == []


async def test_the_same_copy_runs_once(place, source, begun):
    spec = CopySpec(True, source, place.path("x"))
    copies, one, _ = begun(spec)
    with pytest.raises(ProblemError, match="is being copied already"):
        copies.begin(place.node, spec, name="web-1", agree=yes)
    copies.begin(place.node, CopySpec(True, source, place.path("y")), name="web-1", agree=yes)
    copies.forget(one)
    assert len([*copies]) == 2
    await copies.close()

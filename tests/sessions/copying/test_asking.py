from __future__ import annotations

import pytest

from ssmtui.sessions.copying.asking import _words

SCRIPT = "stty raw -echo; printf :ready:; head -c 6 | tr a-z A-Z >&2; echo oops; printf ':done:3:'"


@pytest.fixture
async def place(open_place):
    async with open_place() as made:
        yield made


async def typed(*pieces):
    for piece in pieces:
        yield piece


async def test_a_script_is_run(place):
    result, told, complaint = await place.node.answer("echo out; echo err >&2; exit 3")
    assert (result.code, told, complaint) == (3, "out\n", "err")


async def test_a_script_is_typed_to(place):
    assert await place.node.tell(SCRIPT, typed(b"abc", b"def")) == (3, "ABCDEFoops")


async def test_who_does_not_come_to_the_end_has_no_code(place):
    assert await place.node.tell("echo no such thing; exit 1", typed()) == (None, "no such thing")


async def test_what_typing_raises_comes_through_and_leaves_nothing(place):
    async def broken():
        yield b"abc"
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await place.node.tell(SCRIPT, broken())
    assert place.open == []


async def test_sessions_have_the_reason(place):
    from ssmtui.simulator.agent.sessions import Sessions

    place.node.reason = "INC-1"
    await place.node.answer("true")
    await place.node.tell("printf :ready:; printf :done:0:", typed())
    reasons = {session.reason for session in place.fleet.world.part(Sessions)}
    assert reasons == {"INC-1"}


def test_a_complaint_is_one_safe_line_without_echoes():
    echo = b"QUJD" * 60
    assert _words(echo + b"\r\n\x1b[31mdisk\r\n is full\r\n.\r\n") == "\u241b[31mdisk is full"

from __future__ import annotations

import asyncio

import pytest

from ssmtui.ui.homes import Homes


class App(Homes):
    pass


class Ended:
    def __init__(self) -> None:
        self.times = 0

    async def close(self) -> None:
        self.times += 1


@pytest.mark.parametrize("name", ["shells", "forwarding"])
def test_each_is_made_once_when_it_is_asked_for(name):
    app = App()
    assert name not in vars(app)
    assert getattr(app, name) is getattr(app, name)


async def test_only_what_was_made_is_ended():
    app = App()
    await app.end_sessions()
    assert not vars(app)
    app.shells = ended = Ended()
    await app.end_sessions()
    assert ended.times == 1


async def test_who_has_the_terminal_gives_it_back_before_the_end():
    app, given_back = App(), []
    await app.hand_back()

    async def have_it():
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            given_back.append(True)

    async def has_had_it():
        return "done"

    assert await app.lend(has_had_it(), "first") == "done"
    lending = asyncio.ensure_future(app.lend(have_it(), "second"))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await app.hand_back()
    assert given_back == [True]
    with pytest.raises(asyncio.CancelledError):
        await lending

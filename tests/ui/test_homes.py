from __future__ import annotations

import pytest

from ssmtui.ui.homes import Homes


class App(Homes):
    pass


class Ended:
    def __init__(self) -> None:
        self.times = 0

    async def close(self) -> None:
        self.times += 1

    take_back = close


@pytest.mark.parametrize("name", ["shells", "forwarding"])
def test_each_is_made_once_when_it_is_asked_for(name):
    app = App()
    assert name not in vars(app)
    assert getattr(app, name) is getattr(app, name)


@pytest.mark.parametrize("end", [Homes.end_sessions, Homes.hand_back])
async def test_only_what_was_made_is_ended(end):
    app = App()
    await end(app)
    assert not vars(app)
    app.shells = ended = Ended()
    await end(app)
    assert ended.times == 1

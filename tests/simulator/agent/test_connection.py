from __future__ import annotations

import pytest

from ssmtui.simulator.agent.connection import pair
from ssmtui.simulator.shell.streams import Closed


async def test_what_one_end_writes_the_other_reads() -> None:
    left, right = pair()
    await left.write(b"there")
    await right.write(b"back")
    assert await right.read() == b"there"
    assert await left.read() == b"back"


async def test_an_end_that_finished_still_reads() -> None:
    left, right = pair()
    left.finish()
    assert await right.read() == b""
    await right.write(b"last words")
    assert await left.read() == b"last words"


async def test_an_end_that_is_gone_takes_nothing() -> None:
    left, right = pair()
    await left.write(b"rest")
    left.end()
    assert await right.read() == b"rest"
    assert await right.read() == b""
    with pytest.raises(Closed):
        await right.write(b"x")

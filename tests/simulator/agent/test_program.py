from __future__ import annotations

from ssmtui.core.tasks import spawn
from ssmtui.simulator.agent.program import INPUT_BUFFER, Inbox


class Ring:
    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> None:
        self.times += 1


async def test_bytes_come_out_in_order_and_then_the_end() -> None:
    inbox = Inbox(Ring())
    inbox.put(b"one")
    inbox.put(b"two")
    inbox.end()
    inbox.put(b"late")
    assert [await inbox.read() for _ in range(4)] == [b"one", b"two", b"", b""]
    assert inbox.ended


async def test_a_reader_waits_for_bytes() -> None:
    inbox = Inbox(Ring())
    reading = spawn(inbox.read(), "read")
    inbox.put(b"at last")
    assert await reading == b"at last"


async def test_room_is_told_of_once_it_is_there_again() -> None:
    ring = Ring()
    inbox = Inbox(ring)
    inbox.put(b"x")
    assert await inbox.read()
    assert (inbox.full, ring.times) == (False, 0)
    inbox.put(b"x" * INPUT_BUFFER)
    inbox.put(b"y")
    assert inbox.full
    await inbox.read()
    assert (inbox.full, ring.times) == (False, 1)


async def test_what_is_discarded_is_not_read() -> None:
    inbox = Inbox(Ring())
    inbox.put(b"x" * INPUT_BUFFER)
    inbox.discard()
    assert not inbox.full
    inbox.put(b"new")
    assert await inbox.read() == b"new"

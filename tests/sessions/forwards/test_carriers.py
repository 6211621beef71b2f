"""Carriers on a link that only notes what it is given."""

from __future__ import annotations

import asyncio

import pytest

from ssmtui.core.wire import smux
from ssmtui.core.wire.events import HandshakeDone
from ssmtui.sessions.forwards.carriers import MuxCarrier, SingleCarrier, carrier_for
from ssmtui.sessions.forwards.exchange import BrokenOffError
from ssmtui.sessions.forwards.figures import Figures
from ssmtui.sessions.link import Over

FORWARDING = {"portNumber": "80", "type": "LocalPortForwarding"}
PSH, FIN, SYN, NOP = (
    smux.Command.PSH,
    smux.Command.FIN,
    smux.Command.SYN,
    smux.Command.NOP,
)


class FakeLink:
    def __init__(self) -> None:
        self.sent = b""
        self.abandoned = 0

    def send(self, data: bytes) -> None:
        self.sent += data

    async def drain(self) -> None:
        await asyncio.sleep(0)

    def abandon(self) -> None:
        self.abandoned += 1


class FakeLocal:
    """Says what it is told to, and keeps what it hears."""

    def __init__(self) -> None:
        self.says: asyncio.Queue[bytes] = asyncio.Queue()
        self.heard = b""
        self.reads = asyncio.Event()
        self.reads.set()
        self.finished = False

    async def read(self) -> bytes:
        return await self.says.get()

    async def write(self, data: bytes) -> None:
        await self.reads.wait()
        self.heard += data

    def finish(self) -> None:
        self.finished = True
        self.says.put_nowait(b"")


@pytest.fixture
def link() -> FakeLink:
    return FakeLink()


@pytest.fixture
def mux(link, clock) -> MuxCarrier:
    return MuxCarrier(link, Figures(), clock, keepalive=False)


def begin(carrier, local) -> asyncio.Task[None]:
    assert carrier.claim()
    return asyncio.ensure_future(carrier.carry(local))


async def go() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


def opened(agent: str, properties=FORWARDING, session_type: str = "Port") -> HandshakeDone:
    return HandshakeDone(session_type, properties, agent, "", False)


def test_which_carrier_for_which_agent(link, clock) -> None:
    def kind(*given: object, **named: object) -> type:
        return type(carrier_for(opened(*given, **named), link, Figures(), clock))

    assert kind("3.3.1611.0") is MuxCarrier
    assert kind("3.0.196.0") is SingleCarrier
    assert kind("3.3.1611.0", {"portNumber": "22"}) is SingleCarrier
    assert carrier_for(opened("3.3.1611.0", {}, "Standard_Stream"), link, Figures(), clock) is None


async def test_a_stream_of_the_mux_from_its_beginning_to_its_end(mux, link) -> None:
    local = FakeLocal()
    task = begin(mux, local)
    await go()
    assert link.sent == smux.encode(SYN, 3)
    local.says.put_nowait(b"question")
    await go()
    assert link.sent.endswith(smux.encode(PSH, 3, b"question"))
    await mux.take(smux.encode(PSH, 3, b"answer") + smux.encode(FIN, 3))
    await task
    assert local.heard == b"answer"
    assert local.finished
    assert link.sent.endswith(smux.encode(FIN, 3))


async def test_after_the_break_no_connection_is_taken_and_none_goes_on(mux) -> None:
    local = FakeLocal()
    task = begin(mux, local)
    await go()
    assert mux.claim()
    mux.over(Over(False, "The node no longer answers"))
    assert mux.fault == "The node no longer answers"
    assert not mux.claim()
    with pytest.raises(BrokenOffError):
        await task
    with pytest.raises(BrokenOffError):
        await mux.carry(FakeLocal())


async def test_bytes_that_are_no_mux_end_the_session(mux, link) -> None:
    task = begin(mux, FakeLocal())
    await go()
    await mux.take(b"HTTP/1.1 200 OK")
    assert link.abandoned == 1
    assert mux.fault.startswith("The connections to the node broke off: ")
    with pytest.raises(BrokenOffError):
        await task
    fault = mux.fault
    mux.over(Over(False, ""))
    assert mux.fault == fault


async def test_the_mux_waits_for_who_does_not_read(mux) -> None:
    local = FakeLocal()
    local.reads.clear()
    task = begin(mux, local)
    await go()
    frame = smux.encode(PSH, 3, bytes(smux.MAX_DATA))
    taking = asyncio.ensure_future(mux.take(frame * (smux.BUFFER // smux.MAX_DATA)))
    await go()
    assert not taking.done()
    local.reads.set()
    async with asyncio.timeout(5):
        await taking
    await mux.take(smux.encode(FIN, 3))
    await task
    assert len(local.heard) == smux.BUFFER


async def test_who_leaves_without_reading_holds_nobody_up(mux) -> None:
    local = FakeLocal()
    local.reads.clear()
    task = begin(mux, local)
    await go()
    frame = smux.encode(PSH, 3, bytes(smux.MAX_DATA))
    taking = asyncio.ensure_future(mux.take(frame * (smux.BUFFER // smux.MAX_DATA)))
    await go()
    task.cancel()
    await asyncio.wait([task, taking], timeout=5)
    assert taking.done()
    assert task.cancelled()


async def test_no_more_connections_than_the_mux_holds(mux) -> None:
    for _ in range(smux.MAX_STREAMS):
        assert mux.claim()
    assert not mux.claim()


async def test_old_agents_hear_of_us_and_a_silent_one_is_given_up(link, clock) -> None:
    carrier = MuxCarrier(link, Figures(), clock, keepalive=True)
    await clock.advance(smux.KEEPALIVE_INTERVAL)
    assert link.sent == smux.encode(NOP, 0)
    await clock.advance(smux.KEEPALIVE_TIMEOUT)
    assert link.abandoned == 1
    assert "nothing for 30 s" in carrier.fault


async def test_nothing_ticks_after_the_end(link, clock) -> None:
    carrier = MuxCarrier(link, Figures(), clock, keepalive=True)
    carrier.over(Over(True, ""))
    await clock.advance(2 * smux.KEEPALIVE_TIMEOUT)
    assert link.sent == b""
    assert link.abandoned == 0


async def test_a_single_connection_is_carried_as_it_is(link, clock) -> None:
    figures = Figures()
    carrier = SingleCarrier(link, figures, clock)
    await carrier.take(b"220 welcome\r\n")  # before anybody has connected
    local = FakeLocal()
    task = begin(carrier, local)
    assert carrier.spent
    assert not carrier.claim()
    local.says.put_nowait(b"EHLO\r\n")
    await go()
    assert (link.sent, local.heard) == (b"EHLO\r\n", b"220 welcome\r\n")
    carrier.over(Over(True, ""))
    await task
    assert local.finished
    assert (figures.sent, figures.received) == (6, 13)
    assert link.abandoned == 1


async def test_a_single_connection_that_is_lost_is_no_end_in_order(link, clock) -> None:
    carrier = SingleCarrier(link, Figures(), clock)
    local = FakeLocal()
    task = begin(carrier, local)
    await carrier.take(b"half")
    carrier.over(Over(False, "The node no longer answers"))
    with pytest.raises(BrokenOffError):
        await task
    assert local.heard == b"half"
    assert not local.finished
    assert carrier.fault == "The node no longer answers"


async def test_what_comes_for_nobody_is_kept_up_to_a_bound_and_let_go_at_the_end(
    link, clock
) -> None:
    carrier = SingleCarrier(link, Figures(), clock)
    taking = asyncio.ensure_future(carrier.take(bytes(1_000_000)))
    await go()
    assert not taking.done()
    local = FakeLocal()
    local.reads.clear()
    task = begin(carrier, local)
    await go()
    task.cancel()
    await asyncio.wait([task, taking], timeout=5)
    assert taking.done()
    await carrier.take(bytes(1_000_000))  # nobody is there any more

"""Two ends of a session, joined by hand, in simulated time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ssmtui.core.secret import Secret
from ssmtui.core.wire.agent import AgentChannel
from ssmtui.core.wire.client import ClientChannel
from ssmtui.core.wire.events import Event, NeedsDecryption, NeedsKey

DATA_KEY = bytes(range(64))
CIPHERTEXT = b"the data key as KMS encrypted it"


class Pair:
    """A client and an agent on a perfect link. `exchange` passes frames on until nobody speaks."""

    def __init__(self, client: ClientChannel, agent: AgentChannel) -> None:
        self.client = client
        self.agent = agent
        self.now = 0.0
        self.to_client: list[Event] = []
        self.to_agent: list[Event] = []

    def connect(self, token: str = "token") -> str:
        text = self.client.connect(Secret(token), self.now)
        self.agent.connect(self.now)
        return text

    def cut(self) -> None:
        self.client.disconnect()
        self.agent.disconnect()

    def exchange(self) -> None:
        speaking = True
        while speaking:
            speaking = False
            self.to_client += self.client.tick(self.now)
            self.to_agent += self.agent.tick(self.now)
            for frame in self.agent.take(self.now):
                speaking = True
                for event in self.client.feed(frame, self.now):
                    self.to_client.append(event)
                    if isinstance(event, NeedsKey):
                        self.client.give_key(DATA_KEY, CIPHERTEXT, self.now)
            for frame in self.client.take(self.now):
                speaking = True
                for event in self.agent.feed(frame, self.now):
                    self.to_agent.append(event)
                    if isinstance(event, NeedsDecryption):
                        assert event.ciphertext == CIPHERTEXT
                        self.agent.give_key(DATA_KEY, self.now)

    def advance(self, seconds: float) -> None:
        """Let time pass, stopping at each deadline on the way."""
        end = self.now + seconds
        self.exchange()
        while True:
            deadlines = (self.client.next_deadline(), self.agent.next_deadline())
            soonest = min((d for d in deadlines if d is not None), default=end)
            if soonest > end:
                break
            self.now = max(self.now, soonest)
            self.exchange()
            if soonest >= end:
                break
        self.now = end


@pytest.fixture
def make_pair() -> Callable[..., Pair]:
    """`make_pair(session_id=..., **what AgentChannel takes)`: two ends, not yet connected."""

    def made(**options: Any) -> Pair:
        return Pair(ClientChannel(), AgentChannel("jane-0123", **options))

    return made


@pytest.fixture
def open_pair(make_pair: Callable[..., Pair]) -> Callable[..., Pair]:
    """As `make_pair`, with the handshake behind them and the events of it forgotten."""

    def opened(**options: Any) -> Pair:
        pair = make_pair(**options)
        pair.connect()
        pair.advance(0.1)
        pair.to_client.clear()
        pair.to_agent.clear()
        return pair

    return opened

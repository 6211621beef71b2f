"""A log followed on nodes that are queues, with time held in the hand."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any

import pytest

from ssmtui.core.keys import RowKey
from ssmtui.core.wire.payloads import SessionType
from ssmtui.sessions.follow.follow import Follow
from ssmtui.sessions.follow.merging import WINDOW, Line
from ssmtui.sessions.follow.node import Node
from ssmtui.sessions.follow.source import Source, SourceKind


class Rig:
    """A Follow of `count` nodes; what opening a session on one meets is told by `meets`.

    An exception is raised, a Linked is the session that opens; with nothing left it waits.
    """

    def __init__(self, clock: Any, make_link: Callable[..., Any], count: int, lines: int) -> None:
        self.clock = clock
        self._make = make_link
        self._script: dict[str, deque[Any]] = {}
        self._by_url: dict[str, Any] = {}
        self.commands: list[str] = []
        self.items: list[Any] = []
        self.nodes = [
            Node(None, RowKey("1" * 12, "eu-west-1", f"i-{n}"), f"web-{n}", "linux")  # type: ignore[arg-type]
            for n in range(count)
        ]
        self.follow = Follow(
            self.nodes,
            Source(SourceKind.PATH, "/var/log/app.log"),
            lines=lines,
            clock=clock,
            opening=self._open,  # type: ignore[arg-type]
            connect=self._connect,  # type: ignore[arg-type]
        )
        self._reader: asyncio.Task[None] | None = None

    def meets(self, place: int, *met: Any) -> list[Any]:
        """Sessions to open, or trouble; `None` stands for a session. Returns the sessions."""
        made = []
        for each in met:
            if each is None:
                linked = self._make(
                    session_type=SessionType.NON_INTERACTIVE_COMMANDS, separate_stderr=True
                )
                url = f"wss://channel.example/{len(self._by_url)}"
                linked.session.started = type(linked.session.started)(
                    linked.session.id, linked.session.started.token, url
                )
                self._by_url[url] = linked
                made.append(linked)
            met_now = made[-1] if each is None else each
            self._script.setdefault(f"i-{place}", deque()).append(met_now)
        return made

    async def _open(self, scope: Any, spec: Any) -> Any:
        self.commands.append(spec.parameters["command"][0])
        script = self._script.get(spec.target.id)
        if not script:
            await asyncio.Event().wait()
        met = script.popleft()  # type: ignore[union-attr]
        if isinstance(met, Exception):
            raise met
        return met.session

    async def _connect(self, url: str, upgrade: Any) -> Any:
        return await self._by_url[url].node.connect(url, upgrade)

    def start(self) -> None:
        self.follow.start()
        self._reader = asyncio.ensure_future(self._read())

    async def _read(self) -> None:
        async for batch in self.follow:
            self.items += batch

    async def passes(self, seconds: float = WINDOW) -> None:
        await self.clock.advance(seconds)

    @property
    def lines(self) -> list[tuple[int, str]]:
        return [(item.node, item.text) for item in self.items if isinstance(item, Line)]

    @property
    def states(self) -> list[tuple[int, str, str]]:
        return [
            (item.node, str(item.state), item.sentence)
            for item in self.items
            if not isinstance(item, Line)
        ]

    async def over(self) -> None:
        """Wait for the iteration's own end."""
        assert self._reader is not None
        async with asyncio.timeout(5):
            await self._reader

    async def close(self) -> list[Any]:
        async with asyncio.timeout(5):
            problems = await self.follow.close()
            if self._reader is not None:
                self._reader.cancel()
                await asyncio.gather(self._reader, return_exceptions=True)
        return problems


@pytest.fixture
async def rig(clock: Any, make_link: Callable[..., Any]) -> Any:
    made: list[Rig] = []

    def make(count: int = 1, lines: int = 10) -> Rig:
        made.append(Rig(clock, make_link, count, lines))
        return made[-1]

    yield make
    for each in made:
        await each.close()

"""A reader of a listing's events, and the sessions that the simulated service really has."""

from __future__ import annotations

from typing import Any

import pytest

from ssmtui.resources.base import Finished, Gone, Rows
from ssmtui.simulator.agent.sessions import Sessions


class Board:
    """What a reader of the events knows."""

    def __init__(self) -> None:
        self.rows: dict[str, Any] = {}
        self.ended: dict[str, Any] = {}

    async def read(self, listing: Any, **options: Any) -> Board:
        self.ended.clear()
        async for event in listing.refresh(**options):
            match event:
                case Rows(rows=rows):
                    self.rows.update({row.id: row for row in rows})
                case Gone(keys=keys):
                    for key in keys:
                        del self.rows[key.id]
                case Finished(_, stage, problem):
                    assert (event.scope, stage) not in self.ended, "a stage ends once"
                    self.ended[event.scope, stage] = problem
        return self

    @property
    def problems(self) -> list[Any]:
        return [problem for problem in self.ended.values() if problem is not None]

    @property
    def active(self) -> set[str]:
        return {row.id for row in self.rows.values() if row.active}


class Clock:
    """Monotonic seconds that only the test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Service:
    """The simulated service, asked behind its API."""

    def __init__(self, fleet: Any) -> None:
        self._fleet = fleet
        self._sessions = fleet.world.part(Sessions)

    def records(self, active: bool | None = None) -> dict[str, Any]:
        """Session id -> record; of both lists unless one is asked for."""
        lists = (True, False) if active is None else (active,)
        return {
            record.id: record
            for scope in self._fleet.scopes
            for each in lists
            for record in self._sessions.records(*scope.key, active=each)
        }

    def end(self, session_id: str) -> None:
        for scope in self._fleet.scopes:
            self._sessions.terminate(*scope.key, session_id)


@pytest.fixture
def board() -> Board:
    return Board()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def service() -> type[Service]:
    return Service

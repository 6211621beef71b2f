"""All forwards of a run: they live in the background, and end with the program."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

from ssmtui.aws.clock import Clock
from ssmtui.aws.scope import Scope
from ssmtui.core.problem import Problem
from ssmtui.core.tasks import settled, spawn
from ssmtui.sessions.forwards.forward import Forward, State
from ssmtui.sessions.forwards.spec import ForwardSpec


class Forwards:
    """The forwards, in the order in which they were asked for, failed ones too.

    `changed` is called when one of them changes its state, with that one. Whoever owns them awaits
    `close` before the way to AWS is closed.
    """

    def __init__(
        self, *, changed: Callable[[Forward], None] = lambda _: None, clock: Clock | None = None
    ) -> None:
        self._changed = changed
        self._clock = clock
        self._all: list[Forward] = []

    def __iter__(self) -> Iterator[Forward]:
        return iter(tuple(self._all))

    def __len__(self) -> int:
        return len(self._all)

    @property
    def running(self) -> list[Forward]:
        """Those that have neither failed nor been closed."""
        return [forward for forward in self._all if not forward.over]

    def open(self, scope: Scope, spec: ForwardSpec, *, name: str = "") -> Forward:
        """Begin another one, in the background. It takes the place of a failed one of its like."""
        forward = Forward(
            scope, spec, name=name, clock=self._clock, changed=lambda: self._changed(forward)
        )
        self._all = [
            known for known in self._all if not (known.state is State.FAILED and known.spec == spec)
        ]
        self._all.append(forward)
        forward.start()
        return forward

    async def stop(self, forward: Forward) -> Problem | None:
        """End one and forget it; returns what kept its session from ending."""
        problem = await forward.close()
        if forward in self._all:
            self._all.remove(forward)
        return problem

    async def close(self) -> list[Problem]:
        """End all of them; returns what kept sessions from ending. Also when cancelled."""
        closing = [spawn(forward.close(), f"end of {forward.title}") for forward in self._all]
        await settled(asyncio.gather(*closing, return_exceptions=True))
        return [problem for task in closing if (problem := task.result()) is not None]

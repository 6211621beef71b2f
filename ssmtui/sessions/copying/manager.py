"""All copies of a run: they go on in the background, and end with the program."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path

from ssmtui.core.problem import Problem, ProblemError, ProblemKind
from ssmtui.core.tasks import settled, spawn
from ssmtui.core.text import plain
from ssmtui.sessions.copying.asking import Node
from ssmtui.sessions.copying.copy import Agree, CopySpec, copy
from ssmtui.sessions.copying.download import AGAIN
from ssmtui.sessions.copying.pace import Pace

_BUG = "A mistake of the program's own ended it"


class State(StrEnum):
    """How it is with a copy."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"


class Running:
    """One copy. `changed` is called when its state changes."""

    def __init__(
        self, node: Node, spec: CopySpec, name: str, agree: Agree, changed: Callable[[], None]
    ) -> None:
        self.key = node.key
        self.spec = spec
        self.state = State.RUNNING
        self.sentence = ""
        self._node = node
        self._name = name
        self._agree = agree
        self._changed = changed
        self._pace = Pace()
        self._moved = (0, 0)
        self._task = spawn(self._run(), f"copy with {node.key.id}")

    @property
    def title(self) -> str:
        """`web-1:/etc/hosts -> ./hosts`, safe to show."""
        here, there = plain(str(self.spec.local)), plain(f"{self._name}:{self.spec.remote}")
        return f"{here} -> {there}" if self.spec.upload else f"{there} -> {here}"

    @property
    def over(self) -> bool:
        return self.state is not State.RUNNING

    def words(self) -> str:
        """How far it is, at what rate; what became of it once it is over."""
        if self.over:
            return self.sentence
        return self._pace.words(*self._moved) if self._moved[1] else "looking"

    async def stop(self) -> None:
        """Cancel it, and wait until nothing of it is open."""
        self._task.cancel()
        await asyncio.wait([self._task])

    def _progress(self, done: int, size: int) -> None:
        self._moved = (done, size)

    async def _run(self) -> None:
        try:
            copied = await copy(self._node, self.spec, agree=self._agree, progress=self._progress)
        except ProblemError as error:
            self._turn(State.FAILED, error.problem.sentence)
        except asyncio.CancelledError:
            self._turn(State.STOPPED, f"What has come is kept. {AGAIN}")
            raise
        except Exception:
            self._turn(State.FAILED, _BUG)
            raise
        else:
            if copied is None:
                self._turn(State.STOPPED, "Nothing was overwritten")
            else:
                self._turn(State.DONE, copied.words)

    def _turn(self, state: State, sentence: str) -> None:
        self.state, self.sentence = state, sentence
        self._changed()


def _way(spec: CopySpec) -> tuple[bool, Path, str]:
    return spec.upload, spec.local, spec.remote


class Copies:
    """The copies, in the order in which they were asked for, those that are over too."""

    def __init__(self, changed: Callable[[Running], None] = lambda _: None) -> None:
        self._changed = changed
        self._all: list[Running] = []

    def __iter__(self) -> Iterator[Running]:
        return iter(tuple(self._all))

    @property
    def running(self) -> list[Running]:
        return [one for one in self._all if not one.over]

    def begin(self, node: Node, spec: CopySpec, *, name: str, agree: Agree) -> Running:
        """Begin another one. ProblemError if the same one is running already."""
        for other in self.running:
            if (other.key, _way(other.spec)) == (node.key, _way(spec)):
                what = f"{other.title} is being copied already"
                raise ProblemError(Problem(ProblemKind.INPUT, what, ":copies shows it"))
        begun = Running(node, spec, name, agree, lambda: self._changed(begun))
        self._all.append(begun)
        return begun

    def forget(self, one: Running) -> None:
        """Take one that is over from the list."""
        if one.over and one in self._all:
            self._all.remove(one)

    async def close(self) -> None:
        """Cancel all that are running. Also when cancelled."""
        await settled(asyncio.gather(*(one.stop() for one in self.running)))

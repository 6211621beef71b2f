"""A rollout while `ssmtui run` watches it: progress, questions, Ctrl-C."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from typing import Final

import click

from ssmtui.aws.clock import Clock
from ssmtui.cli.progress import ProgressLine
from ssmtui.cli.run import (
    ANSWER_IS_NO,
    BAD_INPUT,
    INTERRUPTED,
    TIMED_OUT,
    put,
    say,
    say_problem,
)
from ssmtui.cli.running.ending import code_of, progress_words
from ssmtui.cli.running.showing import Show
from ssmtui.core.keys import RowKey
from ssmtui.core.problem import Problem, ProblemKind
from ssmtui.core.tasks import spawn
from ssmtui.core.text import plain
from ssmtui.rollouts.conduct import Rollout
from ssmtui.rollouts.state import Phase, Result, RolloutState
from ssmtui.sessions.outlet import read_line

# Off a terminal nobody logs in: credentials that are refused for so long end the watch (seconds).
LOGIN_SECONDS: Final = 120.0

_STDIN: Final = 0
_LOGIN: Final = frozenset({ProblemKind.EXPIRED, ProblemKind.CREDENTIALS})


class Choice(StrEnum):
    """What may be done when Ctrl-C was pressed or a rollout is held."""

    GO_ON = "g"
    CANCEL = "c"
    LEAVE = "l"


class Watch:
    """Watches one rollout to its end, or until it is left.

    `terminal` says that somebody can be asked, `go_on` that a rollout which was opened again sends
    the rest unasked, and `wait` for how many seconds of `clock` to watch at most (None: to the
    end). Nodes are given to `show` as they come to their ends.
    """

    def __init__(
        self,
        rollout: Rollout,
        show: Show,
        *,
        terminal: bool,
        clock: Clock,
        go_on: bool = False,
        wait: float | None = None,
    ) -> None:
        self._rollout = rollout
        self._show = show
        self._terminal = terminal
        self._clock = clock
        self._go_on = go_on
        self._wait = wait
        self._waited = False
        self._progress = ProgressLine()
        self._news = asyncio.Event()
        self._interrupts = 0
        self._heeded = 0
        self._held = ""  # the sentence of the hold that was heeded
        self._asking = False
        self._said: set[Problem] = set()
        self._shown: set[RowKey] = set()
        self._refused_since: float | None = None
        self._code: int | None = None  # decided: it was left, or interrupted
        self.left = False
        """Whether it was let go of before its end."""
        self._trouble: Exception | None = None  # of the listener, raised where it is waited for

    async def run(self) -> int:
        """Start or take up again; the exit code once nothing more is waited for."""
        rollout = self._rollout
        forget = rollout.listen(self._listen)
        with interrupts(self._interrupted), self._progress:
            rollout.start()
            over = spawn(rollout.over(), f"end of {rollout.id}")
            over.add_done_callback(lambda _: self._news.set())
            forget_wait = self._start_wait()
            try:
                while not (over.done() or self.left):
                    await self._news.wait()
                    self._news.clear()
                    if self._trouble is not None:
                        raise self._trouble
                    if not over.done():
                        await self._heed(over)
                if not self.left:
                    over.result()
                    self._listen(rollout.state, tuple(rollout.results.values()))
                    if self._trouble is not None:
                        raise self._trouble
            finally:
                forget()
                forget_wait()
                over.cancel()
        return code_of(rollout.state) if self._code is None else self._code

    def _start_wait(self) -> Callable[[], None]:
        if self._wait is None:
            return lambda: None
        return self._clock.call_later(self._wait, self._end_wait)

    # What is told

    def _end_wait(self) -> None:
        self._waited = True
        self._news.set()

    def _interrupted(self) -> None:
        self._interrupts += 1
        self._news.set()

    def _listen(self, state: RolloutState, changed: Sequence[Result]) -> None:
        try:
            self._tell(state, changed)
        except Exception as error:  # noqa: BLE001 - who has read the results may have gone
            self._trouble = error
        self._news.set()

    def _tell(self, state: RolloutState, changed: Iterable[Result]) -> None:
        for problem in state.problems:
            if problem not in self._said:
                self._said.add(problem)
                self._progress.clear()
                say_problem(problem)
        ended = [each for each in changed if each.over and each.key not in self._shown]
        self._shown.update(each.key for each in ended)
        if pieces := list(self._show.ended(ended)):
            self._progress.clear()
            put(pieces)
        if not self._asking:
            self._progress.show(progress_words(state))

    # What is done about it

    async def _heed(self, over: asyncio.Task[RolloutState]) -> None:
        state = self._rollout.state
        if self._waited:
            await self._leave(TIMED_OUT, f"The time to wait ({self._wait:g} s) is over")
        elif self._interrupts > self._heeded:
            self._heeded = self._interrupts
            await self._after_interrupt(over)
        elif state.phase is not Phase.HELD:
            self._held = ""
        elif state.sentence != self._held:
            self._held = state.sentence
            await self._at_hold(state, over)
        if not (self._terminal or self.left):
            await self._mind_login(state)

    async def _after_interrupt(self, over: asyncio.Task[RolloutState]) -> None:
        if not self._terminal:
            await self._leave(INTERRUPTED)
            return
        question = "c cancels it, l leaves it running, Enter goes on watching: "
        choice = await self._ask(question, over.done)
        if choice is Choice.CANCEL:
            self._code = INTERRUPTED
            say("cancelling: what runs may still go on to its end")
            await self._rollout.cancel()
        elif choice is Choice.LEAVE:
            await self._leave(INTERRUPTED)

    async def _at_hold(self, state: RolloutState, over: asyncio.Task[RolloutState]) -> None:
        opened_again = state.sentence.startswith("Opened again")
        if state.sentence.endswith("looking for what was sent"):
            return
        self._progress.clear()
        say(plain(state.sentence))
        if opened_again and self._go_on:
            await self._rollout.go_on()
            return
        if not self._terminal:
            await self._leave(ANSWER_IS_NO)
            return

        def passed() -> bool:
            now = self._rollout.state
            return over.done() or (now.phase, now.sentence) != (Phase.HELD, state.sentence)

        choice = None
        while choice is None and not (passed() or self._waited):
            choice = await self._ask("g goes on, c cancels the rest, l leaves it: ", passed)
        if choice is Choice.GO_ON:
            await self._rollout.go_on()
        elif choice is Choice.CANCEL:
            await self._rollout.cancel()
        elif choice is Choice.LEAVE:
            await self._leave(ANSWER_IS_NO)

    async def _mind_login(self, state: RolloutState) -> None:
        """Where nobody logs in again, refused credentials are not waited for without end."""
        if not any(problem.kind in _LOGIN for problem in state.problems):
            self._refused_since = None
        elif self._refused_since is None:
            self._refused_since = self._clock.now()
        elif self._clock.now() - self._refused_since >= LOGIN_SECONDS:
            await self._leave(BAD_INPUT)

    async def _ask(self, question: str, moot: Callable[[], bool]) -> Choice | None:
        """What is chosen; None for nothing, and when the question is moot. Ctrl-C leaves."""
        self._progress.clear()
        self._asking = True
        click.echo(question, err=True, nl=False)
        typed = spawn(read_line(_STDIN), "read a choice")
        typed.add_done_callback(lambda _: self._news.set())
        try:
            while not typed.done() and not moot():
                if self._interrupts > self._heeded or self._waited:
                    self._heeded = self._interrupts
                    click.echo(err=True)
                    return None if self._waited else Choice.LEAVE
                await self._news.wait()
                self._news.clear()
            if not typed.done():
                click.echo(err=True)
                return None
            answer = typed.result().lower()[:1]
            return Choice(answer) if answer in set(Choice) else None
        finally:
            self._asking = False
            typed.cancel()

    async def _leave(self, code: int, sentence: str = "Left by hand") -> None:
        """Let go of it: what was sent goes on at the service."""
        self._code, self.left = code, True
        await self._rollout.leave(sentence)


@contextmanager
def interrupts(told: Callable[[], None]) -> Iterator[None]:
    """SIGINT calls `told` meanwhile, and cancels nothing."""
    if os.name == "nt":
        yield
        return
    loop, before = asyncio.get_running_loop(), signal.getsignal(signal.SIGINT)
    loop.add_signal_handler(signal.SIGINT, told)
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGINT)
        signal.signal(signal.SIGINT, before)

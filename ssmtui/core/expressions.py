"""Regular expressions that people type, in bounded time whatever they are and whatever they meet.

Python's own `re` may try for years (`(a+)+$`), or for minutes on one long line (`a.*b`), and
nothing can stop it. What may repeat goes to the `regex` library instead, which gives up when its
time is over. With `re`, which is faster, stays what takes time in proportion to the text, as it
cannot repeat, and whether a text as short as a row's is matched by what repeats once.
"""

from __future__ import annotations

import re
import sys
import warnings
from collections.abc import Callable
from time import perf_counter, thread_time
from typing import Any, Final

from ssmtui.core.problem import ProblemError, input_problem
from ssmtui.core.text import plain

# Seconds of processor time that one look may take: less than a frame.
_LOOK: Final = 0.02
# A look that takes this long is slow. All slow ones together may take so much, and this share of
# the time beyond that: rows must not hold the screen by each of them being just fast enough.
_SLOW: Final = 0.001
_PATIENCE: Final = 0.03
_SHARE: Final = 0.2

# At most so many characters are a row's text: one repetition tries half of its square, 0.3 ms.
_BRIEF: Final = 300

_ESCAPE: Final = re.compile(r"\\.", re.DOTALL)
_REPEATS: Final = re.compile(r"[*+?{(]")
_ONCE: Final = re.compile(r"[^*+?{(]*[*+][^*+?{(]*")
_CLASS: Final = re.compile(r"\[\^?\]?[^]]*\]")


class TooSlowError(ProblemError):
    """An expression has taken too long, and is not tried any more."""

    def __init__(self, source: str) -> None:
        shown = plain(source)
        error = input_problem(
            f"The regular expression “{shown}” takes too long on this text",
            "Write it with fewer repetitions (* and +), above all inside each other",
        )
        super().__init__(error.problem)


class Expression:
    """One expression. Once it has been too slow it stays so, and every look is a TooSlowError."""

    def __init__(self, source: str, flags: int = 0, *, linear: bool = False) -> None:
        """re.error, OverflowError or RecursionError: it is none. `linear`: it is known to take time
        in proportion to the text."""
        self.source = source
        self.flags = flags
        self.slow = False
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # "possible nested set": theirs to write
            self._plain = re.compile(source, flags)
        self._guarded: Any = None
        self._left, self._counted = _PATIENCE, perf_counter()
        signs = _ESCAPE.sub("e", source)
        self._once = _ONCE.fullmatch(_CLASS.sub("c", signs)) is not None
        if not linear and _REPEATS.search(signs):
            self._guarded = _guarded(source, flags)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Expression):
            return NotImplemented
        return (self.source, self.flags) == (other.source, other.flags)

    def __hash__(self) -> int:
        return hash((self.source, self.flags))

    def search(
        self, text: str, start: int = 0, stop: int = sys.maxsize, *, patient: bool = False
    ) -> re.Match[str] | None:
        """Where it is found first, as `re.Pattern.search`. TooSlowError.

        `patient` counts no slow looks: for callers who let others have their turn after each.
        """
        if self._guarded is None:
            return self._plain.search(text, start, stop)
        self._require()
        began = perf_counter()
        try:
            found: re.Match[str] | None = self._guarded.search(text, start, stop, timeout=_LOOK)
            if perf_counter() - began > _SLOW and not patient:
                self._count(lambda: self._guarded.search(text, start, stop, timeout=_LOOK))
        except TimeoutError:
            raise self._give_up() from None
        return found

    @property
    def found(self) -> Callable[[str], bool | None]:
        """The function that says whether it is found in a text; None (unknown) once it is slow."""
        search = self._plain.search
        if self._guarded is None:
            return lambda text: search(text) is not None
        if self._once:
            return lambda text: (
                search(text) is not None
                if len(text) <= _BRIEF and not self.slow
                else self._found(text)
            )
        return self._found

    def _found(self, text: str) -> bool | None:
        try:
            return self.search(text) is not None
        except TooSlowError:
            return None

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where it is found in a line, all of it that is not empty. TooSlowError."""
        if self._guarded is None:
            found = self._plain.finditer(text)
            return [match.span() for match in found if match.end() > match.start()]
        self._require()
        began = perf_counter()
        try:
            spans = self._guarded_spans(text)
            if perf_counter() - began > _SLOW:
                self._count(lambda: self._guarded_spans(text))
        except TimeoutError:
            raise self._give_up() from None
        return spans

    def _guarded_spans(self, text: str) -> list[tuple[int, int]]:
        matches = self._guarded.finditer(text, timeout=_LOOK)
        return [match.span() for match in matches if match.end() > match.start()]

    def _require(self) -> None:
        if self.slow:
            raise TooSlowError(self.source)

    def _count(self, look: Callable[[], object]) -> None:
        """Take a slow look out of what they may take together. It is measured once more by the
        processor's time: the machine may have been busy with something else."""
        began = thread_time()
        look()
        seconds = thread_time() - began
        if seconds < _SLOW:
            return
        now = perf_counter()
        regained = (now - self._counted) * _SHARE
        self._left = min(_PATIENCE, self._left + regained) - seconds
        self._counted = now
        self.slow = self._left < 0

    def _give_up(self) -> TooSlowError:
        self.slow = True
        return TooSlowError(self.source)


def has_capital(source: str) -> bool:
    r"""Whether case matters to an expression; an escape such as ``\S`` says nothing."""
    letters = _ESCAPE.sub("", source)
    return letters.lower() != letters


def expression(source: str, flags: int = 0) -> Expression:
    """The expression that was typed; case is ignored unless it has a capital. ProblemError."""
    try:
        return Expression(source, flags | (re.NOFLAG if has_capital(source) else re.IGNORECASE))
    except re.error as error:
        raise input_problem(
            plain(f"“{source}” is no regular expression: {error.msg}"),
            "Put a backslash before signs that stand for themselves",
        ) from None
    except (OverflowError, RecursionError):
        raise input_problem("The regular expression is too large", "Write a shorter one") from None


def _guarded(source: str, flags: int) -> Any:
    # Imported when it is first needed: it takes longer than all of `re`.
    import regex

    theirs = {re.IGNORECASE: regex.I, re.MULTILINE: regex.M, re.DOTALL: regex.S}
    given = regex.V0
    for ours, their in theirs.items():
        given |= their if flags & ours else 0
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return regex.compile(source, given)
    except regex.error as error:
        raise re.error(error.msg, source, error.pos) from None

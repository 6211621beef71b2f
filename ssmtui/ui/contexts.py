"""The scopes that are known, those in force, and how the listing of each one stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

from ssmtui.core.keys import ScopeKey
from ssmtui.core.problem import Problem, ProblemKind
from ssmtui.resources.base import Finished, Lacking, Progress
from ssmtui.resources.narrow import context_names, narrowed

if TYPE_CHECKING:
    from ssmtui.aws.scope import Scope


class State(StrEnum):
    """How one scope's listing stands."""

    WAITING = "waiting"
    LOADING = "loading"
    COMPLETE = "complete"
    PARTIAL = "partial"  # some stages failed, and the rows of the others are there
    FAILED = "failed"


class Standing:
    """The listing of one resource in one scope: stages that ended, trouble, how far it is."""

    def __init__(self) -> None:
        self.progress: dict[str, Progress] = {}
        self.ended: dict[str, Problem | None] = {}
        self.lacking: list[Problem] = []
        self.loading = False

    def begin(self) -> None:
        self.progress.clear()
        self.ended.clear()
        self.lacking.clear()
        self.loading = True

    def end(self) -> None:
        self.loading = False

    def has_ended_well(self, stage: str) -> bool:
        return stage in self.ended and self.ended[stage] is None

    @property
    def problems(self) -> list[Problem]:
        """Of the stages that failed."""
        return [problem for problem in self.ended.values() if problem is not None]

    @property
    def troubles(self) -> list[Problem]:
        """All that there is to say: what failed, and what is missing though nothing did."""
        return [*self.problems, *self.lacking]

    @property
    def state(self) -> State:
        if self.loading:
            return State.LOADING
        if not self.ended:
            return State.WAITING
        if not self.problems:
            return State.COMPLETE
        return State.FAILED if len(self.problems) == len(self.ended) else State.PARTIAL

    def note(self, event: Progress | Finished | Lacking) -> None:
        if isinstance(event, Progress):
            self.progress[event.stage] = event
        elif isinstance(event, Lacking):
            self.lacking.append(event.problem)
        else:
            self.ended[event.stage] = event.problem

    @property
    def doing(self) -> str:
        """What is being loaded, in a few words: "EC2 1,200 of 2,000"."""
        open_stages = [step for name, step in self.progress.items() if name not in self.ended]
        return ", ".join(_step(step) for step in open_stages)


def _step(step: Progress) -> str:
    of = f" of {step.total:,}" if step.total is not None else ""
    return f"{step.stage} {step.done:,}{of}"


class Contexts:
    """Which scopes there are, which the user switched off, and which a view narrows to."""

    def __init__(self) -> None:
        self.scopes: tuple[Scope, ...] = ()
        self.problems: tuple[Problem, ...] = ()  # of profiles and Regions that gave no scope
        self.unresolved: tuple[ScopeKey, ...] = ()  # in force last time, and no way to them now
        self.resolved = False
        self._last: tuple[ScopeKey, ...] = ()
        self._off: set[ScopeKey] = set()

    def remember(self, keys: Iterable[ScopeKey]) -> None:
        """These scopes were in force last time."""
        self._last = tuple(keys)

    @property
    def to_remember(self) -> tuple[ScopeKey, ...]:
        """What the next run shall begin with: one without a way to AWS forgets nothing."""
        return self._last

    def resolve(self, scopes: Iterable[Scope], problems: Iterable[Problem] = ()) -> None:
        before, self.scopes = {scope.key for scope in self.scopes}, tuple(scopes)
        if self._off:  # what joins a choice that was made is no part of it
            self._off |= {scope.key for scope in self.scopes} - before
        self.problems = tuple(problems)
        self.resolved = True
        keys = tuple(scope.key for scope in self.scopes)
        # Where nothing went wrong, a scope that is missing is not asked for any more.
        self.unresolved = tuple(key for key in self._last if self.problems and key not in keys)
        self._last = (*keys, *self.unresolved)

    def cached(self, names: Sequence[str]) -> tuple[ScopeKey, ...]:
        """The scopes without a way to them that a view shows as they were kept: all of them, until
        it is narrowed by name or choice."""
        return () if names or self._off else self.unresolved

    @property
    def chosen(self) -> tuple[Scope, ...]:
        """The scopes that are not switched off."""
        return tuple(scope for scope in self.scopes if scope.key not in self._off)

    def choose(self, keys: Iterable[ScopeKey]) -> None:
        """Switch on exactly these; none at all means every one, as nothing could be shown."""
        wanted = set(keys)
        self._off = (
            {scope.key for scope in self.scopes if scope.key not in wanted} if wanted else set()
        )

    def narrowed(self, names: Sequence[str]) -> tuple[Scope, ...]:
        """The chosen scopes that the `@names` fit; ProblemError for a name that fits no scope."""
        return narrowed(self.chosen, names, self.scopes)

    def scope(self, key: ScopeKey) -> Scope | None:
        return next((scope for scope in self.scopes if scope.key == key), None)

    def names(self) -> list[str]:
        """What may stand after "@": profiles, aliases, account ids, Regions."""
        return context_names(self.scopes)


def without_common_prefix(names: Mapping[str, str]) -> dict[str, str]:
    """Names without the words that all of them begin with: shop-dev, shop-prod as dev, prod.

    Names that are all the same, or alone, stay whole.
    """
    first, last = min(names.values(), default=""), max(names.values(), default="")
    common = next(
        (n for n, pair in enumerate(zip(first, last, strict=False)) if len({*pair}) > 1), 0
    )
    cut = max(first.rfind(separator, 0, common) for separator in "-_./ ") + 1
    if len(set(names.values())) < 2 or any(len(name) <= cut for name in names.values()):
        cut = 0
    return {key: name[cut:] for key, name in names.items()}


def trouble_words(problems: Iterable[Problem]) -> str:
    """The header's count: "1 denied 2 throttled"; the kinds in their order of alarm.

    What is said in the same words, of several calls that met with it, is one trouble.
    """
    told = {(problem.kind, problem.what) for problem in problems}
    counts = Counter(kind for kind, _ in told)
    return " ".join(
        f"{counts[kind]} {_WORDS.get(kind, kind.value)}" for kind in _ORDER if kind in counts
    )


_WORDS = {
    ProblemKind.CREDENTIALS: "no credentials",
    ProblemKind.ENDPOINT: "unreachable",
    ProblemKind.SERVICE: "failed",
    ProblemKind.INPUT: "wrong setting",
}
_ORDER = (
    ProblemKind.BUG,
    ProblemKind.EXPIRED,
    ProblemKind.CREDENTIALS,
    ProblemKind.DENIED,
    ProblemKind.ENDPOINT,
    ProblemKind.THROTTLED,
    ProblemKind.SERVICE,
    ProblemKind.UNKNOWN,
    ProblemKind.MODE,
    ProblemKind.INPUT,
)

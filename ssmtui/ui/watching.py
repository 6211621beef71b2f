"""One rollout as the explorer looks at it: its state, its outputs folded in slices, its marks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Final

import msgspec

from ssmtui.aws.scope import Scope
from ssmtui.core.folding import Block, Folder, NodeSet, fold
from ssmtui.core.keys import RowKey
from ssmtui.core.marks import Marks
from ssmtui.core.problem import Problem
from ssmtui.core.tasks import spawn
from ssmtui.rollouts.conduct import Rollout
from ssmtui.rollouts.foldable import foldable
from ssmtui.rollouts.outputs import Fetched, fetch, wanted
from ssmtui.rollouts.state import Bucket, Result, RolloutState

# Seconds of work before others have their turn.
_SLICE: Final = 0.001
# And of rest: while a board is drawn each turn of the loop is long enough.
_REST: Final = 0.002
# Results made ready for folding at once.
_TAKEN: Final = 50
# So many names are folded within a frame; more take a thread.
_FOLDED_AT_ONCE: Final = 20
_NAMES_KEPT: Final = 2000
# Names of large blocks are told at most that often while nodes come in, for it takes the processor.
_NAMES_SECONDS: Final = 0.5

# Of a block: how many nodes it had, these folded, and what that is in so many cells.
_Names = tuple[int, NodeSet | None, dict[int, str]]
_NAMELESS: Final[_Names] = (0, None, {})


class Watched:
    """A rollout under way or over. Use it on the loop; `changed` is called after any news.

    `own` gives the words that are a node's own besides its name: its address, say.
    """

    def __init__(
        self,
        rollout: Rollout,
        *,
        own: Callable[[RowKey], tuple[str, ...]] = lambda key: (),
        ended: Callable[[Watched], None] = lambda watched: None,
    ) -> None:
        self.rollout = rollout
        self.state: RolloutState = rollout.state
        self.folder = Folder(near=True)
        self.marks = Marks()
        self.changed: Callable[[], None] = lambda: None
        self.fetching: tuple[int, int] | None = None  # full outputs read, of how many
        self._own = own
        self._ended = ended
        self._told_end = self.state.over
        self._waiting: dict[RowKey, Result] = {}
        self._folding: asyncio.Task[None] | None = None
        self._names: dict[str, _Names] = {}
        self._nameless: dict[str, Block] = {}
        self._naming: asyncio.Task[None] | None = None
        self._unlisten = rollout.listen(self._told)
        self._take(tuple(rollout.results.values()))

    @property
    def id(self) -> str:
        return self.rollout.id

    @property
    def scopes(self) -> tuple[Scope, ...]:
        """The scopes of its nodes, as far as they are open."""
        keys = self.rollout.plan.spec.command.targets.scopes
        return tuple(scope for key in keys if (scope := self.rollout.scope(key)) is not None)

    @property
    def folded(self) -> bool:
        """Whether every output that has come is in a block."""
        return self._folding is None

    def close(self) -> None:
        """Look no longer."""
        self._unlisten()
        for task in (self._folding, self._naming):
            if task is not None:
                task.cancel()

    # News

    def _told(self, state: RolloutState, changed: Sequence[Result]) -> None:
        self.state = state
        self._take(changed)
        if state.over and not self._told_end:
            self._told_end = True
            self._ended(self)
        self.changed()

    def _take(self, results: Iterable[Result]) -> None:
        for result in results:
            if result.over:
                self._waiting[result.key] = result
        self.fold_soon()

    def fold_soon(self) -> None:
        """Fold what has come, in slices, behind everything else."""
        if self._folding is None:
            self._folding = spawn(self._fold(), f"fold {self.id}")
            self._folding.add_done_callback(self._folded)

    def _folded(self, task: asyncio.Task[None]) -> None:
        self._folding = None
        if not task.cancelled():
            self.changed()

    async def _fold(self) -> None:
        while True:
            keys = list(self._waiting)[:_TAKEN]
            self.folder.add(
                msgspec.structs.replace(output, own=self._own(output.node))
                for output in foldable([self._waiting.pop(key) for key in keys])
            )
            if not self.folder.step(_SLICE) and not self._waiting:
                return
            await asyncio.sleep(_REST)

    def set_near(self, on: bool) -> None:
        """Whether near-identical outputs make one block."""
        self.folder.near = on
        self.fold_soon()

    # What is asked of it

    def results(self, keys: Iterable[RowKey]) -> list[Result]:
        known = self.rollout.results
        return [known[key] for key in keys if key in known]

    def bucket_keys(self, buckets: Collection[Bucket]) -> list[RowKey]:
        return [key for key, each in self.rollout.results.items() if each.bucket in buckets]

    async def fetch(self, keys: Collection[RowKey] | None = None) -> list[Problem]:
        """Read the whole texts of what was cut, of these nodes or of all, and fold again; the
        problems of those that could not be read."""
        due = wanted(self.rollout.results, keys)
        if not due:
            return []
        self.fetching = (0, len(due))

        def got(fetched: Fetched) -> None:
            done, total = self.fetching or (0, len(due))
            self.fetching = (done + 1, total)
            self.rollout.replace([fetched.result])
            # The rollout's own listeners are not told any more once it has been left.
            self._take([fetched.result])
            self.changed()

        try:
            said = await fetch(
                {scope.key: scope for scope in self.scopes},
                self.rollout.plan.spec.command,
                [(result, self.rollout.command_id(result)) for result in due],
                got=got,
            )
        finally:
            self.fetching = None
            self.changed()
        return list(dict.fromkeys(each.problem for each in said if each.problem is not None))

    def who(self, block: Block, width: int) -> str:
        """A block's nodes, folded, in at most `width` characters; raw. Those of a large block are
        folded behind the scenes: until then it is how they were, or how many there are."""
        count, known, fitted = self._names.get(block.id, _NAMELESS)
        if known is None or count != len(block.nodes):
            if len(block.nodes) <= _FOLDED_AT_ONCE:
                known, fitted = self._folded_names(block), {}
                self._keep_names(block, known, fitted)
            else:
                self._nameless[block.id] = block
                if self._naming is None:
                    self._naming = spawn(self._name(), f"name {self.id}")
        if known is None:
            return f"{len(block.nodes):,} nodes"
        said = fitted.get(width)
        if said is None:
            said = fitted[width] = known.fitted(width)
        return said

    def _folded_names(self, block: Block) -> NodeSet:
        known = self.rollout.results
        return fold([known[node].label if node in known else node.id for node in block.nodes])

    async def _name(self) -> None:
        try:
            while self._nameless:
                while self._nameless:
                    _, block = self._nameless.popitem()
                    names = await asyncio.to_thread(self._folded_names, block)
                    self._keep_names(block, names, {})
                self.changed()
                await asyncio.sleep(_NAMES_SECONDS)
        finally:
            self._naming = None

    def _keep_names(self, block: Block, nodes: NodeSet, fitted: dict[int, str]) -> None:
        if len(self._names) > _NAMES_KEPT:
            self._names.clear()
        self._names[block.id] = (len(block.nodes), nodes, fitted)

    def text(self, block: Block) -> tuple[str, str]:
        """A block's two texts, raw; empty where it is no longer folded like that."""
        folder = self.folder
        return folder.held(block.stdout) or "", folder.held(block.stderr) or ""

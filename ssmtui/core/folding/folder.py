"""Folds outputs into blocks, as they arrive and a slice at a time."""

from __future__ import annotations

import hashlib
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Generator, Iterable, Sequence
from math import inf
from operator import methodcaller

from ssmtui.core.folding.blocks import Block, Stream, Variation
from ssmtui.core.folding.groups import Alike, Group
from ssmtui.core.folding.near import Templates, compared, marked, own_words, said
from ssmtui.core.folding.node_sets import NodeSet, fold
from ssmtui.core.folding.outputs import Outcome, Output, Which
from ssmtui.core.folding.texts import Texts
from ssmtui.core.folding.varying import Sample, Varying
from ssmtui.core.keys import RowKey

LIMIT = 400_000_000
"""Bytes of text held by default."""
HEAD = 2500
"""Characters kept of each further text once the limit is reached."""
NEAR_MOST = 1 << 20
"""Longer texts, in bytes, are folded only if they are identical."""

_SLICE = 0.005  # seconds
_SAMPLES = 8


class Folder:
    """Identical outputs become one block with its nodes; near-identical ones if `near` is on.

    `add` only takes note; `step` does the work in slices, and `blocks` gives what is folded by
    then. What comes out does not depend on the order in which outputs came or how they were
    sliced. An output of a node that has one already replaces it.
    """

    def __init__(
        self,
        *,
        near: bool = False,
        limit: int = LIMIT,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self.version = 0
        """Grows whenever `blocks` may have changed."""
        self.behind = False
        """Whether some of the blocks that were last given are older than this version."""
        self._near = near
        self._clock = clock
        self._texts = Texts(limit)
        self._templates = Templates()
        self._queue: deque[Output] = deque()
        self._members: dict[RowKey, tuple[str, tuple[str, ...], Alike]] = {}
        self._alike: dict[bytes, Alike] = {}
        self._groups: dict[bytes, Group] = {}
        # Identical outputs whose near-identical group is not known, and groups to compare anew.
        self._unkeyed: dict[bytes, Alike] = {}
        self._stale: dict[bytes, Group] = {}
        self._samples: OrderedDict[bytes, Sample] = OrderedDict()
        # Groups by the stdout of their reference.
        self._references: dict[int, Group] = {}
        self._work: Generator[None, None, None] | None = None

    # Work

    @property
    def near(self) -> bool:
        """Whether near-identical outputs make one block. Setting it loses nothing."""
        return self._near

    @near.setter
    def near(self, on: bool) -> None:
        self._near = on
        self.version += 1

    def add(self, outputs: Iterable[Output]) -> None:
        """Take note of outputs; `step` folds them."""
        self._queue.extend(outputs)

    def step(self, seconds: float = _SLICE) -> bool:
        """Work for about so many seconds; False when nothing is left to do."""
        until = self._clock() + seconds
        if self._work is None:
            self._work = self._working()
        for _ in self._work:
            if self._clock() >= until:
                return True
        self._work = None
        return False

    def drain(self) -> None:
        """Do everything now: for tests and the command line, not for the event loop."""
        while self.step(1.0):
            pass

    def _working(self) -> Generator[None, None, None]:
        while True:
            # Each finds its group before the next one is taken, so that there are never thousands
            # of blocks for a moment that are one soon after.
            if self._near and self._unkeyed:
                yield from self._find_group(next(iter(self._unkeyed.values())))
            elif self._queue:
                yield from self._take(self._queue.popleft())
            elif self._near and self._stale:
                yield from self._compare_anew(next(iter(self._stale.values())))
            else:
                yield from self._make_blocks()
                return
            yield

    def _make_blocks(self) -> Generator[None, None, None]:
        """So that `blocks` has only to put them in order."""
        units: dict[bytes, Group] | dict[bytes, Alike] = self._groups if self._near else self._alike
        for unit in units.values():
            if unit.block is None:
                self._block(unit)
                yield

    # What there is

    def __len__(self) -> int:
        """How many nodes' outputs are folded."""
        return len(self._members)

    def blocks(self, within: float | None = None) -> list[Block]:
        """All blocks, failures first, then what never answered; the largest first among equals.

        After `within` seconds of work those that have changed are given as they were before, and
        `behind` says so: for whoever draws many times a second.
        """
        units: list[Alike | Group] = list(self._alike.values())
        if self._near:
            units = [*self._groups.values(), *self._unkeyed.values()]
        units.sort(key=methodcaller("placed"))
        until = inf if within is None else self._clock() + within
        self.behind = False
        found = []
        for unit in units:
            block = unit.block
            if block is None and unit.last is not None and (self.behind or self._clock() > until):
                block, self.behind = unit.last, True
            found.append(block or self._block(unit))
        return found

    def identical(self) -> list[Block]:
        """The blocks of identical outputs, in the same order, whatever `near` is."""
        alike = sorted(self._alike.values(), key=methodcaller("placed"))
        return [one.block or self._block(one) for one in alike]

    def block_of(self, node: RowKey) -> Block | None:
        """The block in which a node is, None if its output is not folded."""
        member = self._members.get(node)
        if member is None:
            return None
        unit: Alike | Group = member[2]
        if self._near and member[2].group is not None:
            unit = self._groups[member[2].group]
        return unit.block or self._block(unit)

    def majority(self) -> Block | None:
        """The largest block of nodes that answered, None if there is none."""
        answered = (block for block in self.blocks() if block.outcome is not Outcome.NO_ANSWER)
        return max(answered, key=lambda block: len(block.nodes), default=None)

    def text(self, stream: Stream) -> str:
        """A block's text, raw: it is still to pass `core.text.plain`."""
        return self._texts.text(stream.text)

    def held(self, stream: Stream) -> str | None:
        """The same, or None if no output has it any more: a block may be older than the folder."""
        return self._texts.text(stream.text) if stream.text in self._texts else None

    def node_set(self, block: Block) -> NodeSet:
        """The names of a block's nodes, folded."""
        return fold(self._members[node][0] or node.id for node in block.nodes)

    def output(self, node: RowKey) -> Output:
        """What a node answered, as it was added; KeyError if that is not folded."""
        name, own, alike = self._members[node]
        return Output(
            node=node,
            name=name,
            own=own,
            outcome=alike.outcome,
            status=alike.status,
            exit_code=alike.exit_code,
            stdout=self._texts.text(alike.stdout),
            stderr=self._texts.text(alike.stderr),
            stdout_cut=alike.stdout_cut,
            stderr_cut=alike.stderr_cut,
        )

    # Identical outputs

    def _take(self, output: Output) -> Generator[None, None, None]:
        texts = self._texts
        cut = (output.stdout_cut, output.stderr_cut)
        stdout, stderr = output.stdout, output.stderr
        if texts.full:
            cut = (cut[0] or len(stdout) > HEAD, cut[1] or len(stderr) > HEAD)
            stdout, stderr = stdout[:HEAD], stderr[:HEAD]
        numbers = ((yield from texts.take(stdout)), (yield from texts.take(stderr)))
        apart = (output.outcome.value, output.status, output.exit_code, cut)
        digest = hashlib.sha256(repr(apart).encode("utf-8", "surrogatepass"))
        digest.update(texts.digest(numbers[0]) + texts.digest(numbers[1]))
        key = digest.digest()[:16]
        self._leave(output.node)
        alike = self._alike.get(key)
        if alike is None:
            alike = self._alike[key] = self._unkeyed[key] = Alike.of(key, output, numbers, cut)
        else:
            texts.drop(numbers[0])
            texts.drop(numbers[1])
        self._members[output.node] = (output.name, output.own, alike)
        self._enter(alike, output)
        self.version += 1

    def _enter(self, alike: Alike, output: Output) -> None:
        new = not alike.nodes
        alike.nodes[output.node] = None
        if new:
            alike.words = tuple(own_words(output.name, output.own))
        elif alike.words:
            words = own_words(output.name, output.own)
            self._call(alike, [word for word in alike.words if word in words])
        self._changed(alike)

    def _leave(self, node: RowKey) -> None:
        member = self._members.pop(node, None)
        if member is None:
            return
        alike = member[2]
        del alike.nodes[node]
        self._changed(alike)
        if alike.nodes:
            self._call(alike, said(self._common_words(alike), self._compared(alike)))
            return
        self._ungroup(alike)
        del self._alike[alike.key], self._unkeyed[alike.key]
        self._references.pop(alike.stdout, None)
        self._texts.drop(alike.stdout)
        self._texts.drop(alike.stderr)

    def _call(self, alike: Alike, words: Sequence[bytes]) -> None:
        """A word is the nodes' own only as long as all of them are called so."""
        if tuple(words) != alike.words:
            alike.words = tuple(words)
            self._ungroup(alike)

    def _changed(self, alike: Alike) -> None:
        """Nodes came or went."""
        alike.changed()
        if alike.group is not None:
            self._groups[alike.group].changed()

    def _common_words(self, alike: Alike) -> list[bytes]:
        common: list[bytes] | None = None
        for node in alike.nodes:
            name, own, _ = self._members[node]
            words = own_words(name, own)
            common = [word for word in words if common is None or word in common]
            if not common:
                break
        return common or []

    # Near-identical outputs

    def _find_group(self, alike: Alike) -> Generator[None, None, None]:
        if (yield from self._joined(alike)):
            return
        digest = hashlib.sha256(repr(alike.kept_apart).encode("utf-8", "surrogatepass"))
        texts = self._compared(alike)
        # Names that are not said make no difference when others answer the same.
        alike.words = tuple(said(alike.words, texts))
        for data in texts:
            if len(data) > NEAR_MOST:
                digest.update(alike.key)
            else:
                digest.update((yield from self._templates.digest(data, alike.words)))
        key = digest.digest()[:16]
        group = self._groups.get(key) or Group(key)
        if group.reference is None:
            self._refer(group, alike)
        elif key not in self._stale:
            yield from self._compare(group, alike)
        self._groups[key] = group
        self._join(alike, group)

    def _join(self, alike: Alike, group: Group) -> None:
        group.members[alike.key] = alike
        alike.group = group.key
        del self._unkeyed[alike.key]
        self._changed(alike)
        self.version += 1

    def _joined(self, alike: Alike) -> Generator[None, None, bool]:
        """The short way: an output that is held as its difference from a group's reference belongs
        to that group if the lines that differ have the same templates. Most outputs do, and then
        only those lines are looked at. False: the long way decides."""
        patch = self._texts.patch(alike.stdout)
        group = None if patch is None else self._references.get(patch.base)
        if patch is None or group is None or self._groups.get(group.key) is not group:
            return False
        reference = group.reference
        if (
            reference is None
            or group.key in self._stale
            or reference.stdout != patch.base
            or reference.stderr != alike.stderr
            or reference.kept_apart != alike.kept_apart
            or alike.stdout_cut
            or alike.stderr_cut
        ):
            return False
        sample = self._sample(reference, keep=True)
        # What does not differ must not hold a name that is the one node's own and not the other's.
        differing = patch.lines()
        held = (self._texts.data(patch.base), self._texts.data(alike.stderr))
        if said(alike.words, held) or not group.named.issubset(differing):
            return False
        changed = list(zip(differing, patch.replaced.split(b"\n"), strict=True))
        lines, line_of = sample.lines[Which.STDOUT], self._templates.line
        for line, theirs in changed:
            if line_of(marked(theirs, alike.words)) != line_of(marked(lines[line], sample.words)):
                return False
        alike.words = tuple(said(alike.words, (patch.replaced, b"")))
        yield from group.varying.note(Which.STDOUT, changed, sample, alike.words, self._templates)
        self._join(alike, group)
        return True

    def _ungroup(self, alike: Alike) -> None:
        """Its group is to be found anew."""
        self._samples.pop(alike.key, None)
        self._unkeyed[alike.key] = alike
        if alike.group is None:
            return
        group, alike.group = self._groups[alike.group], None
        del group.members[alike.key]
        group.changed()
        if group.members:
            # Without it less may differ; that is found out once there is nothing better to do.
            self._stale[group.key] = group
        else:
            del self._groups[group.key]
            self._stale.pop(group.key, None)

    def _compare_anew(self, group: Group) -> Generator[None, None, None]:
        group.varying = Varying()
        first, *others = group.members.values()
        self._refer(group, first)
        for alike in others:
            yield from self._compare(group, alike)
            yield
        del self._stale[group.key]
        group.changed()
        self.version += 1

    def _compare(self, group: Group, alike: Alike) -> Generator[None, None, None]:
        if group.reference is not None:
            reference = self._sample(group.reference, keep=True)
            yield from group.varying.compare(reference, self._sample(alike), self._templates)

    def _refer(self, group: Group, alike: Alike) -> None:
        group.reference = alike
        sample = self._sample(alike)
        group.named = sample.named(Which.STDOUT)
        if sample.named(Which.STDERR):
            self._references.pop(alike.stdout, None)
        else:
            self._references[alike.stdout] = group

    def _sample(self, alike: Alike, *, keep: bool = False) -> Sample:
        sample = self._samples.get(alike.key)
        if sample is None:
            stdout, stderr = self._compared(alike)
            sample = Sample(
                {Which.STDOUT: stdout.split(b"\n"), Which.STDERR: stderr.split(b"\n")}, alike.words
            )
            if keep:
                self._samples[alike.key] = sample
        if keep:
            self._samples.move_to_end(alike.key)
            if len(self._samples) > _SAMPLES:
                self._samples.popitem(last=False)
        return sample

    def _compared(self, alike: Alike) -> tuple[bytes, bytes]:
        return (
            compared(self._texts.data(alike.stdout), alike.stdout_cut),
            compared(self._texts.data(alike.stderr), alike.stderr_cut),
        )

    def _block(self, unit: Alike | Group) -> Block:
        if isinstance(unit, Alike):
            unit.block = unit.as_block(self._texts)
            return unit.block
        shown = unit.shown
        variations: tuple[Variation, ...] = ()
        if len(unit.members) > 1:
            own: frozenset[bytes] = frozenset()
            if len(shown.nodes) == 1:
                (node,) = shown.nodes
                words = (node.id, *self._members[node][1])
                own = frozenset(word.encode("utf-8", "surrogatepass") for word in words)
            variations = unit.varying.told(self._sample(shown), own, self._templates)
        unit.block = unit.as_block(self._texts, shown, variations)
        return unit.block

"""Folding 10,000 outputs of 24 KB, against ClusterShell's clubak on the same texts."""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import msgspec

from benchmarks.measures import Row
from benchmarks.outputs import Folded, write

NEAR_GOAL = 6.0
MEMORY_GOAL_MB = 600.0
PAUSE_GOAL_MS = 33.0
_MB = 1e6
_KINDS = {
    "identical": "3 distinct",
    "near": "near-identical, 4 lines differ by node",
    "log": "near-identical, a time and the name in every line",
}


class Gathered(msgspec.Struct):
    """What ClusterShell's message tree took: seconds of the clock and of the processor."""

    seconds: float
    cpu: float
    blocks: int


class Rival(NamedTuple):
    """What clubak took: seconds of the clock and of the processor."""

    seconds: float
    cpu: float


async def run(*, quick: bool = False) -> list[Row]:
    nodes, rounds = (200, 1) if quick else (10_000, 3)
    with tempfile.TemporaryDirectory() as folder:
        paths = {kind: Path(folder, kind) for kind in _KINDS}
        for kind, path in paths.items():
            write(path, kind, nodes)
        # A small run says whether ours works, also where no rival is installed.
        rivals = {} if quick else _rivals(paths["identical"])
        ours = {kind: [_ours(path) for _ in range(rounds)] for kind, path in paths.items()}
    what = f"fold {nodes:,} outputs of 24 KB"
    rows = [_identical(f"{what}, 3 distinct", ours["identical"], rivals)]
    rows += [_near(f"{what}, {_KINDS[kind]}", ours[kind]) for kind in ("near", "log")]
    return [*rows, _memory(what, ours), _pause(what, ours)]


def _identical(what: str, runs: list[Folded], rivals: Mapping[str, Rival]) -> Row:
    best = _median(runs)
    ratio = min((rival.seconds for rival in rivals.values()), default=0.0) / best.seconds
    cpu = ", ".join(f"{name} {rival.cpu:.1f}" for name, rival in rivals.items())
    return Row(
        what=what,
        ours=best.seconds,
        unit="s",
        rivals={name: rival.seconds for name, rival in rivals.items()},
        ratio=f"{ratio:.1f} times faster" if rivals else "",
        goal="at least as fast" if rivals else "",
        met=ratio >= 1 if rivals else None,
        how=(
            "Both sides read the same file of `node: line`, each in a process of its own; reading "
            "counts on both sides. Ours is the median of "
            f"{len(runs)}, with near-identical folding on; theirs one run each. Processor seconds: "
            f"ours {best.cpu:.1f}{f', {cpu}' if cpu else ''}."
        ),
    )


def _near(what: str, runs: list[Folded]) -> Row:
    best = _median(runs)
    return Row(
        what=what,
        ours=best.seconds,
        unit="s",
        goal=f"under {NEAR_GOAL:g} s",
        met=best.seconds < NEAR_GOAL,
        how=(
            f"From the first byte of the file to {best.blocks} block(s) with node sets and what "
            f"varies, in slices on an event loop, median of {len(runs)}; {best.cpu:.1f} processor "
            "seconds with the start of Python. clubak folds identical outputs only."
        ),
    )


def _memory(what: str, ours: dict[str, list[Folded]]) -> Row:
    most = {kind: max(run.memory for run in runs) / _MB for kind, runs in ours.items()}
    listed = ", ".join(f"{kind} {memory:.0f} MB" for kind, memory in most.items())
    return Row(
        what=f"{what}: the most memory",
        ours=max(most.values()),
        unit="MB",
        goal=f"under {MEMORY_GOAL_MB:g} MB",
        met=max(most.values()) < MEMORY_GOAL_MB,
        how=f"ru_maxrss of the whole process, all texts held and given back exactly: {listed}.",
    )


def _pause(what: str, ours: dict[str, list[Folded]]) -> Row:
    pauses = {kind: _median(runs).pause * 1000 for kind, runs in ours.items()}
    slices = max(run.slice for runs in ours.values() for run in runs) * 1000
    listed = ", ".join(f"{kind} {pause:.0f} ms" for kind, pause in pauses.items())
    return Row(
        what=f"{what}: longest pause of the loop",
        ours=max(pauses.values()),
        unit="ms",
        goal=f"at most {PAUSE_GOAL_MS:g} ms",
        met=max(pauses.values()) <= PAUSE_GOAL_MS,
        how=(
            f"How late a 1 ms ticker was, in the run with the median time: {listed}. The longest "
            f"slice of all runs took {slices:.0f} ms of the processor."
        ),
    )


def _median(runs: list[Folded]) -> Folded:
    return sorted(runs, key=lambda run: run.seconds)[len(runs) // 2]


def _ours(path: Path) -> Folded:
    return msgspec.json.decode(_side("outputs", path), type=Folded)


def _side(module: str, path: Path) -> bytes:
    command = [sys.executable, "-m", f"benchmarks.{module}", str(path)]
    return subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout


def _rivals(path: Path) -> dict[str, Rival]:
    gathered = msgspec.json.decode(_side("message_tree", path), type=Gathered)
    return {
        "clubak -b": _clubak(path),
        "MsgTree and NodeSet alone": Rival(gathered.seconds, gathered.cpu),
    }


def _clubak(path: Path) -> Rival:
    # The program is beside the interpreter, wherever that is installed.
    command = [str(Path(sys.executable).parent / "clubak"), "-b"]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.perf_counter()
    with path.open("rb") as file:
        subprocess.run(command, stdin=file, stdout=subprocess.DEVNULL, check=True)
    took = time.perf_counter() - begun
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Rival(took, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)

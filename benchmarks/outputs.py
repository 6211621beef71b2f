"""Outputs of 24 KB as `node: line`, which is what clubak reads, and our side that folds them.

`python -m benchmarks.outputs FILE` prints what folding that file took, as JSON.
"""

from __future__ import annotations

import asyncio
import random
import resource
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from benchmarks.measures import Pauses
from ssmtui.core.folding import Folder, Outcome, Output
from ssmtui.core.keys import RowKey

SIZE = 24_000
TICK = 0.001
PAGE = 50  # ListCommandInvocations gives that many at a time
_SEED = 7


class Folded(msgspec.Struct):
    """What folding took: seconds from the first byte read to the picture (waiting for the
    watch over the pauses left out), processor seconds of the
    whole process, the longest pause of its loop, the longest slice in processor seconds, bytes."""

    seconds: float
    cpu: float
    pause: float
    slice: float
    memory: int
    blocks: int
    picture: list[str]


def write(path: Path, kind: str, nodes: int) -> None:
    """One file of outputs: "identical" (3 different ones), "near" (few lines differ by node) or
    "log" (each line has a time of its own)."""
    make: Callable[[int, str], list[str]] = {"identical": _identical, "near": _near, "log": _log}[
        kind
    ]
    with path.open("w", encoding="utf-8") as file:
        for number in range(nodes):
            name = f"web-{number:05}"
            file.writelines(f"{name}: {line}\n" for line in make(number, name))


def _packages() -> list[str]:
    chance = random.Random(_SEED)
    lines: list[str] = []
    while sum(map(len, lines)) + len(lines) < SIZE - 200:
        version = ".".join(str(chance.randrange(30)) for _ in range(3))
        name = f"lib{chance.choice('abcdefgh')}{chance.randrange(1000)}-dev"
        lines.append(f"{name}-{version}-{chance.randrange(9)}.el9.x86_64 is installed and verified")
    return lines


_PACKAGES = _packages()


def _identical(number: int, _: str) -> list[str]:
    kind = 1 if number % 100 == 3 else 2 if number % 100 == 44 else 0
    return [*_PACKAGES, f"{('nothing', 'openssl', 'kernel')[kind]} is to be updated"]


def _near(number: int, name: str) -> list[str]:
    lines = list(_PACKAGES)
    address = f"10.{number // 2500}.{number // 250 % 10}.{number % 250}"
    lines[3:3] = [f"host {name} ({address})", f"  inet {address}/16 scope global eth0"]
    lines[90:90] = [f"Sat Nov 21 06:{number // 60 % 60:02}:{number % 60:02} UTC 2026"]
    lines.append(f"dnf[{1000 + number * 7 % 31000}]: done in {number % 9}.{number % 7}s")
    return lines


def _log(number: int, name: str) -> list[str]:
    lines: list[str] = []
    for place, package in enumerate(_PACKAGES[: len(_PACKAGES) * 9 // 16]):
        clock = f"06:{(number + place) // 60 % 60:02}:{(number + place) % 60:02}.{number % 1000:03}"
        lines.append(f"2026-11-21T{clock}Z {name} dnf[{1000 + number}]: {package}")
    return lines


def pages(path: Path) -> Iterator[list[Output]]:
    """The file's outputs, as many at a time as the service gives."""
    page: list[Output] = []
    with path.open("rb") as file:
        prefix, lines = b"-", []
        for line in file:
            if not line.startswith(prefix):
                page += _output(prefix, lines)
                prefix, lines = line[: line.index(b" ") + 1], []
                if len(page) == PAGE:
                    yield page
                    page = []
            lines.append(line[len(prefix) :])
        yield [*page, *_output(prefix, lines)]


def _output(prefix: bytes, lines: list[bytes]) -> list[Output]:
    if not lines:
        return []
    name = prefix[:-2].decode()
    node = RowKey("111122223333", "eu-west-1", f"i-{int(name[4:]):017x}")
    text = b"".join(lines).decode()
    return [Output(node=node, name=name, outcome=Outcome.OK, exit_code=0, stdout=text)]


async def fold(path: Path) -> Folded:
    """Fold the file's outputs as the board does, a slice at a time, until all blocks are drawn."""
    folder = Folder(near=True)
    longest = pause = waited = 0.0

    async def hear_ticker() -> None:
        nonlocal waited
        before = time.perf_counter()
        await asyncio.sleep(2 * TICK)
        waited += time.perf_counter() - before

    async with Pauses() as pauses:
        begun = time.perf_counter()
        for page in pages(path):
            await hear_ticker()
            pauses.reset()  # to read the file is not what is measured
            folder.add(page)
            more = True
            while more:
                before = time.process_time()
                more = folder.step()
                longest = max(longest, time.process_time() - before)
                await asyncio.sleep(0)
            await hear_ticker()
            pause = max(pause, pauses.longest)
        before = time.process_time()
        picture = [
            f"{len(block.nodes)} {folder.node_set(block).fitted(60)} {block.compared}"
            for block in folder.blocks()
        ]
        longest = max(longest, time.process_time() - before)
        took = time.perf_counter() - begun - waited
    return Folded(
        seconds=took,
        cpu=time.process_time(),
        pause=max(pause, pauses.longest),
        slice=longest,
        memory=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        blocks=len(picture),
        picture=picture[:5],
    )


if __name__ == "__main__":
    sys.stdout.buffer.write(msgspec.json.encode(asyncio.run(fold(Path(sys.argv[1])))))

"""`python -m benchmarks [NAME...] [--quick]`: run the benchmarks, each in a process of its own.

All of them, at full size, also write docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from benchmarks.measures import Row
from benchmarks.report import Results, page, table

# In the order of the page. Each module has `async def run(*, quick: bool) -> list[Row]`.
NAMES = (
    "node_list",
    "decoding",
    "fleet_table",
    "first_paint",
    "memory",
    "idle_hour",
    "pauses",
    "forwards",
    "sessions",
    "terminal_tab",
    "folding",
    "rollout",
    "board",
    "follow",
)
PAGE = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"


def main(arguments: list[str] | None = None) -> int:
    """0 if every goal was met, 1 if not, 2 if a benchmark could not be run."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(NAMES)}")
    parser.add_argument("--quick", action="store_true", help="small and few: does it run at all?")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    unknown = [name for name in options.names if name not in NAMES]
    if unknown:
        parser.error(f"there is no benchmark {unknown[0]!r}: choose from {', '.join(NAMES)}")
    if options.child:
        return _child(options.names[0], quick=options.quick)
    return _all(options.names or NAMES, quick=options.quick)


def _child(name: str, *, quick: bool) -> int:
    """Run one benchmark in this process and print its rows as JSON."""
    rows = asyncio.run(importlib.import_module(f"benchmarks.{name}").run(quick=quick))
    sys.stdout.buffer.write(msgspec.json.encode(rows))
    return 0


def _all(names: tuple[str, ...] | list[str], *, quick: bool) -> int:
    rows: list[Row] = []
    failed: list[str] = []
    loads: list[float] = []
    for name in names:
        print(f"{name} ...", file=sys.stderr, flush=True)
        loads.append(os.getloadavg()[0])
        command = [sys.executable, "-m", "benchmarks", name, "--child"]
        done = subprocess.run(command + ["--quick"] * quick, stdout=subprocess.PIPE, check=False)
        if done.returncode:
            failed.append(name)
        else:
            rows += msgspec.json.decode(done.stdout, type=list[Row])
    results = Results(rows, datetime.now(UTC), loads)
    print(table(results))
    if failed:
        print(f"These ended with an error: {', '.join(failed)}.", file=sys.stderr)
        return 2
    if not quick and tuple(names) == NAMES:
        PAGE.write_text(page(results), encoding="utf-8")
        print(
            f"Written to {PAGE.relative_to(Path.cwd())}" if PAGE.is_relative_to(Path.cwd()) else ""
        )
    return 0 if all(row.met is not False for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())

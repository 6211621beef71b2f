"""`python -m benchmarks [NAME...] [--quick]`: run the benchmarks, each in a process of its own.

At full size they are kept in docs/benchmarks.json, from which docs/benchmarks.md is written: a part
that is measured anew takes the place of its last results, and the others stay.
"""

from __future__ import annotations

import argparse
import asyncio
import compileall
import importlib
import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from benchmarks.measures import Row
from benchmarks.report import Part, page, table

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
ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
RECORD, PAGE = DOCS / "benchmarks.json", DOCS / "benchmarks.md"


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
    parts: dict[str, Part] = {}
    failed: list[str] = []
    # As an installed program is: what is compiled while a loop runs would be a pause of it.
    for package in ("ssmtui", "benchmarks"):
        compileall.compile_dir(ROOT / package, quiet=2)
    for name in names:
        print(f"{name} ...", file=sys.stderr, flush=True)
        load = os.getloadavg()[0]
        command = [sys.executable, "-m", "benchmarks", name, "--child"]
        done = subprocess.run(command + ["--quick"] * quick, stdout=subprocess.PIPE, check=False)
        if done.returncode:
            failed.append(name)
            continue
        rows = msgspec.json.decode(done.stdout, type=list[Row])
        parts[name] = Part(rows, datetime.now(UTC), load)
        if not quick:
            keep(parts)
    rows = [row for part in parts.values() for row in part.rows]
    print(table(rows))
    if failed:
        print(f"These ended with an error: {', '.join(failed)}.", file=sys.stderr)
        return 2
    return 0 if all(row.met is not False for row in rows) else 1


def keep(parts: Mapping[str, Part], record: Path = RECORD, written: Path = PAGE) -> None:
    """Put these results in the place of the last ones of the same parts, and write the page."""
    kept: dict[str, Part] = {}
    if record.exists():
        kept = msgspec.json.decode(record.read_bytes(), type=dict[str, Part])
    kept |= parts
    ordered = {name: kept[name] for name in NAMES if name in kept}
    record.write_bytes(msgspec.json.format(msgspec.json.encode(ordered), indent=1) + b"\n")
    written.write_text(page(ordered), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())

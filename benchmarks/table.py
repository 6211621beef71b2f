"""The fleet table against textual's DataTable and textual-fastdatatable: 100,000 nodes, 200x50.

All three run headless in one process, one after the other, on the same rows, without animations.
"Painted" is the time from the call to the first display update that shows the right lines; the
loop's longest pause is what a 1 ms ticker saw, until all work in the background was done as well.
The rivals get texts that are made, and haystacks that are lower-cased, beforehand.
"""

from __future__ import annotations

import asyncio
import gc
import math
import random
import re
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from statistics import median
from typing import Any, NamedTuple

from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.widgets import DataTable

from ssmtui.core.haystack import haystack_of
from ssmtui.core.query import EMPTY, parse
from ssmtui.core.store import Store
from ssmtui.core.tasks import spawn
from ssmtui.core.view import View
from ssmtui.resources.nodes.row import COLUMNS, Node
from ssmtui.ui.widgets.fleet_table import FleetTable
from ssmtui.ui.widgets.table_state import StateKind, TableState

COUNT = 100_000
SIZE = (200, 50)
NOW = 1_790_000_000.0
BATCH = 1000  # rows that come at once, as in a page of the API
IDS = ("name", "account", "region", "ping", "seen", "agent", "platform", "address", "type", "id")
SHOWN = tuple(column for name in IDS for column in COLUMNS if column.id == name)
PATTERN = "web.*4[0-9]7"


class Timing(NamedTuple):
    """Milliseconds: until painted, the longest pause of the loop, and until nothing is left."""

    painted: float
    pause: float
    done: float


class Result(NamedTuple):
    """One operation: what each contestant took, and the goals for the first of them."""

    what: str
    timings: dict[str, Timing]
    painted_goal: float
    pause_goal: float = 33.0

    @property
    def met(self) -> bool:
        """Whether the first contestant is within its goals and ahead of all others."""
        ours, *rivals = self.timings.values()
        ahead = all(ours.painted < rival.painted for rival in rivals)
        return ahead and ours.painted <= self.painted_goal and ours.pause <= self.pause_goal


def fleet(count: int = COUNT) -> list[Node]:
    """Nodes as a large fleet has them: unique names, some hundred agent versions."""
    chance = random.Random(20261121)
    agents = [
        f"3.{minor}.{build}.0" for minor in range(4) for build in chance.sample(range(2000), 60)
    ]
    roles = ("web", "api", "batch", "db", "cache", "queue", "build", "edge")
    return [
        Node(
            account=f"{111122223333 + chance.randrange(3)}",
            region=chance.choice(("eu-west-1", "us-east-1", "ap-southeast-2")),
            id=f"i-{chance.getrandbits(68):017x}",
            name=f"{chance.choice(roles)}-{number:06d}",
            ping=chance.choices(("online", "lost", "stopped"), (14, 1, 1))[0],
            seen=NOW - chance.randrange(300),
            agent=chance.choice(agents),
            platform=chance.choice(("linux", "windows")),
            address=f"10.{chance.randrange(256)}.{chance.randrange(256)}.{chance.randrange(256)}",
            type=chance.choice(("m6i.large", "c7g.xlarge", "t3.micro")),
        )
        for number in chance.sample(range(10**6), count)
    ]


class Texts(NamedTuple):
    """The same fleet for tables of texts."""

    rows: list[tuple[str, ...]]
    lowers: list[str]

    def where(self, column: str, value: str) -> list[tuple[str, ...]]:
        index = IDS.index(column)
        return [row for row in self.rows if row[index] == value]

    def matching(self, pattern: str) -> list[tuple[str, ...]]:
        search = re.compile(pattern).search
        return [row for row, text in zip(self.rows, self.lowers, strict=True) if search(text)]


class Stage(App[None]):
    """Holds one table and notes when it is painted."""

    def __init__(self, widget: Any) -> None:
        super().__init__()
        self.widget = widget
        self.animation_level = "none"
        self.awaited: dict[str, Callable[[], bool]] = {}
        self.painted_at: dict[str, float] = {}

    def compose(self) -> ComposeResult:
        yield self.widget

    def post_display_hook(self) -> None:
        for name, is_right in list(self.awaited.items()):
            if is_right():
                self.painted_at[name] = time.perf_counter()
                del self.awaited[name]


class Contestant:
    """A table under test. Each operation starts the work; `right` says that it is to be seen."""

    name = ""

    def __init__(self) -> None:
        self.stage = self.make()

    def make(self) -> Stage:
        raise NotImplementedError

    def right(self) -> bool:
        raise NotImplementedError

    def some(self) -> bool:
        """Whether the first rows of a load are to be seen."""
        return self.right()

    @property
    def busy(self) -> bool:
        return False

    async def load(self) -> None: ...
    async def filter_column(self) -> None: ...
    async def filter_words(self) -> None: ...
    async def unfilter(self) -> None: ...
    async def sort_text(self) -> None: ...
    async def sort_version(self) -> None: ...
    async def page_down(self) -> None: ...


class Ours(Contestant):
    """ssmtui's fleet table. Rows come in batches, as they do from the API."""

    name = "ssmtui"

    def __init__(self, nodes: Sequence[Node]) -> None:
        self._nodes = nodes
        self._store: Store[Node] = Store(SHOWN)
        self._view = View(self._store, SHOWN, sort="id", now=lambda: NOW)
        self._table = FleetTable(self._view, now=lambda: NOW)
        self._table.merged = ("account", "region")
        super().__init__()

    def make(self) -> Stage:
        return Stage(self._table)

    def right(self) -> bool:
        return self._table.up_to_date and len(self._store) == len(self._nodes)

    def some(self) -> bool:
        return self._table.row is not None

    @property
    def busy(self) -> bool:
        return not self._table.settled

    async def load(self) -> None:
        for start in range(0, len(self._nodes), BATCH):
            self._store.apply(self._nodes[start : start + BATCH])
            await asyncio.sleep(0)
        self._table.state = TableState(StateKind.DATA)

    async def filter_column(self) -> None:
        self._table.set_query(parse("ping=lost", SHOWN))

    async def filter_words(self) -> None:
        self._table.set_query(parse(PATTERN, SHOWN))

    async def unfilter(self) -> None:
        self._table.set_query(EMPTY)

    async def sort_text(self) -> None:
        self._table.set_sort("name")

    async def sort_version(self) -> None:
        self._table.set_sort("agent")

    async def page_down(self) -> None:
        self._table.action_page_down()


class Textual(Contestant):
    """textual.widgets.DataTable, refilled for every filter."""

    name = "DataTable"

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self._table: DataTable[str] = DataTable(cursor_type="row")
        self._count = 0
        super().__init__()

    def make(self) -> Stage:
        return Stage(self._table)

    def right(self) -> bool:
        return bool(self._count) and self._table.virtual_size.height == self._count + 1

    async def _fill(self, rows: list[tuple[str, ...]]) -> None:
        self._table.clear()
        self._count = len(rows)
        self._table.add_rows(rows)

    async def load(self) -> None:
        for name in IDS:
            self._table.add_column(name.upper(), key=name)
        await self._fill(self._texts.rows)

    async def filter_column(self) -> None:
        await self._fill(self._texts.where("ping", "LOST"))

    async def filter_words(self) -> None:
        await self._fill(self._texts.matching(PATTERN))

    async def unfilter(self) -> None:
        await self._fill(self._texts.rows)

    async def sort_text(self) -> None:
        self._table.sort("name", key=str.lower)

    async def sort_version(self) -> None:
        self._table.sort("agent", key=lambda text: tuple(map(int, text.split("."))))

    async def page_down(self) -> None:
        self._table.action_page_down()


class Fast(Contestant):
    """textual-fastdatatable, mounted anew for every filter. It orders versions as texts only."""

    name = "fastdatatable"

    def __init__(self, texts: Texts) -> None:
        from textual_fastdatatable import DataTable as FastTable

        self._texts = texts
        self._type = FastTable
        self._table = FastTable(data=[IDS, texts.rows[0]], render_markup=False)
        self._count = 0
        super().__init__()

    def make(self) -> Stage:
        return Stage(self._table)

    def right(self) -> bool:
        table = self._table
        return bool(self._count) and bool(table.virtual_size.height == self._count + 1)

    async def _fill(self, rows: list[tuple[str, ...]]) -> None:
        from textual_fastdatatable import ArrowBackend

        backend = ArrowBackend.from_records([IDS, *rows], has_header=True)
        old, self._table = (
            self._table,
            self._type(backend=backend, cursor_type="row", render_markup=False),
        )
        self._count = len(rows)
        with self.stage.batch_update():
            await old.remove()
            await self.stage.mount(self._table)

    async def load(self) -> None:
        await self._fill(self._texts.rows)

    async def filter_column(self) -> None:
        await self._fill(self._texts.where("ping", "LOST"))

    async def filter_words(self) -> None:
        await self._fill(self._texts.matching(PATTERN))

    async def unfilter(self) -> None:
        await self._fill(self._texts.rows)

    async def sort_text(self) -> None:
        self._table.sort([("name", "ascending")])

    async def sort_version(self) -> None:
        self._table.sort([("agent", "ascending")])

    async def page_down(self) -> None:
        self._table.action_page_down()


async def _measure(
    who: Contestant,
    operation: Callable[[], Awaitable[None]],
    pilot: Pilot[None],
    awaited: Callable[[], dict[str, Callable[[], bool]]] | None = None,
) -> dict[str, Timing]:
    """Run one operation from an idle screen to the end of everything that follows from it."""
    await pilot.pause()
    # What is there already is nobody's doing; the program freezes it after its start, too.
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    stage = who.stage
    pauses = [0.0]
    ticking = True

    async def tick() -> None:
        last = time.perf_counter()
        while ticking:
            await asyncio.sleep(0.001)
            now = time.perf_counter()
            pauses.append(now - last - 0.001)
            last = now

    ticker = spawn(tick(), "benchmark ticker")
    await asyncio.sleep(0.005)
    stage.painted_at.clear()
    start = time.perf_counter()
    if awaited is not None:
        stage.awaited.update(awaited())
    await operation()
    if awaited is None:
        stage.awaited[""] = who.right
    while stage.awaited or who.busy:
        await asyncio.sleep(0.001)
        if stage._exception is not None:
            raise stage._exception
    done = time.perf_counter()
    ticking = False
    await ticker
    return {
        name: Timing(*(1000 * t for t in (at - start, max(pauses), done - start)))
        for name, at in stage.painted_at.items()
    }


async def _perform(who: Contestant) -> dict[str, Timing]:
    async with who.stage.run_test(size=SIZE) as pilot:
        who.stage.screen.focus_next()
        loading = {"load, until the first rows": who.some, "load, until all rows": who.right}
        timings = await _measure(who, who.load, pilot, lambda: loading)
        pages = [(await _measure(who, who.page_down, pilot))[""] for _ in range(7)]
        timings["page down"] = Timing(*(median(column) for column in zip(*pages, strict=True)))
        for what, operation in (
            ("filter one column", who.filter_column),
            ("un-filter", who.unfilter),
            ("regular expression over all", who.filter_words),
            ("(un-filter)", who.unfilter),
            ("sort a text column", who.sort_text),
            ("sort a version column", who.sort_version),
        ):
            timings[what] = (await _measure(who, operation, pilot))[""]
    del timings["(un-filter)"]
    return timings


def run(rounds: int = 5, rivals: bool = True) -> list[Result]:
    """Measure everything; medians of `rounds` (DataTable: one round, it takes a minute)."""
    nodes = fleet()
    rows = [tuple(column.text(node, NOW) for column in SHOWN) for node in nodes]
    haystack = haystack_of(SHOWN)
    texts = Texts(rows, [haystack(node).lower() for node in nodes])
    makers: list[tuple[Callable[[], Contestant], int]] = [(lambda: Ours(nodes), rounds)]
    if rivals:
        makers += [(lambda: Textual(texts), 1), (lambda: Fast(texts), min(rounds, 3))]
    found: dict[str, dict[str, Timing]] = {}
    for make, times in makers:
        played: list[dict[str, Timing]] = []
        for _ in range(times):
            who = make()
            played.append(asyncio.run(_perform(who)))
        for what in played[0]:
            columns = zip(*(timings[what] for timings in played), strict=True)
            found.setdefault(what, {})[who.name] = Timing(*map(median, columns))
    # A load is painted when its first rows are; when the last ones are there is a race only.
    goals = {"page down": 8.0, "load, until all rows": math.inf}
    return [Result(what, timings, goals.get(what, 60.0)) for what, timings in found.items()]


def main(arguments: Sequence[str] = ()) -> int:
    """Print the table of results; `--alone` leaves the rivals out."""
    results = run(rivals="--alone" not in arguments)
    names = list(results[0].timings)
    print("milliseconds until painted (longest pause of the loop; until all is done)")
    print(f"{'':30}" + "".join(f"{name:>26}" for name in names))
    for result in results:
        cells = (f"{t.painted:.1f} ({t.pause:.0f}; {t.done:.0f})" for t in result.timings.values())
        print(f"{result.what:30}" + "".join(f"{cell:>26}" for cell in cells), result.met)
    return 0 if all(result.met for result in results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

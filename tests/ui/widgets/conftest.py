"""Tables over small fleets, driven by keys and read as text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Any, ClassVar

import msgspec
import pytest
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.message import Message
from textual.pilot import Pilot

from ssmtui.core.columns import Column, Kind, Severity
from ssmtui.core.keys import RowKey
from ssmtui.core.store import Store
from ssmtui.core.view import View
from ssmtui.ui.widgets.fleet_table import FleetTable
from ssmtui.ui.widgets.table_actions import TABLE_ACTIONS
from ssmtui.ui.widgets.table_state import StateKind, TableState

NOW = 1_000_000.0


class Machine(msgspec.Struct, frozen=True, gc=False):
    id: str
    name: Any = "web"
    ping: Any = "online"
    seen: Any = NOW - 60
    agent: Any = "3.3.0"
    note: Any = None
    account: str = "111122223333"
    region: str = "eu-west-1"

    @property
    def key(self) -> RowKey:
        return RowKey(self.account, self.region, self.id)


COLUMNS = (
    Column("name", "NAME", Kind.TEXT, 12, "the name"),
    Column("account", "ACCOUNT", Kind.TEXT, 12, "the account", priority=4, merged="account"),
    Column(
        "ping",
        "PING",
        Kind.STATUS,
        8,
        "the state",
        severities={"online": Severity.GOOD, "lost": Severity.BAD},
        upper=frozenset({"lost"}),
    ),
    Column("seen", "SEEN", Kind.TIME, 5, "last heard of", priority=2),
    Column("agent", "AGENT", Kind.VERSION, 8, "the agent", priority=5),
    Column("note", "NOTE", Kind.TEXT, 20, "a note", priority=9, wide=True),
    Column("id", "ID", Kind.TEXT, 8, "the id", priority=1),
)


class TableApp(App[None]):
    """One table with the declared keys, and the messages it has sent."""

    BINDINGS: ClassVar[list[Any]] = [
        *(
            Binding(",".join(action.keys), f"table('{action.id.replace('-', '_')}')", action.label)
            for action in TABLE_ACTIONS
        ),
        Binding("enter", "table('open')"),
    ]

    def __init__(self, table: FleetTable) -> None:
        super().__init__()
        self.table = table
        self.animation_level = "none"

    def compose(self) -> ComposeResult:
        yield self.table

    def action_table(self, name: str) -> None:
        getattr(self.table, f"action_{name}")()


class Screen:
    """A running table: `press` keys, then `read` the screen."""

    def __init__(self, app: TableApp, pilot: Pilot[None], sent: list[Message]) -> None:
        self.app = app
        self.table = app.table
        self.view = app.table.view
        self.store: Store[Any] = app.table.view.store
        self.pilot = pilot
        self.sent = sent

    async def press(self, *keys: str) -> None:
        """Type, and wait until everything that follows from it has been drawn."""
        await self.pilot.press(*keys)
        await self.settle()

    async def settle(self) -> None:
        await self.pilot.pause()
        while not self.table.settled:
            await self.pilot.pause()
        await self.pilot.pause()

    async def apply(self, rows: Iterable[Any] = (), gone: Iterable[RowKey] = ()) -> None:
        """A refresh: rows come, change and go."""
        self.store.apply(rows, gone)
        await self.settle()

    def read(self) -> list[str]:
        """The lines of the screen, without trailing blanks."""
        lines = self.app.screen._compositor.render_strips()
        return [strip.text.rstrip() for strip in lines]

    def names(self) -> list[str]:
        """The first words of the rows on the screen."""
        return [line[3:].split(" ")[0] for line in self.read()[1:] if line.strip()]

    def cursor(self) -> str:
        """The first word of the row with the cursor's sign."""
        rows = [line for line in self.read() if line.startswith("▸")]
        assert len(rows) == 1, rows
        return rows[0][3:].split(" ")[0]

    def marked(self) -> list[str]:
        """The first words of the rows with a mark."""
        return [line[3:].split(" ")[0] for line in self.read() if line[1:2] == "●"]

    def said(self, kind: type[Message]) -> list[Any]:
        """The messages of one kind; a message is seen again at every widget it bubbles to."""
        found = {id(message): message for message in self.sent if type(message) is kind}
        return list(found.values())


@pytest.fixture
def fleet() -> Callable[[int], list[Machine]]:
    """web-00 to web-nn, each with an id of the same number."""
    return lambda count: [Machine(f"i-{n:02d}", f"web-{n:02d}") for n in range(count)]


@pytest.fixture
def machine() -> type[Machine]:
    return Machine


@pytest.fixture
def columns() -> tuple[Column, ...]:
    return COLUMNS


@pytest.fixture
def loading() -> TableState:
    return TableState(StateKind.LOADING)


@pytest.fixture
def now() -> float:
    """The time that tables are shown at, unless a clock is given."""
    return NOW


@pytest.fixture
def show() -> Callable[..., Any]:
    """`async with show(rows, size=..., sort=...) as screen`."""

    @asynccontextmanager
    async def opened(
        rows: Sequence[Any] = (),
        *,
        size: tuple[int, int] = (60, 11),
        sort: str = "name",
        state: TableState | None = None,
        clock: list[float] | None = None,
        flash: float | None = None,
        columns: Sequence[Column] = COLUMNS,
    ) -> Any:
        times = clock or [NOW]
        store: Store[Any] = Store(columns)
        store.apply(rows)
        view = View(
            store,
            columns,
            sort=sort,
            problem=lambda row: row.ping == "lost",
            now=lambda: times[0],
        )
        table = FleetTable(view, noun="nodes", now=lambda: times[0], flash_seconds=flash)
        table.state = state or TableState(StateKind.DATA)
        app = TableApp(table)
        sent: list[Message] = []
        async with app.run_test(size=size, message_hook=sent.append) as pilot:
            screen = Screen(app, pilot, sent)
            await screen.settle()
            yield screen

    return opened

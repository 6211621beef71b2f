"""Blocks a line each, of which only the visible ones are drawn."""

from __future__ import annotations

from textual.app import App, ComposeResult

from ssmtui.core.folding import Block, Outcome, Stream
from ssmtui.core.keys import RowKey
from ssmtui.ui.widgets.blocks_view import BlocksView


def a_block(name: str) -> Block:
    stream = Stream(0, 0, False)
    key = RowKey("1", "eu-west-1", name)
    return Block(
        id=name, outcome=Outcome.OK, status="Success", exit_code=0, stdout=stream, stderr=stream,
        nodes=(key,),
    )  # fmt: skip


class Blocks(App[None]):
    CSS = "BlocksView { height: 1fr; }"

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return {"muted": "#777777", "cursor-row": "#333333", "cursor-row-ink": "#ffffff"}

    def compose(self) -> ComposeResult:
        yield BlocksView(lambda block, width: [(f"{block.id:<{width}}", "$muted")])

    @property
    def view(self) -> BlocksView:
        return self.query_one(BlocksView)


async def test_ten_thousand_blocks_cost_what_is_visible() -> None:
    app = Blocks()
    async with app.run_test(size=(40, 10)) as pilot:
        app.view.show([a_block(f"b{n}") for n in range(10_000)])
        await pilot.pause()
        assert 10 <= app.view.drawn <= 40
        app.view.move_to(10_000)
        await pilot.pause()
        assert app.view.block is not None
        assert app.view.block.id == "b9999"
        assert app.view.drawn <= 80


async def test_only_lines_that_look_different_are_drawn_again() -> None:
    app = Blocks()
    async with app.run_test(size=(40, 10)) as pilot:
        app.view.show([a_block(f"b{n}") for n in range(5)])
        await pilot.pause()
        drawn = app.view.drawn
        app.view.redraw()
        await pilot.pause()
        app.view.show([a_block(f"b{n}") for n in range(5)])
        await pilot.pause()
        assert app.view.drawn == drawn
        app.view.show([a_block(f"b{n}") for n in range(6)])
        await pilot.pause()
        assert app.view.drawn == drawn + 1


async def test_the_cursor_stays_on_its_block() -> None:
    app = Blocks()
    async with app.run_test(size=(40, 10)) as pilot:
        blocks = [a_block(f"b{n}") for n in range(20)]
        app.view.show(blocks)
        app.view.move_by(3)
        await pilot.pause()
        app.view.show([a_block("new"), *blocks])
        assert app.view.block.id == "b3"
        app.view.show(blocks[:2])
        assert app.view.block.id == "b1"
        app.view.show([])
        assert app.view.block is None


async def test_on_top_it_stays_on_top_where_failures_come_first() -> None:
    app = Blocks()
    async with app.run_test(size=(40, 10)):
        app.view.show([a_block("ok")])
        app.view.show([a_block("failed"), a_block("ok")])
        assert app.view.block.id == "failed"


async def test_an_empty_list_says_why() -> None:
    app = Blocks()
    async with app.run_test(size=(40, 10)) as pilot:
        app.view.message = "No output yet"
        app.view.show([])
        await pilot.pause()
        assert "No output yet" in app.view.render_line(0).text

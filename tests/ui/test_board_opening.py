"""What the board opens."""

from __future__ import annotations

from typing import Any

from tests.ui.screens.test_board import UNEVEN


async def test_a_difference_is_drawn_in_colours_beside_its_signs(live: Any) -> None:
    async with live() as f:
        f.app.rolling.remembered.keep_values(
            "AWS-RunShellScript", {"run:errors": ["100%"]}, f.world.clock.now
        )
        await f.shows(f.nodes()[:30])
        await f.runs(UNEVEN, "R")
        await f.sees("DONE", "exit 100", "exit 0")
        board = f.app.screen
        majority = board.watched.folder.majority()
        board.view.move_to(0 if majority.id != board.view.blocks[0].id else 1)
        await f.type("D")
        await f.sees(r"against", r"[-+] openssl 3\.0\.13")
        sign = "-" if "- openssl" in f.text else "+"
        other = "+" if sign == "-" else "-"
        ours, theirs = (f.s.style_of(f"{each} ").color for each in (sign, other))
        assert ours != theirs
        assert f.s.style_of(f"{sign} openssl").color == ours


async def test_a_block_opens_at_what_was_searched_and_says_how_alike_it_is(live: Any) -> None:
    async with live() as f:
        await f.shows(f.nodes()[:3])
        await f.runs("for n in $(seq 1 900); do echo line $n; done", "R")
        await f.sees("DONE", "same first 2,500 characters 3")
        await f.type("/", "line 77", "<enter>", "<enter>")
        await f.sees(r"same first 2,500 characters +/line 77 +1 of 1", "line 77")

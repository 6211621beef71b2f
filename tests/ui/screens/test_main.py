from __future__ import annotations


async def test_the_pane_s_own_number_leads_back_as_it_was_left(explorer) -> None:
    async with explorer.open() as s:
        await s.type("/Env=prod", "<enter>", "1")
        assert "▸ Env=prod" in s.text
        await s.type("2")
        assert "▸ Env=prod" in s.text


async def test_ages_go_on(explorer) -> None:
    async with explorer.open() as s:
        explorer.clock.now += 30
        await s.settle()
        assert s.text.split("\n")[1].endswith("30s")


async def test_all_contexts_takes_the_names_out_of_the_filter(explorer) -> None:
    async with explorer.open() as s:
        await s.type(":no @dev Env=prod", "<enter>")
        assert "40/80" in s.text
        await s.type("0")
        assert "120/240" in s.text
        assert "▸ Env=prod" in s.text

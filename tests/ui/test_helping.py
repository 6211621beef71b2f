from __future__ import annotations


async def test_help_lists_what_works_where_it_was_asked_for(explorer) -> None:
    async with explorer.open(size=(100, 80)) as s:
        await s.type("?")
        for words in ("On nodes", "In a table", "Everywhere", "Views", ":describe", ":no"):
            assert words in s.text
        assert "In a text" not in s.text
        await s.type("<escape>", "d", "?")
        assert "In a text" in s.text
        assert "In a table" not in s.text

from __future__ import annotations

from ssmtui.ui.palette import entries, is_subsequence


def test_the_cheap_test() -> None:
    assert is_subsequence("mrk", "mark or unmark")
    assert not is_subsequence("krm", "mark")
    assert is_subsequence("", "anything")


async def test_it_offers_only_what_works_here(explorer) -> None:
    async with explorer.open() as s:
        lines = [entry.line for entry in entries(s.app)]
        assert lines[0] == "nodes"
        assert {"describe", "mark", "why", "help", "nodes @dev", "theme day"} <= set(lines)
        assert not {"copy-text", "next-match"} & set(lines)
        await s.type("d")
        there = {entry.line for entry in entries(s.app)}
        assert "copy-text" in there
        assert "mark" not in there


async def test_the_command_s_own_name_is_the_surest_hit(explorer) -> None:
    async with explorer.open() as s:
        await s.type("<ctrl+p>", "wide")
        await s.wait_for(lambda: ":wide" in s.text)
        lines = s.text.split("\n")
        first = next(line for line in lines if "  :" in line or line.strip().startswith(":"))
        assert ":wide" in first

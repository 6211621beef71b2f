from __future__ import annotations


async def test_hints_come_from_the_live_bindings_and_a_click_runs_one(explorer) -> None:
    async with explorer.open(size=(100, 24)) as s:
        last = s.text.split("\n")[-1]
        await s.pilot.click("Footer", offset=(last.index("describe"), 0))
        await s.settle()
        assert "Describe" in s.text
        assert "search" in s.text.split("\n")[-1]


async def test_what_does_not_fit_is_left_out_whole(explorer) -> None:
    async with explorer.open(size=(40, 24)) as s:
        words = s.text.split("\n")[-1].split()
        assert set(words) <= {
            *(
                "s",
                "shell",
                "F",
                "forward",
                "w",
                "why",
                "d",
                "describe",
                "y",
                "yaml",
                "c",
                "copy",
                "Space",
                "mark",
            ),
            *("/", "filter", ":", "go", "?", "help"),
        }


async def test_without_a_row_its_actions_are_not_offered(explorer) -> None:
    explorer.fleet.rows = {}
    async with explorer.open() as s:
        assert "there are no nodes" in s.text
        assert "describe" not in s.text

"""What `c` copies of a row, and of the marked ones."""

from __future__ import annotations

import json


async def test_copying_one_row(explorer) -> None:
    async with explorer.open() as s:
        await s.type("c")
        assert "i-00011110a1b2c3d4" in s.text
        await s.type("<down>", "<enter>")
        assert s.app.clipboard == "api-0001"
        assert "Copied the name" in s.text


async def test_copying_marked_rows(explorer) -> None:
    async with explorer.open() as s:
        await s.type("<space>", "<space>", "c")
        assert "Copy of 2 marked rows" in s.text
        await s.type("<down>", "<enter>")
        assert s.app.clipboard == "api-0001\napi-0005"
        await s.type("c", "<up>", "<enter>")
        assert [row["name"] for row in json.loads(s.app.clipboard)] == ["api-0001", "api-0005"]


async def test_copying_the_arn(explorer) -> None:
    async with explorer.open() as s:
        await s.type("c", "<down>", "<down>", "<down>", "<enter>")
        assert s.app.clipboard == ("arn:aws:ec2:eu-west-1:111111111111:instance/i-00011110a1b2c3d4")


async def test_a_digit_copies_at_once(explorer) -> None:
    async with explorer.open() as s:
        await s.type("c", "2")
        assert s.app.clipboard == "api-0001"

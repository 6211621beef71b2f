from __future__ import annotations

import re
from typing import Any

import pytest

_LEFT = "\x1b[?1l\x1b[?1049l"


def frame(written: str) -> list[str]:
    """The rows that were drawn last."""
    return re.sub("\x1b\\[[?0-9;]*[a-zA-Z]", "", written.rpartition("\x1b[2J")[2]).split("\r\n")


@pytest.fixture
async def one(session: Any) -> Any:
    one = await session()
    await one.type("seq 100 > /tmp/n\r")
    return one


async def test_it_has_a_screen_of_its_own_until_q(one: Any) -> None:
    shown = await one.type("less /tmp/n\r")
    assert "\x1b[?1049h" in shown
    height = len(frame(shown)) - 1
    assert frame(shown) == [*map(str, range(1, height + 1)), "/tmp/n"]
    assert _LEFT not in shown
    shown = await one.type("q")
    assert shown.startswith(_LEFT)
    assert "back-1" in await one.type("echo back-$((0+1))\r")


async def test_keys_move(one: Any) -> None:
    height = len(frame(await one.type("less /tmp/n\r"))) - 1
    for keys, first in (
        ("j\x1b[B\r", 4), ("k\x1b[A", 2), (" ", 2 + height), ("b", 2), ("f", 2 + height),
        ("u", 2 + height - height // 2), ("g", 1), ("k", 1), ("x", 1), ("\x03", 1),
    ):  # fmt: skip
        assert frame(await one.type(keys))[0] == str(first), keys
    assert frame(await one.type("G"))[-2:] == ["100", "(END)"]
    assert frame(await one.type(" "))[-1] == "(END)"
    await one.type("q")


async def test_a_resize_is_seen_with_the_next_key(one: Any) -> None:
    await one.type("less /tmp/n\r")
    one.shell.resize(20, 6)
    assert frame(await one.type("g")) == ["1", "2", "3", "4", "5", "/tmp/n"]
    await one.type("q")


async def test_what_is_piped_long_or_no_text(one: Any) -> None:
    shown = frame(await one.type("printf '\\033[1mx\\001%0100d' 0 | less\r"))
    assert shown[0].startswith("ESC[1mx^A000")
    assert (len(shown[0]), shown[2], shown[-1]) == (80, "~", "(END)")
    await one.type("q")


async def test_without_a_screen_it_is_cat(bench: Any, one: Any) -> None:
    assert await bench.out("printf 'a\\nb\\n' > /tmp/f; less /tmp/f") == "a\nb\n"
    assert "\x1b[?1049h" not in await one.type("less /tmp/n | head -n 1\r")


async def test_what_cannot_be_shown_is_said(one: Any) -> None:
    assert "/tmp/no: No such file" in await one.type("less /tmp/no\r")
    assert "Missing filename" in await one.type("less\r")

from __future__ import annotations

from typing import Any

import pytest

from ssmtui.simulator.shell.commands.hostile import PAYLOADS


@pytest.mark.parametrize("name", PAYLOADS)
async def test_every_sequence(session: Any, name: str) -> None:
    one = await session()
    await one.type(f"hostile {name}\r")
    payload = PAYLOADS[name][1].encode("utf-8", "surrogateescape")
    assert payload.replace(b"\n", b"\r\n") in bytes(one.shown)


async def test_all_of_them(bench: Any) -> None:
    printed = await bench.out("hostile")
    assert "\x1b]52;c;" in printed
    assert "\x1b[?1049h" in printed
    assert all(f"-- {name}: " in printed for name in PAYLOADS)


async def test_floods(bench: Any) -> None:
    assert (
        await bench.out("hostile line | wc -l; hostile line | wc -c; hostile bell | wc -c")
        == "1\n1048577\n10001\n"
    )
    assert (await bench.out("hostile colours | wc -l")) == "2001\n"


async def test_help(bench: Any) -> None:
    assert "usage: hostile" in await bench.out("hostile --help")
    assert (await bench.run("hostile nope")).exit_code == 2

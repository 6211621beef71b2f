from __future__ import annotations

from typing import Any


async def test_the_prompt_follows_the_folder(session: Any) -> None:
    one = await session("Windows")
    assert (await one.type("cd C:\\Temp\r")).endswith("\r\nPS C:\\Temp> ")


async def test_interrupting(session: Any) -> None:
    one = await session("Windows")
    await one.type("Start-Sleep 1000\r")
    assert await one.type(b"\x03") == "^C\r\nPS C:\\Windows\\system32> "
    assert "\r\nFalse\r\n" in await one.type("$?\r")


async def test_history_and_completion(session: Any) -> None:
    one = await session("Windows")
    await one.type("'first'\r")
    assert "\r\nfirst\r\n" in await one.type("\x1b[A\r")
    assert (await one.type("Get-HotF\t")).startswith("Get-HotFix")
    assert "\x07" in await one.type(b"\x15nosuch\t")


async def test_errors_at_the_prompt(session: Any) -> None:
    one = await session("Windows")
    shown = await one.type("nope\r")
    assert "The term 'nope' is not recognized" in shown
    assert shown.endswith("PS C:\\Windows\\system32> ")

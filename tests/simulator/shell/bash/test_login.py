from __future__ import annotations

from typing import Any


async def test_the_environment(bench: Any) -> None:
    result = await bench.out("echo $HOME $USER $UID $PWD", user="ssm-user")
    assert result == "/home/ssm-user ssm-user 1001 /home/ssm-user\n"


async def test_nothing_of_the_host_is_in_it(bench: Any, monkeypatch: Any) -> None:
    monkeypatch.setenv("HOST_SECRET", "x")
    assert "HOST_SECRET" not in await bench.out("env; set")


async def test_prompts(session: Any) -> None:
    one = await session("Ubuntu")
    assert one.text.startswith("ssm-user@")
    assert one.text.endswith(":~$ ")
    assert ":/etc$ " in await one.type("cd /etc\r")
    assert (await one.type("PS1='\\u|\\W> '\r")).endswith("ssm-user|etc> ")


async def test_completion(session: Any) -> None:
    one = await session()
    assert (await one.type("hostna\t")).startswith("hostname")
    assert "\x07" in await one.type(b"\x15nosuch\t")
    shown = await one.type(b"\x15cat /etc/host\t")
    assert shown.endswith("cat /etc/host\x07")  # two ways to go on
    assert "/etc/os-release " in await one.type(b"\x15cat /etc/os-\t")


async def test_jobs_that_are_done_are_told(session: Any) -> None:
    one = await session()
    assert "[1] " in await one.type("false &\r")
    assert "[1]+  Exit 1                  false\r\n" in await one.type("\r")

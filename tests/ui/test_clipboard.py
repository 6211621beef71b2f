from __future__ import annotations

import pytest

from ssmtui.ui.clipboard import Way, copy


async def copied(
    way: Way, environ: dict[str, str], trouble: str = ""
) -> tuple[bool, str, list[str], list[str]]:
    system: list[str] = []
    terminal: list[str] = []

    def to_system(text: str) -> str:
        system.append(text)
        return trouble

    done, how = await copy(
        "text", way=way, terminal=terminal.append, environ=environ, system=to_system
    )
    return done, how, system, terminal


async def test_locally_both_ways() -> None:
    assert await copied(Way.AUTO, {}) == (True, "to the system clipboard", ["text"], ["text"])


@pytest.mark.parametrize("name", ["SSH_TTY", "SSH_CONNECTION"])
async def test_over_ssh_only_the_terminal(name: str) -> None:
    done, how, system, terminal = await copied(Way.AUTO, {name: "x"})
    assert (done, system, terminal) == (True, [], ["text"])
    assert "OSC 52" in how


async def test_without_a_system_clipboard_the_terminal_and_the_reason() -> None:
    done, how, _, terminal = await copied(Way.AUTO, {"TMUX": "x"}, "there is none")
    assert done
    assert terminal == ["text"]
    assert "there is none" in how
    assert "set-clipboard" in how


async def test_system_only() -> None:
    assert await copied(Way.SYSTEM, {}) == (True, "to the system clipboard", ["text"], [])
    assert await copied(Way.SYSTEM, {}, "broken") == (False, "broken", ["text"], [])


async def test_osc52_only() -> None:
    done, how, system, terminal = await copied(Way.OSC52, {})
    assert (done, system, terminal) == (True, [], ["text"])
    assert how == "through the terminal (OSC 52)"


async def test_off() -> None:
    done, how, system, terminal = await copied(Way.OFF, {})
    assert (done, system, terminal) == (False, [], [])
    assert "configuration" in how

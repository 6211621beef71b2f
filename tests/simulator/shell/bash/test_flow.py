from __future__ import annotations

from ssmtui.simulator.shell.bash.flow import FunctionReturn, LoopBreak, LoopContinue, ShellExit


def test_statuses_are_bytes() -> None:
    assert ShellExit(256 + 7).status == 7
    assert ShellExit(-1).status == 255
    assert FunctionReturn(300).status == 44


def test_loops_count_their_levels() -> None:
    assert LoopBreak(2).levels == 2
    assert LoopContinue(1).levels == 1

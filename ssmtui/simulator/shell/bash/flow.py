"""How commands leave what they are in."""

from __future__ import annotations


class Flow(Exception):
    """Not an error: control goes elsewhere."""


class ShellExit(Flow):
    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status & 0xFF


class FunctionReturn(Flow):
    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status & 0xFF


class LoopBreak(Flow):
    """Leave `levels` loops."""

    def __init__(self, levels: int) -> None:
        super().__init__(levels)
        self.levels = levels


class LoopContinue(Flow):
    """Go on with the `levels`-th loop around."""

    def __init__(self, levels: int) -> None:
        super().__init__(levels)
        self.levels = levels

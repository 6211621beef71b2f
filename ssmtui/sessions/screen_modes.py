"""What a remote program can switch on a terminal, and the answers to its questions."""

from __future__ import annotations

from enum import IntEnum, StrEnum


class Mode(IntEnum):
    """DEC's private modes that are kept (`CSI ? n h` and `l`), as in xterm's ctlseqs."""

    CURSOR_KEYS = 1
    REVERSE_VIDEO = 5
    ORIGIN = 6
    AUTOWRAP = 7
    MOUSE_X10 = 9
    SHOW_CURSOR = 25
    ALTERNATE = 47
    KEYPAD = 66
    MOUSE_CLICKS = 1000
    MOUSE_DRAG = 1002
    MOUSE_MOTION = 1003
    FOCUS_EVENTS = 1004
    MOUSE_UTF8 = 1005
    MOUSE_SGR = 1006
    ALTERNATE_CLEAR = 1047
    SAVE_CURSOR = 1048
    ALTERNATE_CURSOR = 1049
    BRACKETED_PASTE = 2004


KNOWN = {mode.value: mode for mode in Mode}
AT_FIRST = frozenset({Mode.AUTOWRAP, Mode.SHOW_CURSOR})
ALTERNATE_MODES = frozenset({Mode.ALTERNATE, Mode.ALTERNATE_CLEAR, Mode.ALTERNATE_CURSOR})


class Mouse(StrEnum):
    """Which movements of the mouse the remote program wants to hear of."""

    OFF = "off"
    CLICKS = "clicks"
    DRAG = "drag"
    MOTION = "motion"


def mouse(modes: frozenset[Mode] | set[Mode]) -> Mouse:
    """What these modes ask for."""
    for mode, wanted in (
        (Mode.MOUSE_MOTION, Mouse.MOTION),
        (Mode.MOUSE_DRAG, Mouse.DRAG),
        (Mode.MOUSE_CLICKS, Mouse.CLICKS),
        (Mode.MOUSE_X10, Mouse.CLICKS),
    ):
        if mode in modes:
            return wanted
    return Mouse.OFF


# VT220 with ANSI colours; xterm's own kind of secondary attributes, without a version to trust in.
PRIMARY_ATTRIBUTES = b"\x1b[?62;22c"
SECONDARY_ATTRIBUTES = b"\x1b[>1;10;0c"
STATUS_GOOD = b"\x1b[0n"

# DEC special graphics (`ESC ( 0`), from VT100's table.
LINE_DRAWING = str.maketrans("_`abcdefghijklmnopqrstuvwxyz{|}~", " ◆▒␉␌␍␊°±␤␋┘┐┌└┼⎺⎻─⎼⎽├┤┴┬│≤≥π≠£·")

"""The stream of a remote terminal cut into text, controls and escape sequences.

The grammar is ECMA-48's, as xterm reads it: a sequence may be cut anywhere between two pieces, a
control inside a control sequence is done at once, CAN and SUB break a sequence off, and the strings
of OSC, DCS, SOS, PM and APC are taken out whole. Nothing is ever kept without a bound.
"""

from __future__ import annotations

import codecs
import re
from collections import deque
from collections.abc import Callable
from typing import Protocol

# Bytes that are decoded at once.
_PIECE = 32768
# Tokens between two looks at the clock: the slowest take a tenth of a millisecond.
_TOKENS = 24
# No control sequence is longer.
_LONGEST_SEQUENCE = 1024
# As much of a string is kept as a title could need ...
_LONGEST_STRING = 4096
# ... and a string without an end is given up after so many characters, or it would eat all output.
_ENDLESS_STRING = 4 << 20
# Fewer lines than these are not worth to be taken together.
_FEWEST_LINES = 8

_C1 = re.compile("[\x80-\x9f]")
_TEXT = re.compile("[^\x00-\x1f\x7f]+")
_LINES = re.compile("[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]+")
_CSI = re.compile(r"\x1b\[([<-?]?)([0-9:;]*)([ -/]*)([@-~])")
# The same with controls, or parameters in the wrong order, inside.
_ODD_CSI = re.compile(r"\x1b\[([\x00-\x17\x19\x1c-?\x7f]*)([@-~])?")
_LONG_CSI = re.compile(r"[\x00-\x17\x19\x1c-?\x7f]*([@-~])?")
_ESCAPE = re.compile(r"\x1b([ -/]*)([0-~])?")
_CONTROLS = re.compile("[\x00-\x1f\x7f]")
_STRING = re.compile("[^\x07\x18\x1a\x1b]*")
_STRING_OPENERS = "]PX^_"


class Handler(Protocol):
    """Who does what the stream says."""

    @property
    def takes_lines(self) -> bool:
        """Whether `lines` may be called now."""

    def text(self, text: str) -> None:
        """Characters to print, no control among them."""

    def lines(self, lines: list[str]) -> None:
        """Many lines, each ended by CR LF; tabs are the only controls in them."""

    def control(self, code: str) -> None:
        """One of C0."""

    def escape(self, intermediates: str, final: str) -> None:
        """ESC, intermediates, final."""

    def sequence(self, name: str, parameters: str) -> None:
        """CSI: `name` is the private mark, intermediates and final ("?h", "!p", "m")."""

    def command(self, text: str) -> None:
        """OSC, at most the first few thousand characters of it."""


class Parser:
    """Takes bytes and tells a handler, in slices."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self._waiting: deque[bytes] = deque()
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self._text = ""
        self._at = 0
        self._string = ""  # what opened the string, or too long a sequence, that one is in
        self._string_text = ""
        self._string_size = 0
        self._no_lines_before = 0

    @property
    def pending(self) -> bool:
        """Whether there is anything left to do."""
        return bool(self._waiting) or self._at < len(self._text)

    def push(self, data: bytes) -> None:
        """Put bytes at the end of what waits."""
        self._waiting += (data[at : at + _PIECE] for at in range(0, len(data), _PIECE))

    def run(self, until: float, clock: Callable[[], float]) -> bool:
        """Go on until the clock says so much; whether anything is left to do."""
        while self._at < len(self._text) or self._load():
            for _ in range(_TOKENS):
                if self._at >= len(self._text):
                    break
                if not self._token():
                    # The rest is half a sequence: it is looked at again with what comes next.
                    self._text, self._at = self._text[self._at :], 0
                    if not self._load():
                        return False
            if clock() >= until:
                return self.pending
        return False

    def reset(self) -> None:
        """Forget a sequence or string that is not at its end."""
        self._string = self._string_text = ""
        self._string_size = 0

    def _load(self) -> bool:
        """Decode the next piece behind what is left; False if there is none."""
        if not self._waiting:
            if self._at >= len(self._text):
                self._text, self._at = "", 0
            return False
        text = self._decoder.decode(self._waiting.popleft())
        if not text.isascii():
            text = _C1.sub(_seven_bit, text)
        self._text, self._at = self._text[self._at :] + text, 0
        self._no_lines_before = 0
        return True

    def _token(self) -> bool:
        """Do what is next; False if its end has not come yet."""
        text, at = self._text, self._at
        if self._string == "[":
            return self._inside_long_sequence(text, at)
        if self._string:
            return self._inside_string(text, at)
        first = text[at]
        if first == "\x1b":
            return self._escape_sequence(text, at)
        if at >= self._no_lines_before and self._handler.takes_lines and self._many_lines(text, at):
            return True
        run = _TEXT.match(text, at)
        if run is not None:
            self._at = run.end()
            self._handler.text(run.group())
        else:
            self._at = at + 1
            self._handler.control(first)
        return True

    def _many_lines(self, text: str, at: int) -> bool:
        """Take whole lines together, if there are many of them here."""
        run = _LINES.match(text, at)
        end = run.end() if run is not None else at
        self._no_lines_before = end
        cut = text.rfind("\r\n", at, end)
        if cut < 0:
            return False
        count = text.count("\r\n", at, cut + 2)
        if count < _FEWEST_LINES or not (
            text.count("\r", at, cut + 2) == text.count("\n", at, cut + 2) == count
        ):
            return False
        self._at = cut + 2
        self._handler.lines(text[at:cut].split("\r\n"))
        return True

    def _escape_sequence(self, text: str, at: int) -> bool:
        second = text[at + 1 : at + 2]
        if second == "[":
            found = _CSI.match(text, at)
            if found is None:
                return self._odd_sequence(text, at)
            self._at = found.end()
            if self._at - at <= _LONGEST_SEQUENCE:
                private, parameters, intermediates, final = found.groups()
                self._handler.sequence(private + intermediates + final, parameters)
            return True
        if not second:
            return False
        if second in _STRING_OPENERS:
            self._at = at + 2
            self._string, self._string_text, self._string_size = second, "", 0
            return True
        escape = _ESCAPE.match(text, at)
        if escape is None:
            return True
        intermediates, final = escape.groups()
        if final is None and escape.end() == len(text) and len(intermediates) < _LONGEST_SEQUENCE:
            return False
        self._at = escape.end()
        # Without its final it is broken off by what comes next, which is then read by itself.
        if final is not None:
            self._handler.escape(intermediates, final)
        return True

    def _odd_sequence(self, text: str, at: int) -> bool:
        odd = _ODD_CSI.match(text, at)
        if odd is None:
            return True
        body, final = odd.groups()
        if final is None and odd.end() == len(text) and len(body) < _LONGEST_SEQUENCE:
            return False
        self._at = odd.end()
        if final is None and odd.end() == len(text):
            self._string = "["
        if final is None or len(body) > _LONGEST_SEQUENCE:
            return True
        for control in _CONTROLS.findall(body):
            self._handler.control(control)
        whole = _CSI.match(f"\x1b[{_CONTROLS.sub('', body)}{final}")
        if whole is not None:
            private, parameters, intermediates, final = whole.groups()
            self._handler.sequence(private + intermediates + final, parameters)
        return True

    def _inside_long_sequence(self, text: str, at: int) -> bool:
        rest = _LONG_CSI.match(text, at)
        if rest is not None:
            self._at = rest.end()
            if rest.group(1) is not None or self._at < len(text):
                self.reset()
        return True

    def _inside_string(self, text: str, at: int) -> bool:
        run = _STRING.match(text, at)
        end = run.end() if run is not None else at
        room = _LONGEST_STRING - len(self._string_text)
        self._string_text += text[at : min(end, at + room)]
        self._string_size += end - at
        self._at = end
        if self._string_size > _ENDLESS_STRING:
            self.reset()
            return True
        stop = text[end : end + 1]
        if stop == "\x07" and self._string != "]":
            self._at += 1  # only OSC is ended by BEL
        elif stop == "\x07":
            self._at += 1
            self._end_of_string()
        elif stop == "\x1b":
            return self._escape_in_string(text, end)
        elif stop:  # CAN or SUB
            self._at += 1
            self.reset()
        return True

    def _escape_in_string(self, text: str, at: int) -> bool:
        after = text[at + 1 : at + 2]
        if not after:
            return False
        if after == "\\":
            self._at = at + 2
            self._end_of_string()
        else:
            self.reset()
        return True

    def _end_of_string(self) -> None:
        kind, content = self._string, self._string_text
        self.reset()
        if kind == "]":
            self._handler.command(content)


def _seven_bit(control: re.Match[str]) -> str:
    """The two-character form of an eight-bit control (U+009B is CSI), as xterm takes it."""
    return "\x1b" + chr(ord(control.group()) - 0x40)

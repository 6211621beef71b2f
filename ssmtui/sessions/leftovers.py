"""What a remote program has switched on in the terminal, and would leave on if it died."""

from __future__ import annotations

import re
from typing import Final

# Private modes (DECSET) that outlive a program badly: application cursor keys, reverse video, the
# mouse in its dialects, focus reports, the other screen, bracketed paste, held-back output.
_ON_IS_BAD: Final = frozenset(
    (
        1,
        5,
        9,
        1000,
        1001,
        1002,
        1003,
        1004,
        1005,
        1006,
        1015,
        1016,
        47,
        1047,
        1049,
        2004,
        2026,
        2048,
    )
)
# Those that should be on: line wrap and the cursor.
_OFF_IS_BAD: Final = frozenset((7, 25))
_MODES: Final = re.compile(rb"\x1b\[\?([0-9;]{1,64})([hl])")
_LONGEST: Final = 72  # bytes of a sequence that the next piece may complete
_PLAIN: Final = b"\x1b[0m\x1b(B\x0f\x1b>"  # no colours, ASCII letters, a number pad of numbers


class Leftovers:
    """Watches the output go by and knows how to undo what it has switched."""

    def __init__(self) -> None:
        self._tail = b""
        self._switched: dict[int, bool] = {}

    def watch(self, output: bytes) -> None:
        """Take notice of a piece of output."""
        seen = self._tail + output
        end = 0
        for found in _MODES.finditer(seen):
            end = found.end()
            on = found[2] == b"h"
            for mode in found[1].split(b";"):
                if mode:
                    self._switched[int(mode)] = on
        # Only what may go on in the next piece is kept, so that nothing is seen twice.
        start = seen.rfind(b"\x1b", max(end, len(seen) - _LONGEST))
        self._tail = seen[start:] if start >= 0 else b""

    def undo(self) -> bytes:
        """What brings the terminal back to where programs expect it."""
        wrong = [mode for mode, on in self._switched.items() if on and mode in _ON_IS_BAD]
        missing = [mode for mode, on in self._switched.items() if not on and mode in _OFF_IS_BAD]
        off = b"".join(b"\x1b[?%dl" % mode for mode in wrong)
        return off + b"".join(b"\x1b[?%dh" % mode for mode in missing) + _PLAIN

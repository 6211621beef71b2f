"""What the toy machine grants a shell, so that no script can eat the simulator."""

from __future__ import annotations

LONGEST_VALUE = 1 << 20  # characters of a variable, of a text, of what $(...) prints
MOST_VALUES = 8 << 20  # characters in all variables of a shell
MOST_FIELDS = 20_000  # arguments of a command
MOST_STEPS = 1_000_000  # of matching a pattern
DEEPEST = 40  # functions, subshells and compound commands within each other


class Exhausted(Exception):
    """More than that; the message is what bash would say."""

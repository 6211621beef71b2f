"""The characters of a PowerShell script: blanks, comments, words and numbers."""

from __future__ import annotations

from ssmtui.simulator.shell.powershell.syntax import (
    Incomplete,
    ParseError,
)

LONGEST = 1 << 20
_DEEPEST = 24

LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_")
NAME = LETTERS | frozenset("0123456789")
_ENDS_WORD = frozenset(" \t\r\n;|(){},&<>\"'`")
_UNITS = {"kb": 10, "mb": 20, "gb": 30, "tb": 40}


class Reader:
    """One text, read once from the left."""

    def __init__(self, text: str) -> None:
        self._text = text.replace("\r\n", "\n")
        self._at = 0
        self._depth = 0

    def _bare_word(self) -> str:
        start = self._at
        made = []
        while self._peek() and self._peek() not in _ENDS_WORD:
            made.append(self._peek())
            self._at += 1
        if self._peek() == "`":
            self._at += 1
            made.append(self._take())
            if self._peek() and self._peek() not in _ENDS_WORD:
                self._deeper()
                made.append(self._bare_word())
                self._depth -= 1
        if self._at == start:
            raise self._unexpected() if self._peek() else Incomplete("Missing argument.")
        return "".join(made)

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _take(self) -> str:
        char = self._peek()
        self._at += len(char)
        return char

    def _word_ahead(self) -> str:
        end = self._at
        while end < len(self._text) and self._text[end] in LETTERS:
            end += 1
        return "" if self._text[end : end + 1] in ("-", ".") else self._text[self._at : end]

    def _skip(self, *, lines: bool = False, more: str = "") -> None:
        """Blanks, comments and continued lines."""
        while self._at < len(self._text):
            char = self._text[self._at]
            if char in " \t\r" or (lines and char == "\n") or (more and char in more):
                self._at += 1
            elif char == "#":
                end = self._text.find("\n", self._at)
                self._at = len(self._text) if end < 0 else end
            elif self._text.startswith("`\n", self._at):
                self._at += 2
            elif self._text.startswith("<#", self._at):
                end = self._text.find("#>", self._at)
                if end < 0:
                    raise Incomplete("The terminator '#>' is missing from the comment.")
                self._at = end + 2
            else:
                return

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > _DEEPEST * 5:
            raise ParseError("The script is nested too deeply.")

    def _unexpected(self) -> ParseError:
        token = self._peek() or "end of file"
        return ParseError(f"Unexpected token '{token}' in expression or statement.")


def is_number(word: str) -> bool:
    digits = word.lstrip("+-").lower()
    if len(word) - len(digits) > 1 or not digits.isascii() or len(digits) > 40:
        return False
    if digits[:2] == "0x":
        return bool(digits[2:]) and set(digits[2:]) <= set("0123456789abcdef")
    if digits[-2:] in _UNITS:
        digits = digits[:-2]
    whole, _, part = digits.partition(".")
    return (whole + part).isdigit() and bool(whole)


def number_of(word: str) -> int | float:
    digits = word.lower()
    if "0x" in digits:
        return int(digits, 16)
    shift = _UNITS.get(digits[-2:], 0)
    digits = digits[:-2] if shift else digits
    if "." in digits:
        return float(digits) * (1 << shift)
    return int(digits) << shift

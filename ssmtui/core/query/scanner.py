"""The pieces that a filter is written of: words, quotes, lists and regular expressions."""

from __future__ import annotations

import re

from ssmtui.core.query.errors import QueryError
from ssmtui.core.query.values import Item

QUOTED = r""""(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'"""
_QUOTATION = re.compile(QUOTED, re.DOTALL)
_CLASS = re.compile(r"\[\^?\]?(?:[^\]\\\s]|\\\S)*\]?")
_SPACE = re.compile(r"\s*")


class Scanner:
    """A place in a text, and what can be read from there. `at` is an index and only grows."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def items(self) -> list[Item]:
        """The list behind an operator, up to a space, a "|" or the ")" of a group.

        ( ) in a value stand in pairs, for the group could not be told to end otherwise.
        """
        items: list[Item] = []
        pieces: list[str | None] = []
        start, opened = self.at, list[int]()
        while (character := self.peek()) and not character.isspace():
            if character in "\"'" and self.at == start:
                pieces.append(self.quoted(raw=False))
                continue
            if character in "|)" and not opened:
                break
            self.at += 1
            if character == ",":
                items.append(Item(tuple(pieces), start))
                pieces, start = [], self.at
            elif character == "*":
                pieces.append(None)
            else:
                if character == "(":
                    opened.append(self.at - 1)
                elif character == ")":
                    opened.pop()
                if character == "\\" and self.peek() and self.peek() in "\\*,\"'|() ":
                    character = self.peek()
                    self.at += 1
                pieces.append(character)
        if opened:
            raise self.unclosed(opened[-1])
        return [*items, Item(tuple(pieces), start)]

    def pattern(self, *, stop_at_bar: bool) -> tuple[str, int]:
        """A regular expression and where it starts: quoted, or up to a space outside it."""
        if self.peek() and self.peek() in "\"'":
            start = self.at
            source = self.quoted(raw=True)
            self.at_end_of_quoted()
            return source, start + 1
        start, depth = self.at, 0
        while (character := self.peek()) and not character.isspace():
            if character == "\\":
                self.at += 1
                if self.peek().isspace():
                    break
            elif character == "[":
                self.skip_class()
                continue
            elif character == "(":
                depth += 1
            elif character == ")":
                if depth == 0:
                    break
                depth -= 1
            elif character == "|" and depth == 0 and stop_at_bar:
                break
            self.at += bool(self.peek())
        return self.text[start : self.at], start

    def skip_class(self) -> None:
        """Past a [...] of a regular expression, whose brackets and bars are not ours."""
        match = _CLASS.match(self.text, self.at)
        self.at = match.end() if match else self.at + 1

    def unclosed(self, position: int) -> QueryError:
        """The mistake of a ( in a value that nothing closes."""
        return QueryError("this ( is not closed", position, "Put the whole value in quotes")

    def quoted(self, *, raw: bool) -> str:
        """What stands between two quotes; `raw` leaves backslashes to the regular expression."""
        match = _QUOTATION.match(self.text, self.at)
        if match is None:
            raise QueryError("this quote is not closed", self.at)
        self.at = match.end()
        return match.group()[1:-1] if raw else unquote(match.group())

    def at_end_of_quoted(self) -> None:
        if not self.ends_at(self.at) and self.peek() not in ")|":
            raise QueryError("a space is missing after this quote", self.at - 1)

    def bare_text(self) -> str:
        """Everything up to a space, a "|" or a ")"."""
        start = self.at
        while (character := self.peek()) and not character.isspace() and character not in "|)":
            self.at += 1
        return self.text[start : self.at]

    def skip_space(self) -> str:
        """Past white space; returns the character that follows, "" at the end."""
        match = _SPACE.match(self.text, self.at)
        self.at = match.end() if match else self.at
        return self.peek()

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def ends_at(self, position: int) -> bool:
        return position >= len(self.text) or self.text[position].isspace()


def unquote(quoted: str) -> str:
    r"""Without its quotes, and with \\ and \" read as \ and "."""
    return re.sub(r"""\\([\\"'])""", r"\1", quoted[1:-1])

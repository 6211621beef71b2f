"""Options of the toy programs, as getopt reads them."""

from __future__ import annotations

from collections.abc import Mapping

from ssmtui.simulator.shell.invocation import Complaint


class Options:
    """`flags` are letters without a value, `values` letters with one; `long` maps long names to
    letters. What is not an option is in `rest`. Complaint with `status` for a wrong one.

    >>> options = Options(["-n", "3", "file", "--quiet"], "q", "n", {"quiet": "q"})
    >>> options.value("n"), "q" in options, options.rest
    ('3', True, ['file'])
    """

    def __init__(
        self,
        args: list[str],
        flags: str = "",
        values: str = "",
        long: Mapping[str, str] | None = None,
        *,
        status: int = 1,
        permute: bool = True,
    ) -> None:
        self.rest: list[str] = []
        self._flags = flags
        self._values = values
        self._long = long or {}
        self._status = status
        self._found: dict[str, list[str]] = {}
        waiting = list(args)
        while waiting:
            word = waiting.pop(0)
            if word == "--":
                self.rest += waiting
                break
            if word.startswith("--"):
                self._read_long(word[2:], waiting)
            elif word.startswith("-") and len(word) > 1:
                self._read_letters(word[1:], waiting)
            else:
                self.rest.append(word)
                if not permute:
                    self.rest += waiting
                    break

    def __contains__(self, letter: str) -> bool:
        return letter in self._found

    def value(self, letter: str, default: str = "") -> str:
        """The last value that was given."""
        return self._found.get(letter, [default])[-1]

    def all(self, letter: str) -> list[str]:
        return self._found.get(letter, [])

    def number(self, letter: str, default: int) -> int:
        """Complaint if it is no number."""
        if letter not in self:
            return default
        text = self.value(letter)
        if not _is_number(text):
            raise Complaint(f"invalid number: '{text}'", self._status)
        return int(text)

    def _read_long(self, word: str, waiting: list[str]) -> None:
        name, equals, value = word.partition("=")
        letter = self._long.get(name)
        if letter is None:
            raise Complaint(f"unrecognized option '--{name}'", self._status)
        if letter in self._values:
            if not equals and not waiting:
                raise Complaint(f"option '--{name}' requires an argument", self._status)
            value = value if equals else waiting.pop(0)
        self._found.setdefault(letter, []).append(value)

    def _read_letters(self, letters: str, waiting: list[str]) -> None:
        while letters:
            letter, letters = letters[0], letters[1:]
            if letter in self._values:
                if not letters and not waiting:
                    raise Complaint(f"option requires an argument -- '{letter}'", self._status)
                self._found.setdefault(letter, []).append(letters or waiting.pop(0))
                return
            if letter not in self._flags:
                raise Complaint(f"invalid option -- '{letter}'", self._status)
            self._found.setdefault(letter, []).append("")


def _is_number(text: str) -> bool:
    digits = text.removeprefix("-").removeprefix("+")
    return digits.isascii() and digits.isdigit() and len(digits) <= 18


def natural(text: str, what: str = "number") -> int:
    """A number that is 0 or more; Complaint if the text is none."""
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise Complaint(f"invalid {what}: '{text}'")
    return int(text)


def size(text: str) -> int:
    """A number of bytes such as 512, 4K, 1M or 2G. Complaint if it is none."""
    factor = {"k": 10, "K": 10, "M": 20, "G": 30}.get(text[-1:])
    digits = text[:-1] if factor else text
    return natural(digits) << (factor or 0)

"""What may differ between near-identical outputs: the rules, as patterns over one line.

They are applied to a line in which every digit is a 0 (its *shape*), so that what they answer holds
for all lines of that shape. A rule speaks of whole words: `eth0`, `x86_64`, `5.14.0-362.el9` and
versions of three and more numbers are not numbers, and lines that differ in them differ.
"""

from __future__ import annotations

import re
from typing import NamedTuple

BLIND = bytes.maketrans(b"123456789", b"000000000")
MARK = b"\x01"
"""Begins what stands in for something that may differ. A text's own ones are doubled."""
NAME = b"\x01n"
"""Stands for the node's own name, in a text that has been marked (`near.py`)."""

_MONTH = rb"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*"
_DAY = rb"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? +)?"
_CLOCK = rb"0{1,2}:00(?::00(?:[.,]0{1,9})?)?(?: ?[AaPp][Mm]\b)?"
_ZONE = rb"(?:Z\b| ?[+-]00:?00\b| (?:UTC|GMT|[A-Z]{1,3}[SD]?T)\b)?"
_DATE = rb"(?:0000[-/.]00[-/.]00|00[/.]00[/.]0000)"
_TIME = rb"|".join(
    (
        rb"%s(?:(?:[T _]|, )%s%s)?" % (_DATE, _CLOCK, _ZONE),
        rb"%s0{1,2}[ /-]%s[ /-]0000(?:[ :]%s%s)?" % (_DAY, _MONTH, _CLOCK, _ZONE),
        rb"%s%s +0{1,2}(?:,? 0000)?(?:,? %s%s(?: 0000)?)?" % (_DAY, _MONTH, _CLOCK, _ZONE),
        rb"00000000T000000(?:\.0+)?Z?",
        rb"%s%s" % (_CLOCK, _ZONE),
    )
)
_UNIT = (
    rb"(?:(?:ns|us|\xc2\xb5s|ms|s|m|h|d)"
    rb"| (?:ms|s)| ?(?:nano|micro|milli)?sec(?:ond)?s?"
    rb"| ?min(?:ute)?s?| ?h(?:ou)?rs?| ?days?| ?weeks?)"
)
_DURATION = rb"0+(?:\.0+)?%s(?:[ ,]{0,2}0+(?:\.0+)?%s)*" % (_UNIT, _UNIT)
_IPV4 = rb"0{1,3}(?:\.0{1,3}){3}(?:/0{1,2})?(?!\.0)"
_IPV6 = (
    rb"(?=[a-fA-F:]*0)(?=[0a-fA-F:]*::|(?:[0a-fA-F]{1,4}:){7}[0a-fA-F])[0a-fA-F:]{3,39}"
    rb"(?:%[A-Za-z0]+)?(?:/0{1,3})?"
)
_MAC = rb"(?:[0a-fA-F]{2}[:-]){5}[0a-fA-F]{2}"
_HOST = rb"ip-0{1,3}(?:-0{1,3}){3}(?:\.[a-z0.-]*internal)?"
_UUID = rb"[0a-fA-F]{8}-(?:[0a-fA-F]{4}-){3}[0a-fA-F]{12}"
_AWS_ID = rb"[a-z]{1,12}-(?=[a-f]*0)[0a-f]{8}(?:[0a-f]{9})?"
_HEX = rb"0[xX][0a-fA-F]+|(?=[a-fA-F]*0)(?=0*[a-fA-F])[0a-fA-F]{8,}"
_NUMBER = rb"[-+]?0+(?:,000)*%s(?:[KMGTPkmgtp]i?[Bb]?|[Bb])?%%?(?!\.0)"

# No rule takes a part of a word, of a version or of a name with hyphens.
_BEFORE = rb"(?<![0A-Za-z_\x80-\xff])(?<![0A-Za-z_\x80-\xff][.-])"
_AFTER = rb"(?![0A-Za-z_\x80-\xff])(?!-[0A-Za-z_])"
# The order counts: the first that fits is taken.
_RULES = {
    "mac": _MAC,
    "time": _TIME,
    "uuid": _UUID,
    "id": _AWS_ID,
    "host": _HOST,
    "duration": _DURATION,
    "ipv4": _IPV4,
    "ipv6": rb"(?<!:)%s(?!:)" % _IPV6,
    "hex": _HEX,
    # "nginx/1.24" is a version, "/proc/1234" holds a number.
    "number": rb"(?:(?<![A-Za-z]/)%s|%s)" % (_NUMBER % rb"(?:\.0+)?", _NUMBER % rb""),
}
_ANYTHING = re.compile(
    rb"(?P<name>\x01n)|\x01\x01|%s(?:%s)%s"
    % (
        _BEFORE,
        rb"|".join(rb"(?P<%s>%s)" % (name.encode(), rule) for name, rule in _RULES.items()),
        _AFTER,
    )
)

# What a line is compared by: a number and a hexadecimal word are the same thing there, since one
# node's id may happen to be all digits.
_MARKS = {
    "name": NAME,
    "mac": b"\x01m",
    "time": b"\x01t",
    "uuid": b"\x01u",
    "id": b"\x01i",
    "host": b"\x01h",
    "duration": b"\x01d",
    "ipv4": b"\x01v",
    "ipv6": b"\x01w",
    "hex": b"\x01#",
    "number": b"\x01#",
}

_BLANKS = b" \t"
_SPAN = re.compile(rb"0(?:.*0)?", re.DOTALL)

LONGEST = 4096
"""Only so many first bytes of a line are looked at; the rest must be the same."""


class Cut(NamedTuple):
    """Something that may differ in a line: where it is, by which rule, and its mark."""

    start: int
    stop: int
    rule: str
    mark: bytes


def cuts(shape: bytes) -> tuple[Cut, ...]:
    """What may differ in a line of that shape."""
    return tuple(
        Cut(*match.span(), match.lastgroup, _MARKS[match.lastgroup])
        for match in _ANYTHING.finditer(shape, 0, LONGEST)
        if match.lastgroup
    )


class Template(NamedTuple):
    """What lines of one shape are compared by: fixed pieces, and pieces of the line between them.

    Blanks around what may differ do not count: columns are as wide as what stands in them.
    """

    fixed: tuple[bytes, ...]
    kept: tuple[slice, ...]

    def of(self, line: bytes) -> bytes:
        """The template of a line of that shape."""
        fixed, kept = self
        if len(kept) == 1:
            return fixed[0] + line[kept[0]] + fixed[1]
        pieces = list(fixed)
        for place, piece in enumerate(kept):
            pieces[place] += line[piece]
        return b"".join(pieces)


def template(shape: bytes, found: tuple[Cut, ...]) -> Template:
    """The template of a shape: digits outside of what may differ are the line's own."""
    fixed = [b""]
    kept: list[slice] = []
    place = 0
    for cut in (*found, None):
        start, stop = place, len(shape) if cut is None else cut.start
        piece = shape[start:stop]
        if place:
            piece = piece.lstrip(_BLANKS)
            start = stop - len(piece)
        if cut is not None:
            piece = piece.rstrip(_BLANKS)
        if digits := _SPAN.search(piece):
            fixed[-1] += piece[: digits.start()]
            kept.append(slice(start + digits.start(), start + digits.end()))
            fixed.append(piece[digits.end() :])
        else:
            fixed[-1] += piece
        if cut is not None:
            fixed[-1] += cut.mark
            place = cut.stop
    return Template(tuple(fixed), tuple(kept))

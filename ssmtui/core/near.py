"""Names that come near a word that is none of them: the "Did you mean ..." of every remedy."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from ssmtui.core.text import plain

_MOST_NEAR = 3
_MOST_LISTED = 10


def near(name: str, known: Iterable[str], *, likeness: float = 0.6) -> list[str]:
    """The known names that come near `name`, the nearest first, at most three; case is ignored.

    `likeness` is difflib's ratio, from 0 (nothing in common) to 1 (the same).
    """
    spelled: dict[str, str] = {}
    for word in known:
        spelled.setdefault(word.lower(), word)
    found = get_close_matches(name.lower(), spelled, n=_MOST_NEAR, cutoff=likeness)
    return [spelled[word] for word in found]


def did_you_mean(
    name: str, known: Iterable[str], *, sign: str = "", otherwise: str | None = None
) -> str:
    """The remedy for a name that does not exist, safe to show.

    Where nothing comes near it is `otherwise`, by default the names there are, as many as one can
    read. `sign` goes before each name, such as the ":" of commands.
    """
    words = list(dict.fromkeys(known))
    if found := near(name, words):
        *others, last = [f"{sign}{word}" for word in found]
        return plain("Did you mean " + (", ".join(others) + " or " if others else "") + last)
    if otherwise is not None:
        return otherwise
    more = len(words) - _MOST_LISTED
    listed = ", ".join(f"{sign}{word}" for word in words[:_MOST_LISTED])
    return plain(f"There are {listed}{f' and {more} more' if more > 0 else ''}") if words else ""

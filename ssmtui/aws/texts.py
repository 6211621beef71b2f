"""One object for each different text that repeats over a fleet: words, types, zones, tags."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

# Over all pages of a run: it grows with a fleet's variety, not with its size.
_TEXTS: dict[str | None, str | None] = {}

# Nearly every node's is its own: sharing these would only keep them for ever.
_OWN_VALUES = frozenset({"Name"})


def shared(text: str | None) -> str | None:
    """The text, as the object that was seen first."""
    return _TEXTS.setdefault(text, text)


def all_shared(texts: list[str | None]) -> Iterator[str | None]:
    """The same for many; the loop runs in C."""
    return map(_TEXTS.setdefault, texts, texts)


def shared_tags(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Tags from pairs of key and value."""
    texts = _TEXTS
    tags: dict[str, str] = {}
    for key, value in pairs:
        kept = value if key in _OWN_VALUES else texts.setdefault(value, value) or ""
        tags[texts.setdefault(key, key) or ""] = kept
    return tags

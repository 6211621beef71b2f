"""Which parts of a text are drawn apart, as what."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class SpanKind(StrEnum):
    """As what a part is drawn; what it is, the text itself says as well."""

    HEADING = "heading"
    MUTED = "label"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"  # a part of what was added or removed


class Span(NamedTuple):
    """Characters of a raw line, both from 0; no `end` is the line's own."""

    line: int
    kind: SpanKind
    start: int = 0
    end: int | None = None

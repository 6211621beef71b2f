"""A process that holds the rows of a snapshot and nothing else; prints what they weigh."""

from __future__ import annotations

import sqlite3
import sys
from itertools import chain
from pathlib import Path

import msgspec

from ssmtui.core.keys import ScopeKey
from ssmtui.local.snapshot import Snapshot
from ssmtui.resources.nodes.row import Node

# What repeats over a fleet, and is one object for all rows when they come from AWS.
_REPEATED = (
    *("account", "region", "ping", "agent", "platform", "os", "os_version", "kind", "type"),
    *("state", "zone", "role", "association", "asg", "owner"),
)


class Bare(msgspec.Struct, frozen=True):
    """How many rows, and the bytes of all their different objects."""

    count: int
    size: int


def weigh(database: Path) -> Bare:
    """Read all nodes of a snapshot and add up what they are made of."""
    connection = sqlite3.connect(database)
    scopes = connection.execute("SELECT account, region FROM snapshots").fetchall()
    connection.close()
    snapshot = Snapshot(database)
    keys = [ScopeKey(account, region) for account, region in scopes]
    texts: dict[str, str] = {}
    rows = [
        _shared(row, texts) for _, _, found in snapshot.load("nodes", keys, Node) for row in found
    ]
    snapshot.close()
    parts: dict[int, int] = {}
    for row in rows:
        parts[id(row)] = sys.getsizeof(row)
        for value in (getattr(row, name) for name in row.__struct_fields__):
            parts[id(value)] = sys.getsizeof(value)
            if isinstance(value, dict):
                texts_of = chain.from_iterable(value.items())
                parts.update((id(text), sys.getsizeof(text)) for text in texts_of)
    return Bare(len(rows), sys.getsizeof(rows) + sum(parts.values()))


def _shared(node: Node, texts: dict[str, str]) -> Node:
    """The same row with its repeated texts, tags included, taken from `texts`."""
    share: dict[str, object] = {
        name: texts.setdefault(value, value)
        for name in _REPEATED
        if isinstance(value := getattr(node, name), str)
    }
    if isinstance(node.tags, dict):
        share["tags"] = {
            texts.setdefault(key, key): texts.setdefault(value, value)
            for key, value in node.tags.items()
        }
    return msgspec.structs.replace(node, **share)


if __name__ == "__main__":
    sys.stdout.buffer.write(msgspec.json.encode(weigh(Path(sys.argv[1]))))

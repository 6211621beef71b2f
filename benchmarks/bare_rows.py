"""A process that holds the rows of a snapshot and nothing else; prints what they weigh."""

from __future__ import annotations

import gc
import os
import sqlite3
import sys
from pathlib import Path

import msgspec

from benchmarks.measures import resident_bytes
from ssmtui.core.keys import ScopeKey
from ssmtui.local.snapshot import Snapshot
from ssmtui.resources.nodes.row import Node

# What repeats over a fleet, and is one object for all rows when they come from AWS.
_REPEATED = (
    *("account", "region", "ping", "agent", "platform", "os", "os_version", "kind", "type"),
    *("state", "zone", "role", "association", "asg", "owner"),
)


class Bare(msgspec.Struct, frozen=True):
    """How many rows, and resident bytes: of the rows alone, of the process that holds them."""

    count: int
    rows: int
    process: int


def weigh(database: Path) -> Bare:
    """Read all nodes of a snapshot and weigh this process before and after."""
    snapshot = Snapshot(database)
    connection = sqlite3.connect(database)
    scopes = connection.execute("SELECT account, region FROM snapshots").fetchall()
    connection.close()
    gc.collect()
    before = resident_bytes(os.getpid())
    nodes: list[Node] = []
    texts: dict[object, object] = {}
    for account, region in scopes:
        for _, _, rows in snapshot.load("nodes", [ScopeKey(account, region)], Node):
            nodes += (_shared(row, texts) for row in rows)
    snapshot.close()
    rows, texts = [], {}
    gc.collect()
    after = resident_bytes(os.getpid())
    return Bare(len(nodes), after - before, after)


def _shared(node: Node, texts: dict[object, object]) -> Node:
    """The same row with its repeated texts, tags included, taken from `texts`."""
    share = {
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

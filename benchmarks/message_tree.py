"""ClusterShell's part of clubak alone: its message tree and node sets, without clubak's parsing.

`python -m benchmarks.message_tree FILE` prints the seconds that it took, of the clock and of the
processor, as JSON.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from ClusterShell.MsgTree import MODE_DEFER, MsgTree
from ClusterShell.NodeSet import NodeSet


def gather(path: Path) -> list[str]:
    """The node sets of identical outputs."""
    tree = MsgTree(mode=MODE_DEFER)
    with path.open("rb") as file:
        for line in file:
            node, _, text = line.rstrip(b"\n").partition(b": ")
            tree.add(node.decode(), text)
    return [str(NodeSet.fromlist(nodes)) for _, nodes in tree.walk()]


if __name__ == "__main__":
    begun = time.perf_counter()
    sets = gather(Path(sys.argv[1]))
    took, cpu = time.perf_counter() - begun, time.process_time()
    print(f'{{"seconds": {took:.6f}, "cpu": {cpu:.6f}, "blocks": {len(sets)}}}')

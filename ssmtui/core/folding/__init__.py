"""Folding: identical outputs become one block with its node set. Pure, incremental, in slices."""

from ssmtui.core.folding.blocks import Block, Stream, Variation, Vary
from ssmtui.core.folding.folder import Folder
from ssmtui.core.folding.node_sets import NodeSet, expand, fold
from ssmtui.core.folding.outputs import Outcome, Output, Which

__all__ = [
    "Block",
    "Folder",
    "NodeSet",
    "Outcome",
    "Output",
    "Stream",
    "Variation",
    "Vary",
    "Which",
    "expand",
    "fold",
]

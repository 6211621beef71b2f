"""AWS's own Command documents: names and parameters as AWS lists them, in our own words."""

from __future__ import annotations

from ssmtui.simulator.documents.amazon import agents, patching, scripts, tools, windows
from ssmtui.simulator.documents.model import Document


def documents() -> list[Document]:
    """All of them."""
    return [
        document
        for family in (scripts, patching, agents, tools, windows)
        for document in family.documents()
    ]

"""All documents of a world, by account and Region."""

from __future__ import annotations

from ssmtui.simulator.documents import amazon
from ssmtui.simulator.documents.model import Document
from ssmtui.simulator.world import World


class Library:
    """The documents that may be used: `world.part(Library)`.

    Amazon's are the same everywhere; every account has its own in each Region.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._amazon = {document.name: document for document in amazon.documents()}
        self._own: dict[tuple[str, str], dict[str, Document]] = {}

    def all(self, account: str, region: str) -> list[Document]:
        """In the order of their names."""
        known = {**self._amazon, **self._of(account, region)}
        return [known[name] for name in sorted(known)]

    def find(self, account: str, region: str, name: str) -> Document | None:
        """The document of a name or an ARN, None if there is none."""
        name = name.rpartition("document/")[2]
        return self._of(account, region).get(name) or self._amazon.get(name)

    def add(self, account: str, region: str, document: Document) -> None:
        """Give an account a document, in the place of one of that name."""
        self._of(account, region)[document.name] = document

    def _of(self, account: str, region: str) -> dict[str, Document]:
        return self._own.setdefault((account, region), {})

"""All documents of a world, by account and Region."""

from __future__ import annotations

from ssmtui.simulator.agent.documents import DEFAULT_DOCUMENT, DOCUMENTS, SessionDocument
from ssmtui.simulator.agent.sessions import Sessions
from ssmtui.simulator.documents import amazon, calendars, own
from ssmtui.simulator.documents.calendars import DAY, Calendar
from ssmtui.simulator.documents.model import Document, Version
from ssmtui.simulator.documents.parameters import Parameter
from ssmtui.simulator.world import World


class Library:
    """The documents of every type that may be used: `world.part(Library)`.

    Amazon's are the same everywhere; every account has its own in each Region.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._began = world.began
        self._amazon = {document.name: document for document in amazon.documents()}
        self._own: dict[tuple[str, str], dict[str, Document]] = {}
        self._calendars: dict[tuple[str, str], dict[str, Calendar]] = {}

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

    def calendar(self, account: str, region: str, name: str) -> Calendar | None:
        """The change calendar of a name or an ARN."""
        self._of(account, region)
        return self._calendars[account, region].get(name.rpartition("document/")[2])

    def set_calendar(self, account: str, region: str, calendar: Calendar) -> None:
        """Give an account a calendar, in the place of one of that name."""
        documents = self._of(account, region)
        self._calendars[account, region][calendar.name] = calendar
        documents[calendar.name] = calendar.document(account, self._began - 90 * DAY)

    def _of(self, account: str, region: str) -> dict[str, Document]:
        key = (account, region)
        if key not in self._own:
            found = own.documents(account, self._began)
            found += [self._session(each, *key) for each in DOCUMENTS.values()]
            self._own[key] = {document.name: document for document in found}
            self._calendars[key] = {}
            for calendar in calendars.usual(self._began):
                self.set_calendar(*key, calendar)
        return self._own[key]

    def _session(self, document: SessionDocument, account: str, region: str) -> Document:
        """A session document. The default one holds the account's own preferences."""
        parameters = tuple(
            Parameter(
                each.name,
                each.description,
                default=each.default,
                allowed_values=each.values,
                allowed_pattern=each.pattern,
            )
            for each in document.parameters
        )
        mine = document.owned or document.name == DEFAULT_DOCUMENT
        version = Version(
            1,
            document.description,
            parameters,
            schema="1.0",
            body=lambda: document.content(self._world.part(Sessions).settings(account, region)),
        )
        owner = account if mine else "Amazon"
        return Document(document.name, "Session", document.platforms, [version], owner)

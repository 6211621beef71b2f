"""Which session document, with which parameters: a list, and then a form."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import msgspec

from ssmtui.core.problem import Problem, ProblemError, ProblemKind, input_problem
from ssmtui.core.text import plain
from ssmtui.ui.document_fields import document_fields, given
from ssmtui.ui.screens.dialogs import AskName, Menu
from ssmtui.ui.screens.form import Form
from ssmtui.ui.widgets.form_fields import Field, FieldKind, Values

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ssmtui.aws.scope import Scope
    from ssmtui.core.keys import RowKey
    from ssmtui.resources.documents.document import Document
    from ssmtui.sessions.specs import SessionSpec
    from ssmtui.ui.app import SsmtuiApp

# AWS's own documents that open a port: forwards and `ssmtui proxy` use them.
_PORTS: Final = frozenset(
    {
        "AWS-StartPortForwardingSession",
        "AWS-StartPortForwardingSessionToRemoteHost",
        "AWS-StartPortForwardingSessionToSocket",
        "AWS-StartSSHSession",
    }
)
# Names of fields that no parameter of a document can have.
_REASON, _WAY = "ssmtui:reason", "ssmtui:way"
_TAB, _PLUGIN = "tab", "plugin"


class Wish(msgspec.Struct, frozen=True):
    """What was chosen: a session for any node of `targets`, and whether the plugin gets it."""

    targets: tuple[RowKey, ...]
    document: str
    parameters: dict[str, list[str]]
    reason: str = ""
    plugin: bool = False

    def spec(self, target: RowKey) -> SessionSpec:
        """The session on one of the nodes. ProblemError if the service would refuse its form."""
        from ssmtui.sessions.specs import SessionSpec

        return SessionSpec(target, self.document, self.parameters, self.reason)


async def ask_session(
    app: SsmtuiApp,
    scopes: Sequence[Scope],
    targets: Sequence[RowKey],
    title: str,
    name: str = "",
) -> Wish | None:
    """Ask which session is wanted on `targets`, which live in `scopes`; None if none after all.

    Without a `name` the session documents that all scopes have are listed. ProblemError if there
    is no such document, or it opens no terminal.
    """
    from ssmtui.resources.documents.reading import read_document

    name = name or await _ask_name(app, scopes) or ""
    if not name:
        return None
    document = await read_document(scopes[0], name)
    _check(document)
    return await _ask_values(app, document, targets, title)


async def _ask_name(app: SsmtuiApp, scopes: Sequence[Scope]) -> str | None:
    from ssmtui.resources.documents.reading import list_documents

    title = "Session document"
    try:
        lists = await asyncio.gather(*(list_documents(scope, type_="Session") for scope in scopes))
    except ProblemError as error:
        if error.problem.kind is not ProblemKind.DENIED:
            raise
        hint = "They may not be listed here: name one"
        denied: str | None = await app.push_screen_wait(AskName(title, "", hint))
        return denied
    everywhere = set.intersection(*({each.name for each in listed} for listed in lists))
    shown = [each for each in lists[0] if each.name in everywhere - _PORTS]
    # The account's own ones first.
    choices = [
        (each.name, each.name, each.owner)
        for each in sorted(shown, key=lambda each: (each.from_aws, each.name))
    ]
    chosen: str | None = await app.push_screen_wait(Menu(title, choices))
    return chosen


def _check(document: Document) -> None:
    """ProblemError for a document that opens no terminal."""
    name = plain(document.name)
    if document.type and document.type != "Session":
        raise input_problem(f"{name} is a {plain(document.type)} document, and opens no session")
    if document.session_type == "Port":
        raise ProblemError(
            Problem(
                ProblemKind.INPUT,
                f"{name} opens a port and no terminal",
                "F on the node opens a forward",
            )
        )


async def _ask_values(
    app: SsmtuiApp, document: Document, targets: Sequence[RowKey], title: str
) -> Wish | None:
    def wish(values: Mapping[str, Values]) -> Wish:
        reason = " ".join(values[_REASON])
        plugin = values.get(_WAY) == (_PLUGIN,)
        parameters = given(document, values)
        return Wish(tuple(targets), document.name, parameters, reason, plugin)

    lines = [document.name]
    if document.description and document.description != document.name:
        lines.append(document.description)
    if document.content_denied:
        lines.append("Its content may not be read: what it allows is not known here.")
    fields = document_fields(document)
    required = app.launch.config.session_reason
    fields.append(
        Field(name=_REASON, label="Reason", hint="For the session's history", required=required)
    )
    if len(targets) == 1:
        way = Field(name=_WAY, label="Open in", kind=FieldKind.CHOICE, start=(_TAB,),
                    choices=(_TAB, _PLUGIN))  # fmt: skip
        fields.append(way)
    values: dict[str, Values] | None = await app.push_screen_wait(
        Form(
            title,
            fields,
            "Open",
            lines=lines,
            judge=lambda values: [wish(values).spec(target) for target in targets],
        )
    )
    return None if values is None else wish(values)

"""Which command, how, and on what: the document, the form, the confirmation, one after another."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from ssmtui.core.problem import ProblemError, input_problem
from ssmtui.core.secret import MASK
from ssmtui.core.secret_looking import looks_secret
from ssmtui.core.text import plain
from ssmtui.ui.document_fields import document_fields, given
from ssmtui.ui.notices import Level
from ssmtui.ui.run_fields import (
    COMMENT,
    TARGETS,
    command_of,
    other_fields,
    rollout_of,
    targets_of,
    usual_fields,
    values_of,
    wave_fields,
)
from ssmtui.ui.screens.confirm_run import ConfirmRun, Decision
from ssmtui.ui.screens.pick import Choices, Pick
from ssmtui.ui.screens.run_form import RunForm
from ssmtui.ui.widgets.form_fields import Field, FieldKind, Values

if TYPE_CHECKING:
    from ssmtui.aws.scope import Scope
    from ssmtui.resources.documents.document import Document
    from ssmtui.rollouts.plan import Plan
    from ssmtui.rollouts.spec import RolloutSpec
    from ssmtui.ui.app import SsmtuiApp

SHELL, POWERSHELL = "AWS-RunShellScript", "AWS-RunPowerShellScript"
_OURS: Final = "run:"
_CODES: Final = {SHELL: "shell", POWERSHELL: "powershell"}


async def ask_run(
    app: SsmtuiApp, rows: Sequence[Any], scopes: Sequence[Scope], name: str, hidden: Sequence[Any]
) -> tuple[Plan, int] | None:
    """The plan that was confirmed for these nodes, and how many were left out for a freeze; None if
    nothing is to run after all. Without a `name` the document is asked for. ProblemError."""
    from ssmtui.resources.documents.reading import read_document

    rows = _managed(app, rows)
    name = name or await _ask_document(app, rows, scopes) or ""
    if not name:
        return None
    document = await read_document(scopes[0], name)
    now = app.launch.now()
    start = app.rolling.drafts.get(document.name)
    if start is None:
        kept = await asyncio.to_thread(app.rolling.remembered.values, document.name, now)
        start = {name: tuple(values) for name, values in kept.items()}
    return await _Asking(app, document, rows, scopes, hidden).ask(start)


async def ask_again(
    app: SsmtuiApp, spec: RolloutSpec, scopes: Sequence[Scope]
) -> tuple[Plan, int] | None:
    """The same for a wish that is there already, with its values in the form."""
    from ssmtui.resources.documents.reading import read_document
    from ssmtui.rollouts.targets import Frozen

    targets = spec.command.targets
    nodes = targets.nodes if isinstance(targets, Frozen) else ()
    store = app.feed(app.launch.resources[0]).store
    rows = [row for node in nodes if (row := store.get(node.key)) is not None]
    if nodes and not rows:
        raise input_problem(
            "None of its nodes is in the nodes list",
            "Wait until it is read, or show all contexts (0)",
        )
    if gone := len(nodes) - len(rows):
        are = "is" if gone == 1 else "are"
        app.say(f"Left out: {_nodes(gone)} that {are} not in the nodes list", Level.WARNING)
    document = await read_document(scopes[0], spec.command.document)
    start = {name: tuple(values) for name, values in spec.command.parameters.items()}
    return await _Asking(app, document, rows, scopes, ()).ask({**start, **values_of(spec)})


def _managed(app: SsmtuiApp, rows: Sequence[Any]) -> list[Any]:
    """The nodes that a command can reach at all; what is left out is said."""
    managed = [row for row in rows if row.ping != "unmanaged" and isinstance(row.platform, str)]
    if not managed:
        what = f"{plain(rows[0].label)} has no agent" if len(rows) == 1 else "No node has an agent"
        raise input_problem(f"{what} that could run a command", "w says why")
    if left := len(rows) - len(managed):
        words = f"Left out: {left:,} {'node' if left == 1 else 'nodes'} without an agent"
        app.say(words, Level.WARNING)
    return managed


async def _ask_document(app: SsmtuiApp, rows: Sequence[Any], scopes: Sequence[Scope]) -> str | None:
    from ssmtui.resources.documents.reading import list_documents

    platforms = Counter(row.platform for row in rows)
    usual = [(SHELL, "a shell script, on Linux and macOS"), (POWERSHELL, "a PowerShell script")]
    if platforms["windows"] * 2 > len(rows):
        usual.reverse()

    async def more() -> Choices:
        lists = await asyncio.gather(*(list_documents(scope) for scope in scopes))
        everywhere = set.intersection(*({each.name for each in found} for found in lists))
        return [
            (each.name, f"{each.owner}  {', '.join(each.platforms)}")
            for each in sorted(lists[0], key=lambda each: (each.from_aws, each.name))
            if each.name in everywhere
        ]

    who = plain(rows[0].label) if len(rows) == 1 else f"{len(rows):,} nodes"
    chosen: str | None = await app.push_screen_wait(
        Pick(f"Run on {who}", usual, more, hint="Enter choose   Esc give up", free=True)
    )
    return chosen


class _Asking:
    """The form and the confirmation on some nodes."""

    def __init__(
        self,
        app: SsmtuiApp,
        document: Document,
        rows: Sequence[Any],
        scopes: Sequence[Scope],
        hidden: Sequence[Any],
    ) -> None:
        if document.type and document.type != "Command":
            raise input_problem(
                plain(f"{document.name} is a document of type {document.type}"),
                "Choose one of type Command",
            )
        self._app = app
        self._document = document
        self._rows = rows
        self._scopes = scopes
        self._hidden = hidden

    async def ask(self, values: Mapping[str, Values]) -> tuple[Plan, int] | None:
        """Form, confirmation, and the form again where that was not meant."""
        from ssmtui.rollouts.plan import plan

        while True:
            filled: dict[str, Values] | None = await self._app.push_screen_wait(self._form(values))
            if filled is None:
                return None
            values = filled
            spec = self._spec(values)
            decision: Decision | None = await self._app.push_screen_wait(
                ConfirmRun(
                    self._app,
                    spec,
                    self._document,
                    rows=self._rows,
                    scopes=self._scopes,
                    hidden=self._hidden,
                )
            )
            if decision is not None:
                self._app.rolling.drafts.pop(self._document.name, None)
                await self._remember(values)
                return plan(decision.spec), decision.left_out

    def _spec(self, values: Mapping[str, Values]) -> RolloutSpec:
        """What the values say. ProblemError: something is wrong with them."""
        from ssmtui.rollouts.fitting import fitted

        targets = targets_of(values, self._rows, [scope.key for scope in self._scopes])
        parameters = given(self._document, values)
        _require_no_mask(parameters)
        command = command_of(self._document.name, parameters, values, targets)
        return rollout_of(fitted(command, self._document), values)

    def _words(self, values: Mapping[str, Values]) -> list[str]:
        from ssmtui.rollouts.preview import warnings
        from ssmtui.rollouts.telling import others_in_words, waves_in_words

        spec = self._spec(values)
        command = spec.command
        count = "the service finds the nodes" if command.total is None else _nodes(command.total)
        said = [waves_in_words(spec.waves), others_in_words(command)]
        return [f"{count}: {spec.rate}", "; ".join(filter(None, said)), *warnings(command)]

    def _form(self, values: Mapping[str, Values]) -> RunForm:
        document = self._document
        who = plain(self._rows[0].label) if len(self._rows) == 1 else _nodes(len(self._rows))
        if not self._rows:
            who = plain(" ".join(values.get(TARGETS, ()))) or who
        lines = []
        if document.name not in _CODES and document.description:
            lines.append(document.description)
        if document.content_denied:
            lines.append("Its content may not be read: what it allows is not known here.")

        def given_up(typed: dict[str, Values]) -> None:
            self._app.rolling.drafts[document.name] = typed

        return RunForm(
            f"{document.name} on {who}",
            [*self._parameter_fields(values), *usual_fields(values)],
            lines=lines,
            extra={name: each for name, each in values.items() if name.startswith(_OURS)},
            words=self._words,
            waves=wave_fields,
            others=other_fields,
            remembered=self._app.rolling.remembered,
            given_up=given_up,
        )

    def _parameter_fields(self, values: Mapping[str, Values]) -> list[Field]:
        code = _CODES.get(self._document.name, "")
        fields = []
        for field in document_fields(self._document):
            parameter = self._document.parameter(field.name)
            script = parameter is not None and parameter.multiline
            start = values.get(field.name) or field.start
            if field.kind is FieldKind.CHOICE and start and start[0] not in field.choices:
                start = field.start
            fields.append(_with(field, start, code if script else ""))
        return fields

    async def _remember(self, values: Mapping[str, Values]) -> None:
        """Keep what was typed for the next time, but nothing that looks like a secret."""
        kept = {
            name: each
            for name, each in values.items()
            if each and name != COMMENT and not looks_secret("\n".join(each))
        }
        now, remembered = self._app.launch.now(), self._app.rolling.remembered
        try:
            await asyncio.to_thread(remembered.keep_values, self._document.name, kept, now)
        except ProblemError as error:
            self._app.report(error.problem)


def _require_no_mask(parameters: Mapping[str, Sequence[str]]) -> None:
    """ProblemError: what was masked as a secret cannot be sent."""
    masked = [name for name, each in parameters.items() if any(MASK in value for value in each)]
    if masked:
        raise input_problem(
            f"{plain(masked[0])} holds a secret that is masked here ({MASK})",
            "Type it anew, or better name a parameter: {{ssm:NAME}}",
        )


def _with(field: Field, start: Values, code: str) -> Field:
    from dataclasses import replace

    return replace(field, start=start, code=code)


def _nodes(count: int) -> str:
    return "1 node" if count == 1 else f"{count:,} nodes"

"""The confirmation of a rollout: what will be touched, read anew, and Cancel in focus."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Final

import msgspec
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Input, Static

from ssmtui.core.columns import age
from ssmtui.core.problem import Problem, ProblemError
from ssmtui.core.text import plain
from ssmtui.rollouts.fitting import command_lines
from ssmtui.rollouts.freezes import FrozenOut, frozen_nodes, frozen_scopes, override_reason
from ssmtui.rollouts.plan import Plan, plan
from ssmtui.rollouts.preview import Preview, preview, read_again
from ssmtui.rollouts.spec import RolloutSpec
from ssmtui.rollouts.targets import Frozen, Target, Targets, target_of
from ssmtui.rollouts.telling import changed, trouble, what, who, whom
from ssmtui.ui.confirm_lines import (
    NAMES,
    SCRIPT_LINES,
    Line,
    drawn,
    labelled,
    names_of,
    plan_text,
    wrapped,
)
from ssmtui.ui.documents import Document as Text
from ssmtui.ui.screens.dialogs import Dialog
from ssmtui.ui.widgets.form_fields import Choice

if TYPE_CHECKING:
    from ssmtui.aws.scope import Scope
    from ssmtui.core.keys import RowKey
    from ssmtui.resources.documents.document import Document
    from ssmtui.ui.app import SsmtuiApp

_OUT, _IN = "leave them out", "send to them too"
_OVERRIDE: Final = "override the freeze"
# Older than this, tags, pings and freezes are read once more before anything is sent.
FRESH_SECONDS: Final = 60.0
_AROUND: Final = 13


class Decision(msgspec.Struct, frozen=True):
    """What was confirmed, and how many nodes were left out for a freeze."""

    spec: RolloutSpec
    left_out: int = 0


class Seen(msgspec.Struct, frozen=True):
    """What the service said. `asides` are the nodes that may be left out, by why."""

    preview: Preview
    frozen: FrozenOut
    changed: tuple[Line, ...]
    asides: Mapping[str, tuple[Target, ...]]
    problems: tuple[Problem, ...] = ()

    @property
    def told(self) -> object:
        """What a second look is held against."""
        asides = {why: tuple(node.key for node in nodes) for why, nodes in self.asides.items()}
        return self.changed, asides, self.preview.busy.keys(), self.frozen.nodes


class ConfirmRun(Dialog[Decision | None]):
    """Shows what is known at once, and asks the service for the rest; Run works when that is there.

    Nodes that are offline, unsupported or under a freeze are left out unless the user wants them; a
    freeze is overridden for a reason. In production the alias must be typed.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,left", "app.focus_previous", show=False),
        Binding("down,right", "app.focus_next", show=False),
    ]
    DEFAULT_CSS = """
    ConfirmRun > Vertical { width: 92; max-width: 98%; max-height: 100%; padding: 0 2; }
    ConfirmRun VerticalScroll { height: auto; }
    ConfirmRun Choice { width: 28; margin-left: 10; }
    ConfirmRun #asides Static { height: auto; color: $status-warn; }
    ConfirmRun Input { margin-bottom: 0; }
    """

    def __init__(
        self,
        app: SsmtuiApp,
        spec: RolloutSpec,
        document: Document,
        *,
        rows: Sequence[Any],
        scopes: Sequence[Scope],
        hidden: Sequence[Any],
    ) -> None:
        super().__init__()
        self._shell = app
        self._spec = spec
        self._document = document
        self._rows = rows
        self._scopes = scopes
        self._hidden = [target_of(row) for row in hidden]
        self._seen: Seen | None = None
        self._read_at = 0.0
        self._choices: dict[str, Choice] = {}
        self._asides_said: dict[str, tuple[Static, Line]] = {}
        # A word for each production account, so that none is touched by habit.
        self._word = production_words(scopes)

    @property
    def _frozen_list(self) -> tuple[Target, ...]:
        return _nodes(self._spec)

    @property
    def _places(self) -> tuple[Target, ...]:
        """What stands for all nodes of each scope, where only the service knows them."""
        return tuple(
            Target(
                account=scope.key.account,
                region=scope.region,
                id="",
                name=f"{scope.name} {scope.region}",
            )
            for scope in self._scopes
        )

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Static("", classes="dialog--title", markup=False)
            with VerticalScroll(can_focus=False):
                yield Static("", id="facts", markup=False)
                yield Vertical(id="asides")
            yield Static("", classes="dialog--error", markup=False)
            if self._word:
                yield Static(Content(f"Type {plain(self._word)} to go on:"), markup=False)
                yield _line("word")
            with Horizontal():
                yield Button(Content("Cancel"), id="cancel", compact=True)
                yield Button(Content("Dry run"), id="plan", compact=True)
                yield Button(Content("Run"), id="do", compact=True, disabled=True)

    def on_mount(self) -> None:
        self.query_one("#asides").styles.height = "auto"
        self.query_one("#cancel", Button).focus()
        self._show()
        self._work(self._look())

    def on_resize(self, event: events.Resize) -> None:
        room = event.size.height - _AROUND - (2 if self._word else 0)
        self.query_one(VerticalScroll).styles.max_height = max(5, room)
        self.call_after_refresh(self._show)

    # What is said

    @property
    def _width(self) -> int:
        return max(30, self.query_one("#facts").size.width or 70)

    def _show(self) -> None:
        try:
            made = plan(self._chosen().spec, "00000000")
        except ProblemError:
            made = plan(self._spec, "00000000")
        lines = wrapped(self._lines(made), self._width)
        parts: list[str | tuple[str, str]] = []
        for text, style in lines:
            parts += ["\n" if parts else "", (text, style)]
        self.query_one("#facts", Static).update(Content.assemble(*parts))
        for said, line in self._asides_said.values():
            pieces = wrapped([line], self._width)
            said.update(Content("\n".join(text for text, _ in pieces)))
        title = f"Run {plain(self._document.name)} on {_who(made)}"
        self.query_one(".dialog--title", Static).update(Content(title))
        self._judge()

    def _lines(self, made: Plan) -> list[Line]:
        now = self._shell.launch.now()
        nodes = _nodes(made.spec)
        counts = Counter(node.scope for node in nodes)
        kept = {node.key for node in nodes}
        hidden = [node for node in self._hidden if node.key in kept]
        facts = [*who(self._scopes, counts, now), *what(made, SCRIPT_LINES)]
        lines = drawn([*facts, *whom(made, hidden, NAMES)])
        if self._seen is None:
            lines.append(labelled("", "reading tags, pings, freezes and what is in progress ...",
                                  "$status-busy"))  # fmt: skip
            return lines
        names = {node.key: node.label for node in self._frozen_list}
        seen = self._seen
        lines += drawn(trouble(seen.preview, names, seen.frozen.closed, now, NAMES))
        lines += seen.changed
        lines += [labelled("unread", problem.sentence, "$status-warn") for problem in seen.problems]
        return lines

    # What the service says

    async def _look(self) -> Seen:
        """Ask for everything at once, and show it."""
        freezes, now = self._shell.launch.config.freezes, self._shell.launch.now()
        keys = [node.key for node in self._frozen_list]
        # Whom the service finds are others than the rows that one began with.
        seen, frozen, (fresh, problems) = await asyncio.gather(
            preview(self._spec.command, self._scopes, self._document),
            frozen_nodes(freezes, self._scopes, self._rows, now=now)
            if keys
            else frozen_scopes(freezes, self._scopes, now=now),
            read_again(self._scopes, keys),
        )
        news = tuple(drawn(changed(self._rows, fresh, NAMES))) if keys else ()
        found = Seen(seen, frozen, news, self._asides(seen, frozen, fresh), problems)
        self._seen, self._read_at = found, self._shell.launch.now()
        await self._offer_asides(found)
        self._show()
        return found

    def _asides(
        self, seen: Preview, frozen: FrozenOut, fresh: Mapping[RowKey, Any]
    ) -> dict[str, tuple[Target, ...]]:
        offline = []
        for node in self._frozen_list:
            now = fresh.get(node.key)
            ping = node.ping if now is None else now.ping or "not listed"
            if ping != "online":
                offline.append(node)
        found = {
            "frozen": [
                node for node in self._frozen_list or self._places if node.key in frozen.nodes
            ],
            "unfit": seen.unsupported,
            "offline": offline,
        }
        return {why: tuple(nodes) for why, nodes in found.items() if nodes}

    async def _offer_asides(self, seen: Seen) -> None:
        place = self.query_one("#asides", Vertical)
        before = {why: choice.value for why, choice in self._choices.items()}
        await place.remove_children()
        self._choices, self._asides_said = {}, {}
        rows = []
        for why, nodes in seen.asides.items():
            other = _OVERRIDE if why == "frozen" else _IN
            # Who is offline may come back within the delivery timeout: they were chosen.
            usual = _IN if why == "offline" else _OUT
            choice = Choice((_OUT, other), before.get(why, usual))
            self._choices[why] = choice
            words = f"{len(nodes):,}: {names_of(nodes)}"
            if why == "offline":
                words += f"; waited for up to {age(self._spec.command.delivery_timeout)}"
            said = Static(classes="aside", markup=False)
            self._asides_said[why] = (said, labelled(why, words))
            rows += [said, choice]
        await place.mount(*rows)
        if "frozen" in self._choices:
            await place.mount(_line("reason", "why the freeze is overridden, for the audit"))
            self.query_one("#reason").display = False

    # What is chosen

    def _chosen(self) -> Decision:
        """The wish without the nodes that are left out. ProblemError: none is left, or a freeze is
        to be overridden without a reason."""
        spec, asides = self._spec, self._seen.asides if self._seen else {}
        targets = spec.command.targets
        if not asides:
            return Decision(spec)
        out: set[RowKey] = set()
        frozen: set[RowKey] = set()
        reason = ""
        for why, nodes in asides.items():
            keys = {node.key for node in nodes}
            if self._choices[why].value == _OUT:
                out |= keys
                frozen |= keys if why == "frozen" else set()
            elif why == "frozen":
                reason = override_reason(self.query_one("#reason", Input).value)
        kept: Targets
        if isinstance(targets, Frozen):
            kept = Frozen(tuple(node for node in targets.nodes if node.key not in out))
        else:
            shut = {key.scope for key in out}
            scopes = tuple(key for key in targets.scopes if key not in shut)
            kept = msgspec.structs.replace(targets, scopes=scopes)
        command = msgspec.structs.replace(spec.command, targets=kept)
        chosen = msgspec.structs.replace(spec, command=command, reason=reason)
        return Decision(chosen, len(frozen) if isinstance(targets, Frozen) else 0)

    def _judge(self) -> None:
        """Say what is still missing; the button works when nothing is."""
        said = ""
        try:
            decision = self._chosen()
        except ProblemError as error:
            said = error.problem.sentence
        else:
            total = decision.spec.command.total
            label = "Run" if total is None else f"Run on {total:,}"
            self.query_one("#do", Button).label = Content(label)
        error_line = self.query_one(".dialog--error", Static)
        error_line.update(Content(plain(said)))
        error_line.set_class(bool(said), "shown")
        typed = not self._word or self.query_one("#word", Input).value == self._word
        self.query_one("#do", Button).disabled = bool(said) or self._seen is None or not typed

    @on(Choice.Changed)
    def _choice_changed(self, event: Choice.Changed) -> None:
        event.stop()
        if (frozen := self._choices.get("frozen")) is not None:
            self.query_one("#reason").display = frozen.value == _OVERRIDE
        self._show()

    @on(Choice.MenuAsked)
    def _menu_asked(self, event: Choice.MenuAsked) -> None:
        event.stop()
        event.choice.action_step(1)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._judge()

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        self.focus_next()

    # The buttons

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        event.stop()
        if event.button.id == "do":
            self._work(self._confirmed())
        elif event.button.id == "plan":
            self._dry_run()
        else:
            self.dismiss(None)

    async def _confirmed(self) -> None:
        """Run, unless something has changed since it was read."""
        seen = self._seen
        button = self.query_one("#do", Button)
        if seen is not None and self._shell.launch.now() - self._read_at > FRESH_SECONDS:
            button.disabled = True
            again = await self._look()
            if again.told != seen.told:
                error = self.query_one(".dialog--error", Static)
                error.update(Content("Something has changed meanwhile: see above, and run then."))
                error.add_class("shown")
                return
        self.dismiss(self._chosen())

    def _dry_run(self) -> None:
        try:
            made = plan(self._chosen().spec)
        except ProblemError:
            return
        scopes = {scope.key: scope for scope in self._scopes}

        async def load() -> Text:
            def text() -> str:
                return plan_text(made, command_lines(made, scopes))

            return Text({"text": await asyncio.to_thread(text)}, spans=())

        self._shell.show_text("Dry run: nothing is sent", load, "dry-run")

    def _work(self, job: Any) -> None:
        async def run() -> None:
            await job

        self._shell.work(run, "the confirmation", group="confirm")


def _nodes(spec: RolloutSpec) -> tuple[Target, ...]:
    targets = spec.command.targets
    return targets.nodes if isinstance(targets, Frozen) else ()


def _who(made: Plan) -> str:
    nodes = _nodes(made.spec)
    if len(nodes) == 1:
        return plain(nodes[0].label)
    return f"{len(nodes):,} nodes" if nodes else "what the service finds"


def _line(name: str, placeholder: str = "") -> Input:
    line = Input(id=name, placeholder=placeholder, select_on_focus=False)
    line.cursor_blink = False
    return line


def production_words(scopes: Iterable[Scope]) -> str:
    """What must be typed before production accounts are touched."""
    return " ".join(dict.fromkeys(s.alias or s.name for s in scopes if s.production))

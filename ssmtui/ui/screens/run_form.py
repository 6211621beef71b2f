"""What to run, and how: a document's own parameters, the rate, and what that means in words."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final, cast

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from ssmtui.core.problem import ProblemError, input_problem
from ssmtui.core.text import plain
from ssmtui.ui.editing import edit
from ssmtui.ui.screens.dialogs import AskName, Menu
from ssmtui.ui.screens.form import Fields, Form
from ssmtui.ui.screens.pick import Pick
from ssmtui.ui.widgets.form_fields import Field, FieldEntry, FieldKind, Values

if TYPE_CHECKING:
    from ssmtui.rollouts.remembered import Remembered
    from ssmtui.ui.app import SsmtuiApp

# Of a file that is loaded; a parameter of Run Command has no more.
_LARGEST: Final = 65_535
_NOT_YET: Final = "Nothing is sent yet: a preview comes first, and asks"
_WAVES, _OTHERS = "waves", "others"
# Lines around a script that its window leaves for other fields.
_AROUND_SCRIPT: Final = 16
# Lines of the window beside its fields: frame, title, words, buttons, hint.
_AROUND: Final = 11

Judge = Callable[[Mapping[str, Values]], Sequence[str]]
Page = Callable[[Mapping[str, Values]], Sequence[Field]]


class RunForm(Form):
    """The form of a rollout. `words` judges all values and says in a few lines what they mean;
    ProblemError: something is wrong, which is said in their place once anything was typed.

    Waves and gates, and times, outputs and the like are pages of their own behind Ctrl-O (`waves`,
    `others` make their fields). The result has the values of all of them.
    """

    HINT = (
        "Ctrl-S preview   Ctrl-O waves, gate, outputs, alarm ...   Esc give up\n"
        "Script: Ctrl-E $EDITOR   Ctrl-L load a file   Ctrl-T snippets"
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+e", "edit", show=False, priority=True),
        Binding("ctrl+l", "load", show=False, priority=True),
        Binding("ctrl+t", "snippets", show=False, priority=True),
        Binding("ctrl+o", "options", show=False, priority=True),
    ]
    DEFAULT_CSS = """
    RunForm > Vertical { width: 100; max-width: 98%; padding: 0 2; }
    RunForm .run--words { height: auto; max-height: 4; color: $accent; }
    RunForm .run--words.wrong { color: $warning; }
    RunForm .dialog--title { margin-bottom: 0; }
    RunForm Fields { margin-bottom: 1; }
    RunForm .dialog--text { margin-bottom: 0; color: $muted; }
    RunForm .dialog--hint { margin-top: 0; }
    """

    def __init__(
        self,
        title: str,
        fields: Sequence[Field],
        *,
        lines: Sequence[str],
        extra: Mapping[str, Values],
        words: Judge,
        waves: Page,
        others: Page,
        remembered: Remembered,
        given_up: Callable[[dict[str, Values]], None],
    ) -> None:
        """`extra` is what the pages hold at first; `given_up` gets everything that was typed."""
        super().__init__(title, fields, "Preview", lines=lines, judge=self._judged)
        self._extra = dict(extra)
        self._words = words
        self._pages: dict[str, tuple[str, Page]] = {
            _WAVES: ("Waves and gates", waves),
            _OTHERS: ("Targets, times, outputs, notification, alarm", others),
        }
        self._remembered = remembered
        self._given_up = given_up
        self._first: Mapping[str, Values] = {}
        self._tried = False

    def more(self) -> Iterable[Widget]:
        yield Static("", classes="run--words", markup=False)

    def on_mount(self) -> None:
        self._first = self.values
        self.values_changed()
        entries = list(self.query(FieldEntry))
        if entries:
            entries[0].take_focus()

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        self.query_one(Fields).styles.max_height = max(5, event.size.height - _AROUND - self.above)
        for area in self.query("FieldEntry TextArea"):
            area.styles.max_height = max(4, event.size.height - _AROUND_SCRIPT)

    @property
    def values(self) -> dict[str, Values]:
        return {**self._extra, **super().values}

    def _judged(self, values: Mapping[str, Values]) -> None:
        self._words(values)

    def values_changed(self) -> None:
        words = self.query_one(".run--words", Static)
        wrong = False
        try:
            lines = self._words(self.values)
        except ProblemError as error:
            # That a form which was just opened is still to be filled in is no mistake.
            empty = any(e.field.required and not e.values for e in self.query(FieldEntry))
            wrong = self._tried or self.values != self._first or not empty
            lines = [error.problem.sentence if wrong else _NOT_YET]
        words.set_class(wrong, "wrong")
        words.update(Content("\n".join(plain(line) for line in lines)))

    def action_submit(self) -> None:
        self._tried = True
        self.values_changed()
        super().action_submit()

    def _say(self, sentence: str) -> None:
        # It stands where it is said all the time what the values mean.
        super()._say("")
        if sentence:
            self.values_changed()

    def action_cancel(self) -> None:
        self._given_up(self.values)
        if self.values != self._first:
            cast("SsmtuiApp", self.app).say("What was typed is kept for the next time")
        super().action_cancel()

    # The pages behind Ctrl-O

    def action_options(self) -> None:
        self._work(self._options)

    async def _options(self) -> None:
        choices = [(name, title, "") for name, (title, _) in self._pages.items()]
        chosen = await self.app.push_screen_wait(Menu("More", choices))
        if chosen is None:
            return
        title, page = self._pages[chosen]
        given = await self.app.push_screen_wait(Form(title, page(self._extra), "Take over"))
        if given is not None:
            self._extra |= given
            self.values_changed()

    # The script

    @property
    def _script(self) -> FieldEntry | None:
        """The field that is being typed into if it has several lines, else the first that has."""
        several = (FieldKind.LIST, FieldKind.LINES)
        entries = [each for each in self.query(FieldEntry) if each.field.kind in several]
        focused = (entry for entry in entries if entry.has_focus_inside)
        return next(focused, entries[0] if entries else None)

    def action_edit(self) -> None:
        self._work(self._edit)

    async def _edit(self) -> None:
        entry = self._script
        if entry is None:
            return
        suffix = ".ps1" if entry.field.code == "powershell" else ".sh"
        text = await edit(cast("SsmtuiApp", self.app), _text(entry), suffix)
        if text is not None:
            _put(entry, text)

    def action_load(self) -> None:
        self._work(self._load)

    async def _load(self) -> None:
        entry = self._script
        if entry is None:
            return
        name = await self.app.push_screen_wait(AskName("Load a script from", "", "A file's path"))
        if name is not None:
            _put(entry, await asyncio.to_thread(_read, name))

    def action_snippets(self) -> None:
        self._work(self._snippets)

    async def _snippets(self) -> None:
        entry = self._script
        if entry is None:
            return
        now = cast("SsmtuiApp", self.app).launch.now()
        kept = await asyncio.to_thread(self._remembered.snippets, now)
        choices = [(name, snippet.script.split("\n")[0]) for name, snippet in kept.items()]
        save, forget = "Save this script as a snippet ...", "Forget a snippet ..."
        more = [(save, "")] if _text(entry).strip() else []
        more += [(forget, "")] if kept else []
        chosen = await self.app.push_screen_wait(Pick("Snippets", [*choices, *more]))
        if chosen == save:
            name = await self.app.push_screen_wait(AskName("Save as", "", "Kept for 30 days"))
            if name is not None:
                await asyncio.to_thread(self._remembered.keep_snippet, name, _text(entry), now)
        elif chosen == forget:
            name = await self.app.push_screen_wait(Pick("Forget a snippet", choices))
            if name is not None:
                await asyncio.to_thread(partial(self._remembered.forget, snippet=name))
        elif chosen is not None:
            _put(entry, kept[chosen].script)

    def _work(self, job: Callable[[], object]) -> None:
        cast("SsmtuiApp", self.app).work(job, "a script", group="script")  # type: ignore[arg-type]


def _text(entry: FieldEntry) -> str:
    return "\n".join(entry.values)


def _put(entry: FieldEntry, text: str) -> None:
    entry.fill(tuple(text.rstrip("\n").split("\n")))
    entry.take_focus()


def _read(name: str) -> str:
    path = Path(name).expanduser()
    try:
        data = path.read_bytes() if path.is_file() else b""
        if not path.is_file():
            raise input_problem(plain(f"There is no file {path}"), "Name another")
    except OSError as error:
        raise input_problem(plain(f"{path} cannot be read: {error.strerror}")) from error
    if len(data) > _LARGEST:
        raise input_problem(
            plain(f"{path} has {len(data):,} bytes, and a parameter has at most {_LARGEST:,}"),
            "Put it into S3 and run AWS-RunRemoteScript",
        )
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise input_problem(plain(f"{path} is not UTF-8 text"), "Name another file") from None

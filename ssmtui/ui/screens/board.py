"""The rollout board: how far it is, what came of it, and the keys to steer it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING

from textual import on
from textual.widget import Widget
from textual.widgets import Static

from ssmtui.core.folding import Block
from ssmtui.core.keys import RowKey
from ssmtui.core.problem import ProblemError
from ssmtui.core.text import plain
from ssmtui.rollouts.state import Phase
from ssmtui.ui import glyphs
from ssmtui.ui.actions import BOARD_ACTIONS
from ssmtui.ui.board_head import head_content
from ssmtui.ui.board_lines import (
    block_parts,
    called,
    head_words,
    names_width,
    short,
    tally_words,
    title_parts,
)
from ssmtui.ui.board_steering import cancel, read_whole, run_again
from ssmtui.ui.board_texts import block_document, difference_document, rollout_document
from ssmtui.ui.documents import Document
from ssmtui.ui.facts import lowest_mode
from ssmtui.ui.keymap import allowed, bindings
from ssmtui.ui.notices import Level
from ssmtui.ui.screens.page import Page
from ssmtui.ui.widgets.blocks_view import BlocksView
from ssmtui.ui.widgets.header import FactsLine, Part
from ssmtui.ui.widgets.text_view import TextView

if TYPE_CHECKING:
    from ssmtui.aws.scope import Scope
    from ssmtui.core.folding.search import Search
    from ssmtui.ui.watching import Watched

# How often it is drawn at most while news come.
FRAME_SECONDS = 0.1
# So many are put in order once a second at most.
MANY_BLOCKS = 2000
# From this height on the text of the block under the cursor joins.
PREVIEW_FROM = 32
_PREVIEW_CHARS = 20_000
_HEADS_KEPT = 2000
_KINDS = ("wave", "scope", "call")


class BoardPage(Page):
    """One rollout. Leaving it leaves the rollout alone."""

    context = "board"
    BINDINGS = bindings(BOARD_ACTIONS)
    DEFAULT_CSS = """
    BoardPage #board-title { background: $surface; }
    BoardPage #board-head { height: auto; padding: 0 1; }
    BoardPage .rule { background: $surface; }
    BoardPage BlocksView { height: 1fr; padding: 0 1; }
    BoardPage #preview-rule, BoardPage TextView { display: none; }
    BoardPage.tall #preview-rule, BoardPage.tall TextView { display: block; }
    BoardPage TextView { height: 40%; padding: 0 1; }
    """

    def __init__(self, watched: Watched) -> None:
        super().__init__()
        self.watched = watched
        self._by = "wave"
        self._stale = True
        self._folded = -1  # the folder's version that is shown
        self._previewed: Block | None = None
        self._pattern = ""
        self._search: Search | None = None
        self._tally = ""
        self._shown_at = float("-inf")
        self._heads: dict[str, str] = {}
        self.drawn = 0

    def body(self) -> Iterable[Widget]:
        yield FactsLine(id="board-title")
        yield Static("", id="board-head", markup=False)
        yield FactsLine(id="outputs-rule", classes="rule")
        yield BlocksView(self._block_line)
        yield FactsLine(id="preview-rule", classes="rule")
        yield TextView()

    def on_mount(self) -> None:
        super().on_mount()
        self.watched.changed = self.touch
        self.focus_body()
        self._draw()
        self.set_interval(FRAME_SECONDS, self._tick)
        self.set_interval(1.0, self.touch)  # ages go on without news

    def on_unmount(self) -> None:
        if self.watched.changed == self.touch:
            self.watched.changed = lambda: None
        self.shell.rolling.others.let_go(self.watched)

    def on_screen_resume(self) -> None:
        self.watched.changed = self.touch
        self.touch()

    def on_resize(self) -> None:
        self.set_class(self.size.height >= PREVIEW_FROM, "tall")
        self._previewed = None
        self._draw_preview()
        self.touch()

    @property
    def view(self) -> BlocksView:
        return self.query_one(BlocksView)

    def focus_body(self) -> None:
        self.set_focus(self.view)

    # What is drawn

    def touch(self) -> None:
        """Draw anew with the next frame."""
        self._stale = True

    def _tick(self) -> None:
        if self._stale and self.app.screen is self:
            self._draw()

    def _draw(self) -> None:
        self._stale = False
        self.drawn += 1
        state = self.watched.state
        right: list[Part] = []
        if self.watched.fetching is not None:
            done, total = self.watched.fetching
            right.append((f"reading full outputs {done:,} of {total:,}", "$status-busy"))
        if marked := len(self.watched.marks):
            right.append((f"{marked:,} marked", "$mark bold"))
        title = title_parts(state, self._identity)
        self.query_one("#board-title", FactsLine).parts = (title, right)
        self._draw_head()
        self._draw_blocks()
        self.view.redraw()  # names of large blocks come behind the scenes
        self.refresh_bindings()

    @property
    def _identity(self) -> str:
        scopes = self._scopes
        names = list(dict.fromkeys(f"{scope.identity}@{scope.name}" for scope in scopes))
        return names[0] if len(names) == 1 else f"{len(names)} identities" if names else ""

    def _draw_head(self) -> None:
        size = (self.size.width, self.size.height)
        now = self.shell.launch.now()
        content = head_content(self.watched.state, self._by, size, now)
        self.query_one("#board-head", Static).update(content)

    def _draw_blocks(self) -> None:
        watched = self.watched
        now = monotonic()
        due = len(self.view.blocks) < MANY_BLOCKS or now - self._shown_at > 1 or watched.folded
        if self._search is None and self._folded != watched.folder.version and due:
            self._folded, self._shown_at = watched.folder.version, now
            blocks = watched.folder.blocks()
            self._tally = tally_words(blocks)
            self.view.show(blocks)
            self._draw_preview()
        self.view.message = self._message()
        left: list[Part] = [("outputs, failures first", "$muted")]
        if self._search is not None:
            found = self._search
            left = [
                (f"/{plain(self._pattern)}", "$accent"),
                (f"{found.lines:,} lines in {len(found.found):,} outputs of {found.nodes:,} nodes",
                 "$foreground"),
            ]  # fmt: skip
            if found.problem is not None and found.found:
                left.append(("and no further: the expression takes too long", "$warning"))
        right: list[Part] = [(self._tally, "$muted")]
        self.query_one("#outputs-rule", FactsLine).parts = (left, right)

    def _message(self) -> str:
        if self._search is not None:
            if (problem := self._search.problem) is not None:
                return problem.sentence
            return "Nothing found" if self._search.done else "Searching"
        state = self.watched.state
        if state.over:
            return "No node has answered" if not state.bars.ended else "Folding"
        if state.bars.ended:
            return "Outputs are read many at a time, in a moment"
        return "No output yet"

    def _block_line(self, block: Block, width: int) -> Sequence[Part]:
        head = self._heads.get(block.id)
        if head is None:
            if len(self._heads) > _HEADS_KEPT:
                self._heads.clear()
            head = self._heads[block.id] = head_words(block, *self.watched.text(block))
        who = self.watched.who(block, names_width(width))
        if self._search is not None:
            head = next((f.hits[0].text for f in self._search.found if f.block is block), head)
            head = plain(head).strip()
        marks = self.watched.marks
        marked = sum(node in marks for node in block.nodes) if len(marks) else 0
        return block_parts(block, who, head, marked, width)

    @on(BlocksView.Moved)
    def _moved(self, event: BlocksView.Moved) -> None:
        event.stop()
        self._draw_preview()
        self.refresh_bindings()

    def _draw_preview(self) -> None:
        block = self.view.block
        text, words = "", ""
        if block is self._previewed:
            return
        self._previewed = block
        if block is not None and self.has_class("tall"):
            stdout, stderr = self.watched.text(block)
            text = block_document(block, stdout[:_PREVIEW_CHARS], stderr[:_PREVIEW_CHARS])
            words = block.compared
        rule = self.query_one("#preview-rule", FactsLine)
        rule.parts = ([(words, "$muted")], [("Enter opens it", "$muted")] if words else [])
        self.query_one(TextView).set_text(text, 1)

    # Which keys there are

    @property
    def _scopes(self) -> list[Scope]:
        rollout = self.watched.rollout
        keys = rollout.plan.spec.command.targets.scopes
        return [scope for key in keys if (scope := rollout.scope(key)) is not None]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        phase, over = self.watched.state.phase, self.watched.state.over
        declared = self.shell.keymap.action(action.replace("_", "-"))
        if declared is not None and not allowed(declared.danger, lowest_mode(self._scopes)):
            return False
        if action == "hold":
            return phase is Phase.RUNNING and self.watched.state.ours
        if action == "go_on":
            return phase is Phase.HELD
        if action == "cancel_rollout":
            return not over
        if action in ("open_block", "block_nodes", "mark_block", "copy_block", "difference"):
            return self.view.block is not None
        return True

    # Steering

    def action_hold(self) -> None:
        self.shell.work(self.watched.rollout.hold, "holding a rollout")

    def action_go_on(self) -> None:
        self.shell.work(self.watched.rollout.go_on, "going on with a rollout")

    def action_cancel_rollout(self) -> None:
        self.shell.work(partial(cancel, self.shell, self.watched), "cancelling a rollout")

    def action_run_again(self) -> None:
        self.shell.work(partial(run_again, self.shell, self.watched), "running again")

    # Outputs

    def action_block_down(self) -> None:
        self.view.move_by(1)

    def action_block_up(self) -> None:
        self.view.move_by(-1)

    def action_block_first(self) -> None:
        self.view.move_to(0)

    def action_block_last(self) -> None:
        self.view.move_to(len(self.view.blocks))

    def action_block_page_down(self) -> None:
        self.view.page(1)

    def action_block_page_up(self) -> None:
        self.view.page(-1)

    def action_open_block(self) -> None:
        block = self.view.block
        if block is None:
            return
        texts = self.watched.text(block)
        title = f"{short(self.watched.id)} {glyphs.CRUMB} {self._who(block)}"
        self.shell.show_text(title, partial(_loaded, block_document(block, *texts), 1), "output")

    @on(BlocksView.Chosen)
    def _chosen_block(self, event: BlocksView.Chosen) -> None:
        event.stop()
        self.action_open_block()

    def _who(self, block: Block) -> str:
        return plain(self.watched.who(block, 50))

    def action_block_nodes(self) -> None:
        from ssmtui.ui.screens.results import ResultsPage

        if (block := self.view.block) is not None:
            self.app.push_screen(ResultsPage(self.watched, list(block.nodes), self._who(block)))

    def action_all_nodes(self) -> None:
        from ssmtui.ui.screens.results import ResultsPage

        self.app.push_screen(ResultsPage(self.watched, None, "all nodes"))

    def action_mark_block(self) -> None:
        block = self.view.block
        if block is None:
            return
        marks = self.watched.marks
        if all(node in marks for node in block.nodes):
            marks.discard(block.nodes)
        else:
            marks.add(block.nodes)
        self.view.redraw()
        self.view.move_by(1)
        self.touch()

    def action_full_output(self) -> None:
        """Read what was cut whole, of the marked nodes, else of the block."""
        block = self.view.block
        keys: list[RowKey] | None = list(self.watched.marks) or None
        if keys is None and block is not None and block.cut:
            keys = list(block.nodes)
        job = partial(read_whole, self.shell, self.watched, keys)
        self.shell.work(job, "reading outputs", group="outputs")

    def action_difference(self) -> None:
        block, majority = self.view.block, self.watched.folder.majority()
        if block is None or majority is None:
            return
        if block.id == majority.id:
            self.shell.say(
                "This is what most nodes gave: D on another block compares it", Level.WARNING
            )
            return
        names = (self._who(majority), self._who(block))
        texts = (self.watched.text(majority), self.watched.text(block))
        title = f"{names[1]} against {names[0]}"

        async def load() -> Document:
            return await difference_document(names, texts)

        self.shell.show_text(title, load, "difference")

    def action_copy_block(self) -> None:
        if (block := self.view.block) is not None:
            text = block_document(block, *self.watched.text(block))
            self.shell.copy(lambda: text, "the output")

    def action_save_outputs(self) -> None:
        from ssmtui.ui.board_saving import save_outputs

        self.shell.work(partial(save_outputs, self.shell, self.watched), "saving outputs")

    def action_board_by(self) -> None:
        self._by = _KINDS[(_KINDS.index(self._by) + 1) % len(_KINDS)]
        self._draw()

    def action_alike(self) -> None:
        near = not self.watched.folder.near
        self.watched.set_near(near)
        self.shell.say(
            "Outputs that differ by node in names, times and numbers are one block"
            if near
            else "Only identical outputs are one block"
        )

    def action_about_rollout(self) -> None:
        async def load() -> Document:
            watched = self.watched
            return rollout_document(watched.state, watched.rollout.plan)

        self.shell.show_text(called(self.watched.state).capitalize(), load, "rollout")

    # The search

    def action_search_outputs(self) -> None:
        self.prompt.open("outputs", "/", self._pattern, history=self.shell.filter_history)

    async def prompted(self, kind: str, text: str) -> None:
        if self._look_for(text):
            self.prompt.close()
            self.focus_body()

    def prompt_changed(self, kind: str, text: str) -> None:
        self._look_for(text)

    def prompt_cancelled(self, kind: str) -> None:
        self._look_for("")

    def _look_for(self, pattern: str) -> bool:
        from ssmtui.core.folding.search import Search

        if pattern == self._pattern:
            return True
        if not pattern:
            self._pattern, self._search, self._folded = "", None, -1
            self.touch()
            return True
        try:
            search = Search(self.watched.folder, pattern)
        except ProblemError as error:
            self.prompt.hint(error.problem.sentence, error=True)
            return False
        self._pattern, self._search = pattern, search
        self.run_worker(
            self._searching(search),
            group="search",
            exclusive=True,
            exit_on_error=False,
            description="searching outputs",
        )
        return True

    async def _searching(self, search: Search) -> None:
        import asyncio

        shown = -1
        while True:
            going = search.step()
            if len(search.found) != shown or not going:
                shown = len(search.found)
                self.view.show([found.block for found in search.found])
                self.touch()
            if not going:
                return
            await asyncio.sleep(0)

    def action_close_board(self) -> None:
        if self._pattern:
            self._look_for("")
        else:
            self.shell.leave_page()


async def _loaded(text: str, key_width: int) -> Document:
    return Document({"text": text}, key_width=key_width)

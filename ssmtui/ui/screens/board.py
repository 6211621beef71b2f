"""The rollout board: how far it is, what came of it, and the keys to steer it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING

from textual import on
from textual.widget import Widget

from ssmtui.core.folding import Block
from ssmtui.core.keys import RowKey
from ssmtui.core.problem import ProblemError
from ssmtui.rollouts.state import Phase
from ssmtui.ui.actions import BOARD_ACTIONS
from ssmtui.ui.board_blocks import BlockLines
from ssmtui.ui.board_head import head_content
from ssmtui.ui.board_lines import called, tally_words, title_parts
from ssmtui.ui.board_opening import open_block, open_difference, who
from ssmtui.ui.board_search import OutputSearch
from ssmtui.ui.board_steering import cancel, identities, read_whole, run_again
from ssmtui.ui.board_texts import block_document, block_text, rollout_document
from ssmtui.ui.documents import Document
from ssmtui.ui.facts import lowest_mode
from ssmtui.ui.keymap import allowed, bindings
from ssmtui.ui.screens.page import Page
from ssmtui.ui.widgets.blocks_view import BlocksView
from ssmtui.ui.widgets.facts_text import FactsText
from ssmtui.ui.widgets.header import FactsLine, Part
from ssmtui.ui.widgets.text_view import TextView

if TYPE_CHECKING:
    from ssmtui.aws.scope import Scope
    from ssmtui.ui.watching import Watched

# How often it is drawn at most while news come.
FRAME_SECONDS = 0.1
# So many are put in order once a second at most.
MANY_BLOCKS = 2000
# How long blocks are made of what was folded, for one frame.
_BLOCKS_SECONDS = 0.002
# From this height on the text of the block under the cursor joins.
PREVIEW_FROM = 32
_PREVIEW_CHARS = 20_000
_KINDS = ("wave", "scope", "call")


class BoardPage(Page):
    """One rollout. Leaving it leaves the rollout alone."""

    context = "board"
    BINDINGS = bindings(BOARD_ACTIONS)
    DEFAULT_CSS = """
    BoardPage #board-title { background: $surface; }
    BoardPage .board-head { height: auto; padding: 0 1; }
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
        self._search = OutputSearch(watched)
        self._lines = BlockLines(watched, self._search)
        self._tally = ""
        self._shown_at = float("-inf")
        self.drawn = 0

    def body(self) -> Iterable[Widget]:
        yield FactsLine(id="board-title")
        yield FactsText(classes="board-head")
        yield FactsLine(id="outputs-rule", classes="rule")
        yield BlocksView(self._lines.parts)
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
        if not self.watched.state.ours:
            return self.watched.rollout.identity or "sender unknown"
        names = identities(self.scopes)
        return names[0] if len(names) == 1 else f"{len(names)} identities" if names else ""

    def _draw_head(self) -> None:
        size = (self.size.width, self.size.height)
        now = self.shell.launch.now()
        content = head_content(self.watched.state, self._by, size, now)
        self.query_one(".board-head", FactsText).show(content)

    def _draw_blocks(self) -> None:
        watched, search = self.watched, self._search
        now = monotonic()
        due = len(self.view.blocks) < MANY_BLOCKS or now - self._shown_at > 1 or watched.folded
        if not search.on and self._folded != watched.folder.version and due:
            version, self._shown_at = watched.folder.version, now
            blocks = watched.folder.blocks(_BLOCKS_SECONDS)
            self._folded = -1 if watched.folder.behind else version
            self._stale = watched.folder.behind
            self._tally = tally_words(blocks)
            self._lines.know(blocks)
            self.view.show(blocks)
            self._draw_preview()
        elif search.stale:
            self._run_search()
        self.view.message = search.message if search.on else self._message()
        left = search.parts or [("outputs, failures first", "$muted")]
        right: list[Part] = [] if search.on else [(self._tally, "$muted")]
        self.query_one("#outputs-rule", FactsLine).parts = (left, right)

    def _message(self) -> str:
        state = self.watched.state
        if state.over:
            return "No node has answered" if not state.bars.ended else "Folding"
        if state.bars.ended:
            return "Outputs are read many at a time, in a moment"
        return "No output yet"

    @on(BlocksView.Moved)
    def _moved(self, event: BlocksView.Moved) -> None:
        event.stop()
        self._draw_preview()
        self.refresh_bindings()

    def _draw_preview(self) -> None:
        block = self.view.block
        document, words = Document({"text": ""}), ""
        if block is self._previewed:
            return
        self._previewed = block
        if block is not None and self.has_class("tall"):
            stdout, stderr = self.watched.text(block)
            document = block_document(block, stdout[:_PREVIEW_CHARS], stderr[:_PREVIEW_CHARS])
            words = block.compared
        rule = self.query_one("#preview-rule", FactsLine)
        rule.parts = ([(words, "$muted")], [("Enter opens it", "$muted")] if words else [])
        self.query_one(TextView).set_text(document.formats["text"], spans=document.spans)

    # Which keys there are

    @property
    def scopes(self) -> Sequence[Scope]:
        return self.watched.scopes

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        phase, over = self.watched.state.phase, self.watched.state.over
        declared = self.shell.keymap.action(action.replace("_", "-"))
        if declared is not None and not allowed(declared.danger, lowest_mode(self.scopes)):
            return False
        if action == "hold":
            return phase is Phase.RUNNING and self.watched.state.ours
        if action == "go_on":
            return phase is Phase.HELD
        if action == "cancel_rollout":
            return not over
        if action in ("open_block", "mark_block", "copy_block", "difference"):
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
        if (block := self.view.block) is not None:
            open_block(self.shell, self.watched, block, self._search.pattern)

    @on(BlocksView.Chosen)
    def _chosen_block(self, event: BlocksView.Chosen) -> None:
        event.stop()
        self.action_open_block()

    def action_block_nodes(self) -> None:
        from ssmtui.ui.screens.results import ResultsPage

        if (block := self.view.block) is None:
            self.shell.say(f"There is no block to list: {self.view.message} (N lists all nodes)")
            return
        self.app.push_screen(ResultsPage(self.watched, list(block.nodes), who(self.watched, block)))

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
        if (block := self.view.block) is not None:
            open_difference(self.shell, self.watched, block)

    def action_copy_block(self) -> None:
        if (block := self.view.block) is not None:
            text = block_text(block, *self.watched.text(block))
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
        pattern, history = self._search.pattern, self.shell.filter_history
        self.prompt.open("outputs", "/", pattern, history=history)

    async def prompted(self, kind: str, text: str) -> None:
        if self._look_for(text):
            self.prompt.close()
            self.focus_body()

    def prompt_changed(self, kind: str, text: str) -> None:
        self._look_for(text)

    def prompt_cancelled(self, kind: str) -> None:
        self._look_for("")

    def _look_for(self, pattern: str) -> bool:
        if pattern == self._search.pattern:
            return True
        if not pattern:
            self._search.end()
            self._folded = -1
            self.touch()
            return True
        try:
            self._search.begin(pattern)
        except ProblemError as error:
            self.prompt.hint(error.problem.sentence, error=True)
            return False
        self._run_search()
        return True

    def _run_search(self) -> None:
        def show(blocks: Sequence[Block]) -> None:
            self.view.show(blocks)
            self.touch()

        self.run_worker(
            self._search.run(show),
            group="search",
            exclusive=True,
            exit_on_error=False,
            description="searching outputs",
        )

    def action_close_board(self) -> None:
        if self._search.on:
            self._look_for("")
        else:
            self.shell.leave_page()

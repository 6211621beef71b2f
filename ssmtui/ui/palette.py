"""Ctrl-P: every action, view, context and theme, found by a few letters."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from ssmtui.core.text import plain
from ssmtui.ui.key_names import key_text

if TYPE_CHECKING:
    from ssmtui.ui.app import SsmtuiApp

# Fuzzy matching of thousands of entries must not hold the loop, and nobody reads a thousand hits.
CHUNK = 200
MOST_HITS = 100
# Above every score of the fuzzy matcher, which counts a few points a letter.
BY_NAME = 1000.0


class Entry(NamedTuple):
    """One line of the palette: what it says, what stands under it, and the `:` line it runs."""

    text: str
    help: str
    line: str


def entries(app: SsmtuiApp) -> list[Entry]:
    """Everything that can be done now, in the order in which it is offered at first."""
    found = [
        Entry(f"Go to {resource.title}", f":{resource.name}", resource.name)
        for resource in app.launch.resources
    ]
    # What can be done with the rows comes before what can be done anywhere.
    for action in sorted(app.keymap.actions, key=lambda action: action.context == "app"):
        if action.id.startswith("pane-") or not app.dispatcher.offers(action):
            continue
        keys = " ".join(key_text(key) for key in app.keymap.keys(action))
        found.append(Entry(action.title, f"{keys}  :{action.id}".strip(), action.id))
    home = app.main.resource.name
    found += [
        Entry(f"Narrow to @{plain(name)}", f":{home} @{plain(name)}", f"{home} @{name}")
        for name in app.contexts.names()
    ]
    found += [
        Entry(f"Theme {plain(name)}", f":theme {plain(name)}", f"theme {name}")
        for name in app.theme_names()
    ]
    return found


def is_subsequence(letters: str, text: str) -> bool:
    """Whether all letters occur in the text in their order: the cheap test before the fuzzy one."""
    rest = iter(text)
    return all(letter in rest for letter in letters)


class ActionsProvider(Provider):
    """The palette's only source."""

    @property
    def _app(self) -> SsmtuiApp:
        return cast("SsmtuiApp", self.app)

    async def startup(self) -> None:
        self._entries = entries(self._app)

    async def discover(self) -> Hits:
        for entry in self._entries[:MOST_HITS]:
            yield DiscoveryHit(
                _display(Content(entry.text), entry), self._command(entry), entry.text
            )

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        wanted = query.lower().replace(" ", "")
        hits = 0
        async for entry in _chunked(self._entries):
            if hits == MOST_HITS:
                return
            if wanted and entry.line.startswith(wanted):
                # The `:` command itself is the surest hit.
                hits += 1
                yield Hit(
                    BY_NAME, _display(Content(entry.text), entry), self._command(entry), entry.text
                )
                continue
            if not is_subsequence(wanted, entry.text.lower()):
                continue
            # Textual's own highlight() would parse the entry as markup.
            score, offsets = matcher.fuzzy_search.match(query, entry.text)
            if score > 0:
                hits += 1
                shown = Content(entry.text)
                for offset in offsets:
                    shown = shown.stylize("$accent bold", offset, offset + 1)
                yield Hit(score, _display(shown, entry), self._command(entry), entry.text)

    def _command(self, entry: Entry) -> Callable[[], Any]:
        return partial(self._app.dispatcher.execute, entry.line)


def _display(shown: Content, entry: Entry) -> Content:
    return Content.assemble(shown, "\n", (entry.help, "$muted"))


async def _chunked(found: Iterable[Entry]) -> AsyncIterator[Entry]:
    for index, entry in enumerate(found):
        if index % CHUNK == CHUNK - 1:
            await asyncio.sleep(0)
        yield entry

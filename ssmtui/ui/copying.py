"""The explorer's copies: asked for in a form, made in the background, ended at its end."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ssmtui.core.problem import input_problem
from ssmtui.core.text import plain
from ssmtui.ui.notices import Level
from ssmtui.ui.screens.dialogs import AskName, Confirm

if TYPE_CHECKING:
    from ssmtui.aws.scope import Scope
    from ssmtui.sessions.copying.copy import CopySpec
    from ssmtui.sessions.copying.manager import Copies, Running
    from ssmtui.ui.app import SsmtuiApp
    from ssmtui.ui.screens.ask_copy import CopyWish

_HOW = "Write ./here :/there to copy to the node, :/there . to copy from it"


class Copying:
    """Between the keys and the copies. Nothing of sessions is imported before the first one."""

    def __init__(self, app: SsmtuiApp) -> None:
        self._app = app
        self._copies: Copies | None = None

    @property
    def all(self) -> Sequence[Running]:
        """Every copy that was begun, until it is taken from the list."""
        return () if self._copies is None else tuple(self._copies)

    def ask(self, row: Any, scope_of: Callable[[Any], Scope], files: str = "") -> None:
        """Copy `files` (`./here :/there`) to the node of a row or from it; asks where none are
        named.
        """
        self._app.work(partial(self._ask, row, scope_of, files), "copying a file")

    async def stop(self, one: Running) -> None:
        """Cancel a copy, after a dialog; one that is over leaves the list."""
        if one.over:
            self._begun().forget(one)
            return
        lines = [one.title, one.words(), "What has come is kept for the next attempt."]
        if await self._app.push_screen_wait(Confirm("Stop the copy", lines, "Stop")):
            await one.stop()

    async def close(self) -> None:
        """Cancel all that are running; no session stays open."""
        if self._copies is not None:
            await self._copies.close()

    async def _ask(self, row: Any, scope_of: Callable[[Any], Scope], files: str) -> None:
        from ssmtui.sessions.copying.asking import Node
        from ssmtui.ui.screens.ask_copy import AskCopy

        platform = row.platform if isinstance(row.platform, str) else ""
        if not platform or row.ping == "unmanaged":
            what = f"{plain(row.label)} has no agent through which files could be copied"
            raise input_problem(what, "w says why")
        scope = scope_of(row)
        if files:
            spec = self._spec(parse_files(files))
        else:
            made: CopySpec | None = await self._app.push_screen_wait(
                AskCopy(plain(row.label), self._spec)
            )
            if made is None:
                return
            spec = made
        if self._app.launch.config.session_reason:
            reason = await self._app.push_screen_wait(
                AskName("Reason for the sessions", "", "It is kept in the sessions' history")
            )
            if not reason:
                return
            spec = type(spec)(**{**_fields(spec), "reason": reason})
        node = Node(scope, row.key, platform, spec.reason)
        begun = self._begun().begin(node, spec, name=row.label, agree=self._agree)
        self._app.say(f"Copying {begun.title}, :copies shows how far it is")

    def _spec(self, wish: CopyWish) -> CopySpec:
        """What is wished, checked. ProblemError."""
        from ssmtui.sessions.copying.copy import CopySpec, Road

        config = self._app.launch.config.copy
        return CopySpec(
            upload=wish.upload,
            local=Path(wish.local or ".").expanduser(),
            remote=wish.remote,
            recursive=wish.recursive,
            road=Road.configured(config.bucket, config.threshold),
        )

    async def _agree(self, where: str) -> bool:
        lines = [f"{where} is there already."]
        sure: bool = await self._app.push_screen_wait(Confirm("Overwrite", lines, "Overwrite"))
        return sure

    def _begun(self) -> Copies:
        if self._copies is None:
            from ssmtui.sessions.copying.manager import Copies

            self._copies = Copies(self._changed)
        return self._copies

    def _changed(self, one: Running) -> None:
        from ssmtui.sessions.copying.manager import State

        if not self._app.is_running:
            return
        levels = {State.FAILED: Level.ERROR, State.STOPPED: Level.WARNING}
        level = levels.get(one.state, Level.INFORMATION)
        self._app.say(f"{one.title} is {one.state}: {one.sentence}", level)


def parse_files(text: str) -> CopyWish:
    """`./here :/there`, `-r` for directories, as a wish. ProblemError."""
    from ssmtui.ui.screens.ask_copy import CopyWish

    try:
        words = shlex.split(text)
    except ValueError:
        raise input_problem("A quote is not closed", _HOW) from None
    recursive = "-r" in words
    words = [word for word in words if word != "-r"]
    there = [word.startswith(":") for word in words]
    if len(words) != 2 or there.count(True) != 1:
        raise input_problem(f"{plain(text)} does not say what goes where", _HOW)
    upload = there[1]
    local, remote = words if upload else words[::-1]
    return CopyWish(upload, local, remote.removeprefix(":"), recursive)


def _fields(spec: CopySpec) -> dict[str, Any]:
    return {name: getattr(spec, name) for name in spec.__struct_fields__}

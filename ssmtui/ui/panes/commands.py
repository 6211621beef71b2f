"""The Commands pane: what is special about commands."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from ssmtui.core.problem import ProblemError
from ssmtui.resources.commands import AGAIN, WHO
from ssmtui.ui.keymap import bindings
from ssmtui.ui.panes.looking_up import LookUp
from ssmtui.ui.panes.resource import ResourcePane

if TYPE_CHECKING:
    from ssmtui.ui.watching import Watched


class CommandsPane(ResourcePane):
    """Adds `r`, `w`, and Enter to what a command did."""

    BINDINGS = bindings((AGAIN, WHO))

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.senders = LookUp(self, "CloudTrail")

    def action_open(self) -> None:
        if self.row is not None:
            self.open_command(self.row)

    def open_command(self, command: Any) -> None:
        """Show what a command did: on the board of its rollout where that is on our record, else on
        one of its own; in the list of its invocations where it cannot be read."""
        self.shell.work(partial(self._open_board, command), "opening a command")

    async def _open_board(self, command: Any) -> None:
        rolling = self.shell.rolling
        try:
            watched = await self._own_rollout(command)
            if watched is None:
                watched = await rolling.others.open(self.scope_of(command), command)
        except ProblemError as error:
            self.shell.report(error.problem)
            super().action_open()
        else:
            rolling.show(watched)

    async def _own_rollout(self, command: Any) -> Watched | None:
        if not (command.mine is True and isinstance(command.rollout, str)):
            return None
        try:
            return await self.shell.rolling.open(command.rollout)
        except ProblemError as error:
            # Forgotten, or another ssmtui is at it: the service knows all the same.
            self.shell.report(error.problem)
            return None

    def action_again(self) -> None:
        """Run the command under the cursor again, with edits."""
        if (row := self.row) is not None:
            self.shell.rolling.others.ask_again(self.scope_of(row), row)

    def action_who(self) -> None:
        """Ask CloudTrail who has sent the marked commands, or the one under the cursor."""
        unknown = [row for row in self.targets if not isinstance(row.who, str)]
        if not unknown:
            self.shell.say("Who has sent it is known already")
            return
        self.senders.begin(unknown, done=self._tell_senders)

    def _tell_senders(self, asked: int, found: int) -> None:
        words = f"CloudTrail knows who has sent {found:,} of {asked:,}"
        if asked == 1:
            words = "CloudTrail knows who has sent it" if found else "CloudTrail does not know it"
        late = ": it is some minutes behind" if found < asked else ""
        self.shell.say(words + late)

    @property
    def notes(self) -> list[str]:
        return [*super().notes, *([self.senders.words] if self.senders.words else [])]

    def clear_modes(self) -> bool:
        """Esc stops asking first."""
        return self.senders.stop() or super().clear_modes()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "again":
            return self.row is not None and self.reach.permits(AGAIN)
        if action == "who":
            return self.row is not None
        return super().check_action(action, parameters)

    def copies(self, row: Any) -> list[tuple[str, str, str]]:
        choices = [
            ("id", "id", row.id),
            ("name", "name", row.name),
            ("document", "document", row.document),
            ("parameters", "parameters, secrets masked", row.parameters),
            ("nodes", "ids of its nodes", " ".join(row.node) if row.node else None),
            ("sender", "sender's ARN", row.sender),
            ("output", "place of its outputs", row.output),
        ]
        return [choice for choice in choices if isinstance(choice[2], str)]

"""All commands of a world: sent, cancelled and found."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random
from uuid import UUID

from ssmtui.simulator.commands.history import past_commands
from ssmtui.simulator.commands.model import Command
from ssmtui.simulator.commands.request import Request
from ssmtui.simulator.commands.rollout import Rollout
from ssmtui.simulator.commands.statuses import Detail
from ssmtui.simulator.shell.machine.hashing import fraction
from ssmtui.simulator.shell.stage import Stage
from ssmtui.simulator.world import World

DAY = 86_400.0
KEPT = 30 * DAY


class Commands:
    """Run Command's part of a world: `world.part(Commands)`.

    The past of an account in a Region is there as soon as somebody looks.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._stage = world.part(Stage)
        self._ids = Random(f"{world.seed} command ids")
        self._sent: dict[tuple[str, str], dict[str, Command]] = {}

    def send(self, account: str, region: str, request: Request, owner: str) -> Command:
        """Take a valid request; its invocations are to be seen a moment later."""
        command = Command(
            id=str(UUID(int=self._ids.getrandbits(128), version=4)),
            account=account,
            region=region,
            request=request,
            owner=owner,
            requested=self._world.now,
            steps=request.version.steps,
            target_count=len(request.node_ids),
        )
        command.visible = command.requested + 0.4 + 1.2 * fraction(command.id, "visible")
        self._of(account, region)[command.id] = command
        rollout = Rollout(self._world, self._stage, command, lambda: self.pending(account, region))
        self._world.clock.at(command.visible, rollout.begin)
        return command

    def cancel(self, command: Command, node_ids: Iterable[str] = ()) -> None:
        """Cancel a command, or what it does on those nodes; what has ended stays as it is."""
        if command.rollout is not None:
            command.rollout.cancel(list(node_ids))

    def find(self, account: str, region: str, command_id: str) -> Command | None:
        """The command of that id, None if there is none or it has been forgotten."""
        command = self._of(account, region).get(command_id)
        return command if command is not None and self._kept(command) else None

    def all(self, account: str, region: str) -> list[Command]:
        """Those of the last 30 days, the latest first."""
        kept = [each for each in self._of(account, region).values() if self._kept(each)]
        return sorted(kept, key=Command.position)

    def pending(self, account: str, region: str) -> int:
        """How many invocations wait to be sent to their nodes."""
        return sum(each.counts[Detail.PENDING] for each in self._of(account, region).values())

    def _kept(self, command: Command) -> bool:
        return command.requested > self._world.now - KEPT

    def _of(self, account: str, region: str) -> dict[str, Command]:
        key = (account, region)
        if key not in self._sent:
            past = past_commands(self._world, self._world.scope(account, region))
            self._sent[key] = {command.id: command for command in past}
        return self._sent[key]

"""What keeps a command from nodes after it has been taken: permissions, rates and limits.

AWS tells of them in statuses and not as errors of SendCommand ("Understanding command statuses" of
the user guide): AccessDenied, RateExceeded, LimitExceeded. The first two come of fault rules. How
many invocations of an account may be pending AWS does not publish: here as many as are sent, unless
a limit has been set.
"""

from __future__ import annotations

from ssmtui.simulator.commands.model import Command
from ssmtui.simulator.commands.statuses import Detail
from ssmtui.simulator.faults import COMMAND, INVOCATION, FaultKind, Faults
from ssmtui.simulator.world import World

_OF_COMMANDS = {
    FaultKind.DENIED: Detail.ACCESS_DENIED,
    FaultKind.THROTTLE: Detail.RATE_EXCEEDED,
}


class Refusals:
    """Judges a world's commands once their nodes are known: `world.part(Refusals)`."""

    def __init__(self, world: World) -> None:
        self._limits: dict[tuple[str, str], int] = {}
        self._faults: Faults | None = None

    def heed(self, faults: Faults) -> None:
        """Have rules of COMMAND and INVOCATION decide, too."""
        self._faults = faults

    def limit(self, account: str, region: str, most: int | None) -> None:
        """Set how many invocations may be pending in an account and Region; None: any number."""
        if most is None:
            self._limits.pop((account, region), None)
        else:
            self._limits[account, region] = most

    def of_command(self, command: Command, pending: int) -> Detail | None:
        """Why all of a command is refused, None if it is not.

        `pending` are the account's invocations that wait to be sent, the command's own included.
        """
        kind = self._fault(COMMAND, command)
        if kind in _OF_COMMANDS:
            return _OF_COMMANDS[kind]
        limit = self._limits.get((command.account, command.region))
        return Detail.LIMIT_EXCEEDED if limit is not None and pending > limit else None

    def of_invocation(self, command: Command) -> bool:
        """Whether its sender may not have it run on the next node."""
        return self._fault(INVOCATION, command) is FaultKind.DENIED

    def _fault(self, operation: str, command: Command) -> FaultKind | None:
        if self._faults is None:
            return None
        return self._faults.command_verdict(operation, command.account, command.region)

"""Outputs on their way out of a node: to S3 at the end, to CloudWatch Logs as they come."""

from __future__ import annotations

from ssmtui.simulator.commands.model import Invocation, PluginResult
from ssmtui.simulator.commands.output import shown
from ssmtui.simulator.world import World
from ssmtui.simulator.world.buckets import Buckets
from ssmtui.simulator.world.logs import LARGEST_EVENT, Logs

# What is kept of an output, as the agent's own file on a disk that is not endless (bytes).
MOST_OUTPUT = 2 << 20


class Reel:
    """A sink for one stream of a plugin: keeps the beginning, and passes lines on to the logs."""

    def __init__(
        self, world: World, invocation: Invocation, result: PluginResult, stream: str
    ) -> None:
        self._world = world
        self._invocation = invocation
        self._result = result
        self._stream = stream
        self._data = bytearray()
        self._passed = 0

    @property
    def data(self) -> bytes:
        return bytes(self._data)

    async def write(self, data: bytes) -> None:
        self._data += data[: max(0, MOST_OUTPUT - len(self._data))]
        if self._invocation.command.request.log_group:
            self._pass_on(self._data.rfind(b"\n") + 1)

    def end(self) -> None:
        """Nothing more comes: the rest goes to the logs, and all of it to the bucket."""
        command = self._invocation.command
        if command.request.log_group:
            self._pass_on(len(self._data))
        bucket = self._world.part(Buckets).named(command.request.s3_bucket)
        # The agent has the permissions of its own account; what it may not write is lost.
        if bucket is not None and bucket.account == command.account and self._data:
            key = command.s3_key(self._invocation.id, self._result, self._stream)
            bucket.put(key, self.data, self._world.now)

    def _pass_on(self, until: int) -> None:
        """Write what is there up to that byte."""
        command = self._invocation.command
        plugin = self._result.name.replace(":", "-")
        name = f"{command.id}/{self._invocation.id}/{plugin}/{self._stream}"
        logs = self._world.part(Logs)
        while self._passed < until:
            end = min(until, self._passed + LARGEST_EVENT)
            message = shown(bytes(self._data[self._passed : end])).removesuffix("\n")
            logs.write(command.account, command.region, command.request.log_group, name, message)
            self._passed = end

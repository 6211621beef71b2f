"""Whole outputs on demand: from the service (24,000 and 8,000 characters a step), S3 or the logs.

GetCommandInvocation is asked first, as it says what the steps have become and where S3 has their
texts; what it had to cut is then read where the command has put it. A document of several steps is
asked step by step (PluginName).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import msgspec

from ssmtui.aws.scope import Scope
from ssmtui.core.problem import Problem, ProblemError
from ssmtui.resources.invocations.outputs import Output, step_status, was_cut
from ssmtui.rollouts.commands import Invocation
from ssmtui.rollouts.spec import CommandSpec
from ssmtui.rollouts.state import Result

STDOUT_LIMIT: Final = 24_000
STDERR_LIMIT: Final = 8_000
# So much of one text is read from S3 or the logs.
MOST_BYTES: Final = 16 * 1024 * 1024
_MOST_PAGES: Final = 200  # of a log stream, up to 1 MB each

# In S3 an output that was empty is not there at all, and has no range.
_NOTHING: Final = frozenset({"NoSuchKey", "InvalidRange", "404", "416"})
_SIDE_BY_SIDE: Final = 16


class Fetched(msgspec.Struct, frozen=True):
    """A result with its whole texts; `problem` says why they are not whole."""

    result: Result
    problem: Problem | None = None


async def fetch(
    scopes: Mapping[Any, Scope],
    command: CommandSpec,
    wanted: Iterable[tuple[Result, str]],
    *,
    got: Callable[[Fetched], None] = lambda fetched: None,
) -> list[Fetched]:
    """The whole texts of results (each with its command's id), told one by one as they come.

    `scopes` are by key. Trouble is part of the answer, never raised; the order is that of `wanted`.
    """
    room = asyncio.Semaphore(_SIDE_BY_SIDE)

    async def one(result: Result, command_id: str) -> Fetched:
        async with room:
            scope = scopes.get(result.key.scope)
            if scope is None or not command_id:
                return Fetched(result)
            fetched = await fetch_one(scope, command, result, command_id)
        got(fetched)
        return fetched

    return list(await asyncio.gather(*(one(result, each) for result, each in wanted)))


async def fetch_one(scope: Scope, command: CommandSpec, result: Result, command_id: str) -> Fetched:
    """The whole texts of one node. Where a step cannot be read, all stay as they were."""
    node = _Node(scope, command, command_id, result.key.id)
    try:
        steps = result.steps if len(result.steps) > 1 else ("",)
        outputs = tuple([await node.step(step) for step in steps])
    except ProblemError as error:
        return Fetched(result, error.problem)
    whole = Invocation(
        command_id=command_id, node=result.key.id, details=result.status, outputs=outputs
    )
    stdout, stderr = whole.texts
    full = msgspec.structs.replace(
        result,
        stdout=stdout,
        stderr=stderr,
        stdout_cut=any(output.stdout_cut for output in outputs),
        stderr_cut=any(output.stderr_cut for output in outputs),
        full=True,
    )
    return Fetched(full, node.problem)


class _Node:
    """Reads the steps of a command on one node; `problem` is the last that was not in the way."""

    def __init__(self, scope: Scope, command: CommandSpec, command_id: str, node_id: str) -> None:
        self.problem: Problem | None = None
        self._scope = scope
        self._command = command
        self._command_id = command_id
        self._id = node_id

    async def step(self, name: str) -> Output:
        """One step; "" is the only one. ProblemError."""
        params = {"CommandId": self._command_id, "InstanceId": self._id}
        if name:
            params["PluginName"] = name
        answer = await self._scope.read("ssm", "GetCommandInvocation", params)
        step = str(answer.get("PluginName") or name)
        stdout, cut = await self._stream(answer, step, "stdout", "StandardOutput", STDOUT_LIMIT)
        stderr, more = await self._stream(answer, step, "stderr", "StandardError", STDERR_LIMIT)
        code = answer.get("ResponseCode")
        told = code if isinstance(code, int) and code != -1 else None
        return Output(step, stdout, stderr, cut, more, told, step_status(answer))

    async def _stream(
        self, answer: Mapping[str, Any], step: str, stream: str, member: str, limit: int
    ) -> tuple[str, bool]:
        """A step's text and whether it is cut; what the service has cut from elsewhere."""
        text = str(answer.get(f"{member}Content") or "")
        if len(text) < limit and not was_cut(text):
            return text, False
        name = f"{self._command_id}/{self._id}/{step.replace(':', '-')}/{stream}"
        try:
            found = await self._elsewhere(str(answer.get(f"{member}Url") or ""), name)
        except ProblemError as error:
            self.problem = error.problem
            found = None
        return found or (text, True)

    async def _elsewhere(self, url: str, stream: str) -> tuple[str, bool] | None:
        """A text from S3 or the logs, and whether it is cut even so; None: it is in neither."""
        command = self._command
        if command.s3 and url and (key := object_key(url, command.s3.bucket)):
            return await _from_s3(self._scope, command.s3.bucket, key)
        if command.logs:
            group = command.logs.group or f"/aws/ssm/{command.document}"
            return await _from_logs(self._scope, group, stream)
        return None


def object_key(url: str, bucket: str) -> str:
    """The key of an object from its address, path style or virtual-hosted; "" if it is no such."""
    parts = urlsplit(url)
    path = unquote(parts.path).removeprefix("/")
    if (parts.hostname or "").startswith(f"{bucket}."):
        return path
    beginning = f"{bucket}/"
    return path.removeprefix(beginning) if path.startswith(beginning) else ""


async def _from_s3(scope: Scope, bucket: str, key: str) -> tuple[str, bool]:
    asked = {"Bucket": bucket, "Key": key, "Range": f"bytes=0-{MOST_BYTES - 1}"}
    try:
        answer = await scope.read("s3", "GetObject", asked)
    except ProblemError as error:
        if error.problem.code in _NOTHING:
            return "", False
        raise
    data = answer.get("Body") or b""
    _, _, size = str(answer.get("ContentRange") or "").rpartition("/")
    text = await asyncio.to_thread(bytes(data).decode, "utf-8", "replace")
    return text, size.isdigit() and int(size) > len(data)


async def _from_logs(scope: Scope, group: str, stream: str) -> tuple[str, bool]:
    """A log stream from its head. The last page is told by a token that comes twice."""
    params: dict[str, Any] = {
        "logGroupName": group,
        "logStreamName": stream,
        "startFromHead": True,
    }
    lines: list[str] = []
    size = 0
    for _ in range(_MOST_PAGES):
        answer = await scope.read("logs", "GetLogEvents", params)
        for event in answer.get("events") or ():
            line = str(event.get("message") or "")
            lines.append(line)
            size += len(line) + 1
        token = answer.get("nextForwardToken")
        if not token or token == params.get("nextToken"):
            return "\n".join(lines), False
        if size > MOST_BYTES:
            break
        params["nextToken"] = token
    return "\n".join(lines), True


def wanted(results: Mapping[Any, Result], keys: Collection[Any] | None = None) -> list[Result]:
    """The results whose whole texts are worth fetching: those that are over and were cut."""
    chosen = results.values() if keys is None else [results[key] for key in keys if key in results]
    return [each for each in chosen if each.over and each.cut and not each.full]

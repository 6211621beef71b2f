"""Bytes through a forward: down, up, and eight downloads side by side; the plugin, where it is."""

from __future__ import annotations

import asyncio
import shutil
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from statistics import median
from typing import Any

from benchmarks.fleet import Fleet, simulated
from benchmarks.measures import Row, alternate, ratio_of
from ssmtui.aws.gateway import Gateway, Selection, Settings
from ssmtui.aws.scope import Scope
from ssmtui.core.keys import RowKey
from ssmtui.core.problem import ProblemError
from ssmtui.core.wire import versions
from ssmtui.sessions.forwards.forward import Forward
from ssmtui.sessions.forwards.spec import ForwardSpec
from ssmtui.sessions.plugin import NAME, find_plugin, invocation
from ssmtui.sessions.start import start

SIZE = 20_000_000  # bytes
SIDE_BY_SIDE = 8
_PIECE = 256 * 1024
_LISTENING = b"Waiting for connections"
_MUX_AGENT = (3, 1, 1511, 0)  # above it a mux, and no NOPs

Play = Callable[[], Awaitable[float]]


async def run(*, quick: bool = False) -> list[Row]:
    size, rounds = (SIZE // 20, 1) if quick else (SIZE, 3)
    async with simulated(40) as fleet, scope_of(fleet) as scope:
        target = await target_of(scope)
        async with _ours(scope, target) as port, _rival(scope, target) as rival:
            return [
                await _row("down one connection", size, rounds, _download, port, rival),
                await _row("up one connection", size, rounds, _upload, port, rival),
                await _row(f"down {SIDE_BY_SIDE} connections", size, rounds, _many, port, rival),
            ]


async def _row(
    what: str,
    size: int,
    rounds: int,
    play: Callable[[int, int], Awaitable[float]],
    port: int,
    rival: int | None,
) -> Row:
    contestants: list[Play] = [lambda: play(port, size)]
    if rival is not None:
        contestants.append(lambda: play(rival, size))
    ours, *theirs = await alternate(rounds, *contestants)
    rate = size / 1e6
    return Row(
        what=f"forward, {what}",
        ours=rate / median(ours),
        unit="MB/s",
        rivals={"plugin": rate / median(theirs[0])} if theirs else {},
        ratio=f"{ratio_of(theirs[0], ours):.1f} times as fast" if theirs else "",
        how=(
            f"{size / 1e6:g} MB of HTTP through a mux session; the node is simulated by a process "
            "of its own, whose Python end of the channel bounds both."
        ),
    )


async def _download(port: int, size: int) -> float:
    begun = time.perf_counter()
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=_PIECE)
    writer.write(b"GET /bytes/%d HTTP/1.1\r\nConnection: close\r\n\r\n" % size)
    got = 0
    while data := await reader.read(_PIECE):
        got += len(data)
    writer.close()
    if got < size:
        raise RuntimeError(f"{got} of {size} bytes came")
    return time.perf_counter() - begun


async def _upload(port: int, size: int) -> float:
    begun = time.perf_counter()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = b"POST /bytes HTTP/1.1\r\nConnection: close\r\nContent-Length: %d\r\n\r\n"
    writer.write(head % size)
    for at in range(0, size, _PIECE):
        writer.write(bytes(min(_PIECE, size - at)))
        await writer.drain()
    answer = await reader.read()
    writer.close()
    if b'{"bytes": %d}' % size not in answer:
        raise RuntimeError(f"the node answered {answer[-200:]!r}")
    return time.perf_counter() - begun


async def _many(port: int, size: int) -> float:
    begun = time.perf_counter()
    each = size // SIDE_BY_SIDE
    await asyncio.gather(*(_download(port, each) for _ in range(SIDE_BY_SIDE)))
    return time.perf_counter() - begun


@asynccontextmanager
async def scope_of(fleet: Fleet) -> AsyncIterator[Scope]:
    selection = Selection(profiles=fleet.info.profiles, regions=fleet.info.regions)
    async with Gateway(Settings()) as gateway:
        scopes, problems = await gateway.resolve(selection)
        if problems:
            raise ProblemError(problems[0])
        yield scopes[0]


async def target_of(scope: Scope, platform: str = "") -> RowKey:
    """A node that is online, of that PlatformType if one is named; its agent has a mux."""
    async for page in scope.pages("ssm", "DescribeInstanceInformation"):
        for node in page["InstanceInformationList"]:
            version = versions.parse(str(node.agent_version))
            if platform not in ("", node.platform_type):
                continue
            if node.ping_status == "Online" and version is not None and version > _MUX_AGENT:
                return RowKey(*scope.key, node.instance_id)
    raise RuntimeError("no node of this fleet can be forwarded to")


@asynccontextmanager
async def _ours(scope: Scope, target: RowKey) -> AsyncIterator[int]:
    forward = Forward(scope, ForwardSpec(target, 0, 80))
    forward.start()
    try:
        await forward.opened()
        yield forward.local_port
    finally:
        await forward.close()


@asynccontextmanager
async def _rival(scope: Scope, target: RowKey) -> AsyncIterator[int | None]:
    """The plugin's forward of another local port; None where there is no plugin."""
    if shutil.which(NAME) is None:
        yield None
        return
    plugin = await find_plugin()
    port = _free_port()
    session = await start(scope, ForwardSpec(target, port, 80).session)
    process: Any = None
    try:
        called = await invocation(plugin, session)
        process = await asyncio.create_subprocess_exec(
            *called.arguments,
            env=called.environment,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        await process.stdout.readuntil(_LISTENING)
        yield port
    finally:
        if process is not None:
            process.kill()
            await process.wait()
        await session.terminate()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])

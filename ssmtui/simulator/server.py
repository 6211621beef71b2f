"""The simulated fleet as an endpoint: in this process for tests, or as a process of its own."""

from __future__ import annotations

import asyncio
import errno
import gc
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from ssmtui.core.problem import input_problem
from ssmtui.simulator.clock import Clock
from ssmtui.simulator.control import PREFIX
from ssmtui.simulator.engine import Engine
from ssmtui.simulator.faults import FaultError, Faults
from ssmtui.simulator.profiles import write_profiles
from ssmtui.simulator.transport import HOST, Transport

if TYPE_CHECKING:
    from ssmtui.simulator.world import World


class Endpoint:
    """A simulated AWS that is being served: `url`, `control` path, and what stands behind it."""

    def __init__(self, engine: Engine, port: int) -> None:
        self.engine = engine
        self.url = f"http://{HOST}:{port}"
        self.control = f"{self.url}{PREFIX}"

    @property
    def world(self) -> World:
        return self.engine.world

    @property
    def clock(self) -> Clock:
        return self.engine.world.clock

    @property
    def faults(self) -> Faults:
        return self.engine.faults

    @property
    def calls(self) -> Counter[str]:
        """Requests by operation, as "ssm:DescribeInstanceProperties"."""
        return self.engine.calls

    @property
    def mistakes(self) -> list[Exception]:
        """What handlers and the world got wrong; a test that finds any has found a bug."""
        return self.engine.mistakes

    @property
    def accounts(self) -> list[str]:
        return [account.id for account in self.world.accounts]

    @property
    def profiles(self) -> list[str]:
        """The names of the profiles, one an account, in the accounts' order."""
        return [account.name for account in self.world.accounts]

    def client_options(self, account: str = "", region: str = "") -> dict[str, str]:
        """Keyword arguments for `create_client`: by default the first account and Region."""
        identity = self.engine.identities.long_lived(account or self.accounts[0])
        return {
            "endpoint_url": self.url,
            "region_name": region or self.world.regions[0],
            "aws_access_key_id": identity.access_key,
            "aws_secret_access_key": identity.secret_key,
        }

    def write_profiles(self, folder: Path) -> tuple[Path, Path]:
        """Write the shared config and credentials files into a folder."""
        identities = self.engine.identities
        return write_profiles(
            folder,
            self.url,
            self.world.regions[0],
            [(account.name, identities.long_lived(account.id)) for account in self.world.accounts],
        )

    def environ(self, folder: Path, profile: str = "") -> dict[str, str]:
        """The variables by which any AWS tool uses this endpoint; the files go into `folder`."""
        config_file, credentials_file = self.write_profiles(folder)
        return {
            "AWS_CONFIG_FILE": str(config_file),
            "AWS_SHARED_CREDENTIALS_FILE": str(credentials_file),
            "AWS_ENDPOINT_URL": self.url,
            "AWS_PROFILE": profile or self.profiles[0],
            "AWS_REGION": self.world.regions[0],
            "AWS_DEFAULT_REGION": self.world.regions[0],
            "AWS_EC2_METADATA_DISABLED": "true",
        }


@asynccontextmanager
async def running(
    world: World,
    *,
    faults: Iterable[str] = (),
    latency_ms: float = 0.0,
    port: int = 0,
    seed: int = 0,
    services: Mapping[str, type] | None = None,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> AsyncIterator[Endpoint]:
    """Serve a world from this event loop until the block ends.

    `faults` are rules (see `ssmtui.simulator.faults`), `services` replaces the simulated services.
    Raises FaultError for a wrong rule and OSError for a port that is taken.
    """
    from ssmtui.simulator.commands import Refusals
    from ssmtui.simulator.shell.stage import Stage

    engine = Engine(world, services, seed=seed, latency_ms=latency_ms, sleep=sleep)
    world.part(Refusals).heed(engine.faults)
    for rule in faults:
        engine.faults.add(rule)
    try:
        async with Transport(engine).listening(port) as real_port:
            yield Endpoint(engine, real_port)
    finally:
        world.part(Stage).close()


class Settings(msgspec.Struct, frozen=True):
    """What the verb is asked for. `pace` is simulated seconds a real second."""

    port: int = 0
    nodes: int = 2000
    accounts: int = 3
    regions: int = 3
    seed: int = 1
    pace: float = 1.0
    latency_ms: float = 0.0
    faults: tuple[str, ...] = ()


class Info(msgspec.Struct, frozen=True):
    """The one line of JSON that is printed once the endpoint is ready."""

    endpoint: str
    control: str
    accounts: list[str]
    regions: list[str]
    profiles: list[str]
    config_file: str
    credentials_file: str


async def serve(
    settings: Settings, announce: Callable[[Info], None], *, exit_with_parent: bool = False
) -> None:
    """Serve a generated world until SIGINT or SIGTERM; `announce` is told when it is ready.

    With `exit_with_parent` it also ends when standard input does: a parent that keeps the other end
    of that pipe takes the simulator along however it dies. Raises ProblemError for bad settings.
    """
    world = _world(settings)
    try:
        async with running(
            world,
            faults=settings.faults,
            latency_ms=settings.latency_ms,
            port=settings.port,
            seed=settings.seed,
        ) as endpoint:
            await _until_stopped(endpoint, announce, exit_with_parent=exit_with_parent)
    except FaultError as error:
        raise input_problem(str(error)) from None
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
        reason = "it is taken" if error.errno == errno.EADDRINUSE else "it is not allowed"
        raise input_problem(
            f"Port {settings.port} cannot be listened on: {reason}",
            "Choose another one, or --port 0 for any that is free",
        ) from None


async def _until_stopped(
    endpoint: Endpoint, announce: Callable[[Info], None], *, exit_with_parent: bool
) -> None:
    # The world is here to stay: it need not be searched for garbage again and again.
    gc.collect()
    gc.freeze()
    # Toy machines come and go by the hundred: let them die young.
    gc.set_threshold(10_000, 20, 50)
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    if exit_with_parent:
        await loop.connect_read_pipe(lambda: _UntilEnd(stopped), sys.stdin)
    with tempfile.TemporaryDirectory(prefix="ssmtui-simulator-") as folder:
        announce(_info(endpoint, Path(folder)))
        await stopped.wait()


def _world(settings: Settings) -> World:
    from ssmtui.simulator.commands.colleagues import Colleagues
    from ssmtui.simulator.world import Life, World

    start = float(int(time.time()))
    try:
        clock = Clock(start)
        world = World.generate(
            settings.nodes, settings.accounts, settings.regions, settings.seed, clock=clock
        )
        clock.set_pace(settings.pace)
    except ValueError as error:
        raise input_problem(str(error)) from None
    Life(world)
    Colleagues(world)
    return world


def _info(endpoint: Endpoint, folder: Path) -> Info:
    config_file, credentials_file = endpoint.write_profiles(folder)
    return Info(
        endpoint=endpoint.url,
        control=endpoint.control,
        accounts=endpoint.accounts,
        regions=list(endpoint.world.regions),
        profiles=endpoint.profiles,
        config_file=str(config_file),
        credentials_file=str(credentials_file),
    )


class _UntilEnd(asyncio.Protocol):
    """Sets an event at the end of a stream; what comes before it is ignored."""

    def __init__(self, ended: asyncio.Event) -> None:
        self._ended = ended

    def connection_lost(self, exc: Exception | None) -> None:
        self._ended.set()

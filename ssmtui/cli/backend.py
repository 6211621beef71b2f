"""From the options of the command line to an open way to AWS, or to the simulated fleet."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Collection
from contextlib import AsyncExitStack, asynccontextmanager
from importlib import import_module
from typing import TYPE_CHECKING

import msgspec

from ssmtui.aws.mode import Mode
from ssmtui.cli.options import Options
from ssmtui.cli.run import BAD_INPUT, VerbEndedError
from ssmtui.core.garbage import made_to_stay
from ssmtui.core.problem import Problem, input_problem
from ssmtui.local import config as configuration
from ssmtui.local import paths as places
from ssmtui.local.config import Config
from ssmtui.local.files import create_private
from ssmtui.local.paths import Paths

if TYPE_CHECKING:
    from ssmtui.aws.gateway import Gateway, Selection
    from ssmtui.aws.scope import Scope

# The demo's fleet: three accounts, three Regions, 2,000 nodes, living in real time.
DEMO_FLEET = ("--port", "0", "--nodes", "2000", "--accounts", "3", "--regions", "3", "--pace", "1")
# The demo's account of that name shows what production looks like.
DEMO_PRODUCTION = "prod"


class Connection:
    """An open gateway and what was asked of it."""

    def __init__(self, gateway: Gateway, selection: Selection) -> None:
        self.gateway = gateway
        self.selection = selection
        self._scopes: list[Scope] = []

    async def resolve(self) -> tuple[list[Scope], list[Problem]]:
        """The scopes that were asked for, and the trouble of those that cannot be had.

        Called again it asks only for the profiles that gave no scope, with credentials read anew,
        and returns what there was before as well. What is wrong with a Region is told every time.
        """
        if not self._scopes:
            self.gateway.renew(None)
        had = {scope.profile for scope in self._scopes}
        missing = [profile for profile in self.selection.profiles if profile not in had]
        for profile in missing:
            self.gateway.renew(profile)
        problems: list[Problem] = []
        if missing or self.unmet or not self._scopes:
            profiles = self.selection.profiles if self.unmet else missing
            asked = msgspec.structs.replace(self.selection, profiles=profiles)
            found, problems = await self.gateway.resolve(asked)
            known = {scope.key for scope in self._scopes}
            self._scopes += [scope for scope in found if scope.key not in known]
            order = {profile: at for at, profile in enumerate(self.selection.profiles)}
            self._scopes.sort(key=lambda scope: order.get(scope.profile or "", 0))
        return list(self._scopes), problems

    @property
    def unmet(self) -> set[str]:
        """The Regions that are asked for by name and that no scope is in."""
        named = () if self.selection.all_regions else self.selection.regions
        return set(named) - {scope.region for scope in self._scopes}

    def renew(self, profiles: Collection[str | None]) -> None:
        """Read the credentials of these profiles anew from the next call on."""
        for profile in profiles:
            self.gateway.renew(profile if self.selection.profiles else None)


async def resolve_or_fail(connection: Connection) -> tuple[list[Scope], list[Problem]]:
    """What `resolve` gives; a verb that is left without any scope, or in a Region, is over.

    The explorer makes do with the other Regions, where a wrong one is seen all the time; what a
    verb does without one would pass for all that was asked. VerbEndedError with every problem, as
    bad input.
    """
    scopes, problems = await connection.resolve()
    if not scopes or connection.unmet:
        raise VerbEndedError(BAD_INPUT, problems)
    return scopes, problems


def paths_of(options: Options) -> Paths:
    return places.demo() if options.demo else places.default()


def selection_of(options: Options, config: Config) -> Selection:
    """What the options ask for; the configuration fills in what they leave open."""
    from ssmtui.aws.gateway import Selection

    mode = Mode(options.mode) if options.mode else None
    if config.read_only:
        mode = Mode.LOOK
    return Selection(
        profiles=options.profiles,
        regions=_regions_of(options, config),
        all_regions=options.all_regions,
        mode=mode,
    )


def _regions_of(options: Options, config: Config) -> tuple[str, ...]:
    return options.regions or (() if options.demo else tuple(config.regions))


def signature_of(options: Options, config: Config) -> str:
    """A name for a selection, under which its last scopes are remembered."""
    profiles = options.profiles or (os.environ.get("AWS_PROFILE", "default"),)
    regions = _regions_of(options, config) or (os.environ.get("AWS_REGION", ""),)
    return " ".join([*profiles, "in", "all" if options.all_regions else ",".join(regions)])


def _import_gateway() -> None:
    with made_to_stay():
        import_module("ssmtui.aws.gateway")


@asynccontextmanager
async def connected(options: Options, config: Config, paths: Paths) -> AsyncIterator[Connection]:
    """Open the way to AWS, or start the simulated fleet and open the way to that.

    The AWS library is imported here and not before. Raises ProblemError.
    """
    # In a thread: these are some hundred modules, and a screen may be waiting.
    await asyncio.to_thread(_import_gateway)
    from ssmtui.aws.gateway import ContextPolicy, Gateway, Settings

    async with AsyncExitStack() as stack:
        selection = selection_of(options, config)
        contexts = {
            name: ContextPolicy(
                name=context.name or None,
                production=context.production,
                mode=Mode(context.mode) if context.mode else None,
            )
            for name, context in config.contexts.items()
        }
        if options.demo:
            selection = await _enter_demo(stack, selection)
            contexts = {DEMO_PRODUCTION: ContextPolicy(production=True), **contexts}
        settings = Settings(audit=paths.audit, contexts=contexts)
        gateway = await stack.enter_async_context(Gateway(settings))
        yield Connection(gateway, selection)


async def _enter_demo(stack: AsyncExitStack, selection: Selection) -> Selection:
    """Start the simulated fleet and make it the only AWS that this process can reach."""
    from urllib.parse import urlsplit

    from ssmtui.aws.gateway import Selection
    from ssmtui.simulator.process import SimulatorProcess, scrubbed

    info = await stack.enter_async_context(SimulatorProcess(DEMO_FLEET))
    if urlsplit(info.endpoint).hostname != "127.0.0.1":
        raise input_problem(f"The demo's endpoint {info.endpoint} is not on loopback")
    clean = scrubbed(os.environ)
    for name in set(os.environ) - set(clean):
        del os.environ[name]
    os.environ.update(
        {
            "AWS_CONFIG_FILE": info.config_file,
            "AWS_SHARED_CREDENTIALS_FILE": info.credentials_file,
            "AWS_ENDPOINT_URL": info.endpoint,
            "AWS_EC2_METADATA_DISABLED": "true",
        }
    )
    unknown = set(selection.regions) - set(info.regions)
    if unknown:
        there = ", ".join(info.regions)
        raise input_problem(f"The demo has no Region {sorted(unknown)[0]}", f"It has {there}")
    return Selection(
        profiles=selection.profiles or tuple(info.profiles),
        regions=selection.regions or tuple(info.regions),
        endpoint_url=info.endpoint,
        mode=selection.mode,
    )


def load_config(paths: Paths) -> Config:
    """The configuration, or ProblemError naming the line at fault.

    VerbEndedError with everything that it says in vain, as bad input. The explorer goes on without:
    it reads the file by itself.
    """
    config = configuration.load(paths.config_file)
    if not (config.keys or config.columns or config.theme):
        return config
    from ssmtui.resources.memory import Memory
    from ssmtui.resources.registry import resources
    from ssmtui.ui.misplaced import misplaced

    if problems := misplaced(config, paths, resources(Memory(paths))):
        raise VerbEndedError(BAD_INPUT, problems)
    return config


def start_log(options: Options, paths: Paths) -> None:
    """Write a log into the state folder if one was asked for.

    botocore's own debug log prints requests and with them secrets, so it is never turned on.
    """
    if not options.log_level:
        return
    try:
        create_private(paths.log)
    except OSError as error:
        raise input_problem(
            f"The log {paths.log} cannot be written ({error.strerror})",
            "Make the state folder writable, or leave --log-level out",
        ) from error
    handler = logging.FileHandler(paths.log, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logger = logging.getLogger("ssmtui")
    logger.addHandler(handler)
    logger.setLevel(options.log_level.upper())

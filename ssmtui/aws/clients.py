"""The AWS library's clients, made late, on the running loop, over one loader for all profiles."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Mapping
from contextlib import AsyncExitStack
from typing import Any

from aiobotocore.config import AioConfig
from botocore.loaders import create_loader
from botocore.model import ServiceModel

import ssmtui
from ssmtui.aws.credentials import Profile, open_profile
from ssmtui.aws.models import FileLoader
from ssmtui.aws.origins import Origin
from ssmtui.aws.parsers import RAW
from ssmtui.aws.signing import Credentials
from ssmtui.aws.tls import HttpSession
from ssmtui.aws.transport import Answer, Route
from ssmtui.core.garbage import made_to_stay
from ssmtui.core.secret import Secret

SERVICES = ("ssm", "ec2", "sts", "iam", "resourcegroupstaggingapi")
_CONNECTIONS = 64
_OWN_ATTEMPTS = 3


def _tame_logging() -> None:
    """Keep secrets out of the log, and tracebacks off the screen.

    Both libraries log whole requests and answers at DEBUG, and warn of credentials that cannot be
    refreshed, which Python prints where nobody has set up a handler. We raise that as a Problem.
    """
    for name in ("botocore", "aiobotocore"):
        logger = logging.getLogger(name)
        logger.setLevel(logging.INFO)
        if not logger.handlers:
            logger.addHandler(logging.NullHandler())


class Clients:
    """A Transport over aiobotocore. Make it with `load`, in a thread; use it on one loop."""

    def __init__(self, loader: Any, *, connect_timeout: float, read_timeout: float) -> None:
        self._loader = loader
        self._config = AioConfig(
            connect_timeout=connect_timeout,
            read_timeout=read_timeout,
            max_pool_connections=_CONNECTIONS,
            # Only the gate repeats calls. See `aws.retries`.
            retries={"mode": "standard", "total_max_attempts": 1},
            user_agent_extra=f"ssmtui/{ssmtui.__version__}",
            http_session_cls=HttpSession,
        )
        # For roles and logins, whose calls have no effect and no other to repeat them.
        self._own = AioConfig(
            connect_timeout=connect_timeout,
            read_timeout=read_timeout,
            retries={"mode": "standard", "total_max_attempts": _OWN_ATTEMPTS},
            http_session_cls=HttpSession,
        )
        self._stack = AsyncExitStack()
        self._locks: dict[object, asyncio.Lock] = {}
        self._profiles: dict[str | None, Profile] = {}
        self._clients: dict[tuple[Route, str], Any] = {}
        self._models: dict[str, ServiceModel] = {}

    @classmethod
    def load(cls, *, connect_timeout: float, read_timeout: float) -> Clients:
        """Read the models of all services that we use: a third of a second, so in a thread."""
        _tame_logging()
        with made_to_stay():
            return cls._read(connect_timeout=connect_timeout, read_timeout=read_timeout)

    @classmethod
    def _read(cls, *, connect_timeout: float, read_timeout: float) -> Clients:
        loader = create_loader(os.environ.get("AWS_DATA_PATH"))
        loader.file_loader = FileLoader()
        for data in ("_retry", "endpoints", "partitions", "sdk-default-configuration"):
            loader.load_data_with_path(data)
        clients = cls(loader, connect_timeout=connect_timeout, read_timeout=read_timeout)
        for service in SERVICES:
            loader.load_service_model(service, "endpoint-rule-set-1")
            clients._model(service)
        return clients

    async def close(self) -> None:
        """Close every connection."""
        await self._stack.aclose()

    # Transport

    async def prepare(self, route: Route, service: str) -> None:
        profile = await self.profile(route.profile)
        await profile.ready()
        if (route, service) in self._clients:
            return
        async with self._lock(route, service):
            if (route, service) not in self._clients:
                context = profile.typed.create_client(
                    service,
                    region_name=route.region,
                    endpoint_url=route.endpoint_url,
                    config=self._config,
                )
                client = await self._stack.enter_async_context(context)
                self._clients[route, service] = client

    async def send(
        self, route: Route, service: str, operation: str, params: dict[str, Any], *, raw: bool
    ) -> Answer:
        if (route, service) not in self._clients:
            await self.prepare(route, service)  # it was forgotten while the call waited its turn
        client = self._clients[route, service]
        token = RAW.set(raw)
        try:
            answer: Answer = await client._make_api_call(operation, _revealed(params))
            # S3's objects come as a stream, whose trouble is the call's, too.
            body = answer.get("Body")
            if body is not None and hasattr(body, "read"):
                answer["Body"] = await body.read()
        finally:
            RAW.reset(token)
        return answer

    async def credentials(self, route: Route) -> tuple[Credentials, str | None]:
        profile = await self.profile(route.profile)
        return await profile.credentials(), profile.ca_bundle

    def endpoint(self, route: Route, service: str) -> str:
        client = self._clients.get((route, service))
        return str(client.meta.endpoint_url) if client else route.endpoint_url or ""

    def origin(self, route: Route) -> Origin | None:
        opened = self._profiles.get(route.profile)
        return opened.origin if opened else None

    def input_shape(self, service: str, operation: str) -> Any:
        return self._model(service).operation_model(operation).input_shape

    # Profiles

    async def profile(self, name: str | None) -> Profile:
        """A profile (None: the default chain), its credentials not yet resolved.

        botocore's ProfileNotFound and ConfigParseError come through.
        """
        async with self._lock("profile", name):
            if name not in self._profiles:
                self._profiles[name] = await asyncio.to_thread(
                    open_profile, name, self._loader, self._own
                )
            return self._profiles[name]

    def forget(self, profile: str | None) -> None:
        """Resolve a profile anew from its next call on, after a login say.

        Its clients are closed at the end, with all others: calls may be on their way.
        """
        self._profiles.pop(profile, None)
        for route, service in list(self._clients):
            if route.profile == profile:
                del self._clients[route, service]

    def expires(self, profile: str | None) -> float | None:
        """When a profile's credentials expire, in seconds since the epoch."""
        opened = self._profiles.get(profile)
        return opened.expires if opened else None

    def _lock(self, *key: object) -> asyncio.Lock:
        return self._locks.setdefault(key, asyncio.Lock())

    def _model(self, service: str) -> ServiceModel:
        if service not in self._models:
            description = self._loader.load_service_model(service, "service-2")
            self._models[service] = ServiceModel(description, service_name=service)
        return self._models[service]


def _revealed(value: Any) -> Any:
    """Parameters with their secrets, at the last moment before they are sent."""
    if isinstance(value, Secret):
        return value.reveal()
    if isinstance(value, Mapping):
        return {key: _revealed(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_revealed(item) for item in value]
    return value

"""The seam between the gate and the AWS library: one attempt at one call."""

from __future__ import annotations

from typing import Any, Protocol

import msgspec

from ssmtui.aws.origins import Origin
from ssmtui.aws.signing import Credentials

Answer = dict[str, Any]


class Route(msgspec.Struct, frozen=True):
    """The way in: which profile's credentials (None: the default chain), to which Region.

    `endpoint_url` replaces the endpoint of every service.
    """

    profile: str | None
    region: str
    endpoint_url: str | None = None


class Transport(Protocol):
    """What the gate needs of the AWS library. Raises that library's exceptions as they are."""

    async def prepare(self, route: Route, service: str) -> None:
        """Have a client and credentials ready, so that their trouble is not the call's."""
        ...

    async def send(
        self, route: Route, service: str, operation: str, params: dict[str, Any], *, raw: bool
    ) -> Answer:
        """Call once. `raw` answers hold plain values, with times as RFC 3339 text in UTC."""
        ...

    async def credentials(self, route: Route) -> tuple[Credentials, str | None]:
        """The credentials in force, and the file of certificates to trust where one is named."""
        ...

    def endpoint(self, route: Route, service: str) -> str:
        """The address that calls go to, "" while there is no client."""
        ...

    def origin(self, route: Route) -> Origin | None:
        """Where the route's credentials come from; None while its settings have not been read."""
        ...

    def input_shape(self, service: str, operation: str) -> Any:
        """botocore's model of the operation's parameters."""
        ...

"""What a service's handler gets, and what it may raise: the seam between engine and services.

A service is a class without constructor arguments, registered by botocore's service name in
`ssmtui.simulator.services.SERVICES`. A handler is a method named as the operation, plain or async:

    class Sts:
        def GetCallerIdentity(self, call: Call) -> dict[str, Any]:
            return {"Account": call.account, "Arn": call.identity.arn, ...}

It returns the members of the operation's output shape by their modelled names; what is not modelled
is a mistake and fails loudly. Timestamps are seconds since the epoch (float or int) or aware
datetimes, blobs are bytes, None members are left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from ssmtui.simulator.identities import Identities, Identity
    from ssmtui.simulator.world import World

Raw = msgspec.Raw
"""A value that is encoded already: JSON text, or for query and ec2 the XML inside its element.

It may stand for any structure, list, map or scalar of an answer, one item of a list say. Make it
with `ssmtui.simulator.shapes.fragment`, which encodes by the shape, and keep it.
"""


@dataclass(frozen=True, slots=True)
class Call:
    """One request, validated: who asks, where, for what.

    `params` holds the operation's input by modelled names, blobs as bytes, timestamps as aware
    datetimes. `now` is the simulated time in seconds since the epoch, the same for the whole call.
    `identities` issues temporary credentials. `host` is the host and port that the request was sent
    to, for answers that lead back to this endpoint.
    """

    service: str
    operation: str
    account: str
    region: str
    access_key: str
    params: dict[str, Any]
    world: World
    now: float
    identity: Identity
    identities: Identities
    request_id: str
    host: str = ""


class ServiceError(Exception):
    """An error as the service sends it: its own code, message and HTTP status.

    `code` is the error's name on the wire ("InvalidInstanceId"). `extra` are further modelled
    members of the error's shape.
    """

    def __init__(
        self, code: str, message: str, status: int = 400, extra: dict[str, Any] | None = None
    ) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status
        self.extra = extra or {}


def constraint_error(value: object, member: str, constraint: str) -> ServiceError:
    """The sentence in which AWS's services refuse a value outside of its modelled limits."""
    return ServiceError(
        "ValidationException",
        f"1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: "
        f"{constraint}",
    )

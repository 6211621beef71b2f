"""A small world with services of its own, so that the engine is tested without the real fleet."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple

import aiohttp
import pytest
from aiobotocore.config import AioConfig
from aiobotocore.session import get_session
from botocore.model import Shape

from ssmtui.simulator.call import Call, ServiceError
from ssmtui.simulator.clock import Clock
from ssmtui.simulator.engine import Engine
from ssmtui.simulator.paging import paginate
from ssmtui.simulator.protocols import Incoming
from ssmtui.simulator.server import Endpoint, running

START = 1_800_000_000.0


@dataclass(frozen=True)
class Account:
    id: str
    name: str


class Event(NamedTuple):
    at: float
    id: str
    kind: str


class Instant:
    """A monotonic clock that moves only when told."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


@dataclass
class SmallWorld:
    """Two accounts, two Regions, and the parameters that handlers have put."""

    clock: Clock
    accounts: list[Account] = field(
        default_factory=lambda: [Account("111122223333", "dev"), Account("444455556666", "prod")]
    )
    regions: list[str] = field(default_factory=lambda: ["eu-west-1", "us-east-1"])
    events: list[Event] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    parts: dict[Any, Any] = field(default_factory=dict)

    def part(self, kind: Any) -> Any:
        """As a world's own: made when it is first asked for."""
        if kind not in self.parts:
            self.parts[kind] = kind(self)
        return self.parts[kind]


class Ssm:
    """Enough of Parameter Store to see an effect, a page, an error and a mistake."""

    def PutParameter(self, call: Call) -> dict[str, Any]:
        call.world.kept.append(call.params["Name"])
        return {"Version": len(call.world.kept), "Tier": "Standard"}

    async def GetParameter(self, call: Call) -> dict[str, Any]:
        name = call.params["Name"]
        if name not in call.world.kept:
            raise ServiceError("ParameterNotFound", f"Parameter {name} not found.")
        value = f"{call.account} {call.region}"
        return {"Parameter": {"Name": name, "Value": value, "LastModifiedDate": call.now}}

    def DescribeParameters(self, call: Call) -> dict[str, Any]:
        names = [f"p{number:03d}" for number in range(120)]
        return paginate(
            call, names, "Parameters", 10, position=str, shape=lambda name: {"Name": name}
        )

    def ListCommands(self, call: Call) -> dict[str, Any]:
        raise KeyError("a mistake")

    def ListDocuments(self, call: Call) -> dict[str, Any]:
        return {"Commands": []}


class Sts:
    def GetCallerIdentity(self, call: Call) -> dict[str, Any]:
        identity = call.identity
        return {"Account": call.account, "Arn": identity.arn, "UserId": identity.user_id}


class Ec2:
    def DescribeRegions(self, call: Call) -> dict[str, Any]:
        return {"Regions": [{"RegionName": name} for name in call.world.regions]}


class Groups:
    def GetGroup(self, call: Call) -> dict[str, Any]:
        return {"Group": {"GroupArn": "arn:aws:x", "Name": call.params["Group"]}}


SERVICES: dict[str, type] = {"ssm": Ssm, "sts": Sts, "ec2": Ec2, "resource-groups": Groups}


@pytest.fixture
def monotonic() -> Instant:
    return Instant()


@pytest.fixture
def clock(monotonic: Instant) -> Clock:
    return Clock(START, monotonic=monotonic)


@pytest.fixture
def world(clock: Clock) -> SmallWorld:
    return SmallWorld(clock)


@pytest.fixture
def slept() -> list[float]:
    """The latencies that the engine has let pass, in seconds."""
    return []


@pytest.fixture
def engine(world: SmallWorld, slept: list[float]) -> Engine:
    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    return Engine(world, SERVICES, sleep=sleep)


@pytest.fixture
async def endpoint(world: SmallWorld, slept: list[float]) -> AsyncIterator[Endpoint]:
    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    async with running(world, services=SERVICES, sleep=sleep) as served:
        yield served


Client = Callable[..., AbstractAsyncContextManager[Any]]


@pytest.fixture
def client(endpoint: Endpoint) -> Client:
    """`async with client("ssm") as ssm`: an aiobotocore client without retries."""

    @asynccontextmanager
    async def make(service: str, read_timeout: float = 30.0, **options: Any) -> AsyncIterator[Any]:
        config = AioConfig(retries={"total_max_attempts": 1}, read_timeout=read_timeout)
        account, region = options.pop("account", ""), options.pop("region", "")
        keywords = {**endpoint.client_options(account, region), **options}
        async with get_session().create_client(service, config=config, **keywords) as made:
            yield made

    return make


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


AccessKey = "AKIA111122223333DEMO"


def _authorization(service: str, region: str, key: str) -> str:
    scope = f"{key}/20270115/{region}/{service}/aws4_request"
    return f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=00"


@pytest.fixture
def json_request() -> Callable[..., Incoming]:
    """A JSON 1.1 request as the engine gets it."""

    def make(
        operation: str,
        body: bytes = b"{}",
        *,
        key: str = AccessKey,
        region: str = "eu-west-1",
        service: str = "ssm",
        target: str = "AmazonSSM",
        **headers: str,
    ) -> Incoming:
        all_headers = {
            "authorization": _authorization(service, region, key),
            "content-type": "application/x-amz-json-1.1",
            "x-amz-target": f"{target}.{operation}",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        return Incoming("POST", "/", "", all_headers, body)

    return make


@pytest.fixture
def form_request() -> Callable[..., Incoming]:
    """A query or ec2 request as the engine gets it."""

    def make(service: str, body: bytes, *, key: str = AccessKey, query: str = "") -> Incoming:
        headers = {
            "authorization": _authorization(service, "us-east-1", key),
            "content-type": "application/x-www-form-urlencoded; charset=utf-8",
        }
        return Incoming("POST", "/", query, headers, body)

    return make


def _sample(shape: Shape, above: tuple[str, ...] = ()) -> Any:
    """A value with every member of a shape set, except where the shape would hold itself."""
    match shape.type_name:
        case "structure":
            members = shape.members.items()
            within = (*above, shape.name)
            values = {
                name: _sample(member, within)
                for name, member in members
                if not _holds(member, within)
            }
            return dict(list(values.items())[:1]) if shape.is_tagged_union else values
        case "list":
            return [_sample(shape.member, above), _sample(shape.member, above)]
        case "map":
            return {_sample(shape.key, above): _sample(shape.value, above)}
        case "timestamp":
            return datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
        case "blob":
            return b"\x00bytes\xff"
        case "integer":
            return 7
        case "long":
            return 2**40
        case "float" | "double":
            return 1.5
        case "boolean":
            return True
    return (shape.metadata.get("enum") or ["grüße & <b> \u4e2d\u6587"])[0]


def _holds(shape: Shape, names: tuple[str, ...]) -> bool:
    """Whether a shape is, or is a list or map of, one of those names, or cannot be sampled."""
    while shape.type_name in ("list", "map"):
        shape = shape.member if shape.type_name == "list" else shape.value
    return shape.name in names or bool(getattr(shape, "is_document_type", False))


@pytest.fixture
def sample() -> Callable[[Shape], Any]:
    return _sample

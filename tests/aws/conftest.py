"""Time held in the hand, a scripted transport below the gate, and a small AWS over real HTTP."""

from __future__ import annotations

import asyncio
import heapq
import json
import ssl
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import pytest
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from ssmtui.aws.audit import Audit
from ssmtui.aws.calls import Caller
from ssmtui.aws.clients import Clients
from ssmtui.aws.limiter import Limiter
from ssmtui.aws.mode import Mode
from ssmtui.aws.origins import Origin, Source
from ssmtui.aws.retries import RetryPolicy
from ssmtui.aws.scope import Account, Scope
from ssmtui.aws.transport import Route
from ssmtui.core.keys import ScopeKey

ACCOUNT = "111122223333"
REGION = "eu-west-1"


class FakeClock:
    """A clock that moves when told to, or as far as somebody sleeps."""

    def __init__(self) -> None:
        self.time = 1000.0
        self.slept: list[float] = []
        self._actions: list[tuple[float, int, Callable[[], None]]] = []
        self._cancelled: set[int] = set()
        self._count = 0

    def now(self) -> float:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        await self.advance(seconds)

    def call_later(self, seconds: float, action: Callable[[], None]) -> Callable[[], None]:
        self._count += 1
        number = self._count
        heapq.heappush(self._actions, (self.time + seconds, number, action))
        return lambda: self._cancelled.add(number)

    async def advance(self, seconds: float) -> None:
        """Move on, running what falls due, each followed by what it has woken."""
        await settle()
        end = self.time + seconds
        while self._actions and self._actions[0][0] <= end:
            at, number, action = heapq.heappop(self._actions)
            self.time = max(self.time, at)
            if number not in self._cancelled:
                action()
                await settle()
        self.time = end
        await settle()


class Hurried:
    """The same clock for a limiter whose pace nobody watches: what is due later is due at once."""

    def __init__(self, clock: FakeClock) -> None:
        self.now = clock.now
        self.sleep = clock.sleep
        self._clock = clock

    def call_later(self, seconds: float, action: Callable[[], None]) -> Callable[[], None]:
        def act() -> None:
            self._clock.time += seconds
            action()

        return asyncio.get_running_loop().call_soon(act).cancel


async def settle() -> None:
    """Let every task go as far as it can."""
    for _ in range(20):
        await asyncio.sleep(0)


class FakeTransport:
    """Gives the scripted answers, in order: an exception is raised, a callable is called."""

    def __init__(self, clients: Clients) -> None:
        self.script: deque[Any] = deque()
        self.sent: list[tuple[str, str, dict[str, Any]]] = []
        self.prepare_error: Exception | None = None
        self._clients = clients

    async def prepare(self, route: Route, service: str) -> None:
        if self.prepare_error is not None:
            raise self.prepare_error

    async def send(
        self, route: Route, service: str, operation: str, params: dict[str, Any], *, raw: bool
    ) -> dict[str, Any]:
        self.sent.append((service, operation, params))
        step = self.script.popleft() if self.script else {}
        if isinstance(step, Exception):
            raise step
        if callable(step):
            step = await step()
        return dict(step)

    def endpoint(self, route: Route, service: str) -> str:
        return f"https://{service}.{route.region}.example"

    def origin(self, route: Route) -> Origin | None:
        return Origin(Source.SSO, route.profile)

    def input_shape(self, service: str, operation: str) -> Any:
        return self._clients.input_shape(service, operation)


@pytest.fixture(scope="session")
def clients() -> Clients:
    """The library's models, loaded once a worker; nothing is called through it."""
    return Clients.load(connect_timeout=1, read_timeout=1)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def transport(clients: Clients) -> FakeTransport:
    return FakeTransport(clients)


@pytest.fixture
def caller(transport: FakeTransport, clock: FakeClock) -> Caller:
    """Retries wait for their longest time, so that the waits can be counted."""
    retry = RetryPolicy(uniform=lambda _low, high: high)
    return Caller(transport, Limiter(clock=Hurried(clock)), clock, retry)


@pytest.fixture
def audit_file(tmp_path: Path) -> Path:
    return tmp_path / "state" / "audit.jsonl"


MakeScope = Callable[..., Scope]


@pytest.fixture
def make_scope(caller: Caller, audit_file: Path) -> MakeScope:
    def make(mode: Mode = Mode.CHANGE, ceiling: Mode = Mode.CHANGE, **more: Any) -> Scope:
        return Scope(
            key=ScopeKey(ACCOUNT, REGION),
            account=Account(ACCOUNT, "jane", f"arn:aws:sts::{ACCOUNT}:assumed-role/ops/jane"),
            route=Route("shop", REGION),
            caller=caller,
            audit=Audit(audit_file),
            profile="shop",
            mode=mode,
            ceiling=ceiling,
            **more,
        )

    return make


@pytest.fixture
def audited(audit_file: Path) -> Callable[[], list[dict[str, Any]]]:
    """The lines of the audit file so far."""
    return lambda: [json.loads(line) for line in audit_file.read_text().splitlines()]


# A small AWS


class Endpoint:
    """A scripted AWS: a handler an operation; what has none answers 400, modelled as an error."""

    # Breaks the connection instead of answering; does not answer at all.
    ABORT = object()
    HANG = object()

    def __init__(self) -> None:
        self.url = ""
        self.handlers: dict[str, Callable[[dict[str, Any]], Any]] = {
            "GetCallerIdentity": lambda _params: self.caller_identity(),
            "ListAccountAliases": lambda _params: self.account_aliases("shop"),
        }
        self.calls: list[str] = []
        self.requests: list[web.Request] = []
        self.ending = asyncio.Event()

    def count(self, operation: str) -> int:
        return self.calls.count(operation)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        body = await request.text()
        target = request.headers.get("X-Amz-Target")
        if target:
            operation, params = target.rsplit(".", 1)[-1], json.loads(body)
        else:
            params = dict(parse_qsl(body))
            operation = params["Action"]
        self.calls.append(operation)
        self.requests.append(request)
        handler = self.handlers.get(operation)
        answer = handler(params) if handler else self.json_error("UnknownOperationException")
        if answer is self.HANG:
            await self.ending.wait()
            return web.Response()
        if answer is self.ABORT:
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        if isinstance(answer, dict):
            return web.json_response(answer)
        assert isinstance(answer, web.StreamResponse)
        return answer

    def json_error(self, code: str, message: str = "", status: int = 400) -> web.Response:
        return web.json_response({"__type": code, "message": message}, status=status)

    def xml_error(self, code: str, message: str = "", status: int = 400) -> web.Response:
        return web.Response(
            status=status,
            text=f"<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code>"
            f"<Message>{message}</Message></Error><RequestId>r-1</RequestId></ErrorResponse>",
        )

    def caller_identity(self, account: str = ACCOUNT, who: str = "jane") -> web.Response:
        return web.Response(
            text='<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">'
            f"<GetCallerIdentityResult><Arn>arn:aws:sts::{account}:assumed-role/ops/{who}</Arn>"
            f"<UserId>AR:{who}</UserId><Account>{account}</Account></GetCallerIdentityResult>"
            "<ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata>"
            "</GetCallerIdentityResponse>"
        )

    def account_aliases(self, *aliases: str) -> web.Response:
        members = "".join(f"<member>{alias}</member>" for alias in aliases)
        return web.Response(
            text="<ListAccountAliasesResponse><ListAccountAliasesResult>"
            f"<IsTruncated>false</IsTruncated><AccountAliases>{members}</AccountAliases>"
            "</ListAccountAliasesResult></ListAccountAliasesResponse>"
        )


@asynccontextmanager
async def serving(
    handler: Callable[[web.Request], Awaitable[web.StreamResponse]],
    tls: ssl.SSLContext | None = None,
) -> AsyncIterator[str]:
    """A server of one handler on loopback, for as long as the block lasts: its address."""
    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", handler)
    runner = web.AppRunner(app, shutdown_timeout=0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls).start()
    yield f"{'https' if tls else 'http'}://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


@pytest.fixture
async def endpoint() -> AsyncIterator[Endpoint]:
    fake = Endpoint()
    async with serving(fake.handle) as fake.url:
        yield fake
        fake.ending.set()


class Certificate(NamedTuple):
    """A certificate of 127.0.0.1 that nobody has signed but itself."""

    bundle: Path
    context: ssl.SSLContext


@pytest.fixture
def certificate(tmp_path: Path) -> Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "ssmtui tests")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    bundle, private = tmp_path / "bundle.pem", tmp_path / "key.pem"
    bundle.write_bytes(made.public_bytes(Encoding.PEM))
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(bundle, private)
    return Certificate(bundle, context)


@pytest.fixture
async def secure(endpoint: Endpoint, certificate: Certificate) -> AsyncIterator[str]:
    """The small AWS behind TLS: its address."""
    async with serving(endpoint.handle, certificate.context) as url:
        yield url


class Proxy:
    """A proxy of one kind: it tunnels what is asked for with CONNECT."""

    def __init__(self) -> None:
        self.url = ""
        self.asked: list[str] = []

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        self.asked.append(head.partition("\r\n")[0])
        host, port = head.split()[1].rsplit(":", 1)
        there = await asyncio.open_connection(host, int(port))
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        try:
            await asyncio.gather(self._carry(reader, there[1]), self._carry(there[0], writer))
        except ConnectionError:
            return
        finally:
            there[1].close()
            writer.close()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
        writer.close()


@pytest.fixture
async def proxy() -> AsyncIterator[Proxy]:
    made = Proxy()
    server = await asyncio.start_server(made.handle, "127.0.0.1", 0)
    made.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    yield made
    server.close()


@pytest.fixture
def aws_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the machine's only AWS files, `config` and `credentials`, both empty."""
    for variable, name in (
        ("AWS_CONFIG_FILE", "config"),
        ("AWS_SHARED_CREDENTIALS_FILE", "credentials"),
    ):
        (tmp_path / name).write_text("")
        monkeypatch.setenv(variable, str(tmp_path / name))
    return tmp_path

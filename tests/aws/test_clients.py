from __future__ import annotations

import logging
import socket

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    EndpointConnectionError,
    HTTPClientError,
    NoCredentialsError,
    ProxyConnectionError,
    ReadTimeoutError,
    SSLError,
)
from botocore.parsers import ResponseParserError
from msgspec.structs import replace

from ssmtui.aws.clients import Clients
from ssmtui.aws.decode import InstanceProperty
from ssmtui.aws.errors import CallSite, failure_of
from ssmtui.aws.transport import Route
from ssmtui.core.keys import ScopeKey
from ssmtui.core.secret import Secret

SITE = CallSite(ScopeKey("", "eu-west-1"), "ssm", "ListNodes")
NODE = {"InstanceId": "mi-0123456789abcdef0"}


@pytest.fixture
async def route(endpoint, aws_home, monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIA")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    return Route(None, "eu-west-1", endpoint.url)


@pytest.fixture
async def clients(route):
    """Clients of our own, on the test's loop."""
    made = Clients.load(connect_timeout=1, read_timeout=0.2)
    yield made
    await made.close()


async def _call(clients, route, operation, params=None, service="ssm", raw=False):
    await clients.prepare(route, service)
    return await clients.send(route, service, operation, params or {}, raw=raw)


async def test_typed_and_raw_answers_come_through_one_client(clients, route, endpoint):
    endpoint.handlers["DescribeInstanceProperties"] = lambda _params: {
        "InstanceProperties": [{"InstanceId": "i-1"}]
    }
    typed = await _call(clients, route, "DescribeInstanceProperties")
    raw = await _call(clients, route, "DescribeInstanceProperties", raw=True)
    assert typed["InstanceProperties"] == [InstanceProperty(instance_id="i-1")]
    assert raw["InstanceProperties"] == [{"InstanceId": "i-1"}]


async def test_the_program_names_itself(clients, route, endpoint):
    endpoint.handlers["ListNodes"] = lambda _params: {}
    await _call(clients, route, "ListNodes")
    assert "ssmtui/" in endpoint.requests[0].headers["User-Agent"]
    assert "/eu-west-1/ssm/" in endpoint.requests[0].headers["Authorization"]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (lambda fake: fake.json_error("InternalServerError", status=500), ClientError),
        (lambda fake: fake.json_error("ThrottlingException"), ClientError),
        (lambda fake: fake.ABORT, ConnectionClosedError),
    ],
)
async def test_nothing_is_sent_twice_by_the_library(
    clients, route, endpoint, monkeypatch, answer, error
):
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "5")
    monkeypatch.setenv("AWS_RETRY_MODE", "adaptive")
    endpoint.handlers["DeregisterManagedInstance"] = lambda _params: answer(endpoint)
    with pytest.raises(error):
        await _call(clients, route, "DeregisterManagedInstance", NODE)
    assert endpoint.count("DeregisterManagedInstance") == 1


async def test_a_hang_ends_with_the_read_timeout(clients, route, endpoint):
    endpoint.handlers["DeregisterManagedInstance"] = lambda _params: endpoint.HANG
    with pytest.raises(ReadTimeoutError):
        await _call(clients, route, "DeregisterManagedInstance", NODE)
    assert endpoint.count("DeregisterManagedInstance") == 1


async def test_a_cut_answer_is_not_an_empty_one(clients, route, endpoint):
    from aiohttp import web

    endpoint.handlers["ListNodes"] = lambda _params: web.Response(body=b'{"Nodes": [{"Ca')
    with pytest.raises(ResponseParserError):
        await _call(clients, route, "ListNodes")


async def test_nobody_listening_is_told_from_a_lost_answer(clients, route, endpoint):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        with pytest.raises(EndpointConnectionError):
            await _call(clients, Route(None, "eu-west-1", url), "ListNodes")
    assert clients.endpoint(Route(None, "eu-west-1", url), "ssm") == url


async def test_proxies_are_honoured(clients, endpoint, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", endpoint.url)
    endpoint.handlers["ListNodes"] = lambda _params: {}
    await _call(clients, Route(None, "eu-west-1", "http://ssm.example:81"), "ListNodes")
    assert endpoint.requests[0].headers["Host"] == "ssm.example:81"


async def test_hosts_without_a_proxy_are_reached_directly(clients, route, endpoint, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "localhost,127.0.0.1")
    endpoint.handlers["ListNodes"] = lambda _params: {}
    assert (await _call(clients, route, "ListNodes"))["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert endpoint.requests[0].url.path == "/"


async def test_a_proxy_that_is_not_there_is_told_from_an_endpoint(clients, monkeypatch):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{unused.getsockname()[1]}")
        with pytest.raises(ProxyConnectionError) as caught:
            await _call(clients, Route(None, "eu-west-1", "http://ssm.example"), "ListNodes")
    assert failure_of(caught.value, SITE).problem.what == "The proxy cannot be reached"


@pytest.mark.parametrize("proxied", [False, True])
async def test_the_ca_bundle_is_trusted_with_and_without_a_proxy(
    clients, endpoint, secure, certificate, proxy, monkeypatch, proxied
):
    monkeypatch.setenv("AWS_CA_BUNDLE", str(certificate.bundle))
    if proxied:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
    endpoint.handlers["ListNodes"] = lambda _params: {"Nodes": []}
    answer = await _call(clients, Route(None, "eu-west-1", secure), "ListNodes")
    assert answer["Nodes"] == []
    assert endpoint.requests[0].secure
    tunnel = f"CONNECT {secure.removeprefix('https://')} HTTP/1.1"
    assert proxy.asked == ([tunnel] if proxied else [])


async def test_the_ca_bundle_of_a_profile_is_trusted(
    clients, endpoint, secure, certificate, aws_home
):
    keys = "aws_access_key_id = AKIA\naws_secret_access_key = s\n"
    (aws_home / "config").write_text(f"[profile own]\n{keys}ca_bundle = {certificate.bundle}\n")
    endpoint.handlers["ListNodes"] = lambda _params: {"Nodes": []}
    answer = await _call(clients, Route("own", "eu-west-1", secure), "ListNodes")
    assert answer["Nodes"] == []


async def test_a_certificate_that_nobody_knows_is_not_trusted(clients, endpoint, secure):
    with pytest.raises(SSLError) as caught:
        await _call(clients, Route(None, "eu-west-1", secure), "ListNodes")
    problem = failure_of(caught.value, replace(SITE, endpoint=secure)).problem
    assert problem.what == f"{secure} has no trusted certificate"
    assert "AWS_CA_BUNDLE" in problem.remedy
    assert endpoint.calls == []


async def test_a_missing_ca_bundle_is_named(clients, route, endpoint, monkeypatch):
    monkeypatch.setenv("AWS_CA_BUNDLE", "/nowhere/ca.pem")
    with pytest.raises(HTTPClientError) as caught:
        await _call(clients, route, "ListNodes")
    what = "The CA bundle cannot be read (No such file or directory)"
    assert failure_of(caught.value, SITE).problem.what == what
    assert endpoint.calls == []


async def test_secrets_are_revealed_for_the_wire_alone(clients, route, endpoint):
    seen = []
    endpoint.handlers["PutParameter"] = lambda params: seen.append(params) or {"Version": 1}
    params = {"Name": "/a", "Value": Secret("hunter2"), "Type": "SecureString"}
    assert (await _call(clients, route, "PutParameter", params))["Version"] == 1
    assert seen[0]["Value"] == "hunter2"


async def test_without_credentials_nothing_is_sent(clients, route, endpoint, monkeypatch):
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    with pytest.raises(NoCredentialsError):
        await clients.prepare(route, "ssm")
    assert endpoint.calls == []


async def test_a_forgotten_profile_is_resolved_anew(clients, route, endpoint, monkeypatch):
    endpoint.handlers["ListNodes"] = lambda _params: {}
    await _call(clients, route, "ListNodes")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIANEW")
    await _call(clients, route, "ListNodes")
    clients.forget(None)
    await _call(clients, route, "ListNodes")
    keys = [
        request.headers["Authorization"].split("Credential=")[1].split("/")[0]
        for request in endpoint.requests
    ]
    assert keys == ["AKIA", "AKIA", "AKIANEW"]


async def test_roles_and_logins_are_as_impatient_as_every_call(clients):
    own = (await clients.profile(None)).session.get_default_client_config()
    assert (own.connect_timeout, own.read_timeout) == (1, 0.2)


async def test_one_client_a_route_and_service(clients, route):
    import asyncio

    await asyncio.gather(*(clients.prepare(route, "ssm") for _ in range(5)))
    await clients.prepare(route, "ec2")
    assert len(clients._clients) == 2


async def test_the_library_never_logs_requests_and_answers(clients):
    root = logging.getLogger()
    before = root.level
    root.setLevel(logging.DEBUG)
    try:
        assert not logging.getLogger("botocore.endpoint").isEnabledFor(logging.DEBUG)
        assert not logging.getLogger("aiobotocore.parsers").isEnabledFor(logging.DEBUG)
    finally:
        root.setLevel(before)


def test_the_library_never_writes_over_the_screen(clients, capsys):
    """Without any handler, Python prints warnings to stderr, with the library's tracebacks."""
    logger = logging.getLogger("aiobotocore.credentials")
    assert logger.hasHandlers()
    propagating = logging.getLogger("aiobotocore")
    propagating.propagate = False
    try:
        logger.warning("Refreshing temporary credentials failed")
    finally:
        propagating.propagate = True
    assert capsys.readouterr().err == ""


async def test_the_endpoint_is_known_before_there_is_a_client(clients, route):
    assert clients.endpoint(route, "ssm") == route.endpoint_url
    assert clients.endpoint(Route(None, "eu-west-1"), "ssm") == ""
    await clients.prepare(Route(None, "eu-west-1"), "ssm")
    assert clients.endpoint(Route(None, "eu-west-1"), "ssm") == (
        "https://ssm.eu-west-1.amazonaws.com"
    )

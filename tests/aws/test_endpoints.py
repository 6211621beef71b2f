"""Which endpoint is in force, where it is set, and whether it is an address."""

from __future__ import annotations

import pytest
from botocore.session import Session

from ssmtui.aws.endpoints import (
    endpoint_variable,
    endpoints_are_set,
    not_an_endpoint,
    wrong_endpoint,
)
from ssmtui.core.problem import ProblemKind

SERVICES = ("sts", "ssm", "resourcegroupstaggingapi")
CONFIG = """
[profile dev]
services = ours
endpoint_url = everywhere
[services ours]
ssm =
  endpoint_url = only-ssm
[profile good]
endpoint_url = http://127.0.0.1:4566
[profile plain]
"""


@pytest.fixture
def session(aws_home):
    (aws_home / "config").write_text(CONFIG)
    return lambda profile: Session(profile=profile)


@pytest.mark.parametrize(
    ("environ", "services", "what"),
    [
        ({}, ("ssm",), "only-ssm, the endpoint in the services section ours, is no address"),
        ({}, ("sts",), "everywhere, the endpoint in endpoint_url of profile dev, is no address"),
        ({"": "foo"}, ("ssm",), "foo, the endpoint in AWS_ENDPOINT_URL, is no address"),
        (
            {"": "https://[::1]:1", "_SSM": "foo:80"},
            SERVICES,
            "foo:80, the endpoint in AWS_ENDPOINT_URL_SSM, is no address",
        ),
        (
            {"": "https://x", "_RESOURCE_GROUPS_TAGGING_API": "http://["},
            SERVICES,
            "http://[, the endpoint in AWS_ENDPOINT_URL_RESOURCE_GROUPS_TAGGING_API, is no address",
        ),
    ],
)
def test_the_endpoint_in_force_is_named_with_the_place_where_it_is_set(
    session, monkeypatch, environ, services, what
):
    for name, value in environ.items():
        monkeypatch.setenv(f"AWS_ENDPOINT_URL{name}", value)
    problem = wrong_endpoint(session("dev"), services)
    assert (problem.kind, problem.what) == (ProblemKind.INPUT, what)
    assert problem.remedy == "Give it as http://host:port or https://host"


def test_what_is_not_in_force_is_no_trouble(session, monkeypatch):
    assert wrong_endpoint(session("plain"), SERVICES) is None
    assert wrong_endpoint(session("good"), SERVICES) is None
    monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", "foo")
    assert wrong_endpoint(session("good"), SERVICES) is None
    monkeypatch.setenv("AWS_ENDPOINT_URL", "https://example.org")
    assert wrong_endpoint(session("dev"), SERVICES) is None
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    monkeypatch.setenv("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")
    assert wrong_endpoint(session("dev"), SERVICES) is None


def test_the_places_agree_with_the_librarys(session, monkeypatch):
    """botocore decides which endpoint a client gets; what we say of it must be the same one."""
    from botocore.configprovider import ConfiguredEndpointProvider

    for environ in ({}, {"AWS_ENDPOINT_URL": "a"}, {"AWS_ENDPOINT_URL_SSM": "b"}):
        for name, value in environ.items():
            monkeypatch.setenv(name, value)
        opened = session("dev")
        for service in SERVICES:
            config = (opened.full_config, opened.get_scoped_config(), service)
            in_force = ConfiguredEndpointProvider(*config).provide()
            assert wrong_endpoint(opened, (service,)).what.startswith(f"{in_force}, the endpoint")


def test_whether_there_is_any(session, monkeypatch):
    assert not endpoints_are_set(session("plain"))
    assert endpoints_are_set(session("good"))
    assert endpoints_are_set(session("dev"))
    monkeypatch.setenv("AWS_ENDPOINT_URL_SSM", "http://127.0.0.1:1")
    assert endpoints_are_set(session("plain"))


def test_the_variable_of_a_service(monkeypatch):
    assert endpoint_variable("logs") == ""
    monkeypatch.setenv("AWS_ENDPOINT_URL", "a")
    assert endpoint_variable("logs") == "AWS_ENDPOINT_URL"
    monkeypatch.setenv("AWS_ENDPOINT_URL_CLOUDWATCH_LOGS", "b")
    assert endpoint_variable("logs") == "AWS_ENDPOINT_URL_CLOUDWATCH_LOGS"


def test_the_librarys_words_are_not_repeated():
    assert not_an_endpoint("Invalid endpoint: x", "")[0] == "x is not an endpoint"
    assert (
        not_an_endpoint("Invalid endpoint: ", "")[0] == "What is set as endpoint is not an endpoint"
    )

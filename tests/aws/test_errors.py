from __future__ import annotations

import errno
import os
import socket

import aiohttp
import msgspec
import pytest
from aiohttp.client_reqrep import ConnectionKey
from botocore import exceptions as known
from botocore.parsers import ResponseParserError

from ssmtui.aws.errors import CallSite, Fate, failure_before, failure_of
from ssmtui.aws.origins import Origin, Source
from ssmtui.core.keys import ScopeKey
from ssmtui.core.problem import Problem, ProblemError, ProblemKind

SITE = CallSite(
    scope=ScopeKey("111122223333", "eu-west-1"),
    service="ssm",
    operation="DescribeInstanceProperties",
    profile="shop",
    endpoint="https://ssm.eu-west-1.amazonaws.com",
)


def answered(code, message="", status=400, operation="DescribeInstanceProperties"):
    response = {
        "Error": {"Code": code, "Message": message},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    return known.ClientError(response, operation)


def connector_error():
    key = ConnectionKey("h", 443, True, True, None, None, None)
    return aiohttp.ClientConnectorError(key, OSError(111, "refused"))


@pytest.mark.parametrize(
    ("error", "kind", "fate"),
    [
        (answered("ThrottlingException", "Rate exceeded"), ProblemKind.THROTTLED, Fate.REFUSED),
        (answered("RequestLimitExceeded", status=503), ProblemKind.THROTTLED, Fate.REFUSED),
        (answered("X", status=429), ProblemKind.THROTTLED, Fate.REFUSED),
        (answered("ExpiredTokenException"), ProblemKind.EXPIRED, Fate.REFUSED),
        (answered("ExpiredToken", status=403), ProblemKind.EXPIRED, Fate.REFUSED),
        (answered("RequestExpired"), ProblemKind.EXPIRED, Fate.REFUSED),
        (answered("InvalidClientTokenId", status=403), ProblemKind.CREDENTIALS, Fate.REFUSED),
        (answered("UnrecognizedClientException"), ProblemKind.CREDENTIALS, Fate.REFUSED),
        (answered("SignatureDoesNotMatch"), ProblemKind.CREDENTIALS, Fate.REFUSED),
        (answered("AccessDeniedException"), ProblemKind.DENIED, Fate.REFUSED),
        (answered("UnauthorizedOperation", status=403), ProblemKind.DENIED, Fate.REFUSED),
        (answered("InvalidInstanceId", "no such node"), ProblemKind.SERVICE, Fate.REFUSED),
        (answered("InternalServerError", status=500), ProblemKind.SERVICE, Fate.LOST),
        (answered("503", "Service Unavailable", 503), ProblemKind.SERVICE, Fate.LOST),
        (known.ReadTimeoutError(endpoint_url="u"), ProblemKind.ENDPOINT, Fate.LOST),
        (known.ConnectionClosedError(endpoint_url="u"), ProblemKind.ENDPOINT, Fate.LOST),
        (known.HTTPClientError(error=ValueError()), ProblemKind.ENDPOINT, Fate.LOST),
        (
            known.HTTPClientError(error=FileNotFoundError(errno.ENOENT, "No such file")),
            ProblemKind.ENDPOINT,
            Fate.NOT_SENT,
        ),
        (ResponseParserError("cut"), ProblemKind.ENDPOINT, Fate.LOST),
        (ConnectionResetError(), ProblemKind.ENDPOINT, Fate.LOST),
        # aiobotocore's word for a reset connection, too: it may have been sent
        (
            known.EndpointConnectionError(endpoint_url="u", error=aiohttp.ClientOSError()),
            ProblemKind.ENDPOINT,
            Fate.LOST,
        ),
        (
            known.EndpointConnectionError(endpoint_url="u", error=connector_error()),
            ProblemKind.ENDPOINT,
            Fate.NOT_SENT,
        ),
        (
            known.EndpointConnectionError(endpoint_url="u", error=socket.gaierror()),
            ProblemKind.ENDPOINT,
            Fate.NOT_SENT,
        ),
        (known.ConnectTimeoutError(endpoint_url="u"), ProblemKind.ENDPOINT, Fate.NOT_SENT),
        (known.ProxyConnectionError(proxy_url="p"), ProblemKind.ENDPOINT, Fate.NOT_SENT),
        (known.SSLError(endpoint_url="u", error="e"), ProblemKind.ENDPOINT, Fate.NOT_SENT),
        (known.NoCredentialsError(), ProblemKind.CREDENTIALS, Fate.NOT_SENT),
        (
            known.PartialCredentialsError(provider="env", cred_var="x"),
            ProblemKind.CREDENTIALS,
            Fate.NOT_SENT,
        ),
        (known.UnauthorizedSSOTokenError(), ProblemKind.EXPIRED, Fate.NOT_SENT),
        (
            known.SSOTokenLoadError(profile_name="shop", error_msg="none"),
            ProblemKind.CREDENTIALS,
            Fate.NOT_SENT,
        ),
        (
            known.TokenRetrievalError(provider="sso", error_msg="expired"),
            ProblemKind.EXPIRED,
            Fate.NOT_SENT,
        ),
        (
            known.CredentialRetrievalError(provider="process", error_msg="hunter2"),
            ProblemKind.CREDENTIALS,
            Fate.NOT_SENT,
        ),
        (known.ProfileNotFound(profile="shop"), ProblemKind.INPUT, Fate.NOT_SENT),
        (known.NoRegionError(), ProblemKind.INPUT, Fate.NOT_SENT),
        (known.InvalidRegionError(region_name="a b"), ProblemKind.INPUT, Fate.NOT_SENT),
        (known.ConfigParseError(path="/x/config", error="e"), ProblemKind.INPUT, Fate.NOT_SENT),
        (known.InvalidConfigError(error_msg="role_arn"), ProblemKind.INPUT, Fate.NOT_SENT),
        (known.EndpointProviderError(msg="none"), ProblemKind.INPUT, Fate.NOT_SENT),
        (known.InvalidDefaultsMode(mode="x", valid_modes="y"), ProblemKind.INPUT, Fate.NOT_SENT),
        (ValueError("Invalid endpoint: nope"), ProblemKind.INPUT, Fate.NOT_SENT),
        (RuntimeError("surprise"), ProblemKind.BUG, Fate.LOST),
    ],
)  # fmt: skip
def test_every_trouble_has_its_kind_and_its_fate(error, kind, fate):
    failure = failure_of(error, SITE)
    assert (failure.problem.kind, failure.fate) == (kind, fate)
    assert failure.problem.scope == SITE.scope
    assert failure.problem.operation == "ssm:DescribeInstanceProperties"
    assert not failure.problem.what.endswith(".")
    assert not failure.problem.remedy.endswith(".")
    assert "hunter2" not in failure.problem.sentence
    if kind is not ProblemKind.SERVICE:
        assert failure.problem.remedy


@pytest.mark.parametrize(
    "number", [errno.ENOENT, errno.EACCES, errno.EISDIR, errno.ENOTDIR, errno.ELOOP]
)
def test_a_ca_bundle_that_cannot_be_read_is_named_and_not_tried_again(number):
    words = os.strerror(number)
    found = failure_of(known.HTTPClientError(error=OSError(number, words)), SITE)
    assert (found.fate, found.attempts) == (Fate.NOT_SENT, 1)
    assert found.problem.sentence == (
        f"The CA bundle cannot be read ({words}). "
        "Name a file of certificates in AWS_CA_BUNDLE or the profile's ca_bundle."
    )


def test_what_a_connection_says_is_not_blamed_on_the_ca_bundle():
    for cause in (
        aiohttp.ClientOSError(errno.EPERM, "no"),
        ConnectionResetError(errno.ECONNRESET, "no"),
    ):
        found = failure_of(known.HTTPClientError(error=cause), SITE)
        assert found.fate is Fate.LOST


def test_only_what_may_pass_is_tried_again():
    attempts = {
        name: failure_of(error, SITE).attempts
        for name, error in {
            "throttled": answered("ThrottlingException"),
            "5xx": answered("InternalServerError", status=500),
            "lost": known.ConnectionClosedError(endpoint_url="u"),
            "unreadable": ResponseParserError("cut"),
            "refused connection": known.ConnectTimeoutError(endpoint_url="u"),
            "denied": answered("AccessDeniedException"),
            "expired": answered("ExpiredTokenException"),
            "no credentials": known.NoCredentialsError(),
            "certificate": known.SSLError(endpoint_url="u", error="e"),
            "validation": answered("ValidationException"),
        }.items()
    }
    assert attempts == {
        "throttled": 6,
        "5xx": 6,
        "lost": 6,
        "unreadable": 6,
        "refused connection": 3,
        "denied": 1,
        "expired": 1,
        "no credentials": 1,
        "certificate": 1,
        "validation": 1,
    }


def test_denied_names_the_missing_action():
    problem = failure_of(answered("AccessDeniedException"), SITE).problem
    assert problem.what == (
        "Access denied in shop (111122223333/eu-west-1): missing ssm:DescribeInstanceProperties"
    )


def test_denied_takes_the_action_from_the_message_where_it_is_another():
    message = "User: arn:aws:sts::1:x is not authorized to perform: kms:Decrypt on resource: key"
    problem = failure_of(answered("AccessDeniedException", message), SITE).problem
    assert problem.what.endswith("missing kms:Decrypt")
    assert "kms:Decrypt" in problem.remedy


def test_trouble_on_the_way_to_credentials_is_not_blamed_on_the_operation():
    problem = failure_of(answered("AccessDenied", operation="AssumeRole"), SITE).problem
    assert problem.what.endswith("missing sts:AssumeRole")
    assert problem.remedy.endswith("and for the role to trust you")
    problem = failure_of(answered("X", "y", operation="GetRoleCredentials"), SITE).problem
    assert "sso:GetRoleCredentials" in problem.what


def test_the_remedy_goes_by_where_the_credentials_come_from():
    site = msgspec.structs.replace(SITE, origin=Origin(Source.SSO, "shop"))
    for error in (
        answered("ExpiredTokenException"),
        answered("InvalidClientTokenId"),
        known.UnauthorizedSSOTokenError(),
        known.SSOTokenLoadError(profile_name="shop", error_msg="none"),
    ):
        assert failure_of(error, site).problem.remedy == "Run: aws sso login --profile shop"
    site = msgspec.structs.replace(SITE, origin=Origin(Source.KEYS, "base"))
    assert failure_of(answered("SignatureDoesNotMatch"), site).problem.remedy == (
        "Correct the keys with: aws configure --profile base, and check this machine's clock"
    )
    site = msgspec.structs.replace(SITE, profile=None, origin=Origin(Source.INSTANCE))
    error = known.MetadataRetrievalError(error_msg="503")
    assert failure_of(error, site).problem.sentence == (
        "The credentials of this instance cannot be retrieved. "
        "Check the role of this instance, which gives them."
    )


@pytest.mark.parametrize(
    ("source", "error", "kind", "words"),
    [
        (
            Source.PROCESS,
            FileNotFoundError(2, "No such file or directory", "/bin/keys"),
            ProblemKind.CREDENTIALS,
            ("The credentials of profile shop cannot be retrieved (No such file or directory: "
            "/bin/keys). Run the credential_process of profile shop by hand"),
        ),
        (
            Source.PROCESS,
            ValueError("hunter2"),
            ProblemKind.CREDENTIALS,
            "The credentials of profile shop cannot be retrieved (ValueError). Run the cred",
        ),
        (
            Source.WEB_IDENTITY,
            FileNotFoundError(2, "No such file or directory", "/token"),
            ProblemKind.CREDENTIALS,
            ("The credentials of profile shop cannot be retrieved (No such file or directory: "
            "/token). Renew the token"),
        ),
        (
            Source.KEYS,
            ValueError("invalid literal: hunter2"),
            ProblemKind.INPUT,
            "The settings of profile shop cannot be used (ValueError). Correct them",
        ),
        (
            Source.KEYS,
            ValueError("Invalid endpoint: nope"),
            ProblemKind.INPUT,
            "https://ssm.eu-west-1.amazonaws.com is not an endpoint",
        ),
        (
            Source.KEYS,
            known.ConnectTimeoutError(endpoint_url="u"),
            ProblemKind.ENDPOINT,
            "https://ssm.eu-west-1.amazonaws.com does not accept a connection in time",
        ),
    ],
)  # fmt: skip
def test_before_a_call_is_sent_the_settings_are_at_fault(source, error, kind, words):
    site = msgspec.structs.replace(SITE, origin=Origin(source, "shop"))
    failure = failure_before(error, site)
    assert (failure.problem.kind, failure.fate) == (kind, Fate.NOT_SENT)
    assert failure.problem.sentence.startswith(words)
    assert "hunter2" not in failure.problem.sentence


def test_nothing_of_a_call_that_was_not_sent_is_lost():
    failure = failure_before(known.ReadTimeoutError(endpoint_url="u"), SITE)
    assert (failure.fate, failure.attempts) == (Fate.NOT_SENT, 6)


def test_what_is_missing_of_credentials_is_named():
    error = known.PartialCredentialsError(provider="env", cred_var="AWS_SECRET_ACCESS_KEY")
    assert failure_of(error, SITE).problem.what == (
        "The credentials of profile shop are incomplete: AWS_SECRET_ACCESS_KEY is missing"
    )


def test_a_package_that_a_login_needs_is_named():
    problem = failure_of(known.MissingDependencyException(msg="crt"), SITE).problem
    assert "awscrt" in problem.sentence


def test_where_that_is_not_known_the_profile_is_named():
    problem = failure_of(answered("ExpiredTokenException"), SITE).problem
    assert problem.remedy == "Renew the credentials of profile shop"
    site = msgspec.structs.replace(SITE, profile=None)
    assert failure_of(answered("ExpiredToken"), site).problem.remedy == "Renew the credentials"


def test_no_credentials_is_one_sentence_with_every_way_out():
    origin = Origin(Source.NONE)
    site = CallSite(ScopeKey("", "eu-west-1"), "sts", "GetCallerIdentity", origin=origin)
    problem = failure_of(known.NoCredentialsError(), site).problem
    assert problem.sentence == (
        "No credentials found. Run aws configure sso or aws configure, or name a profile with "
        "--profile."
    )
    assert problem.scope is None


def test_a_role_that_a_login_may_not_use_is_told_from_a_missing_policy():
    site = msgspec.structs.replace(SITE, origin=Origin(Source.SSO, "shop"))
    error = answered("ForbiddenException", "No access", 403, operation="GetRoleCredentials")
    problem = failure_of(error, site).problem
    assert problem.kind is ProblemKind.DENIED
    assert problem.what == "The login of profile shop may not use its role (ForbiddenException)"
    assert "permission set" in problem.remedy
    assert failure_of(answered("ForbiddenException"), site).problem.kind is ProblemKind.SERVICE


def test_the_unreachable_endpoint_is_named():
    error = known.EndpointConnectionError(endpoint_url="u", error=connector_error())
    assert "https://ssm.eu-west-1.amazonaws.com" in failure_of(error, SITE).problem.what


def test_remote_words_are_made_safe_and_short():
    error = answered("Bad\x1b[31m", "a\u202eb\n" + "x" * 5000)
    problem = failure_of(error, SITE).problem
    assert "\x1b" not in problem.what
    assert "\u202e" not in problem.what
    assert "\n" not in problem.what
    assert len(problem.what) < 500


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({}, "ssm:PutParameter is given no Name"),
        ({"Name": "/a", "Value": "v", "Nope": 1}, "ssm:PutParameter is given an unknown parameter"),
        ({"Name": "/a", "Value": 5}, "ssm:PutParameter is given an invalid type of Value"),
        ({"Name": "", "Value": "v"}, "ssm:PutParameter is given an invalid length of Name"),
    ],
)
def test_a_wrong_parameter_is_named_and_its_value_is_not(clients, params, words):
    from botocore.validate import ParamValidator

    shape = clients.input_shape("ssm", "PutParameter")
    report = ParamValidator().validate(params, shape)
    error = known.ParamValidationError(report=report.generate_report())
    site = CallSite(SITE.scope, "ssm", "PutParameter")
    problem = failure_of(error, site).problem
    assert (problem.kind, problem.what.startswith(words)) == (ProblemKind.INPUT, True)


def test_the_value_of_a_wrong_parameter_is_never_shown():
    report = "Invalid type for parameter Value, value: hunter2, type: <class 'int'>"
    problem = failure_of(known.ParamValidationError(report=report), SITE).problem
    assert "hunter2" not in problem.sentence


def test_a_problem_on_its_way_through_the_library_stays_what_it_is():
    problem = Problem(ProblemKind.CREDENTIALS, "asks for an MFA code")
    failure = failure_of(ProblemError(problem), SITE)
    assert failure.problem is problem
    assert failure.fate is Fate.NOT_SENT


def test_asking_who_one_is_needs_no_permission():
    site = CallSite(ScopeKey("", "eu-west-1"), "sts", "GetCallerIdentity", "shop")
    error = answered("AccessDenied", operation="GetCallerIdentity")
    problem = failure_of(error, site).problem
    assert "forbids sts:GetCallerIdentity" in problem.what
    assert "Ask for a policy with" not in problem.remedy


def test_a_wrong_endpoint_of_the_environment_is_named():
    site = CallSite(ScopeKey("", "eu-west-1"), "sts", "GetCallerIdentity", "shop")
    problem = failure_of(ValueError("Invalid endpoint: garbage"), site).problem
    assert problem.what == "garbage is not an endpoint"


def test_a_wrong_endpoint_is_named_with_its_variable(monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "garbage")
    site = CallSite(ScopeKey("1", "eu-west-1"), "s3", "GetObject", "shop")
    problem = failure_of(ValueError("Invalid endpoint: garbage"), site).problem
    assert problem.what == "garbage, the endpoint in AWS_ENDPOINT_URL_S3, is no address"


@pytest.mark.parametrize(
    ("profile", "name", "place"),
    [
        ("dev", "", "dev (111122223333/eu-west-1)"),
        ("dev", "shop-dev", "shop-dev (111122223333/eu-west-1)"),
        (None, "111122223333", "111122223333/eu-west-1"),
        (None, "", "111122223333/eu-west-1"),
    ],
)
def test_a_place_has_the_scope_s_own_name(profile, name, place):
    site = CallSite(SITE.scope, "ssm", "ListNodes", profile, scope_name=name)
    assert site.place == place


@pytest.mark.parametrize(
    ("proxy", "error", "sentence"),
    [
        (
            "foo",
            known.EndpointConnectionError(endpoint_url="u", error=socket.gaierror()),
            (
                "https://ssm.eu-west-1.amazonaws.com cannot be reached through the proxy in "
                "HTTPS_PROXY. Check HTTPS_PROXY and the network."
            ),
        ),
        (
            "http://user:hunter2@127.0.0.1:9",
            known.ProxyConnectionError(proxy_url="p"),
            "The proxy cannot be reached. Check HTTPS_PROXY and the network.",
        ),
        (
            "http://[::1",
            known.HTTPClientError(
                error=known.InvalidProxiesConfigError(error_msg="proxies_config")
            ),
            "HTTPS_PROXY is no address of a proxy. Write http://HOST:PORT in HTTPS_PROXY.",
        ),
    ],
)
def test_a_proxy_is_named_by_its_variable(monkeypatch, proxy, error, sentence) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    failure = failure_of(error, SITE)
    assert (failure.problem.sentence, failure.fate) == (sentence, Fate.NOT_SENT)

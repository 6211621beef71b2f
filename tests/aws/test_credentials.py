from __future__ import annotations

import asyncio
import hashlib
import json
import os

import pytest
from aiohttp import web
from botocore.credentials import SSOProvider
from botocore.exceptions import (
    ClientError,
    CredentialRetrievalError,
    NoCredentialsError,
    ProfileNotFound,
    SSOTokenLoadError,
    TokenRetrievalError,
    UnauthorizedSSOTokenError,
)
from botocore.loaders import Loader
from botocore.tokens import SSOTokenProvider

from ssmtui.aws.credentials import open_profile, profile_names
from ssmtui.aws.errors import CallSite, failure_of
from ssmtui.aws.origins import Origin, Source
from ssmtui.core.keys import ScopeKey
from ssmtui.core.problem import ProblemError, ProblemKind
from tests.aws.conftest import serving


@pytest.fixture(scope="module")
def loader():
    return Loader()


@pytest.fixture
def write(aws_home):
    def writing(config="", credentials=""):
        (aws_home / "config").write_text(config)
        (aws_home / "credentials").write_text(credentials)

    return writing


BASE = "[base]\naws_access_key_id = AKIABASE\naws_secret_access_key = s\n"
ROLE = (
    "[profile role]\nrole_arn = arn:aws:iam::111122223333:role/ops\nsource_profile = base\n"
    "region = eu-west-1\n"
)


def _site(name, profile):
    scope = ScopeKey("", "eu-west-1")
    return CallSite(scope, "sts", "GetCallerIdentity", name, origin=profile.origin)


async def _key(profile):
    await profile.ready()
    return (await (await profile.load_credentials()).get_frozen_credentials()).access_key


async def test_profiles_come_from_both_files(write, loader):
    write(config="[default]\n[profile one]\nregion = eu-west-1\n", credentials=BASE)
    assert profile_names() == ["base", "default", "one"]


async def test_keys_of_the_credentials_file(write, loader):
    write(credentials=BASE)
    profile = open_profile("base", loader)
    assert await _key(profile) == "AKIABASE"
    assert profile.expires is None


async def test_the_environment_and_its_profile_are_honoured(write, loader, monkeypatch):
    write(credentials=BASE)
    monkeypatch.setenv("AWS_PROFILE", "base")
    assert await _key(open_profile(None, loader)) == "AKIABASE"
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAENV")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "s")
    assert await _key(open_profile(None, loader)) == "AKIAENV"
    # a profile that is named goes before keys in the environment
    assert await _key(open_profile("base", loader)) == "AKIABASE"


async def test_a_process_gives_credentials_with_their_end(write, loader):
    answer = (
        '{"Version": 1, "AccessKeyId": "AKIAPROC", "SecretAccessKey": "s", "SessionToken": "t", '
        '"Expiration": "2099-01-01T00:00:00Z"}'
    )
    write(config=f"[profile proc]\ncredential_process = echo '{answer}'\n")
    profile = open_profile("proc", loader)
    assert await _key(profile) == "AKIAPROC"
    assert profile.expires == 4070908800.0


async def test_a_role_is_assumed_with_botocores_own_parsers(write, loader, endpoint, monkeypatch):
    """Our parsers give times as floats, which botocore's refreshing does not understand."""
    write(config=ROLE, credentials=BASE)
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint.url)
    endpoint.handlers["AssumeRole"] = lambda _params: web.Response(
        text="<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIAROLE"
        "</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>"
        "<Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult>"
        "</AssumeRoleResponse>"
    )
    profile = open_profile("role", loader)
    assert await _key(profile) == "ASIAROLE"
    assert profile.expires == 4070908800.0
    await asyncio.gather(*(profile.ready() for _ in range(3)))
    assert endpoint.count("AssumeRole") == 1


async def test_an_mfa_code_is_not_read_from_the_terminal(write, loader, endpoint, monkeypatch):
    write(config=f"{ROLE}mfa_serial = arn:aws:iam::1:mfa/jane\n", credentials=BASE)
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint.url)
    with pytest.raises(ProblemError, match="MFA") as caught:
        await open_profile("role", loader).ready()
    assert caught.value.problem.kind is ProblemKind.CREDENTIALS
    assert endpoint.calls == []


async def test_an_sso_profile_without_a_login_says_so(write, loader):
    write(
        config="[profile sso]\nsso_start_url = https://x.example/start\nsso_region = eu-west-1\n"
        "sso_account_id = 111122223333\nsso_role_name = ops\n"
    )
    with pytest.raises(SSOTokenLoadError):
        await open_profile("sso", loader).ready()


SSO = (
    "[profile sso]\nsso_session = corp\nsso_account_id = 111122223333\nsso_role_name = ops\n"
    "[sso-session corp]\nsso_start_url = https://corp.example/start\nsso_region = eu-west-1\n"
)
OLD_SSO = (
    "[profile sso]\nsso_start_url = https://corp.example/start\nsso_region = eu-west-1\n"
    "sso_account_id = 111122223333\nsso_role_name = ops\n"
)


@pytest.fixture
def log_in(tmp_path, monkeypatch):
    """What `aws sso login` leaves behind: a token in a file named by the session or start URL."""
    folder = tmp_path / "sso" / "cache"
    folder.mkdir(parents=True)
    # The library has looked up the home folder when it was imported.
    for owner in (SSOProvider, SSOTokenProvider):
        monkeypatch.setattr(owner, "_SSO_TOKEN_CACHE_DIR", str(folder))

    def write(key, expires="2099-01-01T00:00:00Z"):
        token = {
            "startUrl": "https://corp.example/start",
            "region": "eu-west-1",
            "accessToken": "the-login",
            "expiresAt": expires,
        }
        name = hashlib.sha1(key.encode(), usedforsecurity=False).hexdigest()
        (folder / f"{name}.json").write_text(json.dumps(token))

    return write


@pytest.fixture
async def portal(monkeypatch):
    """The access portal: it knows one token, and gives the credentials of one role for it."""
    asked = []

    async def answer(request):
        asked.append((request.method, request.path, dict(request.query)))
        if request.headers.get("x-amz-sso_bearer_token") != "the-login":
            return web.json_response({"message": "no"}, status=401)
        if request.query["role_name"] != "ops":
            error = {"x-amzn-ErrorType": "ForbiddenException"}
            return web.json_response({"message": "No access"}, status=403, headers=error)
        credentials = {
            "accessKeyId": "ASIASSO",
            "secretAccessKey": "s",
            "sessionToken": "t",
            "expiration": 4070908800000,
        }
        return web.json_response({"roleCredentials": credentials})

    async with serving(answer) as url:
        monkeypatch.setenv("AWS_ENDPOINT_URL_SSO", url)
        yield asked


@pytest.mark.parametrize(
    ("config", "key"), [(SSO, "corp"), (OLD_SSO, "https://corp.example/start")]
)
async def test_an_sso_login_gives_the_credentials_of_its_role(
    write, loader, log_in, portal, config, key
):
    write(config=config)
    log_in(key)
    profile = open_profile("sso", loader)
    assert await _key(profile) == "ASIASSO"
    assert profile.expires == 4070908800.0
    assert (await profile.credentials()).token.reveal() == "t"
    query = {"role_name": "ops", "account_id": "111122223333"}
    assert portal == [("GET", "/federation/credentials", query)]


@pytest.mark.parametrize(
    ("config", "key", "error"),
    [
        (SSO, "corp", TokenRetrievalError),
        (OLD_SSO, "https://corp.example/start", UnauthorizedSSOTokenError),
    ],
)
async def test_an_sso_login_that_has_expired_is_not_even_tried(
    write, loader, log_in, portal, config, key, error
):
    write(config=config)
    log_in(key, expires="2020-01-01T00:00:00Z")
    profile = open_profile("sso", loader)
    with pytest.raises(error) as caught:
        await profile.ready()
    assert portal == []
    problem = failure_of(caught.value, _site("sso", profile)).problem
    assert (problem.kind, problem.remedy) == (
        ProblemKind.EXPIRED,
        "Run: aws sso login --profile sso",
    )


async def test_a_role_that_the_login_may_not_use(write, loader, log_in, portal):
    write(config=SSO.replace("= ops", "= admin"))
    log_in("corp")
    profile = open_profile("sso", loader)
    with pytest.raises(ClientError) as caught:
        await profile.ready()
    problem = failure_of(caught.value, _site("sso", profile)).problem
    assert problem.what == "The login of profile sso may not use its role (ForbiddenException)"


async def test_a_role_may_be_assumed_with_an_sso_login(
    write, loader, log_in, portal, endpoint, monkeypatch
):
    write(config=ROLE.replace("= base", "= sso") + SSO)
    log_in("corp")
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint.url)
    endpoint.handlers["AssumeRole"] = lambda _params: endpoint.xml_error("ExpiredToken")
    profile = open_profile("role", loader)
    with pytest.raises(ClientError) as caught:
        await profile.ready()
    assert "Credential=ASIASSO/" in endpoint.requests[0].headers["Authorization"]
    problem = failure_of(caught.value, _site("role", profile)).problem
    assert problem.remedy == "Run: aws sso login --profile sso"


async def test_a_process_that_fails_keeps_what_it_says_to_itself(write, loader):
    write(config="[profile proc]\ncredential_process = sh -c 'echo hunter2 >&2; exit 1'\n")
    profile = open_profile("proc", loader)
    with pytest.raises(CredentialRetrievalError) as caught:
        await profile.ready()
    assert failure_of(caught.value, _site("proc", profile)).problem.sentence == (
        "The credentials of profile proc cannot be retrieved. "
        "Run the credential_process of profile proc by hand: it says why."
    )


@pytest.fixture
async def metadata(monkeypatch):
    """The instance's own metadata, with the role that its instance profile gives."""

    async def answer(request):
        if request.path == "/latest/api/token":
            return web.Response(text="token")
        if request.path.endswith("/security-credentials/"):
            return web.Response(text="node-role")
        credentials = {
            "Code": "Success",
            "AccessKeyId": "ASIANODE",
            "SecretAccessKey": "s",
            "Token": "t",
            "Expiration": "2099-01-01T00:00:00Z",
        }
        return web.json_response(credentials)

    async with serving(answer) as url:
        monkeypatch.setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", url)
        monkeypatch.delenv("AWS_EC2_METADATA_DISABLED")
        yield


async def test_the_role_of_the_instance_comes_last(write, loader, metadata):
    write(credentials=BASE)
    profile = open_profile(None, loader)
    assert await _key(profile) == "ASIANODE"
    assert profile.origin == Origin(Source.INSTANCE)
    profile = open_profile("base", loader)
    assert await _key(profile) == "AKIABASE"
    assert profile.origin.source is Source.KEYS


async def test_where_they_come_from_is_known_before_there_are_any(write, loader, monkeypatch):
    write(config=SSO + ROLE, credentials=BASE + "aws_session_token = t\n")
    file = os.environ["AWS_SHARED_CREDENTIALS_FILE"]
    assert open_profile("sso", loader).origin == Origin(Source.SSO, "sso")
    assert open_profile("role", loader).origin == Origin(Source.KEYS, "base", True, file)
    assert open_profile(None, loader).origin == Origin(Source.NONE)
    monkeypatch.setenv("AWS_PROFILE", "sso")
    assert open_profile(None, loader).origin == Origin(Source.SSO, "sso")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAENV")
    assert open_profile(None, loader).origin == Origin(Source.ENVIRONMENT)


async def test_no_credentials_at_all(write, loader):
    with pytest.raises(NoCredentialsError):
        await open_profile(None, loader).ready()


async def test_an_unknown_profile(write, loader):
    with pytest.raises(ProfileNotFound):
        open_profile("nope", loader)


async def test_the_credentials_in_force_are_given_as_they_are_now(write, loader):
    write(credentials=BASE)
    profile = open_profile("base", loader)
    credentials = await profile.credentials()
    assert credentials.access_key == "AKIABASE"
    assert credentials.secret_key.reveal() == "s"
    assert credentials.token is None
    assert profile.ca_bundle is None


async def test_the_certificates_of_a_profile_are_named(write, loader):
    write(config="[profile shop]\nca_bundle = /etc/shop.pem\n")
    assert open_profile("shop", loader).ca_bundle == "/etc/shop.pem"

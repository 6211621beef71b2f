from __future__ import annotations

import asyncio

import pytest
from aiohttp import web
from botocore.exceptions import NoCredentialsError, ProfileNotFound, SSOTokenLoadError
from botocore.loaders import Loader

from ssmtui.aws.credentials import open_profile, profile_names
from ssmtui.core.problem import ProblemError, ProblemKind


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

"""Where credentials come from, each kind by its settings, and how to renew them."""

from __future__ import annotations

import pytest

from ssmtui.aws.origins import Origin, Source, origin_of

KEYS = {"aws_access_key_id": "AKIA", "aws_secret_access_key": "s"}
SSO = {"sso_session": "corp", "sso_account_id": "111122223333", "sso_role_name": "ops"}
ROLE = {"role_arn": "arn:aws:iam::111122223333:role/ops"}
PROFILES = {
    "default": {"region": "eu-west-1"},
    "empty": {},
    "keys": KEYS,
    "temporary": {**KEYS, "aws_session_token": "t"},
    "sso": SSO,
    "old-sso": {"sso_start_url": "https://x.example/start", "sso_account_id": "111122223333"},
    "half-sso": {"sso_start_url": "https://x.example/start", "sso_region": "eu-west-1"},
    "login": {"login_session": "arn:aws:iam::111122223333:user/jane"},
    "process": {"credential_process": "print-keys --secret hunter2"},
    "web": {**ROLE, "web_identity_token_file": "/token"},
    "role": {**ROLE, "source_profile": "keys"},
    "role-sso": {**ROLE, "source_profile": "sso"},
    "role-role": {**ROLE, "source_profile": "role-sso"},
    "role-process": {**ROLE, "source_profile": "process"},
    "role-self": {**ROLE, **KEYS, "source_profile": "role-self"},
    "role-loop": {**ROLE, "source_profile": "role-loop-2"},
    "role-loop-2": {**ROLE, "source_profile": "role-loop"},
    "role-gone": {**ROLE, "source_profile": "gone"},
    "role-alone": ROLE,
    "role-environment": {**ROLE, "credential_source": "Environment"},
    "role-container": {**ROLE, "credential_source": "EcsContainer"},
    "role-instance": {**ROLE, "credential_source": "Ec2InstanceMetadata"},
}


def of(profile, environ=None, *, named=True):
    return origin_of(profile, PROFILES, environ or {}, named=named, file="~/.aws/credentials")


@pytest.mark.parametrize(
    ("profile", "source", "whose", "renewal"),
    [
        ("keys", Source.KEYS, "keys", "Correct the keys with: aws configure --profile keys"),
        (
            "temporary",
            Source.KEYS,
            "temporary",
            "Get new temporary keys, and put them into profile temporary in ~/.aws/credentials",
        ),
        ("sso", Source.SSO, "sso", "Run: aws sso login --profile sso"),
        ("old-sso", Source.SSO, "old-sso", "Run: aws sso login --profile old-sso"),
        ("login", Source.LOGIN, "login", "Run: aws login --profile login"),
        (
            "process",
            Source.PROCESS,
            "process",
            "Run the credential_process of profile process by hand: it says why",
        ),
        (
            "web",
            Source.WEB_IDENTITY,
            "web",
            "Renew the token in the web_identity_token_file of profile web",
        ),
        ("role", Source.KEYS, "keys", "Correct the keys with: aws configure --profile keys"),
        ("role-sso", Source.SSO, "sso", "Run: aws sso login --profile sso"),
        ("role-role", Source.SSO, "sso", "Run: aws sso login --profile sso"),
        (
            "role-process",
            Source.PROCESS,
            "process",
            "Run the credential_process of profile process by hand: it says why",
        ),
        (
            "role-self",
            Source.KEYS,
            "role-self",
            "Correct the keys with: aws configure --profile role-self",
        ),
        (
            "role-environment",
            Source.ENVIRONMENT,
            None,
            "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY anew",
        ),
        (
            "role-container",
            Source.CONTAINER,
            None,
            "Check the role of this task or pod, which gives them",
        ),
        (
            "role-instance",
            Source.INSTANCE,
            None,
            "Check the role of this instance, which gives them",
        ),
        (
            "empty",
            Source.NONE,
            None,
            "Run aws configure sso or aws configure, or name a profile with --profile",
        ),
    ],
)
def test_each_kind_of_profile_has_its_own_remedy(profile, source, whose, renewal):
    origin = of(profile)
    assert (origin.source, origin.profile, origin.renewal) == (source, whose, renewal)
    assert "hunter2" not in origin.renewal


def test_a_login_without_a_role_is_not_set_up_yet():
    assert of("half-sso").renewal.startswith("Run aws configure sso --profile half-sso or ")


@pytest.mark.parametrize("profile", ["role-loop", "role-gone", "role-alone"])
def test_roles_that_lead_nowhere_end(profile):
    assert of(profile).source is Source.NONE


def test_the_default_profile_needs_no_option():
    assert Origin(Source.SSO, "default").renewal == "Run: aws sso login"
    assert of(None, named=False).renewal == (
        "Run aws configure sso or aws configure, or name another profile with --profile"
    )


def test_keys_in_the_environment_go_before_a_profile_that_is_not_named():
    environ = {"AWS_ACCESS_KEY_ID": "AKIA", "AWS_SESSION_TOKEN": "t"}
    origin = of("sso", environ, named=False)
    assert origin.source is Source.ENVIRONMENT
    assert origin.renewal.endswith("AWS_SECRET_ACCESS_KEY anew, and AWS_SESSION_TOKEN with them")
    assert of("sso", environ).source is Source.SSO


def test_what_the_machine_itself_gives():
    token = {"AWS_WEB_IDENTITY_TOKEN_FILE": "/token", "AWS_ROLE_ARN": "arn"}
    assert of(None, token, named=False).renewal == (
        "Renew the token in AWS_WEB_IDENTITY_TOKEN_FILE"
    )
    assert of("sso", token).source is Source.SSO
    for form in ("RELATIVE", "FULL"):
        pod = {f"AWS_CONTAINER_CREDENTIALS_{form}_URI": "/v2"}
        assert of(None, pod, named=False).source is Source.CONTAINER
        assert of("keys", pod).source is Source.KEYS


@pytest.mark.parametrize(
    ("origin", "owner"),
    [
        (Origin(Source.SSO, "shop"), "of profile shop"),
        (Origin(Source.ENVIRONMENT), "of the environment"),
        (Origin(Source.CONTAINER), "of this container"),
        (Origin(Source.INSTANCE), "of this instance"),
    ],
)
def test_whose_they_are(origin, owner):
    assert origin.owner == owner


def test_names_cannot_disturb_the_screen():
    for source in Source:
        origin = Origin(source, "a\x1b[2J", temporary=True)
        assert "\x1b" not in origin.renewal + origin.owner

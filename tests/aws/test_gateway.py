from __future__ import annotations

import asyncio
import socket

import pytest

from ssmtui.aws.gateway import ContextPolicy, Gateway, Selection, Settings
from ssmtui.aws.mode import Mode
from ssmtui.aws.retries import RetryPolicy
from ssmtui.aws.scope import Outcome
from ssmtui.core.problem import ProblemError, ProblemKind

SETTINGS = Settings(read_timeout=1.0, connect_timeout=1.0, retry=RetryPolicy(base=0.0))
KEYS = "[{0}]\naws_access_key_id = AKIA{0}\naws_secret_access_key = s\nregion = eu-west-1\n"


@pytest.fixture
def profiles(aws_home):
    """Profiles of these names, whose access keys are AKIA and the name."""

    def write(*names, config=""):
        (aws_home / "credentials").write_text("".join(KEYS.format(name) for name in names))
        (aws_home / "config").write_text(config)

    return write


@pytest.fixture
async def gateway(aws_home):
    async with Gateway(SETTINGS) as made:
        yield made


def _by_key(endpoint, accounts):
    """GetCallerIdentity by access key."""

    def answer(_params):
        header = endpoint.requests[-1].headers["Authorization"]
        return endpoint.caller_identity(accounts[header.split("AKIA")[1].split("/")[0]])

    endpoint.handlers["GetCallerIdentity"] = answer


async def test_the_default_chain_gives_one_scope(gateway, endpoint, monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIA")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "s")
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    (scope,), problems = await gateway.resolve(Selection(endpoint_url=endpoint.url))
    assert problems == []
    assert tuple(scope.key) == ("111122223333", "eu-west-1")
    assert (scope.identity, scope.profile, scope.mode) == ("jane", None, Mode.CHANGE)
    await gateway.aliases()
    assert (scope.alias, scope.name) == ("shop", "shop")


async def test_endpoint_region_and_profile_come_from_the_environment(
    gateway, endpoint, profiles, monkeypatch
):
    profiles("one", "two")
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint.url)
    monkeypatch.setenv("AWS_PROFILE", "two")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_REGION", "ap-south-1")
    (scope,), _ = await gateway.resolve(Selection())
    assert (scope.region, scope.profile) == ("ap-south-1", "two")
    assert "AKIAtwo" in endpoint.requests[0].headers["Authorization"]


async def test_a_services_own_endpoint_is_honoured(gateway, endpoint, profiles, monkeypatch):
    profiles("one")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", endpoint.url)
    monkeypatch.setenv("AWS_ENDPOINT_URL_IAM", endpoint.url)
    monkeypatch.setenv("AWS_ENDPOINT_URL_SSM", endpoint.url)
    endpoint.handlers["ListNodes"] = lambda _params: {"Nodes": []}
    (scope,), _ = await gateway.resolve(Selection(profiles=("one",)))
    assert (await scope.read("ssm", "ListNodes"))["Nodes"] == []
    assert scope.expires is None


async def test_profiles_and_regions_side_by_side_and_each_account_once(gateway, endpoint, profiles):
    profiles("dev", "dev2", "prod")
    _by_key(endpoint, {"dev": "111111111111", "dev2": "111111111111", "prod": "222222222222"})
    selection = Selection(
        profiles=("dev", "dev2", "prod", "dev"),
        regions=("eu-west-1", "us-east-1"),
        endpoint_url=endpoint.url,
    )
    scopes, problems = await gateway.resolve(selection)
    assert problems == []
    assert [(*scope.key, scope.profile) for scope in scopes] == [
        ("111111111111", "eu-west-1", "dev"),
        ("111111111111", "us-east-1", "dev"),
        ("222222222222", "eu-west-1", "prod"),
        ("222222222222", "us-east-1", "prod"),
    ]
    assert endpoint.count("GetCallerIdentity") == 3
    again, _ = await gateway.resolve(selection)
    assert all(first is second for first, second in zip(scopes, again, strict=True))


async def test_one_profiles_trouble_leaves_the_rest_be(gateway, endpoint, profiles):
    profiles("good", "bad")

    def answer(_params):
        bad = "AKIAbad" in endpoint.requests[-1].headers["Authorization"]
        return endpoint.xml_error("ExpiredToken") if bad else endpoint.caller_identity()

    endpoint.handlers["GetCallerIdentity"] = answer
    scopes, problems = await gateway.resolve(
        Selection(profiles=("bad", "gone", "good"), endpoint_url=endpoint.url)
    )
    assert [scope.profile for scope in scopes] == ["good"]
    assert [problem.kind for problem in problems] == [ProblemKind.EXPIRED, ProblemKind.INPUT]
    assert problems[0].remedy == "Correct the keys with: aws configure --profile bad"


async def test_all_regions_are_those_that_the_account_is_opted_in_to(gateway, endpoint, profiles):
    from aiohttp import web

    profiles("one")
    endpoint.handlers["DescribeRegions"] = lambda _params: web.Response(
        text="<DescribeRegionsResponse><regionInfo>"
        "<item><regionName>us-east-1</regionName></item>"
        "<item><regionName>eu-west-1</regionName></item>"
        "</regionInfo></DescribeRegionsResponse>"
    )
    scopes, _ = await gateway.resolve(
        Selection(profiles=("one",), all_regions=True, endpoint_url=endpoint.url)
    )
    assert [scope.region for scope in scopes] == ["eu-west-1", "us-east-1"]


async def test_who_may_not_list_regions_gets_those_of_the_partition(gateway, endpoint, profiles):
    from aiohttp import web

    profiles("one")
    endpoint.handlers["DescribeRegions"] = lambda _params: web.Response(
        status=403,
        text="<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>no</Message>"
        "</Error></Errors></Response>",
    )
    scopes, problems = await gateway.resolve(
        Selection(profiles=("one",), all_regions=True, endpoint_url=endpoint.url)
    )
    regions = {scope.region for scope in scopes}
    assert problems == []
    assert {"eu-west-1", "us-east-1", "ap-southeast-2"} <= regions
    assert not any(region.startswith(("cn-", "us-gov-")) for region in regions)


async def test_a_region_that_may_be_off_is_left_out_where_no_credentials_count(
    gateway, endpoint, profiles
):
    """Regions that an account has not opted in to refuse its credentials, the first one too."""
    profiles("one")
    endpoint.handlers["DescribeRegions"] = lambda _params: endpoint.xml_error("AccessDenied")

    def answer(_params):
        header = endpoint.requests[-1].headers["Authorization"]
        if "/af-south-1/" in header or "/me-south-1/" in header:
            return endpoint.xml_error("InvalidClientTokenId", status=403)
        return endpoint.caller_identity()

    endpoint.handlers["GetCallerIdentity"] = answer
    scopes, problems = await gateway.resolve(
        Selection(profiles=("one",), all_regions=True, endpoint_url=endpoint.url)
    )
    regions = [scope.region for scope in scopes]
    assert problems == []
    assert regions[0] == "eu-west-1"  # the profile's own
    assert {"us-east-1", "ap-southeast-2"} <= set(regions)
    assert not {"af-south-1", "me-south-1"} & set(regions)
    assert len(regions) == len(set(regions))


async def test_credentials_that_count_nowhere_are_said_of_the_own_region(
    gateway, endpoint, profiles
):
    profiles("one")
    endpoint.handlers["DescribeRegions"] = lambda _params: endpoint.xml_error("AccessDenied")
    endpoint.handlers["GetCallerIdentity"] = lambda _params: endpoint.xml_error(
        "InvalidClientTokenId", status=403
    )
    scopes, problems = await gateway.resolve(
        Selection(profiles=("one",), all_regions=True, endpoint_url=endpoint.url)
    )
    assert scopes == []
    assert [problem.kind for problem in problems] == [ProblemKind.CREDENTIALS]
    assert "eu-west-1" in problems[0].what


# Bad input


@pytest.mark.parametrize(
    ("selection", "what", "remedy"),
    [
        (Selection(profiles=("shop-pord",)), "There is no profile shop-pord", "shop-prod"),
        (Selection(profiles=("x",)), "There is no profile x", "There are shop-prod"),
        (
            Selection(profiles=("shop-prod",), regions=("eu-wst-1",)),
            "eu-wst-1 is not a Region",
            "eu-west-1",
        ),
        (
            Selection(profiles=("shop-prod",), regions=("a b",), endpoint_url="http://127.0.0.1:9"),
            "a b is not a Region",
            "There are",
        ),
        (
            Selection(
                profiles=("shop-prod",), regions=("nonsense",), endpoint_url="http://127.0.0.1:9"
            ),
            "nonsense is not a Region",
            "There are",
        ),
        (
            Selection(profiles=("shop-prod",), endpoint_url="nonsense"),
            "nonsense is not an endpoint",
            "http://",
        ),
    ],
)
async def test_bad_input_is_one_sentence_with_the_remedy(
    gateway, profiles, selection, what, remedy
):
    profiles("shop-prod")
    scopes, (problem,) = await gateway.resolve(selection)
    assert scopes == []
    assert (problem.kind, problem.what) == (ProblemKind.INPUT, what)
    assert remedy in problem.remedy


async def test_a_wrong_region_is_one_problem_and_leaves_the_others_be(gateway, endpoint, profiles):
    profiles("dev", "prod")
    _by_key(endpoint, {"dev": "111111111111", "prod": "222222222222"})
    selection = Selection(
        profiles=("dev", "prod"),
        regions=("mars-1", "eu-west-1", "eu_west_2", "us-east-1"),
        endpoint_url=endpoint.url,
    )
    scopes, problems = await gateway.resolve(selection)
    assert [(scope.profile, scope.region) for scope in scopes] == [
        ("dev", "eu-west-1"),
        ("dev", "us-east-1"),
        ("prod", "eu-west-1"),
        ("prod", "us-east-1"),
    ]
    assert [(problem.kind, problem.what) for problem in problems] == [
        (ProblemKind.INPUT, "mars-1 is not a Region"),
        (ProblemKind.INPUT, "eu_west_2 is not a Region"),
    ]
    assert "eu-west-2" in problems[1].remedy


async def test_a_wrong_region_is_said_beside_the_profiles_own_trouble(gateway, endpoint, profiles):
    profiles("dev")
    endpoint.handlers["GetCallerIdentity"] = lambda _params: endpoint.xml_error("ExpiredToken")
    scopes, problems = await gateway.resolve(
        Selection(("dev",), ("mars-1", "eu-west-1"), endpoint_url=endpoint.url)
    )
    assert scopes == []
    assert [problem.kind for problem in problems] == [ProblemKind.INPUT, ProblemKind.EXPIRED]


@pytest.mark.parametrize("service", ["", "_STS", "_SSM", "_EC2"])
async def test_a_wrong_endpoint_is_found_before_anything_is_called(
    gateway, endpoint, profiles, monkeypatch, service
):
    profiles("one")
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint.url)
    monkeypatch.setenv(f"AWS_ENDPOINT_URL{service}", "nonsense")
    scopes, (problem,) = await gateway.resolve(Selection(("one",)))
    assert scopes == []
    assert problem.kind is ProblemKind.INPUT
    assert problem.what == f"nonsense, the endpoint in AWS_ENDPOINT_URL{service}, is no address"
    assert endpoint.calls == []


async def test_an_unknown_profile_of_the_environment(gateway, profiles, monkeypatch):
    profiles("one")
    monkeypatch.setenv("AWS_PROFILE", "oen")
    _, (problem,) = await gateway.resolve(Selection())
    assert (problem.what, problem.remedy) == ("There is no profile oen", "Did you mean one")
    assert await gateway.profiles() == ["one"]


async def test_no_region(gateway, aws_home):
    (aws_home / "credentials").write_text("[one]\naws_access_key_id = A\n")
    _, (problem,) = await gateway.resolve(Selection(profiles=("one",)))
    assert problem.what == "No Region is set for profile one"
    assert "--region" in problem.remedy


async def test_no_credentials(gateway, endpoint, monkeypatch):
    _, (problem,) = await gateway.resolve(
        Selection(regions=("eu-west-1",), endpoint_url=endpoint.url)
    )
    assert (problem.kind, problem.what) == (ProblemKind.CREDENTIALS, "No credentials found")
    assert endpoint.calls == []


async def test_a_malformed_file(gateway, aws_home):
    (aws_home / "config").write_text("no section\n")
    _, (problem,) = await gateway.resolve(Selection())
    assert problem.kind is ProblemKind.INPUT
    assert str(aws_home / "config") in problem.what
    with pytest.raises(ProblemError):
        await gateway.profiles()


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (
            "metadata_service_timeout = soon",
            "The settings of profile x cannot be used (Value",
        ),
        ("aws_access_key_id = A", "The credentials of profile x are incomplete: aws_secret_acc"),
        ("credential_process = echo hello", "The credentials of profile x cannot be retrieved ("),
        ("credential_process = echo []", "The credentials of profile x cannot be retrieved ("),
        ("credential_process = echo 'x", "The credentials of profile x cannot be retrieved ("),
        (
            "credential_process = /no/such/program",
            "The credentials of profile x cannot be retrieved (No such file or directory: /no/such",
        ),
        (
            "role_arn = arn:aws:iam::1:role/operators\nweb_identity_token_file = /no/such/token",
            "The credentials of profile x cannot be retrieved (No such file or directory: /no/such",
        ),
        (
            "role_arn = arn:aws:iam::1:role/operators",
            "The credentials of profile x are incomplete: source_profile or credential_source is",
        ),
        (
            "role_arn = arn:aws:iam::1:role/operators\nsource_profile = y",
            'The configuration of profile x is wrong (The source_profile "y" referenced in the ',
        ),
        (
            "sso_start_url = https://x.example",
            "No credentials for profile x. Run aws configure ",
        ),
        ("services = mine", "The configuration of profile x is wrong (The profile is configured "),
        ("defaults_mode = fast", "sts:GetCallerIdentity cannot be called (InvalidDefaultsMode)"),
    ],
)
async def test_what_is_wrong_with_a_profile_is_said_once(gateway, aws_home, settings, words):
    text = f"[profile x]\nregion = eu-west-1\n{settings}\n"
    if "_access" not in settings and "_process" not in settings and "_arn" not in settings:
        text += "aws_access_key_id = A\naws_secret_access_key = s\n" * ("sso" not in settings)
    (aws_home / "config").write_text(text)
    scopes, (problem,) = await gateway.resolve(Selection(profiles=("x",)))
    assert scopes == []
    assert problem.sentence.startswith(words)
    assert problem.remedy
    assert problem.kind in (ProblemKind.INPUT, ProblemKind.CREDENTIALS)


async def test_an_unreachable_endpoint(gateway, profiles):
    profiles("one")
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        _, (problem,) = await gateway.resolve(Selection(profiles=("one",), endpoint_url=url))
    assert (problem.kind, problem.what) == (ProblemKind.ENDPOINT, f"{url} cannot be reached")


# Contexts


@pytest.fixture
async def resolve(endpoint, profiles):
    """The one scope of profile "one", under the given contexts."""
    profiles("one")
    endpoint.handlers["ListAccountAliases"] = lambda _params: endpoint.xml_error(
        "AccessDenied", status=403
    )

    async def resolving(contexts=None, **selection):
        settings = Settings(contexts=contexts or {}, retry=SETTINGS.retry)
        async with Gateway(settings) as gateway:
            (scope,), _ = await gateway.resolve(
                Selection(profiles=("one",), endpoint_url=endpoint.url, **selection)
            )
            await gateway.aliases()
            return scope

    return resolving


async def test_an_alias_that_is_denied_is_missed_by_nobody(resolve):
    scope = await resolve()
    assert (scope.alias, scope.name) == (None, "one")


async def test_production_starts_in_connect_mode_and_can_be_armed(resolve):
    for contexts, more in (
        ({"one": ContextPolicy(production=True)}, {}),
        ({"111122223333": ContextPolicy(production=True)}, {}),
        ({}, {"production": True}),
    ):
        scope = await resolve(contexts, **more)
        assert (scope.production, scope.mode, scope.can_arm) == (True, Mode.CONNECT, True)


async def test_names_and_modes_are_configured(resolve):
    policy = ContextPolicy(name="DEV", mode=Mode.LOOK)
    scope = await resolve({"one": policy})
    assert (scope.name, scope.mode, scope.production) == ("DEV", Mode.LOOK, False)
    both = {"one": ContextPolicy(mode=Mode.CHANGE), "111122223333": ContextPolicy(mode=Mode.LOOK)}
    assert (await resolve(both)).mode is Mode.LOOK


async def test_the_selections_mode_bounds_everything(resolve):
    scope = await resolve({"one": ContextPolicy(production=True)}, mode=Mode.LOOK)
    assert (scope.mode, scope.can_arm) == (Mode.LOOK, False)


# The gate over real HTTP


@pytest.mark.parametrize("reply", ["ABORT", "HANG", "500", "cut"])
async def test_a_change_whose_reply_is_lost_is_sent_once(endpoint, profiles, tmp_path, reply):
    from aiohttp import web

    profiles("one")
    effects = []

    def answer(params):
        effects.append(params["InstanceId"])
        return {
            "ABORT": endpoint.ABORT,
            "HANG": endpoint.HANG,
            "500": endpoint.json_error("InternalServerError", status=500),
            "cut": web.Response(body=b"{", status=200),
        }[reply]

    endpoint.handlers["UpdateManagedInstanceRole"] = answer
    settings = Settings(audit=tmp_path / "audit.jsonl", read_timeout=0.3)
    params = {"InstanceId": "mi-0123456789abcdef0", "IamRole": "role"}
    async with Gateway(settings) as gateway:
        (scope,), _ = await gateway.resolve(Selection(profiles=("one",), endpoint_url=endpoint.url))
        change = await scope.change("ssm", "UpdateManagedInstanceRole", params, intent="x")
        assert change.outcome is Outcome.UNKNOWN
        assert len(effects) == 1

        async def done():
            return True

        change = await scope.change(
            "ssm", "UpdateManagedInstanceRole", params, intent="x", reconcile=done
        )
        assert change.outcome is Outcome.DONE
        assert len(effects) == 2
    outcomes = (tmp_path / "audit.jsonl").read_text()
    assert outcomes.count('"unknown"') == 1


async def test_leaving_ends_what_is_under_way(endpoint, profiles):
    profiles("one")
    endpoint.handlers["ListAccountAliases"] = lambda _params: endpoint.HANG
    async with asyncio.timeout(10):
        async with Gateway(SETTINGS) as gateway:
            await gateway.resolve(Selection(profiles=("one",), endpoint_url=endpoint.url))


async def test_a_gateway_is_entered_before_it_is_used():
    with pytest.raises(RuntimeError):
        await Gateway().resolve(Selection())


async def test_behind_an_endpoint_a_region_may_be_newer_than_the_library(
    gateway, endpoint, profiles
):
    profiles("one")
    newer = Selection(profiles=("one",), regions=("eu-north-9",), endpoint_url=endpoint.url)
    (scope,), problems = await gateway.resolve(newer)
    assert (scope.region, problems) == ("eu-north-9", [])


async def test_an_empty_name_of_a_profile_is_said_as_such(gateway, profiles, monkeypatch):
    profiles("one")
    monkeypatch.setenv("AWS_PROFILE", "")
    _, (problem,) = await gateway.resolve(Selection())
    assert problem.what == "AWS_PROFILE is set, but empty"


async def test_without_any_profile_the_variables_that_say_where_are_named(gateway, profiles):
    profiles()
    _, (problem,) = await gateway.resolve(Selection(profiles=("x",)))
    assert "AWS_CONFIG_FILE" in problem.remedy

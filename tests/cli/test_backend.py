"""From options to an open way to AWS, and the demo's walls."""

import os
from pathlib import Path

import pytest

from ssmtui.aws.scope import Mode
from ssmtui.cli import backend
from ssmtui.cli.options import Options
from ssmtui.cli.run import VerbEndedError
from ssmtui.core.problem import ProblemError, ProblemKind
from ssmtui.local import paths as places
from ssmtui.local.config import Config, Context


def test_the_selection_comes_from_options_then_from_the_configuration():
    config = Config(regions=["eu-west-1"])
    assert backend.selection_of(Options(), config).regions == ("eu-west-1",)
    asked = Options(regions=("us-east-1",), mode="connect")
    selection = backend.selection_of(asked, config)
    assert selection.regions == ("us-east-1",)
    assert selection.mode is Mode.CONNECT


def test_a_read_only_configuration_wins_over_the_mode():
    selection = backend.selection_of(Options(mode="change"), Config(read_only=True))
    assert selection.mode is Mode.LOOK


def test_signatures_tell_selections_apart(monkeypatch):
    monkeypatch.setenv("AWS_PROFILE", "dev")
    one = backend.signature_of(Options(), Config())
    assert "dev" in one
    assert one != backend.signature_of(Options(profiles=("prod",)), Config())
    assert one != backend.signature_of(Options(all_regions=True), Config())


def test_the_demo_has_a_state_of_its_own():
    assert backend.paths_of(Options(demo=True)).state != backend.paths_of(Options()).state


async def test_contexts_of_the_configuration_are_in_force(open_fleet):
    async with open_fleet(nodes=20) as fleet:
        name = fleet.endpoint.profiles[0]
        config = Config(contexts={name: Context(name="ours", production=True)})
        options = Options(profiles=(name,))
        async with backend.connected(options, config, places.default()) as connection:
            (scope,), problems = await connection.resolve()
        assert problems == []
        assert scope.name == "ours"
        assert scope.production
        assert scope.mode is Mode.CONNECT


async def test_resolving_again_asks_for_what_failed_and_keeps_what_is_there(open_fleet):
    async with open_fleet(nodes=20, accounts=3) as fleet:
        first, *others = fleet.endpoint.profiles
        fleet.endpoint.faults.add(f"expired sts:* account={fleet.scopes[0].key.account} count=2")
        options = Options(profiles=(first, *others))
        async with backend.connected(options, Config(), places.default()) as connection:
            scopes, problems = await connection.resolve()
            assert [scope.profile for scope in scopes] == others
            assert [problem.kind for problem in problems] == [ProblemKind.EXPIRED]
            again, problems = await connection.resolve()
            assert again == scopes
            assert len(problems) == 1
            every, problems = await connection.resolve()
            assert [scope.profile for scope in every] == [first, *others]
            assert every[1:] == scopes
            assert problems == []
            asked = fleet.endpoint.calls.copy()
            assert await connection.resolve() == (every, [])
            assert fleet.endpoint.calls == asked


async def test_a_wrong_region_leaves_the_explorer_the_others_and_ends_a_verb(open_fleet):
    async with open_fleet(nodes=20) as fleet:
        (profile,), (there,) = fleet.endpoint.profiles, fleet.scopes
        options = Options(profiles=(profile,), regions=("mars-1", there.region))
        async with backend.connected(options, Config(), places.default()) as connection:
            (scope,), problems = await connection.resolve()
            assert scope.region == there.region
            assert [problem.what for problem in problems] == ["mars-1 is not a Region"]
            assert await connection.resolve() == ([scope], problems)  # as it is wrong still
            with pytest.raises(VerbEndedError) as caught:
                await backend.resolve_or_fail(connection)
        assert (caught.value.code, list(caught.value.problems)) == (2, problems)


async def test_all_regions_are_as_they_are_whatever_the_configuration_names(open_fleet):
    async with open_fleet(nodes=20) as fleet:
        options = Options(profiles=tuple(fleet.endpoint.profiles), all_regions=True)
        config = Config(regions=["mars-1"])
        async with backend.connected(options, config, places.default()) as connection:
            scopes, problems = await backend.resolve_or_fail(connection)
        assert {scope.key for scope in fleet.scopes} <= {scope.key for scope in scopes}
        assert problems == []


async def test_renewed_credentials_are_read_from_the_files_again(open_fleet):
    async with open_fleet(nodes=20) as fleet:
        (profile,) = fleet.endpoint.profiles
        options = Options(profiles=(profile,))
        async with backend.connected(options, Config(), places.default()) as connection:
            ((scope,), _) = await connection.resolve()
            file = Path(os.environ["AWS_SHARED_CREDENTIALS_FILE"])
            file.write_text(file.read_text().replace("aws_secret", "#aws_secret"))
            await scope.read("ssm", "GetConnectionStatus", {"Target": "i-0123456789abcdef0"})
            connection.renew([profile])
            with pytest.raises(ProblemError, match="incomplete"):
                await scope.read("ssm", "GetConnectionStatus", {"Target": "i-0123456789abcdef0"})


async def test_the_demo_reaches_nothing_but_itself(monkeypatch):
    monkeypatch.setattr(
        backend, "DEMO_FLEET", ("--nodes", "30", "--accounts", "2", "--regions", "1")
    )
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAREAL")
    monkeypatch.setenv("AWS_PROFILE", "real")
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    # What the demo sets goes when the test ends.
    monkeypatch.setenv("AWS_ENDPOINT_URL", "")
    async with backend.connected(Options(demo=True), Config(), places.demo()) as connection:
        assert "AWS_ACCESS_KEY_ID" not in os.environ
        assert "AWS_PROFILE" not in os.environ
        assert "HTTPS_PROXY" not in os.environ
        assert os.environ["AWS_ENDPOINT_URL"].startswith("http://127.0.0.1:")
        scopes, problems = await connection.resolve()
        assert problems == []
        assert len({scope.key for scope in scopes}) == 2


async def test_the_demo_knows_its_regions(monkeypatch):
    monkeypatch.setattr(
        backend, "DEMO_FLEET", ("--nodes", "10", "--accounts", "1", "--regions", "1")
    )
    monkeypatch.setenv("AWS_ENDPOINT_URL", "")
    with pytest.raises(ProblemError, match="mars-1"):
        async with backend.connected(
            Options(demo=True, regions=("mars-1",)), Config(), places.demo()
        ):
            pass


def test_a_log_that_cannot_be_written(tmp_path, monkeypatch):
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setenv("SSMTUI_STATE_DIR", str(blocked / "state"))
    with pytest.raises(ProblemError, match="cannot be written"):
        backend.start_log(Options(log_level="info"), places.default())

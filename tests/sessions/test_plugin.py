from __future__ import annotations

import json
import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from ssmtui.aws.signing import Credentials
from ssmtui.core.keys import RowKey
from ssmtui.core.problem import ProblemError
from ssmtui.core.secret import Secret
from ssmtui.sessions.plugin import Plugin, find_plugin, invocation
from ssmtui.sessions.specs import SessionSpec
from ssmtui.sessions.start import Started

NODE = RowKey("111122223333", "eu-west-1", "i-0123456789abcdef0")
PLUGIN = Plugin("/opt/session-manager-plugin", "1.2.804.0")


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Put a plugin on PATH, as the body of a shell script."""

    def put(script):
        path = tmp_path / "session-manager-plugin"
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}/usr/bin{os.pathsep}/bin")
        return str(path)

    return put


@pytest.mark.parametrize("version", ["1.2.497.1", "1.2.764.0", "1.3", "2.0.0.0"])
async def test_a_plugin_that_is_new_enough_is_found(install, version):
    path = install(f"echo '{version} '")
    assert await find_plugin() == Plugin(path, version)


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("echo 1.2.497.0", "1.2.497.0 is too old"),
        ("echo 1.2", "1.2 is too old"),
        ("echo hello", "does not say its version"),
        ("exit 1", "does not say its version"),
        ("echo 1.2.804.0-rc1", "does not say its version"),
    ],
)
async def test_a_plugin_that_is_no_use_says_so_with_the_remedy(install, script, words):
    install(script)
    with pytest.raises(ProblemError) as caught:
        await find_plugin()
    assert words in caught.value.problem.what
    assert "Install it from" in caught.value.problem.remedy
    assert "--no-plugin" in caught.value.problem.remedy


async def test_a_missing_plugin(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ProblemError, match="is not on PATH"):
        await find_plugin()


async def test_a_plugin_that_cannot_be_run(install):
    Path(install("")).write_text("#!/no/such/interpreter\n")
    with pytest.raises(ProblemError, match="cannot be run"):
        await find_plugin()


async def test_a_plugin_that_hangs_is_not_waited_for(install, monkeypatch):
    monkeypatch.setattr("ssmtui.sessions.plugin._VERSION_SECONDS", 0.05)
    install("exec sleep 1000")
    with pytest.raises(ProblemError, match="does not say its version"):
        await find_plugin()


@pytest.mark.parametrize(("version", "old"), [("1.2.763.9", True), ("1.2.764.0", False)])
def test_a_plugin_that_soon_will_be_no_use_is_warned_about(version, old):
    warning = Plugin("p", version).warning
    assert bool(warning) is old
    assert not old or "1.2.764.0" in warning


def _session(profile="shop", token="session-token"):
    async def credentials():
        return Credentials("AKIA", Secret("key"), Secret(token))

    scope = SimpleNamespace(
        region="eu-west-1",
        profile=profile,
        credentials=credentials,
        endpoint=lambda service: f"https://{service}.example",
    )
    spec = SessionSpec(NODE, "AWS-StartSSHSession", {"portNumber": ["22"]})
    started = Started("jane-0abc", Secret("the-token"), "wss://channel.example")
    return SimpleNamespace(scope=scope, spec=spec, started=started)


async def test_a_named_profile_is_named_and_finds_its_own_credentials():
    environ = {"HOME": "/h", "AWS_ACCESS_KEY_ID": "other", "AWS_PROFILE": "other"}
    called = await invocation(PLUGIN, _session(), environ)
    path, variable, *rest, request, endpoint = called.arguments
    assert path == PLUGIN.path
    assert rest == ["eu-west-1", "StartSession", "shop"]
    assert json.loads(request) == {
        "Target": NODE.id,
        "DocumentName": "AWS-StartSSHSession",
        "Parameters": {"portNumber": ["22"]},
    }
    assert endpoint == "https://ssm.example"
    assert set(called.environment) == {"HOME", variable}
    assert json.loads(called.environment[variable]) == {
        "SessionId": "jane-0abc",
        "TokenValue": "the-token",
        "StreamUrl": "wss://channel.example",
    }


async def test_other_credentials_are_put_into_the_environment():
    called = await invocation(PLUGIN, _session(profile=None), {"AWS_PROFILE": "gone"})
    assert called.arguments[4] == ""
    variable = called.arguments[1]
    assert {name: value for name, value in called.environment.items() if name != variable} == {
        "AWS_ACCESS_KEY_ID": "AKIA",
        "AWS_SECRET_ACCESS_KEY": "key",
        "AWS_SESSION_TOKEN": "session-token",
        "AWS_EC2_METADATA_DISABLED": "true",
    }


async def test_the_token_is_in_no_argument_and_in_no_repr():
    called = await invocation(PLUGIN, _session(), {})
    assert not any("the-token" in argument for argument in called.arguments)
    assert "the-token" not in repr(called)


async def test_two_at_once_have_variables_of_their_own():
    names = {(await invocation(PLUGIN, _session(), {})).arguments[1] for _ in range(2)}
    assert len(names) == 2
    assert all(name.startswith("AWS_SSM_START_SESSION_RESPONSE") for name in names)

"""`ssmtui info`."""

import hashlib
import json
import os
import stat
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from ssmtui import __version__


def test_it_names_paths_versions_identity_and_the_plugin(served, ssmtui):
    result = ssmtui("info", "-o", "json")
    assert result.exit_code == 0, result.stderr
    answer = json.loads(result.stdout)
    assert answer["versions"]["ssmtui"] == __version__
    assert answer["paths"]["config"].endswith("config.toml")
    assert next(iter(answer["contexts"].values())).startswith("ops as shop-")
    assert "session-manager-plugin" in answer["plugin"]


def test_the_plugin_on_path_is_asked_for_its_version(served, ssmtui, tmp_path, monkeypatch):
    script = tmp_path / "bin" / "session-manager-plugin"
    script.parent.mkdir()
    script.write_text("#!/bin/sh\necho 1.2.764.0\n")
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{script.parent}{os.pathsep}{os.environ['PATH']}")
    text = ssmtui("info").stdout
    assert f"1.2.764.0 ({script})\n" in text
    script.write_text("#!/bin/sh\necho 1.2.600.0\n")
    assert f"1.2.600.0 ({script}); session-manager-plugin 1.2.600.0 is older" in (
        ssmtui("info").stdout
    )


def test_a_plugin_that_cannot_be_used_is_told_as_everywhere(served, ssmtui, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    result = ssmtui("info", "-o", "json")
    assert result.exit_code == 0, result.stderr
    (words,) = json.loads(result.stdout)["plugin"].values()
    assert words.startswith("session-manager-plugin is not on PATH. Install it from https://")
    script = tmp_path / "session-manager-plugin"
    script.write_text("#!/bin/sh\necho 1.2.30.0\n")
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    assert "session-manager-plugin 1.2.30.0 is too old. " in ssmtui("info").stdout


def test_without_credentials_it_still_names_the_paths(ssmtui):
    result = ssmtui("info", "--region", "eu-west-1")
    assert result.exit_code == 2
    assert "config.toml" in result.stdout
    assert "redentials" in result.stderr


@pytest.fixture
def portal(served):
    """The access portal of a login: for its token it gives the keys of the fleet's account."""
    own = served.endpoint.client_options()
    asked = []

    class Portal(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append((self.path, self.headers["x-amz-sso_bearer_token"]))
            credentials = {
                "accessKeyId": own["aws_access_key_id"],
                "secretAccessKey": own["aws_secret_access_key"],
                "sessionToken": "",
                "expiration": 4070908800000,
            }
            body = json.dumps({"roleCredentials": credentials}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            return

    server = HTTPServer(("127.0.0.1", 0), Portal)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("logged_in", [True, False])
def test_an_sso_profile_is_a_way_in(served, portal, tmp_path, logged_in):
    """In a process of its own: the library looks its home folder up when it is imported."""
    url, asked = portal
    config = tmp_path / "sso-config"
    config.write_text(
        "[profile corp]\nsso_session = corp\nsso_account_id = 111122223333\nsso_role_name = ops\n"
        "region = eu-west-1\n[sso-session corp]\nsso_start_url = https://corp.example/start\n"
        "sso_region = eu-west-1\n"
    )
    if logged_in:
        cache = Path(os.environ["HOME"]) / ".aws" / "sso" / "cache"
        cache.mkdir(parents=True)
        token = {"accessToken": "the-login", "expiresAt": "2099-01-01T00:00:00Z"}
        name = hashlib.sha1(b"corp", usedforsecurity=False).hexdigest()
        (cache / f"{name}.json").write_text(json.dumps(token))
    done = subprocess.run(
        [sys.executable, "-m", "ssmtui", "--profile", "corp", "info", "-o", "json"],
        env={**os.environ, "AWS_CONFIG_FILE": str(config), "AWS_ENDPOINT_URL_SSO": url},
        capture_output=True,
        text=True,
        check=False,
    )
    contexts = json.loads(done.stdout)["contexts"]
    if logged_in:
        assert done.returncode == 0, done.stderr
        (words,) = contexts.values()
        assert words == "ops as shop-dev, change mode"
        query = "/federation/credentials?role_name=ops&account_id=111122223333"
        assert asked == [(query, "the-login")]
    else:
        assert (done.returncode, contexts, asked) == (2, {}, [])
        assert done.stderr == (
            "ssmtui: There is no valid login of profile corp. Run: aws sso login --profile corp.\n"
        )


def test_a_broken_config_names_the_line(served, ssmtui):
    path = Path(os.environ["HOME"]) / ".config" / "ssmtui" / "config.toml"
    path.parent.mkdir(parents=True)
    path.write_text('theme = "night"\nthem = 3\n')
    result = ssmtui("info")
    assert result.exit_code == 2
    assert "line 2" in result.stderr
    assert "config.toml" in result.stderr

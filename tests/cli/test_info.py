"""`ssmtui info`."""

import json
import os
import stat
from pathlib import Path

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


def test_a_broken_config_names_the_line(served, ssmtui):
    path = Path(os.environ["HOME"]) / ".config" / "ssmtui" / "config.toml"
    path.parent.mkdir(parents=True)
    path.write_text('theme = "night"\nthem = 3\n')
    result = ssmtui("info")
    assert result.exit_code == 2
    assert "line 2" in result.stderr
    assert "config.toml" in result.stderr

from __future__ import annotations

from pathlib import Path

import pytest

from ssmtui.local import paths
from ssmtui.local.paths import Paths, builtin_themes, default, demo, shared_profiles


def test_the_folders_may_be_named(tmp_path: Path) -> None:
    environ = {"SSMTUI_CONFIG_DIR": f"{tmp_path}/c", "SSMTUI_STATE_DIR": f"{tmp_path}/s"}
    assert default(environ) == Paths(tmp_path / "c", tmp_path / "s", tmp_path / "s" / "cache")


def test_a_home_may_be_meant(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert default({"SSMTUI_CONFIG_DIR": "~/c"}).config == tmp_path / "c"


def test_else_they_are_the_platform_s() -> None:
    found = default({})
    assert "ssmtui" in str(found.config)
    assert "ssmtui" in str(found.state)


def test_the_demo_shares_only_the_configuration(tmp_path: Path) -> None:
    environ = {"SSMTUI_CONFIG_DIR": f"{tmp_path}/c", "SSMTUI_STATE_DIR": f"{tmp_path}/s"}
    real, simulated = default(environ), demo(environ)
    assert simulated.config == real.config
    assert simulated.snapshot != real.snapshot
    assert simulated.audit != real.audit
    assert simulated.state.is_relative_to(real.state)


def test_every_file_is_in_its_folder(tmp_path: Path) -> None:
    it = Paths(tmp_path / "c", tmp_path / "s", tmp_path / "k")
    assert {it.config_file.parent, it.themes.parent} == {it.config}
    files = (it.snapshot, it.audit, it.crashes, it.history, it.log, it.rollouts, it.remembered)
    assert {p.parent for p in files} == {it.state}
    assert not it.state.exists()


def test_themes_come_from_the_package_or_the_checkout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "site" / "ssmtui"
    (package / "local").mkdir(parents=True)
    monkeypatch.setattr(paths, "__file__", str(package / "local" / "paths.py"))
    assert builtin_themes() == tmp_path / "site" / "themes"
    (package / "themes").mkdir()
    assert builtin_themes() == package / "themes"


def test_profiles_are_read_from_both_shared_files(tmp_path: Path) -> None:
    config, credentials = tmp_path / "config", tmp_path / "credentials"
    config.write_text(
        '[default]\n[profile shop-prod]\nregion = x\n[profile "two words"]\n'
        "[sso-session corp]\n# [profile not]\n[services s]\n"
    )
    credentials.write_bytes(b"[keys]\naws_access_key_id=\xff\n[shop-prod]\n")
    environ = {"AWS_CONFIG_FILE": str(config), "AWS_SHARED_CREDENTIALS_FILE": str(credentials)}
    assert shared_profiles(environ) == ("default", "keys", "shop-prod", "two words")


def test_without_shared_files_there_are_no_profiles(tmp_path: Path) -> None:
    environ = {
        "AWS_CONFIG_FILE": str(tmp_path / "none"),
        "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path),
    }
    assert shared_profiles(environ) == ()

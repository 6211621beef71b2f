"""Which themes there are."""

import pytest

from ssmtui.local.paths import builtin_themes
from ssmtui.local.themes import is_theme, no_theme, theme_files, theme_names


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "b.toml").write_text('name = "blue"\nprimary = "#00f"\n')
    (tmp_path / "a.toml").write_text('primary = "#00f"\n')
    (tmp_path / "broken.toml").write_text("primary = ")
    (tmp_path / "wrong.toml").write_text("name = 3\n")
    (tmp_path / "binary.toml").write_bytes(b"\xff")
    (tmp_path / "notes.txt").write_text("")
    return tmp_path


def test_names_are_what_files_say_or_their_own(folder):
    assert theme_names([folder, folder / "none"]) == ["a", "binary", "blue", "broken", "wrong"]
    assert [path.name for path in theme_files(folder)][:2] == ["a.toml", "b.toml"]
    assert theme_files(folder / "none") == []


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("blue", True),
        ("b", False),
        ("broken", True),
        ("night", True),
        ("nihgt", False),
        ("", False),
    ],
)
def test_a_name_is_looked_for_in_every_folder(folder, name, known):
    assert is_theme(name, [builtin_themes(), folder]) is known


def test_no_such_theme_is_one_sentence():
    known = ["day", "night"]
    assert no_theme("nihgt", known).sentence == "There is no theme 'nihgt'. Did you mean night."
    said = no_theme("xyz\x1b", known, "config.toml line 3: theme: ").sentence
    assert said.startswith("config.toml line 3: theme: there is no theme 'xyz")
    assert said.endswith("There are day, night.")
    assert "\x1b" not in said

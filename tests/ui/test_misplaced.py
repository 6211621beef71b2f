"""What the configuration says in vain."""

from __future__ import annotations

import pytest

from ssmtui.local.config import load
from ssmtui.local.paths import Paths
from ssmtui.ui.misplaced import misplaced


@pytest.fixture
def checked(tmp_path, fleet):
    """What is said of a config.toml."""
    paths = Paths(tmp_path, tmp_path / "state", tmp_path / "cache")

    def check(text: str) -> list[str]:
        paths.config_file.write_text(text)
        found = misplaced(load(paths.config_file), paths, [fleet.resource()])
        return [problem.what for problem in found]

    return check


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", []),
        ('theme = "night"\n[keys]\ndescribe = "f3"\n[columns]\nnodes = ["name"]\n', []),
        ('\ntheme = "nope"\n', ["config.toml line 2: theme: there is no theme 'nope'"]),
        (
            '[keys]\ndescribe = ["notakey"]\n',
            ["config.toml line 2: keys.describe: 'notakey' is not a key"],
        ),
        (
            '[keys]\nhelp = "f1"\nyaml = ["d"]\n',
            ["config.toml line 3: keys.yaml: d is the key of describe already"],
        ),
        (
            '[keys]\ndescirbe = "f3"\n',
            ["config.toml line 2: keys.descirbe: there is no action of that name"],
        ),
        (
            '[columns]\nnodes = ["pnig"]\n',
            ["config.toml line 2: columns.nodes: there is no column pnig"],
        ),
    ],
)
def test_everything_in_vain_is_said_with_its_line(checked, text, said) -> None:
    assert checked(text) == said


def test_all_of_it_is_said_at_once(checked) -> None:
    assert len(checked('theme = "nope"\n[keys]\nyaml = "d"\n[columns]\nnoods = []\n')) == 3


def test_a_theme_of_one_s_own_is_one_whatever_is_wrong_with_it(checked, tmp_path) -> None:
    (tmp_path / "themes").mkdir()
    (tmp_path / "themes" / "mine.toml").write_text("primary = ")
    assert checked('theme = "mine"\n') == []

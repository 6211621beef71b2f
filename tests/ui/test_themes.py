from __future__ import annotations

import re
from pathlib import Path

import pytest
from textual.color import Color

from ssmtui.core.problem import ProblemError
from ssmtui.local.paths import builtin_themes
from ssmtui.ui.style import APP_CSS
from ssmtui.ui.themes import VARIABLES, choose, default_theme, load_themes, read_theme

GOOD = 'primary = "#7fb4ff"\n'


def theme_file(folder: Path, text: str, name: str = "mine.toml") -> Path:
    path = folder / name
    path.write_text(text)
    return path


def test_the_built_in_themes_are_sound_and_whole() -> None:
    themes, problems = load_themes([builtin_themes()])
    assert problems == []
    assert {theme.name for theme in themes} >= {"night", "day", "contrast"}
    for theme in themes:
        assert set(theme.variables) == set(VARIABLES)
    assert {theme.dark for theme in themes} == {True, False}


def test_contrast_is_high() -> None:
    themes, _ = load_themes([builtin_themes()])
    theme = choose("contrast", themes)
    background = Color.parse(theme.background or "")
    inks = {key: value for key, value in theme.variables.items() if key.startswith("status")}
    for value in (*inks.values(), theme.foreground, theme.primary, theme.variables["muted"]):
        assert contrast(Color.parse(value or ""), background) >= 7


def contrast(first: Color, second: Color) -> float:
    """The ratio of WCAG 2."""
    high, low = sorted((luminance(first), luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def luminance(color: Color) -> float:
    parts = [
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4
        for part in (color.r / 255, color.g / 255, color.b / 255)
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def test_every_own_variable_of_the_style_sheet_has_a_default() -> None:
    used = set(re.findall(r"\$(status-\w+|cursor-row-ink|cursor-row|mark|changed|stale)", APP_CSS))
    assert used
    assert used <= set(VARIABLES)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("primary = ", "mine.toml"),
        ('primary = "#zzz"', "#zzz"),
        ('secondary = "#fff"', "no primary"),
        (GOOD + 'primry = "#fff"', "primry"),
        (GOOD + "variables = 3", "not a table"),
        (GOOD + '[variables]\nmuted = "nonsense"', "nonsense"),
        (GOOD + "[variables]\nmuted = 3", "muted"),
        (GOOD + 'dark = "yes"', "dark"),
        (GOOD + "name = 3", "name"),
    ],
)
def test_a_broken_theme_is_one_sentence(tmp_path: Path, text: str, word: str) -> None:
    with pytest.raises(ProblemError) as caught:
        read_theme(theme_file(tmp_path, text))
    assert word in caught.value.problem.what
    assert "mine.toml" in caught.value.problem.what


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("\nfoo = 1\n", "line 3: it has the unknown key 'foo'"),
        ("\nsecondary = '#zzz'\n", "line 3: secondary is not a colour: '#zzz'"),
        ("[variables]\nmark = '#fff'\nmuted = 3\n", "line 4: muted is not a colour"),
        ("dark = 1\n", "line 2: dark is not true or false"),
        ("variables =\n", "line 2: Invalid value"),
    ],
)
def test_a_broken_theme_names_the_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ProblemError) as caught:
        read_theme(theme_file(tmp_path, GOOD + text))
    assert f"mine.toml cannot be used: {said}" in caught.value.problem.what


def test_a_broken_file_does_not_hide_the_others(tmp_path: Path) -> None:
    theme_file(tmp_path, "primary = ")
    theme_file(tmp_path, GOOD, "good.toml")
    themes, problems = load_themes([tmp_path / "none", tmp_path])
    assert [theme.name for theme in themes] == ["good"]
    assert len(problems) == 1


def test_the_user_s_own_theme_wins(tmp_path: Path) -> None:
    theme_file(tmp_path, 'name = "night"\nprimary = "#123456"\n')
    themes, _ = load_themes([builtin_themes(), tmp_path])
    assert choose("night", themes).primary == "#123456"


def test_an_unknown_name_says_what_there_is(tmp_path: Path) -> None:
    themes, _ = load_themes([builtin_themes()])
    with pytest.raises(ProblemError, match="night"):
        choose("nihgt", themes)


@pytest.mark.parametrize(
    ("wanted", "colours", "chosen"),
    [
        ("contrast", "", "contrast"),
        ("", "", "night"),
        ("", "15;0", "night"),
        ("", "0;15", "day"),
        ("", "0;default;7", "day"),
        ("", "15;8", "night"),
        ("gone", "rubbish", "night"),
    ],
)
def test_the_terminal_s_background_chooses(wanted: str, colours: str, chosen: str) -> None:
    names = ["night", "day", "contrast"]
    assert default_theme(wanted, names, {"COLORFGBG": colours}) == chosen

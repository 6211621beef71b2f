from __future__ import annotations

from pathlib import Path

import pytest

from ssmtui.core.problem import ProblemError, ProblemKind
from ssmtui.local.config import Config, Context, Freeze, dotted, load, nowhere, place

WHOLE = """
theme = "midnight"
ascii = true
read_only = true
refresh_seconds = 120
regions = ["eu-west-1", "us-east-1"]
summary = false
mouse = false
clipboard = "osc52"

[keys]
run = "f5"
mark = ["space", "m"]
why = []

[aliases]
prod = "nodes Env=prod"

[columns]
nodes = ["name", "ping"]

[contexts.shop-prod]
name = "SHOP"
production = true
mode = "connect"

[freezes.year-end]
calendars = ["year-end"]
contexts = ["shop-prod"]
filter = "Env=prod"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def test_without_a_file_every_default_holds(file: Path) -> None:
    assert load(file) == Config()


def test_an_empty_file_says_nothing(file: Path) -> None:
    file.write_text("")
    assert load(file) == Config()


def test_everything_can_be_said(file: Path) -> None:
    file.write_text(WHOLE)
    config = load(file)
    assert config.theme == "midnight"
    assert config.ascii
    assert config.read_only
    assert config.refresh_seconds == 120
    assert config.regions == ["eu-west-1", "us-east-1"]
    assert not config.summary
    assert not config.mouse
    assert config.clipboard == "osc52"
    assert config.aliases == {"prod": "nodes Env=prod"}
    assert config.columns == {"nodes": ["name", "ping"]}
    assert config.contexts == {"shop-prod": Context("SHOP", True, "connect")}
    assert config.freezes == {"year-end": Freeze(["year-end"], ["shop-prod"], "Env=prod")}


def test_keys_may_be_one_several_or_none(file: Path) -> None:
    file.write_text(WHOLE)
    config = load(file)
    assert config.keys_of("run") == ("f5",)
    assert config.keys_of("mark") == ("space", "m")
    assert config.keys_of("why") == ()
    assert config.keys_of("help") is None


def test_a_byte_order_mark_and_windows_line_ends_are_fine(file: Path) -> None:
    file.write_bytes(b'\xef\xbb\xbftheme = "a"\r\nmouse = false\r\n')
    assert load(file) == Config(theme="a", mouse=False)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("theme = 1", "config.toml line 1: theme has to be a string, not a number."),
        (
            "\n# words\nthemme = 'a'\n",
            "config.toml line 3: there is no key “themme”. Did you mean theme.",
        ),
        ("a = 1\n", "config.toml line 1: there is no key “a”. Known keys are theme, ascii, "),
        ("theme = 'a'\ntheme = 'b'\n", "config.toml line 2: Cannot overwrite a value."),
        ("theme = 'a'\nmouse = [\n", "config.toml line 2: "),
        ("theme = \n", "config.toml line 1: Invalid value."),
        (
            "[contexts.x]\nproduction = true\n\n# no\nmode = 'loook'\n",
            "config.toml line 5: contexts.x.mode is not one of look, connect, change.",
        ),
        (
            "[contexts.x]\nproduktion = true\nmode = 'look'\n",
            "config.toml line 2: there is no key “produktion” in contexts.x. Did you mean produc",
        ),
        (
            "[freezes.y]\ncalendars = ['c']\ncontext = ['a']\n",
            "config.toml line 3: there is no key “context” in freezes.y. Did you mean contexts.",
        ),
        ("[freezes.y]\nfilter = 'a'\n", "config.toml line 1: freezes.y has no calendars. Write"),
        (
            "\nclipboard = 'x'",
            "config.toml line 2: clipboard is not one of auto, osc52, system, off.",
        ),
        (
            "mouse = true\nrefresh_seconds = 0.5",
            "config.toml line 2: refresh_seconds has to be a number >= 1.0",
        ),
        (
            "mouse = true\nkeys = {run = [\n  'a',\n  3]}\n",
            "config.toml line 2: keys.run[1] has to be a string, not a number.",
        ),
        ("[contexts]\nx = 3\n", "config.toml line 2: contexts.x has to be a table, not a number."),
        (
            "summary = '\u2028'\n",
            "config.toml line 1: summary has to be true or false, not a string.",
        ),
        (
            "theme = 'a\u2028b'\nsummary = 1\n",
            "config.toml line 2: summary has to be true or false, not a number.",
        ),
    ],
)
def test_a_wrong_file_is_one_sentence_with_its_line(file: Path, text: str, sentence: str) -> None:
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ProblemError) as error:
        load(file)
    assert str(error.value).startswith(sentence)
    assert error.value.problem.kind is ProblemKind.INPUT


def test_what_is_not_text_is_told_with_its_line(file: Path) -> None:
    file.write_bytes(b"theme = 'a'\n# \xff\n")
    with pytest.raises(ProblemError, match="line 2: it is not UTF-8 text"):
        load(file)


def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ProblemError) as error:
        load(tmp_path)
    assert str(tmp_path) in str(error.value)


def test_a_name_that_was_typed_cannot_disturb_the_screen(file: Path) -> None:
    file.write_text('"\\u001b[2J" = 1\n')
    with pytest.raises(ProblemError) as error:
        load(file)
    assert "\x1b" not in str(error.value)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[contexts.'a b']\nmode = 'x'\n", 'line 2: contexts."a b".mode is not one of look, '),
        ("[contexts.a]\nname = 'A'\n[contexts.b]\nname = 3\n", "line 4: contexts.b.name has to be"),
        (
            "contexts = {a = {mode = 'look'}, b = {mode = 3}}",
            "line 1: contexts.b.mode has to be a ",
        ),
        ("contexts.prod.mode = 3", "line 1: contexts.prod.mode has to be a string, not a number."),
        ("[[contexts]]\nmode = 'x'\n", "line 1: contexts has to be a table, not an array."),
        ("[contexts.prod.more]\n", "line 1: there is no key “more” in contexts.prod. Did you mean"),
        (
            "[contexts.prod]\nx = 1\n",
            "line 2: there is no key “x” in contexts.prod. Known keys are ",
        ),
        ("[columns]\nnodes = 'name'\n", "line 2: columns.nodes has to be an array, not a string."),
        (
            "[keys]\nrun = {a = 1}\n",
            "line 2: keys.run has to be a string or an array, not a table.",
        ),
        ("[aliases]\nx = 1979-05-27\n", "line 2: aliases.x has to be a string, not a date."),
        ("refresh_seconds = nan\n", "line 1: refresh_seconds has to be a number >= 1.0"),
        ("theme = " + "9" * 5000, "line 1: a number has too many digits."),
        ("theme = " + "[" * 50_000, "line 1: it is nested too deep."),
        ("[contexts.prod]\n\n[contexts.prod]\n", "line 3: Cannot declare contexts.prod twice."),
    ],
)
def test_a_wrong_value_is_named_in_full(file: Path, text: str, sentence: str) -> None:
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ProblemError) as error:
        load(file)
    assert str(error.value).removeprefix("config.toml ").startswith(sentence)


def test_the_place_of_what_is_said(file: Path) -> None:
    assert place(file, "keys", "run") == ""
    file.write_text(WHOLE)
    assert place(file, "keys", "run") == "config.toml line 12: "
    assert place(file, "keys", "nope") == ""
    file.write_bytes(b"\xff")
    assert place(file, "keys", "run") == ""
    assert nowhere("keys", "run") == ""


def test_names_are_written_as_toml_does() -> None:
    assert dotted("contexts", "prod-eu", "a b") == 'contexts.prod-eu."a b"'

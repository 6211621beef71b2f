"""Where a TOML text says something, and where it is wrong."""

import pytest

from ssmtui.local.toml_lines import TomlError, line_of, read, statement_where

TEXT = """\
# a comment
theme = "night"

[keys]
describe = [
  "d",

  "f3",
]
"a b" = "x"

[contexts.prod]
# production
mode = "look"
[contexts.dev]
mode = "look"
"""


@pytest.mark.parametrize(
    ("names", "line"),
    [
        (("theme",), 2),
        (("keys",), 4),
        (("keys", "describe"), 5),
        (("keys", "a b"), 10),
        (("contexts",), 12),
        (("contexts", "prod"), 12),
        (("contexts", "prod", "mode"), 14),
        (("contexts", "dev", "mode"), 16),
        (("contexts", "test"), None),
        (("theme", "night"), None),
        (("keys", "describe", "d"), None),
    ],
)
def test_where_something_is_said(names, line):
    assert line_of(TEXT, names) == line


def test_what_is_no_toml_says_nothing():
    assert line_of("a = 1\nb = \n", ("a",)) is None


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a = 1\nb = \n", 2, "Invalid value"),
        ("a = 1\n\n# c\nb = [\n\n", 4, "Invalid value"),
        ("a = 1\nb = '''\nc = 2\n", 2, "Expected \"'''\""),
        ("a = '''\n", 1, "Expected \"'''\""),
        ("a = 1\n[b", 2, "Expected ']'"),
        ("[a.'x y']\n[a.'x y']\n", 2, "Cannot declare a.x y twice"),
        ("a = 1\nb = 2\nb = 3", 3, "Cannot overwrite a value"),
        ("a = 1\nb = " + "9" * 5000, 2, "a number has too many digits"),
        ("\na = 1\nb = " + "[" * 50_000, 3, "it is nested too deep"),
    ],
)
def test_what_is_no_toml_is_told_with_its_line(text, line, words):
    with pytest.raises(TomlError) as caught:
        read(text)
    assert (caught.value.line, caught.value.what[: len(words)]) == (line, words)


@pytest.mark.parametrize("before", range(40))
def test_long_statements_before_the_open_one_are_not_blamed(before):
    text = "a = [\n" + "1,\n" * before + "]\n" + "b = '''\n" + "c\n" * 50
    with pytest.raises(TomlError) as caught:
        read(text)
    assert caught.value.line == before + 3


def test_the_statement_with_which_something_comes_true():
    line, tables = statement_where("a = 1\nb = [\n 2]\nc = 3\n", lambda tables: "b" in tables)
    assert (line, tables) == (2, {"a": 1, "b": [2]})


def test_of_many_contexts_few_are_read_again(monkeypatch):
    """Beginnings are halved: 1,600 lines are not read 1,600 times."""
    import ssmtui.local.toml_lines as module

    count = 0
    loads = module.tomllib.loads

    def counting(text):
        nonlocal count
        count += 1
        return loads(text)

    monkeypatch.setattr(module.tomllib, "loads", counting)
    many = "".join(
        f"[contexts.a{number}]\nname = 'A'\nproduction = true\n\n" for number in range(400)
    )
    assert line_of(many, ("contexts", "a333", "production")) == 333 * 4 + 3
    assert count < 20
    count = 0
    with pytest.raises(TomlError) as caught:
        read(f"{many}b = '''\n{many}")
    assert caught.value.line == 1601
    assert count < 400

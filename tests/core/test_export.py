"""Rows as JSON, JSON lines, CSV and YAML."""

import csv
import io
import json

import msgspec
import pytest
import yaml

from ssmtui.core.columns import UNKNOWN, Column, Kind
from ssmtui.core.export import FORMATS, export


class Row(msgspec.Struct, frozen=True):
    name: object = None
    seen: object = None
    size: object = None
    latest: object = None
    tags: object = None
    secret_sort: object = None


COLUMNS = (
    Column("name", "NAME", Kind.TEXT, 5, ""),
    Column("seen", "SEEN", Kind.TIME, 5, ""),
    Column("size", "SIZE", Kind.COUNT, 5, ""),
    Column("latest", "LATEST", Kind.FLAG, 5, ""),
    Column("tags", "TAGS", Kind.TAGS, 5, ""),
    Column("secret_sort", "", Kind.TEXT, 5, "", hidden=True),
)
ROWS = [
    Row("web", 0.0, 3, True, {"Env": "prod"}),
    Row("a[/]b\x1b]0;owned\x07\u202e", UNKNOWN, None, False, {}),
]
WANTED = [
    {"name": "web", "seen": "1970-01-01T00:00:00Z", "size": 3, "latest": True,
     "tags": {"Env": "prod"}},
    {"name": "a[/]b\x1b]0;owned\x07\u202e", "seen": None, "size": None, "latest": False,
     "tags": {}},
]  # fmt: skip


def text_of(form, rows=ROWS):
    return "".join(export(rows, COLUMNS, form))


@pytest.mark.parametrize("form", FORMATS)
def test_no_form_lets_a_terminal_be_steered(form):
    text = text_of(form)
    assert "\x1b" not in text
    assert "\x07" not in text
    assert "\u202e" not in text


def test_json_keeps_every_value():
    assert json.loads(text_of("json")) == WANTED
    assert json.loads(text_of("json", [])) == []


def test_json_lines():
    assert [json.loads(line) for line in text_of("jsonl").splitlines()] == WANTED
    assert text_of("jsonl", []) == ""


def test_yaml():
    assert yaml.safe_load(text_of("yaml")) == WANTED
    assert yaml.safe_load(text_of("yaml", [])) == []


def test_csv():
    lines = list(csv.reader(io.StringIO(text_of("csv"))))
    assert lines[0] == ["name", "seen", "size", "latest", "tags"]
    assert lines[1] == ["web", "1970-01-01T00:00:00Z", "3", "true", "Env=prod"]
    assert lines[2][1:] == ["", "", "false", ""]


def test_csv_defuses_formulas():
    assert text_of("csv", [Row("=1+1")]).splitlines()[1].startswith("'=1+1")


def test_an_unknown_form():
    with pytest.raises(ValueError, match="xml is not one of"):
        text_of("xml")

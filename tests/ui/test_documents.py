from __future__ import annotations

import json
from datetime import UTC, datetime

import yaml

from ssmtui.core.keys import ScopeKey
from ssmtui.core.problem import Problem, ProblemKind
from ssmtui.resources.base import Section
from ssmtui.ui.documents import (
    HelpLine,
    help_document,
    notices_document,
    raw_document,
    sections_document,
)
from ssmtui.ui.notices import NoticeLog


def test_sections_are_aligned_under_their_headings() -> None:
    document = sections_document(
        [
            Section("Identity", [("name", "web"), ("os version", "2023")]),
            Section("Tags", [("Env", "a\nb")]),
        ]
    )
    assert document.formats["text"].split("\n") == [
        "Identity",
        "  name        web",
        "  os version  2023",
        "",
        "Tags",
        "  Env         a",
        "              b",
    ]
    assert document.key_width == len("  os version")


def test_raw_answers_as_yaml_and_json_say_the_same() -> None:
    raw = {"a": [1, {"b": None}], "at": datetime(2026, 1, 1, tzinfo=UTC), "n": "a[/]b\x1b"}
    document = raw_document(raw)
    assert list(document.formats) == ["YAML", "JSON"]
    said = json.loads(document.formats["JSON"])
    assert said == {"a": [1, {"b": None}], "at": "2026-01-01T00:00:00+00:00", "n": "a[/]b\x1b"}
    assert yaml.safe_load(document.formats["YAML"]) == said
    assert "\x1b" not in document.formats["YAML"] + document.formats["JSON"]


def test_help_lists_keys_titles_and_commands() -> None:
    document = help_document([("Everywhere", [HelpLine("?", "Help", ":help")])])
    assert document.formats["text"] == "Everywhere\n  ?  :help  Help"


def test_notices_tell_age_operation_and_scope() -> None:
    log = NoticeLog()
    log.problem(
        100.0,
        Problem(
            ProblemKind.DENIED,
            "dev may not list",
            code="AccessDenied",
            operation="ssm:X",
            scope=ScopeKey("1", "eu"),
        ),
    )
    text = notices_document(log, 160.0).formats["text"]
    assert "1m  error    dev may not list." in text
    assert "ssm:X AccessDenied  1/eu" in text
    assert notices_document(NoticeLog(), 0).formats["text"].startswith("Nothing has gone wrong")

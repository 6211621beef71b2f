from __future__ import annotations

from ssmtui.simulator.documents.references import references


def test_references_are_found_wherever_they_are() -> None:
    content = {
        "commands": ["echo {{ssm:/shop/db/host}} {{ ssm:port:3 }}", "true"],
        "nested": {"deep": ({"a": "{{ssm:flag:live}}"},)},
        "number": 3,
    }
    assert list(references(content)) == ["/shop/db/host", "port:3", "flag:live"]


def test_what_is_none() -> None:
    content = ["{{ commands }}", "{{ssm-secure:token}}", "{{ssm: a b}}", "{ssm:x}", "ssm:x"]
    assert list(references(content)) == []

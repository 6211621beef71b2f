"""The documentation says what the code says."""

import importlib.util
import json
import re
from pathlib import Path

from ssmtui.aws.operations import CLASSES, OpClass
from ssmtui.local.paths import Paths
from ssmtui.resources.memory import Memory
from ssmtui.resources.registry import resources

ROOT = Path(__file__).parents[2]


def generate():
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_generated_pages_are_current():
    assert generate().main(["--check"]) == 0


def test_a_stale_page_is_noticed(tmp_path, monkeypatch, capsys):
    module = generate()
    monkeypatch.setattr(module, "DOCS", tmp_path)
    assert module.main(["--check"]) == 1
    assert "make docs" in capsys.readouterr().out
    assert module.main([]) == 0
    assert module.main(["--check"]) == 0


def actions_of(statement):
    actions = statement["Action"]
    return [actions] if isinstance(actions, str) else actions


def test_looking_needs_no_more_than_reads():
    text = (ROOT / "docs" / "iam.md").read_text("utf-8")
    first, second, *_ = re.findall(r"```json\n(.*?)```", text, re.DOTALL)
    to_look = {action for each in json.loads(first)["Statement"] for action in actions_of(each)}
    assert "ssm:DescribeSessions" in to_look
    assert not [action for action in to_look if CLASSES.get(action) not in (None, OpClass.READ)]
    to_open = {action for each in json.loads(second)["Statement"] for action in actions_of(each)}
    assert to_open.isdisjoint(to_look)


def test_the_policy_is_whole(tmp_path):
    text = (ROOT / "docs" / "iam.md").read_text("utf-8")
    blocks = map(json.loads, re.findall(r"```json\n(.*?)```", text, re.DOTALL))
    policies = [block for block in blocks if "Statement" in block]
    allowed = {
        action
        for policy in policies
        for statement in policy["Statement"]
        for action in actions_of(statement)
    }
    needed = {
        name
        for resource in resources(Memory(Paths(tmp_path, tmp_path, tmp_path)))
        for name in resource.operations
    }
    assert allowed == needed


def test_links_of_the_readme_lead_somewhere():
    text = (ROOT / "README.md").read_text("utf-8")
    for target in re.findall(r"\]\(([^)#]+)\)", text):
        if not target.startswith("http"):
            assert (ROOT / target).exists(), target

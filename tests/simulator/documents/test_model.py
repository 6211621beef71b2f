from __future__ import annotations

import json

import pytest
import yaml

from ssmtui.simulator.documents.model import Document, Step, Version, VersionError
from ssmtui.simulator.documents.parameters import Parameter

STEP = Step("aws:runShellScript", "check", {"runCommand": ["{{ what }}"]}, "Linux")
SECOND = Version(2, "Check", (Parameter("what"),), (STEP,), name="better")
DOCUMENT = Document(
    "ops-check", "Command", ("Linux",), [Version(1, "Check", (), (STEP,)), SECOND], default=1
)


@pytest.mark.parametrize(
    ("wanted", "name", "number"),
    [("$DEFAULT", "", 1), ("$LATEST", "", 2), ("2", "", 2), ("$DEFAULT", "better", 2)],
)
def test_versions_are_found(wanted: str, name: str, number: int) -> None:
    assert DOCUMENT.version(wanted, name).number == number


@pytest.mark.parametrize(("wanted", "name"), [("3", ""), ("$DEFAULT", "worse")])
def test_other_versions_are_not_there(wanted: str, name: str) -> None:
    with pytest.raises(VersionError):
        DOCUMENT.version(wanted, name)


def test_the_content_has_steps_with_their_preconditions() -> None:
    content = json.loads(SECOND.text("JSON"))
    assert content["schemaVersion"] == "2.2"
    assert content["parameters"] == {"what": {"type": "String", "description": ""}}
    (step,) = content["mainSteps"]
    assert step["precondition"] == {"StringEquals": ["platformType", "Linux"]}
    assert step["inputs"] == {"runCommand": ["{{ what }}"]}
    assert yaml.safe_load(SECOND.text("YAML")) == content


def test_an_old_schema_has_a_runtime_configuration() -> None:
    content = Version(1, "Old", (), (STEP,), schema="1.2").content
    (properties,) = content["runtimeConfig"]["aws:runShellScript"]["properties"]
    assert properties["id"] == "0.aws:runShellScript"


def test_text_stays_as_it_is() -> None:
    version = Version(1, "A calendar", body=lambda: "BEGIN:VCALENDAR")
    assert version.text("TEXT") == version.text("JSON") == "BEGIN:VCALENDAR"


def test_a_hash_is_of_the_content() -> None:
    assert len(DOCUMENT.hash(SECOND)) == 64
    assert DOCUMENT.hash(SECOND) != DOCUMENT.hash(DOCUMENT.versions[0])

from __future__ import annotations

import re

import pytest

from ssmtui.simulator.documents import amazon
from ssmtui.simulator.documents.model import Document
from ssmtui.simulator.documents.parameters import resolve, substitute

DOCUMENTS = amazon.documents()
NAMED = (
    "AWS-ApplyAnsiblePlaybooks AWS-ConfigureAWSPackage AWS-ConfigureDocker AWS-DownloadContent "
    "AWS-GatherSoftwareInventory AWS-RefreshAssociation AWS-RunAnsiblePlaybook "
    "AWS-RunPatchBaseline AWS-RunPatchBaselineAssociation AWS-RunPatchBaselineWithHooks "
    "AWS-RunPowerShellScript AWS-RunRemoteScript AWS-RunShellScript AWS-UpdateSSMAgent"
)


def test_the_usual_ones_are_there_and_no_name_twice() -> None:
    names = [document.name for document in DOCUMENTS]
    assert set(NAMED.split()) <= set(names)
    assert len(set(names)) == len(names) >= 40


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_defaults_and_references_fit(document: Document) -> None:
    version = document.default_version
    declared = {parameter.name for parameter in version.parameters}
    given = {
        parameter.name: list(parameter.allowed_values[:1]) or ["x"]
        for parameter in version.parameters
        if parameter.default is None and not parameter.allowed_pattern
    }
    for parameter in version.parameters:
        if isinstance(parameter.default, str):
            assert parameter.value([parameter.default]) == parameter.default
    needed = {p.name for p in version.parameters if p.default is None}
    if needed == set(given):
        values = resolve(version.parameters, given)
        for step in version.steps:
            left = re.findall(r"\{\{\s*(\w+)", str(substitute(dict(step.inputs), values)))
            assert not set(left) & declared
    for step in version.steps:
        assert set(re.findall(r"\{\{\s*(\w+)", str(dict(step.inputs)))) <= declared
        assert step.platform in ("", *document.platforms)

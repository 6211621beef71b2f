from __future__ import annotations

import msgspec
import pytest

from ssmtui.resources.nodes.why import Diagnosis, Finding, Verdict
from ssmtui.ui.panes.choose import pane_class
from ssmtui.ui.panes.nodes import NodesPane, arn, diagnosis_document
from ssmtui.ui.panes.resource import ResourcePane


@pytest.mark.parametrize(
    ("region", "kind", "id_", "expected"),
    [
        ("eu-west-1", "ec2", "i-1", "arn:aws:ec2:eu-west-1:1:instance/i-1"),
        ("cn-north-1", "ec2", "i-1", "arn:aws-cn:ec2:cn-north-1:1:instance/i-1"),
        (
            "us-gov-west-1",
            "hybrid",
            "mi-1",
            "arn:aws-us-gov:ssm:us-gov-west-1:1:managed-instance/mi-1",
        ),
    ],
)
def test_arn(fleet, region: str, kind: str, id_: str, expected: str) -> None:
    node = next(iter(fleet.rows.values()))[0]
    named = msgspec.structs.replace(node, account="1", region=region, kind=kind, id=id_)
    assert arn(named) == expected


def test_a_diagnosis_by_verdict() -> None:
    text = diagnosis_document(
        Diagnosis(
            "web is lost",
            (
                Finding(Verdict.CAUSE, "the instance is stopped", "Start it"),
                Finding(Verdict.UNREAD, "the role: denied"),
            ),
        )
    ).formats["text"]
    assert text == (
        "web is lost\n\nCauses\n  the instance is stopped\n      Start it\n\n"
        "Could not be read\n  the role: denied"
    )


def test_which_pane_for_which_resource(fleet) -> None:
    resource = fleet.resource()
    assert pane_class(resource) is NodesPane
    assert pane_class(msgspec.structs.replace(resource, name="others")) is ResourcePane

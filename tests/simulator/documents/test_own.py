from __future__ import annotations

from ssmtui.simulator.documents.own import documents
from ssmtui.simulator.documents.parameters import Kind


def test_a_deployment_has_versions_and_parameters_of_every_type() -> None:
    deploy = next(each for each in documents("111122223333", 0.0) if each.name == "shop-deploy-app")
    assert [version.number for version in deploy.versions] == [1, 2, 3]
    assert (deploy.default, deploy.latest.name) == (2, "health-check")
    kinds = {parameter.kind for parameter in deploy.latest.parameters}
    assert kinds == {Kind.STRING, Kind.STRING_LIST, Kind.BOOLEAN, Kind.INTEGER, Kind.STRING_MAP}


def test_all_are_the_accounts_and_one_is_for_windows_only() -> None:
    found = documents("111122223333", 0.0)
    assert {each.owner for each in found} == {"111122223333"}
    assert [each.name for each in found if each.platforms == ("Windows",)] == [
        "shop-recycle-app-pool"
    ]


def test_a_document_runs_another_and_always_reports() -> None:
    found = {each.name: each for each in documents("111122223333", 0.0)}
    check, restart, _, report = found["ops-safe-restart"].latest.steps
    assert check.inputs["onFailure"] == "exit"
    assert restart.inputs["documentPath"] in found
    assert report.inputs["finallyStep"] is True

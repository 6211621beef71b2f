from __future__ import annotations

import json
from typing import Any

import pytest
import yaml

from ssmtui.simulator.agent.sessions import Sessions

PORT = "AWS-StartPortForwardingSession"
SHELL = "SSM-SessionManagerRunShell"


def names(answer: dict[str, Any]) -> list[str]:
    return [each["Name"] for each in answer["DocumentIdentifiers"]]


def test_a_document_is_described(aws: Any) -> None:
    document = aws("ssm:DescribeDocument", Name=PORT)["Document"]
    assert document["Name"] == PORT
    assert document["Owner"] == "Amazon"
    assert document["DocumentType"] == "Session"
    port = document["Parameters"][0]
    assert (port["Name"], port["Type"], port["DefaultValue"]) == ("portNumber", "String", "80")


def test_a_documents_content_is_read_in_two_formats(aws: Any) -> None:
    as_json = aws("ssm:GetDocument", Name=PORT)
    content = json.loads(as_json["Content"])
    assert content["schemaVersion"] == "1.0"
    assert content["sessionType"] == "Port"
    assert content["properties"]["type"] == "LocalPortForwarding"
    as_yaml = aws("ssm:GetDocument", Name=PORT, DocumentFormat="YAML")
    assert yaml.safe_load(as_yaml["Content"]) == content


def test_the_default_one_holds_the_preferences(aws: Any) -> None:
    settings = aws.world.part(Sessions).settings(aws.account, aws.region)
    settings.idle_minutes, settings.kms_key = 7, "alias/session-manager"
    inputs = json.loads(aws("ssm:GetDocument", Name=SHELL)["Content"])["inputs"]
    assert inputs["idleSessionTimeout"] == "7"
    assert inputs["kmsKeyId"] == "alias/session-manager"
    assert aws("ssm:DescribeDocument", Name=SHELL)["Document"]["Owner"] == aws.account


def test_an_arn_is_a_name_too(aws: Any) -> None:
    arn = f"arn:aws:ssm:{aws.region}::document/{PORT}"
    assert aws("ssm:GetDocument", Name=arn)["Name"] == PORT


@pytest.mark.parametrize("operation", ["GetDocument", "DescribeDocument"])
def test_missing_documents_and_versions_are_refused(aws: Any, operation: str) -> None:
    action = f"ssm:{operation}"
    assert aws.refusal(action, Name="AWS-Nothing") == "InvalidDocument"
    assert aws(action, Name=PORT, DocumentVersion="$LATEST")
    assert aws.refusal(action, Name=PORT, DocumentVersion="2") == "InvalidDocumentVersion"


def test_documents_are_listed_in_pages(aws: Any) -> None:
    pages = aws.pages("ssm:ListDocuments", MaxResults=3)
    found = [name for page in pages for name in names(page)]
    assert found == sorted(found)
    assert {SHELL, PORT, "AWS-StartNonInteractiveCommand"} < set(found)
    assert len(pages) > 1


def test_documents_are_filtered(aws: Any) -> None:
    def only(key: str, *values: str) -> list[str]:
        filters = [{"Key": key, "Values": list(values)}]
        return names(aws("ssm:ListDocuments", Filters=filters))

    everything = [name for page in aws.pages("ssm:ListDocuments") for name in names(page)]
    of_each_type = [only("DocumentType", kind) for kind in ("Session", "Command", "ChangeCalendar")]
    assert sorted(name for names_ in of_each_type for name in names_) == everything
    assert PORT in of_each_type[0]
    assert "AWS-RunShellScript" in of_each_type[1]
    assert SHELL in only("Owner", "Self")
    assert PORT not in only("Owner", "Self")
    assert PORT in only("Owner", "Amazon")
    assert only("Name", "AWS-StartPort") == [PORT, f"{PORT}ToRemoteHost"]
    assert set(only("PlatformTypes", "Windows")) < set(everything)
    legacy = [{"key": "Owner", "value": "Self"}]
    assert names(aws("ssm:ListDocuments", DocumentFilterList=legacy)) == only("Owner", "Self")
    wrong = [{"Key": "Colour", "Values": ["red"]}]
    assert aws.refusal("ssm:ListDocuments", Filters=wrong) == "InvalidFilterKey"


def test_versions_are_listed_the_latest_first(aws: Any) -> None:
    listed = aws("ssm:ListDocumentVersions", Name="shop-deploy-app")["DocumentVersions"]
    assert [each["DocumentVersion"] for each in listed] == ["3", "2", "1"]
    assert [each["IsDefaultVersion"] for each in listed] == [False, True, False]
    assert listed[0]["VersionName"] == "health-check"
    pages = aws.pages("ssm:ListDocumentVersions", Name="shop-deploy-app", MaxResults=2)
    assert [len(page["DocumentVersions"]) for page in pages] == [2, 1]
    assert aws.refusal("ssm:ListDocumentVersions", Name="AWS-Nothing") == "InvalidDocument"


def test_a_version_is_asked_for_by_number_or_name(aws: Any) -> None:
    name = "shop-deploy-app"

    def parameters(**version: str) -> list[str]:
        described = aws("ssm:DescribeDocument", Name=name, **version)["Document"]
        return [each["Name"] for each in described["Parameters"]]

    assert parameters(DocumentVersion="1") == ["Version", "Environment"]
    assert parameters() == ["Version", "Environment", "Components", "DryRun"]
    assert parameters(VersionName="health-check") == parameters(DocumentVersion="$LATEST")
    refusal = aws.refusal("ssm:GetDocument", Name=name, VersionName="none")
    assert refusal == "InvalidDocumentVersion"


def test_a_command_documents_content_declares_what_it_allows(aws: Any) -> None:
    as_yaml = aws("ssm:GetDocument", Name="shop-deploy-app")
    assert as_yaml["DocumentFormat"] == "YAML"
    declared = yaml.safe_load(as_yaml["Content"])["parameters"]
    assert declared["Environment"]["allowedValues"] == ["dev", "staging", "prod"]
    assert declared["Components"]["type"] == "StringList"
    assert declared["DryRun"]["default"] is False


def test_a_calendar_is_plain_text(aws: Any) -> None:
    calendar = aws("ssm:GetDocument", Name="payments-freeze")
    assert (calendar["DocumentType"], calendar["DocumentFormat"]) == ("ChangeCalendar", "TEXT")
    assert calendar["Content"].startswith("BEGIN:VCALENDAR")
    refusal = aws.refusal("ssm:GetDocument", Name="payments-freeze", DocumentFormat="JSON")
    assert refusal == "InvalidDocumentVersion"


def test_documents_are_filtered_by_tags_and_words(aws: Any) -> None:
    def only(key: str, *values: str) -> list[str]:
        filters = [{"Key": key, "Values": list(values)}]
        return names(aws("ssm:ListDocuments", Filters=filters))

    assert only("tag:Team", "storefront") == ["shop-deploy-app"]
    assert "AWS-RunPatchBaseline" in only("SearchKeyword", "patch")
    assert len(only("SearchKeyword", "nothing of the kind")) == 0

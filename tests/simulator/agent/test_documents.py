from __future__ import annotations

import pytest

from ssmtui.simulator.agent.documents import (
    DEFAULT_DOCUMENT,
    DOCUMENTS,
    DocumentParameter,
    ParameterError,
    SessionDocument,
    named,
)
from ssmtui.simulator.agent.settings import SessionSettings

FORWARD = DOCUMENTS["AWS-StartPortForwardingSession"]
COMMAND = DOCUMENTS["AWS-StartNonInteractiveCommand"]


def test_values_and_defaults_take_their_places() -> None:
    assert FORWARD.resolve({"portNumber": ["8080"]}) == {
        "portNumber": "8080",
        "localPortNumber": "0",
        "type": "LocalPortForwarding",
    }


def test_places_within_platforms_are_filled_and_the_rest_is_left() -> None:
    properties = COMMAND.resolve({"command": ["uptime"]})
    linux = {"commands": "uptime", "runAsElevated": True, "separateOutputStream": "false"}
    assert properties["linux"] == linux


def test_a_value_is_not_filled_itself() -> None:
    command = "echo {{ command }} {{ nothing }}"
    assert COMMAND.resolve({"command": [command]})["linux"]["commands"] == command


@pytest.mark.parametrize("port", ["1", "80", "9999", "59999", "65535"])
def test_ports_that_are(port: str) -> None:
    assert FORWARD.resolve({"portNumber": [port]})["portNumber"] == port


@pytest.mark.parametrize("port", ["", "0", "00080", "65536", "99999", "-1", "80 ", "80\n", "http"])
def test_ports_that_are_not(port: str) -> None:
    with pytest.raises(ParameterError, match="does not match the pattern"):
        FORWARD.resolve({"portNumber": [port]})


def test_only_the_local_port_may_be_any() -> None:
    given = {"localPortNumber": ["0"]}
    assert FORWARD.resolve(given)["localPortNumber"] == "0"


@pytest.mark.parametrize("host", ["db.internal", "10.0.0.7", "fd00::7"])
def test_hosts_that_are(host: str) -> None:
    remote = DOCUMENTS["AWS-StartPortForwardingSessionToRemoteHost"]
    assert remote.resolve({"host": [host]})["host"] == host


@pytest.mark.parametrize("host", ["", "db", "a b.c", "$(reboot)", "`reboot`"])
def test_hosts_that_are_not(host: str) -> None:
    remote = DOCUMENTS["AWS-StartPortForwardingSessionToRemoteHost"]
    with pytest.raises(ParameterError):
        remote.resolve({"host": [host]})


def test_a_parameter_declares_what_it_checks() -> None:
    parameter = DocumentParameter("size", "How large", "10", r"\d+", ("10", "20"))
    assert parameter.declaration() == {
        "type": "String",
        "description": "How large",
        "default": "10",
        "allowedPattern": r"\d+",
        "allowedValues": ["10", "20"],
    }


def test_the_content_of_the_default_document_is_its_preferences() -> None:
    settings = SessionSettings(max_minutes=90, run_as="ssm-user", s3_bucket="logs")
    content = DOCUMENTS[DEFAULT_DOCUMENT].content(settings)
    assert content["inputs"]["maxSessionDuration"] == "90"
    assert content["inputs"]["runAsEnabled"] is True
    assert content["inputs"]["s3BucketName"] == "logs"
    assert "parameters" not in content


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=lambda document: document.name)
def test_every_place_has_its_parameter(document: SessionDocument) -> None:
    samples = {"command": "ls", "host": "db.internal"}
    given = {
        parameter.name: [samples[parameter.name]]
        for parameter in document.parameters
        if parameter.default is None
    }
    assert "{{" not in str(document.resolve(given))


def test_documents_are_found_by_name_and_arn() -> None:
    assert named(FORWARD.name) is FORWARD
    assert named(f"arn:aws:ssm:eu-west-1:111122223333:document/{FORWARD.name}") is FORWARD
    assert named("AWS-Nothing") is None

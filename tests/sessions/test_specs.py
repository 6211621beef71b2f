from __future__ import annotations

import pytest
from botocore.session import Session as Sdk
from botocore.validate import ParamValidator

from ssmtui.core.keys import RowKey
from ssmtui.core.problem import ProblemError
from ssmtui.sessions.specs import SessionSpec, command_spec, parse_parameters

NODE = RowKey("111122223333", "eu-west-1", "i-0123456789abcdef0")


def test_the_request_holds_only_what_was_asked_for():
    assert SessionSpec(NODE).request == {"Target": NODE.id}


def test_a_full_request_is_what_the_service_takes():
    spec = SessionSpec(NODE, "AWS-StartSSHSession", {"portNumber": ["22"]}, "INC-1: look")
    shape = Sdk().get_service_model("ssm").operation_model("StartSession").input_shape
    assert not ParamValidator().validate(spec.request, shape).has_errors()
    assert spec.request["Parameters"] == {"portNumber": ["22"]}
    assert spec.request["Reason"] == "INC-1: look"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"target": RowKey("1", "eu-west-1", "")}, "1 to 400"),
        ({"target": RowKey("1", "eu-west-1", "i" * 401)}, "1 to 400"),
        ({"document": "no"}, "not the name of a document"),
        ({"document": "with space"}, "not the name of a document"),
        ({"document": "evil\x1b[31m-doc"}, "not the name of a document"),
        ({"reason": "x" * 257}, "256"),
        ({"reason": "two\nlines"}, "one line"),
        ({"parameters": {"": ["x"]}}, "name"),
        ({"parameters": {"host": [""]}}, "parameter host"),
        ({"parameters": {"host": ["x" * 65_536]}}, "65,535"),
    ],
)
def test_what_the_service_would_refuse_is_one_sentence(arguments, words):
    with pytest.raises(ProblemError) as caught:
        SessionSpec(**{"target": NODE, **arguments})
    sentence = caught.value.problem.sentence
    assert words in sentence
    assert "\x1b" not in sentence


def test_a_document_may_be_named_by_its_arn():
    arn = "arn:aws:ssm:eu-west-1:111122223333:document/Ops-FollowLog"
    assert SessionSpec(NODE, arn).request["DocumentName"] == arn


def test_a_command_has_its_output_apart():
    assert command_spec(NODE, "uptime", "INC-1").request == {
        "Target": NODE.id,
        "DocumentName": "AWS-StartNonInteractiveCommand",
        "Parameters": {"command": ["uptime"], "separateOutputStream": ["true"]},
        "Reason": "INC-1",
    }


def test_parameters_are_split_at_the_first_equals_sign_and_collected():
    assert parse_parameters(["a=1", "b=x=y", "a=2", "c="]) == {
        "a": ["1", "2"],
        "b": ["x=y"],
        "c": [""],
    }


@pytest.mark.parametrize("text", ["novalue", "=value", ""])
def test_a_parameter_without_a_name_or_value_is_refused(text):
    with pytest.raises(ProblemError, match="name=value"):
        parse_parameters([text])

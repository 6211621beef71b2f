"""The model's constraints, refused in the words of each protocol."""

from __future__ import annotations

import re

import pytest

from ssmtui.simulator.constraints import compiled, validate
from ssmtui.simulator.errors import Refusal, RefusedError
from ssmtui.simulator.models import service_model


def refused(service, operation, params, protocol="json"):
    """The refusal of an input."""
    with pytest.raises(RefusedError) as error:
        validate(service_model(service).operation_model(operation).input_shape, params, protocol)
    return error.value


@pytest.mark.parametrize(
    ("operation", "params", "shown", "constraint"),
    [
        (
            "DescribeInstanceInformation",
            {"MaxResults": 51},
            "Value '51' at 'maxResults'",
            "Member must have value less than or equal to 50",
        ),
        (
            "DescribeInstanceInformation",
            {"MaxResults": 4},
            "Value '4' at 'maxResults'",
            "Member must have value greater than or equal to 5",
        ),
        (
            "GetParameter",
            {"Name": ""},
            "Value '' at 'name'",
            "Member must have length greater than or equal to 1",
        ),
        (
            "CancelCommand",
            {"CommandId": "x" * 36, "InstanceIds": ["i-1"]},
            "Value 'i-1' at 'instanceIds.1.member'",
            r"Member must satisfy regular expression pattern: (^i-(\w{8}|\w{17})$)|(^mi-\w{17}$)",
        ),
        (
            "DescribeInstanceInformation",
            {"Filters": [{"Key": "x", "Values": []}]},
            "Value '[]' at 'filters.1.member.values'",
            "Member must have length greater than or equal to 1",
        ),
    ],
)
def test_values_outside_of_the_model_are_refused_in_awss_words(
    operation, params, shown, constraint
):
    error = refused("ssm", operation, params)
    assert error.refusal is Refusal.INVALID
    assert error.message == (
        f"1 validation error detected: {shown} failed to satisfy constraint: {constraint}"
    )


def test_enums_are_enforced():
    filters = [{"key": "Colour", "valueSet": ["red"]}]
    error = refused(
        "ssm", "DescribeInstanceInformation", {"InstanceInformationFilterList": filters}
    )
    assert "at 'instanceInformationFilterList.1.member.key' failed" in error.message
    assert "Member must satisfy enum value set: [InstanceIds, AgentVersion," in error.message


def test_missing_members_are_named_and_all_errors_are_counted():
    error = refused("ssm", "PutParameter", {"Description": "x" * 1025})
    assert error.refusal is Refusal.MISSING
    assert error.message.startswith("3 validation errors detected: Value null at 'name' failed")
    assert "Value null at 'value' failed" in error.message
    assert "Member must have length less than or equal to 1024" in error.message


def test_sensitive_values_are_not_repeated():
    error = refused("kms", "Encrypt", {"KeyId": "k", "Plaintext": b"x" * 5000})
    assert "Value at 'plaintext' failed" in error.message
    assert "xxx" not in error.message


def test_ec2_has_its_own_words():
    missing = refused("ec2", "CreateTags", {}, "ec2")
    assert missing.refusal is Refusal.MISSING
    assert missing.message == "The request must contain the parameter Resources"
    invalid = refused("ec2", "DescribeVpcs", {"MaxResults": 4}, "ec2")
    assert invalid.refusal is Refusal.INVALID
    assert invalid.message.startswith("Value (4) for parameter MaxResults is invalid.")


def test_botocores_validator_has_the_last_word():
    params = {"DocumentName": "AWS-StopEC2Instance", "ExecutionInputs": {}}  # a tagged union
    assert "ExecutionInputs" in refused("ssm", "StartExecutionPreview", params).message


def test_maps_are_checked_by_key_and_value():
    tags = {"Arn": "arn:aws:x", "Tags": {"": "v"}}
    assert "at 'tags'" in refused("resource-groups", "Tag", tags, "rest-json").message


def test_a_right_input_passes():
    shape = service_model("ssm").operation_model("DescribeInstanceInformation").input_shape
    filters = [{"Key": "tag:Env", "Values": ["prod", "中文"]}]
    validate(shape, {"MaxResults": 50, "Filters": filters}, "json")


@pytest.mark.parametrize("service", ["ssm", "ec2", "sts", "iam", "resourcegroupstaggingapi", "kms"])
def test_every_pattern_of_the_models_can_be_read(service):
    model = service_model(service)
    shapes = [model.shape_for(name) for name in model.shape_names]
    patterns = {shape.metadata["pattern"] for shape in shapes if "pattern" in shape.metadata}
    assert patterns
    for pattern in patterns:
        assert isinstance(compiled(pattern), re.Pattern)


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("Env", True),
        ("Équipe 1/2 + a@b", True),
        ("中文", True),
        ("a\x1b[31m", False),
        ("a;b", False),
    ],
)
def test_javas_classes_mean_what_they_mean_there(text, fits):
    pattern = r"^([\p{L}\p{Z}\p{N}_.:/=+\-@]*)$"
    assert (compiled(pattern).fullmatch(text) is not None) == fits


def test_punctuation_classes_hold_punctuation():
    pattern = r"^([\p{L}\p{Z}\p{N}\p{P}\p{M}]*)$"
    assert compiled(pattern).fullmatch("a (b), c! “d”")
    assert compiled(pattern).fullmatch("a\x1b") is None

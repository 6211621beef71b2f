from __future__ import annotations

import pytest
from botocore.session import get_session

from ssmtui.aws.mode import Mode
from ssmtui.aws.operations import (
    _TABLE,
    CLASSES,
    SESSION_OPERATIONS,
    OpClass,
    class_of,
    iam_action,
    needed_mode,
    quota_of,
    rate_of,
)


@pytest.fixture(scope="module")
def models():
    session = get_session()
    return {service: session.get_service_model(service) for service in _TABLE}


def test_every_ssm_operation_has_exactly_one_class(models):
    written = [name for names in _TABLE["ssm"].values() for name in names.split()]
    assert sorted(written) == sorted(models["ssm"].operation_names)


def test_no_other_operation_is_invented_or_listed_twice(models):
    for service, classes in _TABLE.items():
        written = [name for names in classes.values() for name in names.split()]
        assert len(written) == len(set(written))
        assert set(written) <= set(models[service].operation_names)


def test_operations_that_give_out_sensitive_values_are_not_plain_reads(models):
    ssm = models["ssm"]
    for name in ssm.operation_names:
        output = ssm.operation_model(name).output_shape
        if output and "PSParameterValue" in _shapes_in(output):
            assert class_of("ssm", name) is OpClass.SECRET_READ, name
        if output and {"SessionToken", "AccessKeySecretType", "TokenValue"} & _shapes_in(output):
            assert class_of("ssm", name) is OpClass.CREDENTIAL, name


def _shapes_in(shape, seen=None):
    seen = set() if seen is None else seen
    if shape.name in seen:
        return seen
    seen.add(shape.name)
    if shape.type_name == "structure":
        children = shape.members.values()
    elif shape.type_name == "list":
        children = [shape.member]
    elif shape.type_name == "map":
        children = [shape.value]
    else:
        children = []
    for child in children:
        _shapes_in(child, seen)
    return seen


def test_operations_whose_names_say_that_they_write_are_changes_or_credentials():
    writing = (
        "Add", "Associate", "Cancel", "Create", "Delete", "Deregister", "Disassociate", "Label",
        "Modify", "Put", "Register", "Remove", "Reset", "Resume", "Send", "Start", "Stop",
        "Terminate", "Unlabel", "Update",
    )  # fmt: skip
    for name, op_class in CLASSES.items():
        if name.split(":")[1].startswith(writing):
            assert op_class in (OpClass.CHANGE, OpClass.CREDENTIAL), name


def test_each_class_needs_its_mode():
    assert needed_mode("ssm", "DescribeInstanceInformation") is Mode.LOOK
    assert needed_mode("ssm", "GetParameter") is Mode.LOOK
    assert needed_mode("ssm", "SendCommand") is Mode.CHANGE
    assert needed_mode("ssm", "TerminateSession") is Mode.CONNECT
    assert needed_mode("ssm", "StartSession") is Mode.CONNECT
    assert needed_mode("sts", "GetSessionToken") is Mode.LOOK
    assert set(CLASSES) >= SESSION_OPERATIONS


def test_an_operation_that_is_not_in_the_table_has_no_class():
    with pytest.raises(KeyError):
        class_of("ec2", "TerminateInstances")


def test_parameter_reads_share_one_quota():
    assert quota_of("ssm", "GetParameter") == quota_of("ssm", "GetParametersByPath")
    assert quota_of("ssm", "ListNodes") == "ssm:ListNodes"


def test_the_tagging_api_has_another_prefix_in_iam():
    assert iam_action("resourcegroupstaggingapi", "GetResources") == "tag:GetResources"
    assert iam_action("ssm", "ListNodes") == "ssm:ListNodes"


def test_published_rates_are_of_operations_that_there_are():
    assert rate_of("cloudtrail:LookupEvents") == 2.0
    assert rate_of("ssm:ListCommands") is None

"""Parameters as they come: JSON of the wrong type, text that is no number, times in any format."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ssmtui.simulator.errors import Refusal, RefusedError
from ssmtui.simulator.inputs import from_json, from_text, tree_of
from ssmtui.simulator.models import service_model

MOMENT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def shape(service, name):
    return service_model(service).shape_for(name)


def test_unknown_members_and_nulls_are_ignored():
    filters = shape("ssm", "GetParameterRequest")
    assert from_json(filters, {"Name": "a", "WithDecryption": None, "New": 1}) == {"Name": "a"}


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ({"Name": 1}, "NUMBER_VALUE can not be converted to a String"),
        ({"Name": True}, "a boolean can not be converted to a String"),
        ({"Overwrite": "yes"}, "STRING_VALUE can not be converted to a Boolean"),
        ({"Overwrite": 1}, "NUMBER_VALUE can not be converted to a Boolean"),
        ({"Tags": {}}, "Start of structure or map can not be converted to a List"),
        ({"Tags": [[]]}, "Start of list can not be converted to a Structure"),
        ({"Tags": [None]}, "NULL_VALUE can not be converted to a Structure"),
    ],
)
def test_json_of_another_type_is_refused_as_aws_does(value, sentence):
    with pytest.raises(RefusedError) as refused:
        from_json(shape("ssm", "PutParameterRequest"), value)
    assert refused.value.refusal is Refusal.MALFORMED
    assert refused.value.message == sentence


def test_a_number_is_neither_a_boolean_nor_a_fraction():
    integer = shape("ssm", "MaxResults")
    assert from_json(integer, 5) == 5
    for value in (True, 5.5):
        with pytest.raises(RefusedError, match="an Integer"):
            from_json(integer, value)


@pytest.mark.parametrize(
    "value", [MOMENT.timestamp(), "2026-01-02T03:04:05Z", "Fri, 02 Jan 2026 03:04:05 GMT"]
)
def test_times_come_in_every_format(value):
    assert from_json(shape("ssm", "DateTime"), value) == MOMENT


def test_times_as_text_without_a_zone_are_utc():
    time = shape("ssm", "DateTime")
    assert from_text(time, "2026-01-02T03:04:05") == MOMENT
    assert from_text(time, str(MOMENT.timestamp())) == MOMENT


@pytest.mark.parametrize(
    ("service", "name", "text"),
    [
        ("ssm", "DateTime", "yesterday"),
        ("ssm", "MaxResults", "many"),
        ("ssm", "Boolean", "True"),
        ("kms", "CiphertextType", "not base64!"),
    ],
)
def test_text_that_is_not_of_the_type_is_malformed(service, name, text):
    with pytest.raises(RefusedError) as refused:
        from_text(shape(service, name), text)
    assert refused.value.refusal is Refusal.MALFORMED


@pytest.mark.parametrize("value", [1e300, "1e300"])
def test_a_time_out_of_this_world_is_malformed(value):
    with pytest.raises(RefusedError, match="is not a time"):
        from_json(shape("ssm", "DateTime"), value)


def test_form_fields_make_a_tree():
    assert tree_of({"A.1.B": "x", "A.2.B": "y", "C": ""}) == {
        "A": {"1": {"B": "x"}, "2": {"B": "y"}},
        "C": "",
    }

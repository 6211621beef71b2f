from __future__ import annotations

import base64
from typing import Any

import pytest
from botocore.parsers import JSONParser
from botocore.session import get_session

from ssmtui.aws.shapes import structure

SERVICES = ("ssm", "logs", "cloudtrail", "resourcegroupstaggingapi", "cloudwatch")


def sample(shape: Any, depth: int = 0) -> Any:
    """A value of that shape as the service sends it, and more than the model knows."""
    kind = shape.type_name
    if kind == "structure":
        members = list(shape.members.items())[: 1 if shape.is_tagged_union else None]
        made = {
            member.serialization.get("name", name): sample(member, depth + 1)
            for name, member in members
            if depth < 6 or member.type_name not in ("structure", "list", "map")
        }
        return made if shape.is_tagged_union else {**made, "NewSince": 1}
    if kind == "list":
        return [sample(shape.member, depth + 1), None] if depth < 6 else []
    if kind == "map":
        return {"key": sample(shape.value, depth + 1)} if depth < 6 else {}
    if kind == "blob":
        return base64.b64encode(b"bytes").decode()
    return {"timestamp": 1.5, "boolean": True, "string": "text"}.get(kind, 7)


def made_of(shape: Any, finish: Any = None) -> Any:
    scalars = {"timestamp": lambda value: f"at {value}", "blob": base64.b64decode}
    return structure(shape, scalars, finish or {})


def outputs(service: str) -> dict[str, Any]:
    model = get_session().get_service_model(service)
    operations = map(model.operation_model, model.operation_names)
    return {each.output_shape.name: each.output_shape for each in operations if each.output_shape}


@pytest.mark.parametrize("service", SERVICES)
def test_it_makes_what_botocore_makes_of_every_answer(service: str) -> None:
    stock = JSONParser(timestamp_parser=lambda value: f"at {value}")
    found = outputs(service)
    assert found
    for name, shape in found.items():
        assert made_of(shape)(sample(shape)) == stock._parse_shape(shape, sample(shape)), name


def test_what_is_null_is_not_there() -> None:
    convert = made_of(outputs("ssm")["ListCommandsResult"])
    assert convert({"Commands": None, "NextToken": "t"}) == {"NextToken": "t"}
    assert convert({}) == {}


def test_a_member_of_a_union_that_the_model_does_not_know_is_named() -> None:
    union = dict(outputs("ssm")["ListNodesResult"].members["Nodes"].member.members)["NodeType"]
    convert = made_of(union)
    assert union.is_tagged_union
    assert convert({"Toaster": {"Slots": 2}}) == {"SDK_UNKNOWN_MEMBER": {"name": "Toaster"}}
    assert convert({"Instance": {"AgentVersion": "3"}}) == {"Instance": {"AgentVersion": "3"}}


@pytest.mark.parametrize(
    "answer", [[], "text", {"Commands": {}}, {"Commands": "text"}, {"Commands": ["text"]}]
)
def test_a_value_of_another_shape_is_an_error(answer: Any) -> None:
    convert = made_of(outputs("ssm")["ListCommandsResult"])
    with pytest.raises((AttributeError, TypeError)):
        convert(answer)


def test_parameters_that_are_no_map_are_an_error() -> None:
    convert = made_of(outputs("ssm")["ListCommandsResult"])
    with pytest.raises(TypeError):
        convert({"Commands": [{"Parameters": ["a"]}]})


def test_structures_are_finished_by_their_shape() -> None:
    shape = outputs("ssm")["GetParameterResult"]
    convert = made_of(shape, {"Parameter": lambda made: made.update(Value="***")})
    answer = {"Parameter": {"Name": "/a", "Value": "secret"}}
    assert convert(answer) == {"Parameter": {"Name": "/a", "Value": "***"}}

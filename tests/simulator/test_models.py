"""Services are found by the name that requests are signed for."""

from __future__ import annotations

import pytest
from botocore.model import ServiceModel

from ssmtui.simulator.models import Services, protocol_of, service_model


class Tagging:
    def GetResources(self, call):
        return {}


class Ssm:
    pass


def test_a_service_is_found_by_its_own_and_by_its_signing_name():
    services = Services({"ssm": Ssm, "resourcegroupstaggingapi": Tagging})
    assert services.signed_for("ssm").name == "ssm"
    assert services.signed_for("tagging").name == "resourcegroupstaggingapi"
    assert services.signed_for("resourcegroupstaggingapi") is None
    assert services.signed_for("dynamodb") is None
    assert services.names == ["resourcegroupstaggingapi", "ssm"]


def test_operations_and_handlers_are_two_things():
    service = Services({"resourcegroupstaggingapi": Tagging}).named("resourcegroupstaggingapi")
    assert service.operation("GetResources").name == "GetResources"
    assert service.handler("GetResources") is not None
    assert service.operation("TagResources") is not None
    assert service.handler("TagResources") is None
    assert service.operation("GetEverything") is None


def test_a_service_is_made_once():
    services = Services({"ssm": Ssm})
    assert services.named("ssm") is services.signed_for("ssm")
    assert services.named("sts") is None


@pytest.mark.parametrize(
    ("service", "protocol"),
    [("ssm", "json"), ("sts", "query"), ("ec2", "ec2"), ("sso", "rest-json")],
)
def test_the_protocol_comes_from_the_model(service, protocol):
    assert protocol_of(service_model(service)) == protocol


def test_a_protocol_that_is_not_simulated_is_said():
    with pytest.raises(ValueError, match="rpc speaks smithy-rpc-v2-cbor"):
        protocol_of(ServiceModel({"metadata": {"protocol": "smithy-rpc-v2-cbor"}}, "rpc"))

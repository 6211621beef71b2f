"""The query protocol and EC2's, against botocore's own serializers and parsers."""

from __future__ import annotations

import pytest

from ssmtui.simulator.call import ServiceError
from ssmtui.simulator.errors import Refusal, RefusedError
from ssmtui.simulator.models import service_model
from ssmtui.simulator.protocols import protocol

# sns has maps, rds named list items, autoscaling timestamps, elb flattened lists nowhere: ec2 all.
SERVICES = [("sts", ""), ("iam", ""), ("autoscaling", ""), ("sns", ""), ("rds", "Describe")]
EC2 = [("ec2", "DescribeI"), ("ec2", "DescribeT"), ("ec2", "DescribeR"), ("ec2", "Create")]


@pytest.mark.parametrize(("service", "starting"), SERVICES + EC2)
def test_every_input_is_read_as_it_was_sent(service, starting, operations, there):
    for operation in operations(service, starting):
        sent, read = there(operation)
        assert read == sent, operation.name


@pytest.mark.parametrize(("service", "starting"), SERVICES + EC2)
def test_every_output_is_read_as_it_was_meant(service, starting, operations, back):
    for operation in operations(service, starting):
        meant, read = back(operation)
        assert read == meant, operation.name


@pytest.mark.parametrize(
    ("service", "name"), [("sts", "GetCallerIdentity"), ("ec2", "DescribeRegions")]
)
def test_errors_are_read_with_code_message_and_request_id(service, name, parsed):
    operation = service_model(service).operation_model(name)
    error = ServiceError("Broken<it>", "a & b \x1b[31m", 503)
    answer = protocol(service if service == "ec2" else "query").error(
        error, operation.service_model, "request-1"
    )
    read = parsed(operation, answer)
    assert read["Error"]["Code"] == "Broken<it>"
    assert read["Error"]["Message"] == "a & b [31m"
    assert read["ResponseMetadata"]["RequestId"] == "request-1"
    assert answer.status == 503
    assert answer.headers["Content-Type"].startswith("text/xml")


def test_a_query_in_the_url_is_read_too(form_request):
    operation = service_model("sts").operation_model("GetAccessKeyInfo")
    request = form_request("sts", b"", query="Action=GetAccessKeyInfo&AccessKeyId=AKIA%2F1")
    assert protocol("query").operation(request, operation.service_model) == "GetAccessKeyInfo"
    assert protocol("query").params(request, operation) == {"AccessKeyId": "AKIA/1"}


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        (b"Version=2016-11-15", Refusal.UNKNOWN_OPERATION),
        (b"Action=DescribeRegions&Version=2000-01-01", Refusal.UNKNOWN_OPERATION),
        (b"Action=%FF", Refusal.MALFORMED),
    ],
)
def test_a_form_without_a_known_action_is_refused(body, refusal, form_request):
    with pytest.raises(RefusedError) as refused:
        protocol("ec2").operation(form_request("ec2", body), service_model("ec2"))
    assert refused.value.refusal is refusal


@pytest.mark.parametrize(
    "fields",
    [
        b"RegionName=x",  # a list, not a value
        b"RegionName.a=x",  # items are numbered
        b"RegionName.1.Name=x",  # an item is a value
        b"AllRegions=maybe",
        b"Filter.1=x",  # a filter is a structure
        b"Filter.1=x&Filter.1.Name=y",
        b"Filter.1.Name=y&Filter.1=x",
    ],
)
def test_fields_that_do_not_fit_are_malformed(fields, form_request):
    operation = service_model("ec2").operation_model("DescribeRegions")
    request = form_request("ec2", b"Action=DescribeRegions&" + fields)
    with pytest.raises(RefusedError) as refused:
        protocol("ec2").params(request, operation)
    assert refused.value.refusal is Refusal.MALFORMED


def test_list_items_keep_their_order_and_may_have_gaps(form_request):
    operation = service_model("ec2").operation_model("DescribeRegions")
    fields = b"".join(b"&RegionName.%d=r%d" % (number, number) for number in (10, 2, 1))
    request = form_request("ec2", b"Action=DescribeRegions" + fields)
    assert protocol("ec2").params(request, operation) == {"RegionNames": ["r1", "r2", "r10"]}


def test_an_ec2_operation_without_output_answers_true():
    operation = service_model("ec2").operation_model("CreateTags")
    assert operation.output_shape is None
    assert b"<return>true</return>" in protocol("ec2").answer({}, operation, "request-1").body


def test_a_wrong_content_type_is_malformed(form_request):
    request = form_request("sts", b"Action=GetCallerIdentity")
    request.headers["content-type"] = "application/json"
    with pytest.raises(RefusedError) as refused:
        protocol("query").operation(request, service_model("sts"))
    assert refused.value.refusal is Refusal.MALFORMED

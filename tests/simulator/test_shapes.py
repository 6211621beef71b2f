"""Answers by the output shape: what is written, and what is refused as a mistake."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from datetime import UTC, datetime

import msgspec
import pytest

from ssmtui.simulator.call import Raw
from ssmtui.simulator.models import service_model
from ssmtui.simulator.shapes import (
    AnswerError,
    fragment,
    json_writer,
    timestamp_text,
    xml_text,
    xml_writer,
)


def shape(service, name):
    return service_model(service).shape_for(name)


def as_json(service, name, value):
    return msgspec.json.encode(json_writer(service, shape(service, name))(value))


def as_xml(service, name, value):
    out = []
    xml_writer(service, shape(service, name), ec2=service == "ec2")(value, out)
    return "".join(out)


def test_json_leaves_none_out_and_keeps_times_as_numbers():
    node = {"InstanceId": "i-1", "Name": None, "LastPingDateTime": 1_800_000_000.5}
    assert as_json("ssm", "InstanceInformation", node) == (
        b'{"InstanceId":"i-1","LastPingDateTime":1800000000.5}'
    )
    year_one = datetime(1, 1, 1, tzinfo=UTC)
    written = as_json("ssm", "InstanceInformation", {"LastPingDateTime": year_one})
    assert written == b'{"LastPingDateTime":-62135596800.0}'


@pytest.mark.parametrize(
    ("value", "named"),
    [
        ({"Nmae": "x"}, "no member Nmae"),
        ({"Name": 1}, "string, not 1"),
        ({"IsLatestVersion": "yes"}, "boolean, not 'yes'"),
        ({"AssociationOverview": {"InstanceAssociationStatusAggregatedCount": []}}, r"not \[\]"),
        (
            {"AssociationOverview": {"InstanceAssociationStatusAggregatedCount": {"a": True}}},
            "True",
        ),
    ],
)
def test_what_the_model_does_not_have_is_a_mistake(value, named):
    with pytest.raises(AnswerError, match=named):
        as_json("ssm", "InstanceInformation", value)
    with pytest.raises(AnswerError, match="no member Nmae"):
        as_xml("ec2", "Region", {"Nmae": "x"})
    with pytest.raises(AnswerError, match="is a list"):
        as_xml("ec2", "DescribeRegionsResult", {"Regions": "x"})


def test_a_fragment_stands_for_a_value_in_json():
    node = fragment("ssm", "InstanceInformation", {"InstanceId": "i-1"})
    assert isinstance(node, Raw)
    written = as_json(
        "ssm", "DescribeInstanceInformationResult", {"InstanceInformationList": [node, node]}
    )
    assert msgspec.json.decode(written) == {
        "InstanceInformationList": [{"InstanceId": "i-1"}, {"InstanceId": "i-1"}]
    }


def test_a_fragment_stands_for_the_content_of_an_element_in_xml():
    region = fragment("ec2", "Region", {"RegionName": "eu-west-1"})
    written = as_xml("ec2", "DescribeRegionsResult", {"Regions": [region, {"RegionName": "x"}]})
    assert written == (
        "<regionInfo><item><regionName>eu-west-1</regionName></item>"
        "<item><regionName>x</regionName></item></regionInfo>"
    )


@pytest.mark.parametrize(
    "text",
    ["a & b <i>x</i>", "]]>", "line\nline\r\nline\ttab", "grüße 中文 😀 \u200d", "\u202eevil", ""],
)
def test_text_survives_xml(text):
    assert (ET.fromstring(f"<a>{xml_text(text)}</a>").text or "") == text


@pytest.mark.parametrize(
    "text", ["a\x1b[31mb", "\x00a[31mb", "a[31\x08mb", "a[31mb\ufffe", "a\ud800[31mb"]
)
def test_what_xml_cannot_say_is_left_out(text):
    assert ET.fromstring(f"<a>{xml_text(text)}</a>").text == "a[31mb"


@pytest.mark.parametrize(
    ("style", "written"),
    [
        ("iso8601", "2026-01-02T03:04:05Z"),
        ("iso8601 milliseconds", "2026-01-02T03:04:05.000Z"),
        ("rfc822", "Fri, 02 Jan 2026 03:04:05 GMT"),
        ("unixtimestamp", "1767323045"),
    ],
)
def test_times_are_written_in_every_format(style, written):
    moment = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert timestamp_text(moment, style) == written
    assert timestamp_text(moment.timestamp(), style) == written


def test_times_may_be_in_the_year_one_or_in_fractions():
    assert timestamp_text(-62135596800.0, "iso8601") == "0001-01-01T00:00:00Z"
    assert timestamp_text(0.25, "iso8601") == "1970-01-01T00:00:00.250Z"
    with pytest.raises(ValueError, match="no timestamp format"):
        timestamp_text(0, "stardate")


def test_a_shape_may_hold_itself():
    nested = {"Key": "a", "Filters": [{"Key": "b"}]}
    aggregator = {"Expression": "a", "Aggregators": [{"Expression": "b", "Aggregators": []}]}
    assert msgspec.json.decode(as_json("ssm", "InventoryAggregator", aggregator)) == aggregator
    with pytest.raises(AnswerError):
        as_json("ssm", "InventoryAggregator", nested)

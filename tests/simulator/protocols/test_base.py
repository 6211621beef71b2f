"""Requests as they come, and the protocol that they seem to speak."""

from __future__ import annotations

import pytest

from ssmtui.simulator.protocols import Incoming, likely, protocol


def request(headers=(), query=""):
    return Incoming("POST", "/", query, dict(headers), b"")


@pytest.mark.parametrize(
    ("header", "content_type"),
    [
        ("application/json", "application/json"),
        ("Application/X-WWW-Form-Urlencoded; charset=utf-8", "application/x-www-form-urlencoded"),
        ("", ""),
    ],
)
def test_the_content_type_is_told_without_its_parameters(header, content_type):
    assert request({"content-type": header}).content_type == content_type
    assert request().content_type == ""


@pytest.mark.parametrize("name", ["json", "query", "ec2", "rest-json"])
def test_protocols_are_found_by_name(name):
    assert protocol(name).name == name


@pytest.mark.parametrize(
    ("unknown", "name"),
    [
        (request({"x-amz-target": "DynamoDB_20120810.ListTables"}), "json"),
        (request({"content-type": "application/x-amz-json-1.0"}), "json"),
        (request({"content-type": "application/x-www-form-urlencoded"}), "query"),
        (request(query="Action=Publish"), "query"),
        (request({"content-type": "application/json"}), "rest-json"),
        (request(), "rest-json"),
    ],
)
def test_a_request_to_an_unknown_service_is_refused_in_kind(unknown, name):
    assert likely(unknown).name == name

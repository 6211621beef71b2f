"""The protocols of the simulated services."""

from __future__ import annotations

from ssmtui.simulator.protocols.base import Answer, Incoming, Protocol
from ssmtui.simulator.protocols.json import Json
from ssmtui.simulator.protocols.query import Ec2, Query
from ssmtui.simulator.protocols.rest_json import RestJson
from ssmtui.simulator.protocols.rest_xml import RestXml

__all__ = ["Answer", "Incoming", "Protocol", "likely", "protocol"]

_PROTOCOLS: dict[str, Protocol] = {
    protocol.name: protocol for protocol in (Json(), Query(), Ec2(), RestJson(), RestXml())
}


def protocol(name: str) -> Protocol:
    """The protocol of that name: "json", "query", "ec2", "rest-json" or "rest-xml"."""
    return _PROTOCOLS[name]


def likely(request: Incoming) -> Protocol:
    """The protocol that a request to an unknown service seems to speak, to refuse it in kind."""
    if "x-amz-target" in request.headers or "x-amz-json" in request.content_type:
        return _PROTOCOLS["json"]
    if request.content_type == "application/x-www-form-urlencoded" or "Action=" in request.query:
        return _PROTOCOLS["query"]
    return _PROTOCOLS["rest-json"]

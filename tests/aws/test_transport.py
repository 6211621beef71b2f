from __future__ import annotations

from ssmtui.aws.clients import Clients
from ssmtui.aws.transport import Route, Transport


def test_the_clients_are_a_transport(clients: Clients) -> None:
    transport: Transport = clients
    assert transport.input_shape("ssm", "ListNodes").name == "ListNodesRequest"


def test_a_route_is_its_values():
    assert Route("a", "eu-west-1") == Route("a", "eu-west-1")
    assert len({Route("a", "eu-west-1"), Route("a", "eu-west-1"), Route(None, "eu-west-1")}) == 2

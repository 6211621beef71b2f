"""Handlers called as the engine calls them; inputs and answers are held to botocore's model."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest
from botocore.model import ListShape, MapShape, Shape, StructureShape

from ssmtui.simulator.call import Call, Raw, ServiceError
from ssmtui.simulator.constraints import validate
from ssmtui.simulator.identities import Identities, Identity
from ssmtui.simulator.models import protocol_of, service_model
from ssmtui.simulator.services import SERVICES
from ssmtui.simulator.shapes import fragment
from ssmtui.simulator.shell.stage import Stage
from ssmtui.simulator.world import World
from ssmtui.simulator.world.node import Node

Answer = dict[str, Any]

# Enums whose words the services write otherwise than their models: EC2's Platform.
_AS_SENT = ("windows",)


class Aws:
    """`aws("ssm:ListNodes", MaxResults=5)` answers as the service does, or raises ServiceError.

    Calls go to the last account (the largest of three) and the first Region unless told otherwise.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.account = world.accounts[-1].id
        self.region = world.regions[0]
        self.identities = Identities(account.id for account in world.accounts)
        self.identity: Identity | None = None

    @property
    def nodes(self) -> list[Node]:
        """All the nodes of the scope that is called."""
        return self.world.scope(self.account, self.region).every_node()

    def __call__(self, action: str, **params: Any) -> Answer:
        service, _, operation = action.partition(":")
        identity = self.identity or self.identities.long_lived(self.account)
        model = service_model(service).operation_model(operation)
        validate(model.input_shape, params, protocol_of(service_model(service)))
        call = Call(
            service=service,
            operation=operation,
            account=identity.account,
            region=self.region,
            access_key=identity.access_key,
            params=params,
            world=self.world,
            now=self.world.clock.now,
            identity=identity,
            identities=self.identities,
            request_id="id",
        )
        answer = getattr(SERVICES[service](), operation)(call)
        plain: Answer = _decoded(answer)
        if model.output_shape.members:
            fragment(service, model.output_shape.name, plain)  # refuses wrong types and members
            for path, word in _strange_words(model.output_shape, plain):
                raise AssertionError(f"{path}: {word!r} is not in the enum")
        return plain

    def pages(
        self,
        action: str,
        between: Callable[[], None] = lambda: None,
        token: str = "NextToken",
        **params: Any,
    ) -> list[Answer]:
        """All the pages of an operation; `between` happens after each of them."""
        pages = [self(action, **params)]
        while pages[-1].get(token):
            between()
            pages.append(self(action, **params, **{token: pages[-1][token]}))
        return pages

    def refusal(self, action: str, **params: Any) -> str:
        """The code of the error with which a call is refused."""
        with pytest.raises(ServiceError) as caught:
            self(action, **params)
        return caught.value.code


def _decoded(value: Any) -> Any:
    if isinstance(value, Raw):
        return msgspec.json.decode(value)
    if isinstance(value, dict):
        return {key: _decoded(item) for key, item in value.items() if item is not None}
    return [_decoded(item) for item in value] if isinstance(value, list | tuple) else value


def _strange_words(shape: Shape, value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(shape, StructureShape):
        for name, item in value.items():
            yield from _strange_words(shape.members[name], item, f"{path}.{name}")
    elif isinstance(shape, ListShape):
        for item in value:
            yield from _strange_words(shape.member, item, path)
    elif isinstance(shape, MapShape):
        for item in value.values():
            yield from _strange_words(shape.value, item, path)
    elif shape.metadata.get("enum") and value not in (*shape.metadata["enum"], *_AS_SENT):
        yield path, value


@pytest.fixture
def world() -> World:
    """400 nodes in 3 accounts and 3 Regions; every rare kind is in the scope that `aws` calls."""
    world = World.generate(nodes=400)
    for role in ("build", "app", "bastion", "gateway", "azure"):
        world.launch(world.accounts[-1].id, world.regions[0], role)
    return world


@pytest.fixture
def aws(world: World) -> Iterator[Aws]:
    yield Aws(world)
    world.part(Stage).close()

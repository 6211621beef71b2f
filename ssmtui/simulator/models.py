"""botocore's service models: what exists, and what it looks like."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from botocore.loaders import Loader
from botocore.model import OperationModel, ServiceModel

PROTOCOLS = ("json", "rest-json", "query", "ec2", "rest-xml")


@lru_cache(maxsize=1)
def _loader() -> Loader:
    return Loader()


@lru_cache(maxsize=64)
def service_model(service: str) -> ServiceModel:
    """The model of a service by botocore's name for it; UnknownServiceError if there is none."""
    return ServiceModel(_loader().load_service_model(service, "service-2"), service)


def protocol_of(model: ServiceModel) -> str:
    """The first of the service's protocols that is simulated; ValueError if none is."""
    offered = model.metadata.get("protocols") or [model.metadata["protocol"]]
    for protocol in offered:
        if protocol in PROTOCOLS:
            return str(protocol)
    raise ValueError(f"{model.service_name} speaks {', '.join(offered)}, which is not simulated")


class Service:
    """A simulated service: its model, its protocol and the handlers of its operations."""

    def __init__(self, name: str, handlers: type) -> None:
        self.name = name
        self.model = service_model(name)
        self.protocol = protocol_of(self.model)
        self.signing_name: str = self.model.signing_name
        self._handlers: Any = handlers()

    def operation(self, name: str) -> OperationModel | None:
        """The operation's model, None if the service has no such operation."""
        return self.model.operation_model(name) if name in self.model.operation_names else None

    def handler(self, operation: str) -> Any:
        """The handler, called with a Call; None for an operation that is not simulated."""
        return getattr(self._handlers, operation, None)


class Services:
    """The simulated services, found by the name that requests are signed for."""

    def __init__(self, registered: Mapping[str, type]) -> None:
        self._registered = registered
        self._made: dict[str, Service] = {}
        self._by_signing_name: dict[str, Service] = {}

    @property
    def names(self) -> list[str]:
        return sorted(self._registered)

    def named(self, name: str) -> Service | None:
        """The service of that name in botocore, None if it is not simulated."""
        if name not in self._registered:
            return None
        if name not in self._made:
            service = Service(name, self._registered[name])
            self._made[name] = service
            self._by_signing_name.setdefault(service.signing_name, service)
        return self._made[name]

    def signed_for(self, signing_name: str) -> Service | None:
        """The service of a credential scope, None if it is not simulated.

        Most services sign with their own name, so the models of the others (EC2's alone has some
        1,700 shapes) are loaded only once a name is not found.
        """
        if signing_name in self._by_signing_name:
            return self._by_signing_name[signing_name]
        service = self.named(signing_name)
        if service is not None and service.signing_name == signing_name:
            return service
        for name in self._registered:
            self.named(name)
        return self._by_signing_name.get(signing_name)

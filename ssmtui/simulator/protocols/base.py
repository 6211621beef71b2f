"""What a protocol of AWS is: how a request is read and an answer is written."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore.model import OperationModel, ServiceModel

from ssmtui.simulator.call import ServiceError


@dataclass(frozen=True, slots=True)
class Incoming:
    """An HTTP request, read to its end. Header names are lower case; `path` is still encoded."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


class Protocol(ABC):
    """One of AWS's protocols."""

    name: str

    @abstractmethod
    def operation(self, request: Incoming, model: ServiceModel | None) -> str:
        """The name of the operation that is asked for, which need not exist.

        Without a model (an unknown service) it is as much as the request itself says. Raises
        RefusedError if the request names none.
        """

    @abstractmethod
    def params(self, request: Incoming, operation: OperationModel) -> dict[str, Any]:
        """The operation's input. Raises RefusedError for what cannot be read."""

    @abstractmethod
    def answer(self, result: dict[str, Any], operation: OperationModel, request_id: str) -> Answer:
        """A handler's result. Raises AnswerError where it does not fit the output shape."""

    @abstractmethod
    def error(self, error: ServiceError, model: ServiceModel | None, request_id: str) -> Answer:
        """An error as the protocol sends it."""

"""What SendCommand asks for, checked against the document and the fleet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ssmtui.simulator.documents.model import Document, Version

DEFAULT_DELIVERY_TIMEOUT = 3600.0
DEFAULT_EXECUTION_TIMEOUT = 3600.0


class RequestError(Exception):
    """A command that is not sent: `code` is the service's word for why."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True)
class Target:
    """One of the targets: a key and any of its values."""

    key: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Request:
    """A valid wish. `node_ids` or `targets`; timeouts are in seconds.

    `values` are the document's parameters, typed; `parameters` what was sent.
    """

    document: Document
    version: Version
    version_asked: str = "$DEFAULT"
    node_ids: tuple[str, ...] = ()
    targets: tuple[Target, ...] = ()
    parameters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)
    comment: str = ""
    max_concurrency: str = "50"
    max_errors: str = "0"
    delivery_timeout: float = DEFAULT_DELIVERY_TIMEOUT
    s3_bucket: str = ""
    s3_prefix: str = ""
    log_group: str = ""  # "": nothing goes to CloudWatch Logs
    service_role: str = ""
    notification: Mapping[str, Any] = field(default_factory=dict)
    alarm: str = ""
    ignore_alarm_failure: bool = False

    @property
    def execution_timeout(self) -> float:
        """The document's own, in seconds."""
        text = str(self.values.get("executionTimeout", ""))
        return float(text) if text.isdecimal() else DEFAULT_EXECUTION_TIMEOUT

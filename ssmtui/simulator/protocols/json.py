"""JSON 1.0 and 1.1: ssm, the tagging API, kms, logs and most others."""

from __future__ import annotations

import re
from typing import Any

import msgspec
from botocore.model import OperationModel, ServiceModel

from ssmtui.simulator.call import ServiceError
from ssmtui.simulator.errors import Refusal, RefusedError
from ssmtui.simulator.inputs import from_json
from ssmtui.simulator.protocols.base import Answer, Incoming, Protocol
from ssmtui.simulator.shapes import json_writer


class Json(Protocol):
    """JSON 1.0 and 1.1: the operation is in X-Amz-Target, everything else in the body."""

    name = "json"

    def operation(self, request: Incoming, model: ServiceModel | None) -> str:
        prefix, dot, operation = request.headers.get("x-amz-target", "").rpartition(".")
        if not dot or not operation:
            raise RefusedError(Refusal.UNKNOWN_OPERATION, "X-Amz-Target names no operation.")
        if model is not None and prefix != model.metadata["targetPrefix"]:
            raise RefusedError(
                Refusal.UNKNOWN_OPERATION,
                f"{prefix} is not the target of {model.service_name}'s operations.",
            )
        if not re.fullmatch(r"application/x-amz-json-1\.[01]", request.content_type):
            raise RefusedError(
                Refusal.UNKNOWN_OPERATION, "The content type must be application/x-amz-json-1.1."
            )
        return operation

    def params(self, request: Incoming, operation: OperationModel) -> dict[str, Any]:
        value = json_body(request)
        if operation.input_shape is None:
            return {}
        params: dict[str, Any] = from_json(operation.input_shape, value)
        return params

    def answer(self, result: dict[str, Any], operation: OperationModel, request_id: str) -> Answer:
        body = b""
        if operation.output_shape is not None:
            write = json_writer(operation.service_model.service_name, operation.output_shape)
            body = msgspec.json.encode(write(result))
        return Answer(200, _json_headers(operation.service_model, request_id), body)

    def error(self, error: ServiceError, model: ServiceModel | None, request_id: str) -> Answer:
        body = {"__type": error.code, "message": error.message, **error.extra}
        headers = _json_headers(model, request_id)
        headers["x-amzn-ErrorType"] = error.code
        return Answer(error.status, headers, msgspec.json.encode(body))


def _json_headers(model: ServiceModel | None, request_id: str) -> dict[str, str]:
    version = model.metadata.get("jsonVersion", "1.1") if model is not None else "1.1"
    return {"Content-Type": f"application/x-amz-json-{version}", "x-amzn-RequestId": request_id}


def json_body(request: Incoming) -> dict[str, Any]:
    try:
        value = msgspec.json.decode(request.body or b"{}")
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise RefusedError(Refusal.MALFORMED, f"The body is not JSON: {error}") from None
    if not isinstance(value, dict):
        raise RefusedError(Refusal.MALFORMED, "The body must be a JSON object.")
    return value

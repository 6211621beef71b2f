"""REST with JSON bodies: resource-groups, sso, ssm-quicksetup and others."""

from __future__ import annotations

from typing import Any

import msgspec
from botocore.model import OperationModel, ServiceModel, Shape

from ssmtui.simulator.call import ServiceError
from ssmtui.simulator.inputs import from_json
from ssmtui.simulator.protocols.base import Answer, Incoming
from ssmtui.simulator.protocols.json import json_body
from ssmtui.simulator.protocols.rest import Rest, bind, bind_answer, in_body
from ssmtui.simulator.shapes import json_writer


class RestJson(Rest):
    """REST with JSON bodies: the operation is the method and path, members are bound all over."""

    name = "rest-json"

    def params(self, request: Incoming, operation: OperationModel) -> dict[str, Any]:
        shape = operation.input_shape
        if shape is None:
            return {}
        payload = shape.serialization.get("payload")
        if payload is not None:
            params = self._payload(shape.members[payload], payload, request)
        elif any("location" not in member.serialization for member in shape.members.values()):
            params = from_json(shape, json_body(request))
        else:
            params = {}
        bind(params, request, operation)
        return params

    def _payload(self, shape: Shape, name: str, request: Incoming) -> dict[str, Any]:
        if shape.type_name == "structure":
            return {name: from_json(shape, json_body(request))} if request.body else {}
        return {name: request.body if shape.type_name == "blob" else request.body.decode()}

    def answer(self, result: dict[str, Any], operation: OperationModel, request_id: str) -> Answer:
        model = operation.service_model
        headers = {"Content-Type": "application/json", "x-amzn-RequestId": request_id}
        status = int(operation.http.get("responseCode", 200))
        shape = operation.output_shape
        if shape is None:
            return Answer(status, headers)
        if isinstance(result, dict):
            status = bind_answer(result, shape, headers, status)
        payload = shape.serialization.get("payload")
        if payload is None:
            written = json_writer(model.service_name, shape)(in_body(result, shape))
            return Answer(status, headers, msgspec.json.encode(written))
        value = result.get(payload)
        if isinstance(value, str | bytes):
            content = value.encode() if isinstance(value, str) else value
            return Answer(status, headers, content)
        written = json_writer(model.service_name, shape.members[payload])(value or {})
        return Answer(status, headers, msgspec.json.encode(written))

    def error(self, error: ServiceError, model: ServiceModel | None, request_id: str) -> Answer:
        headers = {
            "Content-Type": "application/json",
            "x-amzn-RequestId": request_id,
            "x-amzn-ErrorType": error.code,
        }
        body = msgspec.json.encode({"message": error.message, **error.extra})
        return Answer(error.status, headers, body)

"""The query protocol (sts, iam, autoscaling) and EC2's own kind of it."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

from botocore.model import OperationModel, ServiceModel

from ssmtui.simulator.call import ServiceError
from ssmtui.simulator.errors import Refusal, RefusedError
from ssmtui.simulator.inputs import from_form, tree_of
from ssmtui.simulator.protocols.base import Answer, Incoming, Protocol
from ssmtui.simulator.shapes import xml_text, xml_writer

_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


class Query(Protocol):
    """The query protocol: form fields in, XML in an <OpResult> wrapper out."""

    name = "query"
    _ec2 = False

    def operation(self, request: Incoming, model: ServiceModel | None) -> str:
        fields = self._fields(request)
        if "Action" not in fields:
            raise RefusedError(Refusal.UNKNOWN_OPERATION, "The request has no Action.")
        version = fields.get("Version")
        if model is not None and version not in (None, model.api_version):
            raise RefusedError(
                Refusal.UNKNOWN_OPERATION,
                f"Could not find operation {fields['Action']} for version {version}",
            )
        return fields["Action"]

    def params(self, request: Incoming, operation: OperationModel) -> dict[str, Any]:
        if operation.input_shape is None:
            return {}
        tree = tree_of(self._fields(request))
        return from_form(operation.input_shape, tree, ec2=self._ec2)

    def answer(self, result: dict[str, Any], operation: OperationModel, request_id: str) -> Answer:
        out = [f'<{operation.name}Response xmlns="{_namespace(operation.service_model)}">']
        shape = operation.output_shape
        if shape is not None:
            wrapper = shape.serialization.get("resultWrapper", f"{operation.name}Result")
            out.append(f"<{wrapper}>")
            xml_writer(operation.service_model.service_name, shape, ec2=False)(result, out)
            out.append(f"</{wrapper}>")
        out.append(
            f"<ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata>"
            f"</{operation.name}Response>"
        )
        return _xml(200, "".join(out), request_id)

    def error(self, error: ServiceError, model: ServiceModel | None, request_id: str) -> Answer:
        fault = "Sender" if error.status < 500 else "Receiver"
        namespace = f' xmlns="{_namespace(model)}"' if model is not None else ""
        text = (
            f"<ErrorResponse{namespace}><Error><Type>{fault}</Type>"
            f"<Code>{xml_text(error.code)}</Code><Message>{xml_text(error.message)}</Message>"
            f"</Error><RequestId>{request_id}</RequestId></ErrorResponse>"
        )
        return _xml(error.status, text, request_id)

    def _fields(self, request: Incoming) -> dict[str, str]:
        """The form's fields, of the body or (GET and presigned requests) of the URL."""
        fields = dict(parse_qsl(request.query, keep_blank_values=True))
        if request.body:
            if request.content_type != "application/x-www-form-urlencoded":
                raise RefusedError(
                    Refusal.MALFORMED,
                    "The content type must be application/x-www-form-urlencoded.",
                )
            try:
                text = request.body.decode()
                fields.update(parse_qsl(text, keep_blank_values=True, errors="strict"))
            except (UnicodeDecodeError, ValueError):
                raise RefusedError(Refusal.MALFORMED, "The body is not a form.") from None
        return fields


class Ec2(Query):
    """EC2's own kind of query: bare members in the answer, and lists always flat in requests."""

    name = "ec2"
    _ec2 = True

    def answer(self, result: dict[str, Any], operation: OperationModel, request_id: str) -> Answer:
        namespace = _namespace(operation.service_model)
        out = [
            _DECLARATION,
            f'<{operation.name}Response xmlns="{namespace}/">',
            f"<requestId>{request_id}</requestId>",
        ]
        shape = operation.output_shape
        if shape is not None:
            xml_writer(operation.service_model.service_name, shape, ec2=True)(result, out)
        else:
            out.append("<return>true</return>")
        out.append(f"</{operation.name}Response>")
        return _xml(200, "".join(out), request_id)

    def error(self, error: ServiceError, model: ServiceModel | None, request_id: str) -> Answer:
        text = (
            f"{_DECLARATION}<Response><Errors><Error><Code>{xml_text(error.code)}</Code>"
            f"<Message>{xml_text(error.message)}</Message></Error></Errors>"
            f"<RequestID>{request_id}</RequestID></Response>"
        )
        return _xml(error.status, text, request_id)


def _namespace(model: ServiceModel) -> str:
    namespace = model.metadata.get("xmlNamespace", "")
    return str(namespace)


def _xml(status: int, text: str, request_id: str) -> Answer:
    headers = {"Content-Type": "text/xml;charset=UTF-8", "x-amzn-RequestId": request_id}
    return Answer(status, headers, text.encode())

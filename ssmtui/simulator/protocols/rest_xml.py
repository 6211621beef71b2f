"""REST with XML bodies, as S3 speaks it."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element, ParseError, XMLParser

from botocore.model import ListShape, MapShape, OperationModel, ServiceModel, Shape, StructureShape

from ssmtui.simulator.call import ServiceError
from ssmtui.simulator.errors import Refusal, RefusedError
from ssmtui.simulator.inputs import from_text
from ssmtui.simulator.protocols.base import Answer, Incoming
from ssmtui.simulator.protocols.rest import Rest, bind, bind_answer, in_body
from ssmtui.simulator.shapes import xml_text, xml_writer

_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'

# S3's names for the elements around its answers; the model is silent about them.
_ROOTS = {
    "ListBuckets": "ListAllMyBucketsResult",
    "ListObjectsV2": "ListBucketResult",
    "CreateMultipartUpload": "InitiateMultipartUploadResult",
    "CompleteMultipartUpload": "CompleteMultipartUploadResult",
    "ListParts": "ListPartsResult",
}


class RestXml(Rest):
    """REST with XML bodies: S3's bucket is the first part of the path, the key is the rest."""

    name = "rest-xml"

    def operation(self, request: Incoming, model: ServiceModel | None) -> str:
        return super().operation(_without_slash(request), model)

    def params(self, request: Incoming, operation: OperationModel) -> dict[str, Any]:
        request = _without_slash(request)
        shape = operation.input_shape
        if shape is None:
            return {}
        params: dict[str, Any] = {}
        payload = shape.serialization.get("payload")
        if payload is not None:
            member = shape.members[payload]
            if member.type_name != "structure":
                blob = member.type_name == "blob"
                params[payload] = request.body if blob else request.body.decode()
            elif request.body:
                params[payload] = _from_xml(member, _root(request.body))
        elif request.body and any(
            "location" not in m.serialization for m in shape.members.values()
        ):
            params = _from_xml(shape, _root(request.body))
        bind(params, request, operation)
        return params

    def answer(self, result: dict[str, Any], operation: OperationModel, request_id: str) -> Answer:
        headers = {"x-amz-request-id": request_id}
        status = int(operation.http.get("responseCode", 200))
        shape = operation.output_shape
        if shape is None:
            return Answer(status, headers)
        status = bind_answer(result, shape, headers, status)
        if "ContentRange" in result:
            status = 206  # a part of an object was asked for
        payload = shape.serialization.get("payload")
        if payload is None:
            if all("location" in member.serialization for member in shape.members.values()):
                return Answer(status, headers)
            root = _ROOTS.get(operation.name, shape.name)
            body = _xml(operation, shape, root, in_body(result, shape))
        elif isinstance(value := result.get(payload), str | bytes) or value is None:
            return Answer(
                status, headers, value.encode() if isinstance(value, str) else value or b""
            )
        else:
            member = shape.members[payload]
            body = _xml(operation, member, str(member.serialization.get("name", payload)), value)
        headers.setdefault("Content-Type", "application/xml")
        return Answer(status, headers, body)

    def error(self, error: ServiceError, model: ServiceModel | None, request_id: str) -> Answer:
        facts = "".join(
            f"<{name}>{xml_text(str(item))}</{name}>" for name, item in error.extra.items()
        )
        text = (
            f"{_DECLARATION}<Error><Code>{xml_text(error.code)}</Code>"
            f"<Message>{xml_text(error.message)}</Message>{facts}"
            f"<RequestId>{request_id}</RequestId></Error>"
        )
        headers = {"Content-Type": "application/xml", "x-amz-request-id": request_id}
        return Answer(error.status, headers, text.encode())


def _xml(operation: OperationModel, shape: Shape, root: str, value: Any) -> bytes:
    out = [_DECLARATION, f'<{root} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">']
    xml_writer(operation.service_model.service_name, shape, ec2=False)(value, out)
    out.append(f"</{root}>")
    return "".join(out).encode()


def _without_slash(request: Incoming) -> Incoming:
    """`/bucket/` is the bucket, too."""
    path = request.path
    if path.count("/") != 2 or not path.endswith("/"):
        return request
    return Incoming(request.method, path[:-1], request.query, request.headers, request.body)


def _root(body: bytes) -> Element:
    parser = XMLParser()  # noqa: S314 - from a client on this machine; expat bounds expansion
    try:
        parser.feed(body)
        root: Element = parser.close()
    except ParseError:
        raise RefusedError(Refusal.MALFORMED) from None
    return root


def _from_xml(shape: Shape, element: Element) -> Any:
    """An element as the shape's Python value; what the model does not have is ignored."""
    if isinstance(shape, StructureShape):
        return {
            name: value
            for name, member in shape.members.items()
            if "location" not in member.serialization
            and (value := _member(name, member, element)) is not None
        }
    if isinstance(shape, ListShape):
        wanted = shape.member.serialization.get("name", "member")
        return [_from_xml(shape.member, item) for item in element if _name(item) == wanted]
    if isinstance(shape, MapShape):
        return _entries(shape, [item for item in element if _name(item) == "entry"])
    return from_text(shape, element.text or "")


def _member(name: str, member: Shape, element: Element) -> Any:
    wire = member.serialization.get("name", name)
    if member.serialization.get("xmlAttribute"):
        plain = wire.rpartition(":")[2]
        return next((v for key, v in element.attrib.items() if _local(key) == plain), None)
    if member.serialization.get("flattened"):
        if isinstance(member, ListShape):
            wire = member.member.serialization.get("name", wire)
        found = [item for item in element if _name(item) == wire]
        if isinstance(member, MapShape):
            return _entries(member, found) if found else None
        return [_from_xml(member.member, item) for item in found] or None
    below = next((item for item in element if _name(item) == wire), None)
    return None if below is None else _from_xml(member, below)


def _entries(shape: MapShape, items: list[Element]) -> dict[str, Any]:
    key_name = shape.key.serialization.get("name", "key")
    value_name = shape.value.serialization.get("name", "value")
    pairs = {}
    for item in items:
        parts = {_name(part): part for part in item}
        if key_name not in parts or value_name not in parts:
            raise RefusedError(Refusal.MALFORMED)
        pairs[parts[key_name].text or ""] = _from_xml(shape.value, parts[value_name])
    return pairs


def _name(element: Element) -> str:
    return _local(element.tag)


def _local(name: str) -> str:
    """A name without its namespace."""
    return name.rpartition("}")[2]

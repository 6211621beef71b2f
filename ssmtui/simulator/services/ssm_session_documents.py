"""Documents, as far as sessions need them: read and list those of type Session."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import yaml

from ssmtui.simulator.agent import documents
from ssmtui.simulator.agent.documents import SessionDocument
from ssmtui.simulator.agent.sessions import Sessions
from ssmtui.simulator.call import Call, ServiceError
from ssmtui.simulator.paging import paginate

_CREATED = 1_600_000_000.0  # 2020-09-13: AWS's own documents are old
_VERSION = "1"
_PAGE = 50  # "The default value is 50": none is documented, and it is the greatest
_CURRENT = ("$LATEST", "$DEFAULT", _VERSION)


class SessionDocuments:
    """The operations on documents."""

    def GetDocument(self, call: Call) -> dict[str, Any]:
        document = _document(call)
        content, wanted = _content(call, document), call.params.get("DocumentFormat", "JSON")
        if wanted == "YAML":
            text = yaml.safe_dump(content, sort_keys=False)
        else:
            text = json.dumps(content, indent=2)
        return {
            "Name": document.name,
            "CreatedDate": _CREATED,
            "DocumentVersion": _VERSION,
            "Status": "Active",
            "Content": text,
            "DocumentType": "Session",
            "DocumentFormat": wanted,
        }

    def DescribeDocument(self, call: Call) -> dict[str, Any]:
        document = _document(call)
        text = json.dumps(_content(call, document), indent=2)
        return {
            "Document": {
                **_identity(call, document),
                "Hash": hashlib.sha256(text.encode()).hexdigest(),
                "HashType": "Sha256",
                "Status": "Active",
                "Description": document.description,
                "Parameters": [
                    {
                        "Name": parameter.name,
                        "Type": "String",
                        "Description": parameter.description,
                        "DefaultValue": parameter.default,
                    }
                    for parameter in document.parameters
                ],
                "LatestVersion": _VERSION,
                "DefaultVersion": _VERSION,
            }
        }

    def ListDocuments(self, call: Call) -> dict[str, Any]:
        """Documents in the order of their names."""
        listed = sorted(documents.DOCUMENTS.values(), key=_name)
        for each in call.params.get("Filters", ()):
            listed = _filtered(call, listed, each["Key"], each.get("Values", []))
        for legacy in call.params.get("DocumentFilterList", ()):
            listed = _filtered(call, listed, legacy["key"], [legacy["value"]])
        return paginate(
            call,
            listed,
            "DocumentIdentifiers",
            _PAGE,
            position=_name,
            shape=lambda document: _identity(call, document),
        )


def _name(document: SessionDocument) -> str:
    return document.name


def _document(call: Call) -> SessionDocument:
    """The document that is asked for. ServiceError InvalidDocument or InvalidDocumentVersion."""
    name = call.params["Name"]
    document = documents.named(name)
    if document is None:
        raise ServiceError("InvalidDocument", f"Document with name {name} does not exist.")
    if call.params.get("DocumentVersion", _VERSION) not in _CURRENT or "VersionName" in call.params:
        raise ServiceError("InvalidDocumentVersion", f"The document {name} has no such version.")
    return document


def _content(call: Call, document: SessionDocument) -> dict[str, Any]:
    return document.content(call.world.part(Sessions).settings(call.account, call.region))


def _owner(call: Call, document: SessionDocument) -> str:
    return call.account if document.owned else "Amazon"


def _identity(call: Call, document: SessionDocument) -> dict[str, Any]:
    return {
        "Name": document.name,
        "CreatedDate": _CREATED,
        "Owner": _owner(call, document),
        "PlatformTypes": list(document.platforms),
        "DocumentVersion": _VERSION,
        "DocumentType": "Session",
        "SchemaVersion": "1.0",
        "DocumentFormat": "JSON",
        "Tags": [],
    }


def _filtered(
    call: Call, listed: list[SessionDocument], key: str, values: list[str]
) -> list[SessionDocument]:
    """Those that any of a filter's values fits (DocumentKeyValuesFilter)."""
    match key.removeprefix("Search"):
        case "Name":
            return [each for each in listed if each.name.startswith(tuple(values))]
        case "Owner":
            return [each for each in listed if _is_owner(call, each, values)]
        case "DocumentType":
            return listed if "Session" in values else []
        case "PlatformTypes":
            return [each for each in listed if set(values) & set(each.platforms)]
    raise ServiceError("InvalidFilterKey", f"The filter key {key} is not valid.")


def _is_owner(call: Call, document: SessionDocument, values: list[str]) -> bool:
    words = {"Self", "Private", call.account} if document.owned else {"Amazon", "Public"}
    return bool({"All", *words} & set(values))

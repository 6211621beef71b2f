"""Systems Manager's documents of all types: list, describe and read them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ssmtui.simulator.call import Call, ServiceError
from ssmtui.simulator.documents.library import Library
from ssmtui.simulator.documents.model import Document, Version, VersionError
from ssmtui.simulator.paging import paginate

_PAGE = 50  # "The default value is 50": none is documented, and it is the greatest


class Documents:
    """The operations on documents."""

    def GetDocument(self, call: Call) -> dict[str, Any]:
        document = _document(call)
        version = _version(call, document)
        wanted = call.params.get("DocumentFormat", document.format)
        if (wanted == "TEXT") != (document.format == "TEXT"):
            raise ServiceError(
                "InvalidDocumentVersion",
                f"The document {document.name} is not available as {wanted}.",
            )
        return {
            "Name": document.name,
            "DisplayName": document.display_name or None,
            "CreatedDate": version.created,
            "VersionName": version.name or None,
            "DocumentVersion": str(version.number),
            "Status": "Active",
            "Content": version.text(wanted),
            "DocumentType": document.type,
            "DocumentFormat": wanted,
        }

    def DescribeDocument(self, call: Call) -> dict[str, Any]:
        document = _document(call)
        version = _version(call, document)
        return {
            "Document": {
                **_identity(document, version),
                "Hash": document.hash(version),
                "HashType": "Sha256",
                "Status": "Active",
                "Description": version.description,
                "Parameters": [each.described() for each in version.parameters],
                "LatestVersion": str(document.latest.number),
                "DefaultVersion": str(document.default),
            }
        }

    def ListDocuments(self, call: Call) -> dict[str, Any]:
        """Documents in the order of their names."""
        listed = call.world.part(Library).all(call.account, call.region)
        for each in call.params.get("Filters", ()):
            listed = _filtered(call, listed, each["Key"], each.get("Values", []))
        for legacy in call.params.get("DocumentFilterList", ()):
            listed = _filtered(call, listed, legacy["key"], [legacy["value"]])
        return paginate(
            call,
            listed,
            "DocumentIdentifiers",
            _PAGE,
            position=lambda document: document.name,
            shape=lambda document: _identity(document, document.default_version),
        )

    def ListDocumentVersions(self, call: Call) -> dict[str, Any]:
        """The latest version first."""
        document = _document(call)
        return paginate(
            call,
            document.versions[::-1],
            "DocumentVersions",
            _PAGE,
            position=lambda version: f"{10**9 - version.number:010d}",
            shape=lambda version: {
                "Name": document.name,
                "DisplayName": document.display_name or None,
                "DocumentVersion": str(version.number),
                "VersionName": version.name or None,
                "CreatedDate": version.created,
                "IsDefaultVersion": version.number == document.default,
                "DocumentFormat": document.format,
                "Status": "Active",
            },
        )


def _document(call: Call) -> Document:
    """The document that is asked for. ServiceError InvalidDocument."""
    name = call.params["Name"]
    document = call.world.part(Library).find(call.account, call.region, name)
    if document is None:
        raise ServiceError("InvalidDocument", f"Document with name {name} does not exist.")
    return document


def _version(call: Call, document: Document) -> Version:
    """Its version that is asked for, the default one otherwise. ServiceError."""
    try:
        return document.version(
            call.params.get("DocumentVersion", "$DEFAULT"), call.params.get("VersionName", "")
        )
    except VersionError:
        raise ServiceError(
            "InvalidDocumentVersion", f"The document {document.name} has no such version."
        ) from None


def _identity(document: Document, version: Version) -> dict[str, Any]:
    return {
        "Name": document.name,
        "DisplayName": document.display_name or None,
        "CreatedDate": version.created,
        "Owner": document.owner,
        "VersionName": version.name or None,
        "PlatformTypes": list(document.platforms),
        "DocumentVersion": str(version.number),
        "DocumentType": document.type,
        "SchemaVersion": version.schema if document.format != "TEXT" else None,
        "DocumentFormat": document.format,
        "TargetType": document.target_type or None,
        "Tags": [{"Key": key, "Value": value} for key, value in document.tags.items()],
        "Author": document.author or None,
    }


# Filters: any of the values fits (DocumentKeyValuesFilter).

Test = Callable[[Call, Document, list[str]], bool]


def _is_owner(call: Call, document: Document, values: list[str]) -> bool:
    words = {"Amazon", "Public"} if document.amazons else {"Self", "Private", call.account}
    return bool({"All", *words} & set(values))


_FILTERS: dict[str, Test] = {
    "Name": lambda _, document, values: document.name.startswith(tuple(values)),
    "Owner": _is_owner,
    "DocumentType": lambda _, document, values: document.type in values,
    "PlatformTypes": lambda _, document, values: bool(set(values) & set(document.platforms)),
    "TargetType": lambda _, document, values: document.target_type in values,
    "SearchKeyword": lambda _, document, values: any(
        value.lower() in document.name.lower() for value in values
    ),
}


def _filtered(call: Call, listed: list[Document], key: str, values: list[str]) -> list[Document]:
    if key.startswith("tag:"):
        tag = key.removeprefix("tag:")
        return [each for each in listed if each.tags.get(tag) in values]
    test = _FILTERS.get(key) or _FILTERS.get(key.removeprefix("Search"))
    if test is None:
        raise ServiceError("InvalidFilterKey", f"The filter key {key} is not valid.")
    return [each for each in listed if test(call, each, values)]

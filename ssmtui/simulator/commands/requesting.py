"""SendCommand's parameters read: all that can be refused is refused here, before anything is done.

Rules: SendCommand of the API reference and its errors. The model's own limits (50 ids, 5 targets,
lengths and patterns) have been checked before.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ssmtui.simulator.commands import targets as targeting
from ssmtui.simulator.commands.request import (
    DEFAULT_DELIVERY_TIMEOUT,
    Request,
    RequestError,
    Target,
)
from ssmtui.simulator.documents.library import Library
from ssmtui.simulator.documents.model import Document, Version, VersionError
from ssmtui.simulator.documents.parameters import ParameterError, resolve, substitute
from ssmtui.simulator.documents.references import references
from ssmtui.simulator.world import Scope, World

LARGEST_DOCUMENT = 64 * 1024  # bytes


def read(world: World, account: str, region: str, params: Mapping[str, Any]) -> Request:
    """The request, or RequestError."""
    document = _document(world, account, region, params["DocumentName"])
    asked = params.get("DocumentVersion", "$DEFAULT")
    try:
        version = document.version(asked)
    except VersionError:
        raise RequestError(
            "InvalidDocumentVersion", f"The document {document.name} has no version {asked}."
        ) from None
    hash_ = params.get("DocumentHash")
    if hash_ is not None and hash_ != document.hash(version):
        raise RequestError("InvalidDocument", f"The hash of {document.name} does not match.")
    sent = params.get("Parameters", {})
    try:
        values = resolve(version.parameters, sent)
    except ParameterError as error:
        raise RequestError("InvalidParameters", f"{error}.") from None
    _check_references(values, version)
    _check_size(values, version)
    targets = tuple(
        Target(each.get("Key", ""), tuple(each.get("Values", ())))
        for each in params.get("Targets", ())
    )
    node_ids = tuple(params.get("InstanceIds", ()))
    if bool(node_ids) == bool(targets):
        which = "both are" if targets else "neither is"
        raise RequestError(
            "ValidationException", f"Either InstanceIds or Targets must be given: {which}."
        )
    targeting.check(targets)
    _check_nodes(world.scope(account, region), world, document, node_ids)
    _check_notification(params)
    logs = params.get("CloudWatchOutputConfig", {})
    group = logs.get("CloudWatchLogGroupName") or f"/aws/ssm/{document.name}"
    alarms = params.get("AlarmConfiguration", {})
    return Request(
        document=document,
        version=version,
        version_asked=asked,
        node_ids=node_ids,
        targets=targets,
        parameters={name: tuple(texts) for name, texts in sent.items()},
        values=values,
        comment=params.get("Comment", ""),
        max_concurrency=params.get("MaxConcurrency", "50"),
        max_errors=params.get("MaxErrors", "0"),
        delivery_timeout=float(params.get("TimeoutSeconds", DEFAULT_DELIVERY_TIMEOUT)),
        s3_bucket=params.get("OutputS3BucketName", ""),
        s3_prefix=params.get("OutputS3KeyPrefix", ""),
        log_group=group if logs.get("CloudWatchOutputEnabled") else "",
        service_role=params.get("ServiceRoleArn", ""),
        notification=params.get("NotificationConfig", {}),
        alarm=next((each["Name"] for each in alarms.get("Alarms", ())), ""),
        ignore_alarm_failure=alarms.get("IgnorePollAlarmFailure", False),
    )


def _document(world: World, account: str, region: str, name: str) -> Document:
    document = world.part(Library).find(account, region, name)
    if document is None:
        raise RequestError("InvalidDocument", f"Document with name {name} does not exist.")
    if document.type != "Command":
        raise RequestError(
            "InvalidDocument",
            f"Document {document.name} is of type {document.type}, which Run Command does not run.",
        )
    return document


def _check_references(values: Mapping[str, Any], version: Version) -> None:
    """The simulated accounts keep nothing in Parameter Store: whatever is named is missing."""
    inputs = [step.inputs for step in version.steps]
    missing = sorted({*references(dict(values)), *references([dict(each) for each in inputs])})
    if missing:
        raise RequestError(
            "InvalidParameters",
            f"Parameter Store has no parameter {', '.join(missing)}: create it, or leave "
            f"{{{{ssm:{missing[0]}}}}} out.",
        )


def _check_size(values: Mapping[str, Any], version: Version) -> None:
    """A document is 64 KB at most, with its parameters filled in."""
    filled = json.dumps(substitute(version.content, values), ensure_ascii=False)
    if len(filled.encode("utf-8", "replace")) > LARGEST_DOCUMENT:
        raise RequestError(
            "MaxDocumentSizeExceeded",
            "The document is larger than 64 KB with its parameters: shorten them.",
        )


def _check_notification(params: Mapping[str, Any]) -> None:
    arn = params.get("NotificationConfig", {}).get("NotificationArn")
    if arn is None:
        return
    if not arn.startswith("arn:aws:sns:"):
        raise RequestError("InvalidNotificationConfig", f"{arn} is not the ARN of an SNS topic.")
    if not params.get("ServiceRoleArn", "").startswith("arn:aws:iam::"):
        raise RequestError("InvalidRole", "Notifications need the ARN of an IAM role.")


def _check_nodes(scope: Scope, world: World, document: Document, node_ids: tuple[str, ...]) -> None:
    if len(set(node_ids)) < len(node_ids):
        raise RequestError("DuplicateInstanceId", "An instance ID is given twice.")
    nodes = [world.nodes.get(node_id) for node_id in node_ids]
    wrong = [
        node_id
        for node_id, node in zip(node_ids, nodes, strict=True)
        if node is None or world.scope_of(node) is not scope or not targeting.suits(node)
    ]
    if wrong:
        raise RequestError(
            "InvalidInstanceId",
            f"Instances [[{', '.join(wrong)}]] not in a valid state for account {scope.account.id}",
        )
    platforms = {node.platform.type for node in nodes if node is not None}
    if platforms - set(document.platforms):
        raise RequestError(
            "UnsupportedPlatformType",
            f"The document {document.name} does not support the platform type of all instances.",
        )

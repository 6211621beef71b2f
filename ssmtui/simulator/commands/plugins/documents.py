"""aws:runDocument: the steps of another document, whose outputs become this step's own.

Rules: the user guide's reference of Command plugins, and `rundocument.go` of amazon-ssm-agent.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from random import Random
from typing import Any

from ssmtui.simulator.commands.plugins.flow import Flow
from ssmtui.simulator.commands.plugins.job import Job, Outcome, reboot_code
from ssmtui.simulator.commands.statuses import Detail
from ssmtui.simulator.documents.library import Library
from ssmtui.simulator.documents.model import Document, Step, Version, VersionError
from ssmtui.simulator.documents.parameters import ParameterError, resolve, substitute
from ssmtui.simulator.documents.reading import ContentError, read

# "Maximum depth permitted": documents within documents.
_MOST_DEEP = 3


class DocumentError(Exception):
    """A document that cannot be run: a sentence without a full stop."""


async def run_document(job: Job) -> Outcome:
    """Run a stored document (SSMDocument), or one that an earlier step has fetched (LocalPath)."""
    depth = job.depth + 1
    try:
        if depth > _MOST_DEEP:
            raise DocumentError(
                "Maximum depth for document execution exceeded. "
                f"Maximum depth permitted - {_MOST_DEEP} and current depth - {depth}"
            )
        version = _version(job)
        values = resolve(version.parameters, _sent(job.inputs.get("documentParameters")))
    except (DocumentError, ContentError, ParameterError) as error:
        await job.complain(f"There was an error while preparing documents - {error}")
        return Outcome(1)
    return await _run(replace(job, depth=depth), version, values)


async def _run(job: Job, version: Version, values: Mapping[str, Any]) -> Outcome:
    """Run its steps one after the other; one that failed makes it fail."""
    flow = Flow(version.steps, version.schema, job.machine.node.platform.type, job.plugins)
    details = set()
    for step in version.steps:
        inputs = substitute(dict(step.inputs), values)
        unfit = flow.unfit(step, inputs)
        if unfit is not None:
            why, ended = unfit
            if ended.detail is Detail.FAILED:
                await job.complain(why)
            details.add(ended.detail)
            continue
        stdout, stderr = _Held(), _Held()
        outcome = await job.plugins[step.does or step.action](
            _part(job, step, inputs, stdout, stderr)
        )
        if outcome.down or outcome.code == reboot_code(job.machine):
            await _tell(job, stdout.data, stderr.data)
            return outcome  # after the reboot all of it is done again
        ended = flow.ended(inputs, outcome)
        details.add(ended.detail)
        added = ended.added.encode()
        await _tell(job, stdout.data + added, b"" if ended.hushed else stderr.data + added)
    if Detail.FAILED in details:
        return Outcome(1)
    return Outcome(timed_out=Detail.EXECUTION_TIMED_OUT in details)


class _Held:
    """A sink that keeps what it gets: whether it is told is known at the step's end."""

    def __init__(self) -> None:
        self.data = b""

    async def write(self, data: bytes) -> None:
        self.data += data


def _part(job: Job, step: Step, inputs: Mapping[str, Any], stdout: _Held, stderr: _Held) -> Job:
    """The work of a step within the document."""
    name = f"{job.step_name} {step.name}"
    return replace(
        job,
        step_name=name,
        inputs=inputs,
        stdout=stdout,
        stderr=stderr,
        random=Random(f"{job.command_id} {job.machine.node.id} {name}"),
    )


async def _tell(job: Job, out: bytes, err: bytes) -> None:
    await job.stdout.write(out)
    await job.stderr.write(err)


def find(job: Job, asked: str) -> tuple[Document, Version]:
    """The stored Command document of `name` or `name:version`, or of an ARN. DocumentError."""
    node = job.machine.node
    name, _, number = asked.rpartition("/")[2].partition(":")
    document = job.world.part(Library).find(node.account, node.region, name)
    if document is None:
        raise DocumentError(f"InvalidDocument: Document with name {name} does not exist")
    if document.type != "Command":
        raise DocumentError(f"the document {name} is of type {document.type}, not Command")
    try:
        return document, document.version(number or "$DEFAULT")
    except (VersionError, ValueError):
        raise DocumentError(
            f"InvalidDocumentVersion: the document {name} has no version {number}"
        ) from None


def _version(job: Job) -> Version:
    kind, path = job.input("documentType"), job.input("documentPath")
    if kind not in ("SSMDocument", "LocalPath"):
        raise DocumentError(f"the document type is '{kind}', not SSMDocument or LocalPath")
    if not path:
        raise DocumentError("the document path is missing")
    if kind == "SSMDocument":
        return find(job, path)[1]
    fetched = job.fetched(path)
    if fetched is None:
        raise DocumentError(f"{path}: no such file")
    return fetched.version or read(fetched.data.decode("utf-8", "replace"))


def _sent(given: Any) -> dict[str, list[str]]:
    """The parameters of the inner document, as SendCommand would have them. DocumentError."""
    if isinstance(given, str) and given.strip():
        try:
            given = json.loads(given)
        except ValueError:
            raise DocumentError("the document parameters are no JSON") from None
    if not given:
        return {}
    if not isinstance(given, dict):
        raise DocumentError("the document parameters are no JSON object")
    return {name: _texts(value) for name, value in given.items()}


def _texts(value: Any) -> list[str]:
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return value
    return [value if isinstance(value, str) else json.dumps(value)]

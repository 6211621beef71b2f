"""Content from elsewhere: fetched, and playbooks run from it.

Nothing is reached for. What is "fetched" is made up from its address; a bucket of the simulated S3
gives what is in it, and the account its stored documents.
"""

from __future__ import annotations

import json
import ntpath
import posixpath
from typing import Any

from ssmtui.simulator.commands.plugins import documents
from ssmtui.simulator.commands.plugins.job import Fetched, Job, Outcome
from ssmtui.simulator.shell.machine.tree import FileProblem
from ssmtui.simulator.world.buckets import Buckets


async def download(job: Job) -> Outcome:
    """aws:downloadContent: put a file into the destination, or into the agent's own folder."""
    kind, info = job.input("sourceType"), _info(job.inputs.get("sourceInfo"))
    address = str(info.get(_ADDRESSES.get(kind, "path")) or info.get("path") or "")
    if not address:
        await job.complain(f"invalid sourceInfo: {kind} needs a path, an address or a name")
        return Outcome(1)
    if kind != "SSMDocument":
        await job.work(0.5, 4)
    try:
        name, fetched = _fetch(job, kind, address)
    except (LookupError, documents.DocumentError) as error:
        await job.complain(f"failed to fetch {address}: {error.args[0]}")
        return Outcome(1)
    path = _destination(job, name)
    job.downloads[path] = fetched
    if not job.machine.windows:
        try:
            _write(job, path, fetched.data)
        except FileProblem as problem:
            await job.complain(f"failed to write {problem.path}: {problem.reason}")
            return Outcome(1)
    await job.out(f"Content downloaded to {path}")
    return Outcome()


# The member of sourceInfo that says what is wanted, where it is not `path`.
_ADDRESSES = {"SSMDocument": "name", "HTTP": "url", "Git": "repository"}


def _fetch(job: Job, kind: str, address: str) -> tuple[str, Fetched]:
    """The file's name and content. LookupError, DocumentError."""
    if kind == "SSMDocument":
        document, version = documents.find(job, address)
        data = version.text(document.format).encode()
        return f"{document.name}.{document.format.lower()}", Fetched(data, version)
    name = address.rstrip("/").rpartition("/")[2] or "content"
    data_ = _from_bucket(job, address) if kind == "S3" else _made_up(name)
    if data_ is None:
        raise LookupError("NoSuchKey")
    return name, Fetched(data_)


def _destination(job: Job, name: str) -> str:
    """Where it goes: the destination is a folder, unless it has an extension as files have."""
    asked = job.input("destinationPath")
    path = ntpath if job.machine.windows else posixpath
    return job.place(asked if path.splitext(asked)[1] else path.join(asked, name))


def _info(value: Any) -> dict[str, Any]:
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            value = {}
    return value if isinstance(value, dict) else {}


def _from_bucket(job: Job, address: str) -> bytes | None:
    """`https://s3.region.amazonaws.com/bucket/key`, or `https://bucket.s3...com/key`."""
    host, _, path = address.partition("://")[2].partition("/")
    first = host.partition(".")[0]
    name, _, key = (path if first == "s3" else f"{first}/{path}").partition("/")
    bucket = job.world.part(Buckets).named(name)
    found = bucket.get(key) if bucket is not None else None
    return found.data if found is not None else None


def _made_up(name: str) -> bytes:
    """A script that says its name, or a document with such a script."""
    line = f"echo 'this is {name}'"
    if not name.endswith((".json", ".yaml", ".yml")):
        return f"#!/bin/bash\n{line}\n".encode()
    step = {"action": "aws:runShellScript", "name": "say", "inputs": {"runCommand": [line]}}
    content = {"schemaVersion": "2.2", "description": name, "mainSteps": [step]}
    return json.dumps(content, indent=2).encode()


def _write(job: Job, path: str, data: bytes) -> None:
    tree = job.machine.tree
    above = ""
    for part in path.strip("/").split("/")[:-1]:
        above += f"/{part}"
        if not tree.exists(above):
            tree.add_folder(above)
    file = tree.create(path, append=False)
    tree.append(path, file, data)
    file.mode = 0o755


async def ansible(job: Job) -> Outcome:
    """A playbook; without Ansible there is none."""
    if job.input("install").lower() != "true":
        await job.complain("ansible-playbook: command not found")
        return Outcome(127)
    await job.work(8, 45)
    changed = 0 if job.input("check") == "True" else job.random.randrange(4)
    playbook = job.input("playbook") or "playbook.yml"
    await job.out(
        f"Running {playbook}",
        "PLAY [all] *********************************************************************",
        "",
        "TASK [Gathering Facts] *********************************************************",
        "ok: [localhost]",
        "",
        "PLAY RECAP *********************************************************************",
        f"localhost                  : ok=5    changed={changed}    unreachable=0    failed=0",
    )
    return Outcome()

"""Content from elsewhere: fetched, and documents or playbooks run from it.

Nothing is reached for. What is "fetched" is made up from its address, and a bucket of the simulated
S3 gives what is in it.
"""

from __future__ import annotations

import json
from typing import Any

from ssmtui.simulator.commands.plugins.job import Job, Outcome
from ssmtui.simulator.shell.machine.tree import FileProblem
from ssmtui.simulator.world.buckets import Buckets


async def download(job: Job) -> Outcome:
    """aws:downloadContent: put a file into the destination, or into the agent's own folder."""
    kind, info = job.input("sourceType"), _info(job.inputs.get("sourceInfo"))
    if kind == "SSMDocument":
        await job.out("The document is stored: nothing to fetch")
        return Outcome()
    await job.work(0.5, 4)
    address = str(info.get("path") or info.get("url") or info.get("repository") or "")
    if not address:
        await job.complain(f"invalid sourceInfo: {kind} needs a path or an address")
        return Outcome(1)
    name = address.rstrip("/").rpartition("/")[2] or "content"
    data = _from_bucket(job, address) if kind == "S3" else _made_up(address)
    if data is None:
        await job.complain(f"failed to fetch {address}: NoSuchKey")
        return Outcome(1)
    folder = job.input("destinationPath") or f"{job.folder}/downloads"
    if not folder.startswith("/"):
        folder = f"{job.folder}/downloads/{folder}"
    path = f"{folder.rstrip('/')}/{name}"
    if not job.machine.windows:
        try:
            _write(job, path, data)
        except FileProblem as problem:
            await job.complain(f"failed to write {problem.path}: {problem.reason}")
            return Outcome(1)
    await job.out(f"Content downloaded to {path}")
    return Outcome()


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


def _made_up(address: str) -> bytes:
    return f"#!/bin/bash\necho 'this is {address.rpartition('/')[2]}'\n".encode()


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


async def run_document(job: Job) -> Outcome:
    """aws:runDocument: of another document only that it has been run."""
    name = job.input("documentPath") or job.input("documentType")
    await job.work(0.5, 3)
    await job.out(f"Document {name} has ended with status Success")
    return Outcome()


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

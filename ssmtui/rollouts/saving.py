"""Saving a rollout: one private file a node with its output, and a summary in JSON."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import msgspec

from ssmtui.core.columns import rfc3339
from ssmtui.core.problem import Problem, ProblemError, ProblemKind
from ssmtui.core.text import plain
from ssmtui.local.files import write_private
from ssmtui.resources.invocations.outputs import ERROR_LINE
from ssmtui.rollouts.plan import Plan
from ssmtui.rollouts.state import Result, RolloutState

SUMMARY: Final = "summary.json"
_UNSAFE: Final = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST: Final = 80  # characters of a name in a file's name


async def save(folder: Path, plan: Plan, state: RolloutState, results: Iterable[Result]) -> Path:
    """Write everything into a folder of its own, `folder`/ROLLOUT; that folder.

    The texts are what is known of them: fetch them before where they were cut. They are written as
    they came, escape sequences and all. Files are 0600, and the summary comes last. ProblemError:
    the disk will not have it.
    """
    listed = list(results)
    place = folder / f"ssmtui-{plan.id}"
    return await asyncio.to_thread(_write, place, plan, state, listed)


def file_name(result: Result) -> str:
    """A node's file: its name as far as files can be called so, and its id, which is unique."""
    name = _UNSAFE.sub("_", result.name).strip("._")[:_LONGEST]
    key = result.key
    return "-".join(each for each in (name, key.account, key.region, key.id) if each) + ".txt"


def text_of(result: Result) -> str:
    """A node's output as one text; what it wrote to stderr stands behind AWS's own line."""
    if not result.stderr:
        return result.stdout
    gap = "" if not result.stdout or result.stdout.endswith("\n") else "\n"
    return f"{result.stdout}{gap}{ERROR_LINE}\n{result.stderr}"


def _write(place: Path, plan: Plan, state: RolloutState, results: list[Result]) -> Path:
    try:
        for result in results:
            data = text_of(result).encode("utf-8", "replace")
            write_private(place / file_name(result), data)
        summary = msgspec.json.format(msgspec.json.encode(_summary(plan, state, results)))
        write_private(place / SUMMARY, summary + b"\n")
    except OSError as error:
        what = plain(f"The outputs cannot be saved in {place} ({error.strerror})")
        raise ProblemError(Problem(ProblemKind.INPUT, what, "Choose another folder")) from error
    return place


def _summary(plan: Plan, state: RolloutState, results: list[Result]) -> dict[str, Any]:
    command = plan.spec.command
    return {
        "rollout": plan.id,
        "title": state.title,
        "phase": str(state.phase),
        "sentence": state.sentence,
        "document": command.document,
        "parameters": command.parameters,
        "started": _time(state.started),
        "ended": _time(state.ended),
        "counts": {name: getattr(state.bars, name) for name in state.bars.__struct_fields__},
        "commands": [
            {
                "scope": str(call.scope),
                "command_id": call.command_id or None,
                "status": call.status or str(call.phase),
                "comment": call.marker,
            }
            for call in state.calls
        ],
        "nodes": [
            {
                "account": result.key.account,
                "region": result.key.region,
                "id": result.key.id,
                "name": result.name or None,
                "result": str(result.bucket),
                "status": result.status or None,
                "exit_code": result.exit_code,
                "started": _time(result.started),
                "ended": _time(result.ended),
                "cut": result.cut,
                "file": file_name(result),
            }
            for result in results
        ],
    }


def _time(seconds: float | None) -> str | None:
    return None if seconds is None else rfc3339(seconds)

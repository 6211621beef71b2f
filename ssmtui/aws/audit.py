"""The audit: what was about to be done, and what became of it, as JSON lines that only grow."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from ssmtui.core.keys import ScopeKey
from ssmtui.core.problem import Problem, ProblemError, ProblemKind

_MAX_BYTES = 5_000_000


class Deed(msgspec.Struct, frozen=True):
    """Something that is audited. `command` is the equivalent `aws ...` line, secrets masked."""

    scope: ScopeKey
    identity: str
    profile: str | None
    operation: str
    op_class: str
    intent: str
    command: str
    id: str = msgspec.field(default_factory=lambda: uuid.uuid4().hex[:12])


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Audit:
    """Appends to one private file, rotated by size. With no path it records nothing."""

    def __init__(
        self,
        path: Path | None,
        *,
        max_bytes: int = _MAX_BYTES,
        now: Callable[[], datetime] = _utc_now,
    ) -> None:
        self._path = path
        self._max_bytes = max_bytes
        self._now = now

    async def intend(self, deed: Deed) -> None:
        """Record what is about to be done. ProblemError if it cannot be: then it is not done."""
        try:
            await asyncio.to_thread(self._append, "intent", deed, {"intent": deed.intent})
        except OSError as error:
            raise ProblemError(
                Problem(
                    ProblemKind.INPUT,
                    f"{deed.operation} was not sent: the audit file {self._path} cannot be "
                    f"written ({error.strerror})",
                    "Make the state folder writable",
                    operation=deed.operation,
                    scope=deed.scope,
                )
            ) from error

    def conclude(self, deed: Deed, outcome: str, **facts: str) -> None:
        """Record what became of it: at once, so that a cancelled task records it, too. OSError."""
        self._append("outcome", deed, {"outcome": outcome, **facts})

    def _append(self, event: str, deed: Deed, facts: Mapping[str, str]) -> None:
        if self._path is None:
            return
        from ssmtui.local.files import append_private

        line: dict[str, Any] = {
            "time": self._now().isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "event": event,
            "id": deed.id,
            "account": deed.scope.account,
            "region": deed.scope.region,
            "profile": deed.profile,
            "identity": deed.identity,
            "operation": deed.operation,
            "class": deed.op_class,
            **facts,
            "command": deed.command,
        }
        append_private(self._path, msgspec.json.encode(line).decode() + "\n", self._max_bytes)

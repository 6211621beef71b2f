"""Rollouts on disk: recorded before anything is sent, and found again whatever happened.

A rollout is two private files: `ID.json`, its plan, written whole before the first call, and
`ID.jsonl`, a line for everything that happened since. A line that says that a call is about to be
sent is written before it is. Should the machine lose power and that line with it, nothing is sent
twice either: whoever opens the rollout looks for the markers of all its calls first. Everything
here blocks: callers use a thread.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import IO, Any, Final

import msgspec

from ssmtui.core.problem import Problem, ProblemError, ProblemKind, input_problem
from ssmtui.core.text import plain
from ssmtui.local.files import append_private, create_private, private_dir, write_private
from ssmtui.rollouts.journal import Story, decode, tell, told
from ssmtui.rollouts.plan import Plan
from ssmtui.rollouts.state import Phase

_ID: Final = re.compile(r"[0-9a-f]{8}")
_VERSION: Final = 1
_DAY: Final = 86_400.0

# Run Command keeps commands for so long; a record could not be followed any more after that.
RETENTION_DAYS: Final = 30


class _Header(msgspec.Struct):
    """What stands in ID.json."""

    version: int
    created: float
    identity: str
    plan: Plan
    left_out: int = 0


class Summary(msgspec.Struct, frozen=True):
    """A rollout in a list. Times are seconds since the epoch."""

    id: str
    title: str
    document: str
    identity: str
    created: float
    phase: Phase
    nodes: int | None
    scopes: tuple[str, ...]

    @property
    def open(self) -> bool:
        """Whether it wants to be attached to: nobody has seen its end."""
        return self.phase not in (Phase.DONE, Phase.CANCELLED, Phase.STOPPED)


class Record:
    """One rollout on disk, held by this program alone until `close`. `ours` says that we have sent
    it, and so send the rest and stop it at its budget."""

    ours = True

    def __init__(self, folder: Path, header: _Header, story: Story, lock: IO[bytes]) -> None:
        self.plan = header.plan
        self.created = header.created
        self.identity = header.identity
        self.left_out = header.left_out
        self.story = story
        self._journal = folder / f"{header.plan.id}.jsonl"
        self._lock = lock

    def write(self, *entries: Any) -> None:
        """Write lines down, blocking. ProblemError: the disk is full, say."""
        text = "".join(f"{msgspec.json.encode(entry).decode()}\n" for entry in entries)
        try:
            append_private(self._journal, text)
        except OSError as error:
            raise _refused(self._journal, error) from error

    def take(self, *entries: Any) -> None:
        """Take lines into the story: they have been written, or could not be."""
        for entry in entries:
            tell(self.story, entry)

    def close(self) -> None:
        """Let others take it over."""
        self._lock.close()


class Unrecorded(Record):
    """What no rollout on record has sent (`others`): nothing is written down, nor sent."""

    ours = False

    def __init__(self, plan: Plan, story: Story, *, created: float, identity: str) -> None:
        self.plan, self.story, self.created = plan, story, created
        self.identity = identity
        self.left_out = 0

    def write(self, *entries: Any) -> None:
        """What happens is known to the service."""

    def close(self) -> None:
        """Nobody else is kept from it."""


class Records:
    """The folder of all rollouts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def create(self, plan: Plan, *, now: float, identity: str = "", left_out: int = 0) -> Record:
        """Put a plan on record. ProblemError: then nothing may be sent."""
        header = _Header(_VERSION, now, identity, plan, left_out)
        path = self.folder / f"{plan.id}.json"
        lock = self._locked(plan.id)
        try:
            if path.exists():
                raise input_problem(f"Rollout {plan.id} is on record already", "Plan it anew")
            write_private(path, msgspec.json.encode(header))
        except OSError as error:
            lock.close()
            raise _refused(path, error) from error
        except ProblemError:
            lock.close()
            raise
        return Record(self.folder, header, told(()), lock)

    def open(self, rollout_id: str) -> Record:
        """A rollout from the record, for its first eight digits or fewer. ProblemError: there is
        none, its file is damaged, or another ssmtui is at it."""
        rollout_id = self._whole_id(rollout_id)
        lock = self._locked(rollout_id)
        try:
            header = self._header(rollout_id)
            return Record(self.folder, header, told(self._entries(rollout_id)), lock)
        except ProblemError:
            lock.close()
            raise

    def all(self) -> list[Summary]:
        """All rollouts, the latest first. Damaged ones are left out."""
        found: list[Summary] = []
        for path in self.folder.glob("*.json"):
            if not _ID.fullmatch(path.stem):
                continue
            try:
                header = self._header(path.stem)
            except ProblemError:
                continue
            found.append(_summary(header, told(self._entries(path.stem))))
        return sorted(found, key=lambda each: each.created, reverse=True)

    def forget(self, rollout_id: str) -> None:
        """Take a rollout off the record, with the script that it ran. ProblemError."""
        rollout_id = self._whole_id(rollout_id)
        self._locked(rollout_id).close()
        try:
            for suffix in ("jsonl", "json", "lock"):
                (self.folder / f"{rollout_id}.{suffix}").unlink(missing_ok=True)
        except OSError as error:
            raise _refused(self.folder / rollout_id, error) from error

    def prune(self, now: float, days: float = RETENTION_DAYS) -> int:
        """Forget what is older than the retention and that nobody is at; how many there were."""
        forgotten = 0
        for summary in self.all():
            if now - summary.created < days * _DAY:
                continue
            try:
                self.forget(summary.id)
            except ProblemError:
                continue  # another program is at it, or the disk will not have it
            forgotten += 1
        return forgotten

    def _whole_id(self, beginning: str) -> str:
        if not re.fullmatch(r"[0-9a-f]{1,8}", beginning):
            raise input_problem(f"“{plain(beginning)}” is not the id of a rollout")
        known = sorted(path.stem for path in self.folder.glob(f"{beginning}*.json"))
        known = [stem for stem in known if _ID.fullmatch(stem)]
        if not known:
            raise input_problem(f"There is no rollout {beginning} on record")
        if len(known) > 1:
            raise input_problem(
                f"{beginning} begins the ids of {len(known)} rollouts", f"Say {' or '.join(known)}"
            )
        return known[0]

    def _header(self, rollout_id: str) -> _Header:
        path = self.folder / f"{rollout_id}.json"
        try:
            return msgspec.json.decode(path.read_bytes(), type=_Header)
        except OSError as error:
            raise _refused(path, error) from error
        except (msgspec.MsgspecError, ProblemError) as error:
            raise input_problem(
                plain(f"The record {path} is damaged, or of another version of ssmtui"),
                "Forget it, and look at the commands themselves",
            ) from error

    def _entries(self, rollout_id: str) -> list[Any]:
        try:
            return decode((self.folder / f"{rollout_id}.jsonl").read_bytes())
        except FileNotFoundError:
            return []
        except OSError as error:
            raise _refused(self.folder / f"{rollout_id}.jsonl", error) from error

    def _locked(self, rollout_id: str) -> IO[bytes]:
        """The open lock file; closing it, or the end of the program, lets go."""
        path = self.folder / f"{rollout_id}.lock"
        try:
            private_dir(self.folder)
            create_private(path)
            file = path.open("rb+")
        except OSError as error:
            raise _refused(path, error) from error
        if not _lock(file):
            file.close()
            raise input_problem(
                f"Rollout {rollout_id} is being run by another ssmtui", "Go on there, or end that"
            )
        return file


def _lock(file: IO[bytes]) -> bool:
    """Whether we are the only one to hold it. Where the system has no such locks, always."""
    if os.name != "posix":
        return True
    import fcntl

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _summary(header: _Header, story: Story) -> Summary:
    command = header.plan.spec.command
    return Summary(
        id=header.plan.id,
        title=header.plan.title,
        document=command.document,
        identity=header.identity,
        created=header.created,
        phase=story.phase,
        nodes=command.total,
        scopes=tuple(map(str, command.targets.scopes)),
    )


def _refused(path: Path, error: OSError) -> ProblemError:
    return ProblemError(
        Problem(
            ProblemKind.INPUT,
            plain(f"The record {path} cannot be used ({error.strerror})"),
            "Make the state folder writable, and see that the disk is not full",
        )
    )

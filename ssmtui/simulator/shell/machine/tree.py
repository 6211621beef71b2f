"""The file tree of a toy machine: paths to entries, permissions, and a bound on what is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ssmtui.simulator.shell.machine.files import Entry, File, Folder, Kept, Link
from ssmtui.simulator.shell.machine.paths import join, normalize, split

LARGEST_FILE = 8 << 20
LARGEST_TREE = 32 << 20
MOST_ENTRIES = 20_000
LONGEST_NAME = 255
_MOST_LINKS = 20

READ, WRITE, EXECUTE = 4, 2, 1


class FileProblem(Exception):
    """What the kernel says about a path, in its own words ("No such file or directory")."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


def missing(path: str) -> FileProblem:
    return FileProblem(path, "No such file or directory")


class Tree:
    """Every method takes absolute paths and the name of the user who asks; root may do anything."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self.root = Folder(mode=0o755, modified=now())
        self.touched = False  # whether anybody has changed anything
        self._entries = 0
        self._bytes = 0

    @property
    def used(self) -> int:
        """Bytes that users have written and that are still there, about."""
        return self._bytes

    # Making a fresh machine.

    def place(self, path: str, entry: Entry) -> None:
        """Put an entry there, and the folders above it, whoever may do that."""
        folder = self.root
        *above, name = normalize(path).strip("/").split("/")
        for part in above:
            below = folder.entries.setdefault(part, Folder(mode=0o755, modified=entry.modified))
            if not isinstance(below, Folder):
                raise FileProblem(path, "Not a directory")
            folder = below
        folder.entries[name] = entry

    # Looking.

    def find(self, path: str, user: str = "root", *, follow: bool = True) -> Entry:
        """The entry of a path; FileProblem if there is none, or it may not be reached."""
        return self._walk(normalize(path), path, user, follow, _MOST_LINKS)[1]

    def real(self, path: str, user: str = "root") -> str:
        """The path without links."""
        return self._walk(normalize(path), path, user, True, _MOST_LINKS)[0]

    def exists(self, path: str, user: str = "root") -> bool:
        try:
            self.find(path, user)
        except FileProblem:
            return False
        return True

    def folder(self, path: str, user: str = "root") -> Folder:
        """A folder whose entries the user may list."""
        entry = self.find(path, user)
        if not isinstance(entry, Folder):
            raise FileProblem(path, "Not a directory")
        if not allowed(entry, user, READ):
            raise FileProblem(path, "Permission denied")
        return entry

    def file(self, path: str, user: str = "root", access: int = READ) -> File:
        """A file that the user may read or write."""
        entry = self.find(path, user)
        if isinstance(entry, Folder):
            raise FileProblem(path, "Is a directory")
        if not allowed(entry, user, access):
            raise FileProblem(path, "Permission denied")
        if not isinstance(entry, File):  # a link that was followed leads to a file or a folder
            raise missing(path)
        return entry

    def text(self, path: str) -> str:
        """The whole of a small file, as root."""
        return b"".join(self.file(path).read()).decode("utf-8", "replace")

    def walk(self, path: str, entry: Entry) -> Iterator[tuple[str, Entry]]:
        """An entry and everything below it; links are not followed."""
        waiting = [(path, entry)]
        while waiting:
            path, entry = waiting.pop()
            yield path, entry
            if isinstance(entry, Folder):
                below = sorted(entry.entries.items(), reverse=True)
                waiting += [(f"{path.rstrip('/')}/{name}", child) for name, child in below]

    # Changing.

    def create(self, path: str, user: str = "root", *, append: bool = True) -> File:
        """The file of that path, made if it is not there, emptied unless it is appended to."""
        self.touched = True
        try:
            real = self.real(path, user)
        except FileProblem as problem:
            if problem.reason != "No such file or directory":
                raise
            real = normalize(path)
        folder, name = self._parent(real, path, user)
        if not name:
            raise FileProblem(path, "Is a directory")
        entry = folder.entries.get(name)
        if entry is None:
            fresh = Kept(owner=user, group=user, modified=self._now())
            self._add(folder, name, fresh, path, user)
            return fresh
        file = self.file(real, user, WRITE)
        if not append:
            self._bytes -= file.size() if type(file) is Kept else 0
            file.truncate()
            file.modified = self._now()
        return file

    def append(self, path: str, file: File, data: bytes) -> None:
        """Write to an open file; FileProblem when the disk is full."""
        if type(file) is Kept:
            if file.size() + len(data) > LARGEST_FILE:
                raise FileProblem(path, "File too large")
            if self._bytes + len(data) > LARGEST_TREE:
                raise FileProblem(path, "No space left on device")
            self._bytes += len(data)
        file.write(data)
        file.modified = self._now()

    def add_folder(self, path: str, user: str = "root", mode: int = 0o755) -> None:
        folder, name = self._parent(normalize(path), path, user)
        if not name or name in folder.entries:
            raise FileProblem(path, "File exists")
        entry = Folder(user, user, mode, self._now())
        self._add(folder, name, entry, path, user)

    def add_link(self, path: str, target: str, user: str = "root") -> None:
        folder, name = self._parent(normalize(path), path, user)
        if not name or name in folder.entries:
            raise FileProblem(path, "File exists")
        self._add(folder, name, Link(user, user, 0o777, self._now(), target), path, user)

    def remove(self, path: str, user: str = "root", *, whole: bool = False) -> None:
        """Remove a file or link, an empty folder, or with `whole` a folder and all below it."""
        self.touched = True
        folder, name = self._parent(normalize(path), path, user)
        entry = folder.entries.get(name)
        if entry is None:
            raise missing(path)
        if isinstance(entry, Folder) and entry.entries and not whole:
            raise FileProblem(path, "Directory not empty")
        self._may_change(folder, entry, path, user)
        del folder.entries[name]
        folder.modified = self._now()
        for _, gone in self.walk(path, entry):
            self._entries -= 1
            self._bytes -= gone.size() if type(gone) is Kept else 0
        self._entries, self._bytes = max(0, self._entries), max(0, self._bytes)

    def move(self, source: str, target: str, user: str = "root") -> None:
        """Rename; a file that is in the way is replaced."""
        self.touched = True
        folder, name = self._parent(normalize(source), source, user)
        entry = folder.entries.get(name)
        if entry is None:
            raise missing(source)
        if normalize(target) == normalize(source):
            return
        if isinstance(entry, Folder) and normalize(target).startswith(normalize(source) + "/"):
            raise FileProblem(target, "Invalid argument")
        there, new_name = self._parent(normalize(target), target, user)
        in_the_way = there.entries.get(new_name)
        if isinstance(in_the_way, Folder) or not new_name:
            raise FileProblem(target, "Is a directory")
        self._may_change(folder, entry, source, user)
        self._may_change(there, entry, target, user)
        if in_the_way is not None:
            self.remove(target, user)
        del folder.entries[name]
        there.entries[new_name] = entry
        folder.modified = there.modified = self._now()

    # Within.

    def _walk(
        self, path: str, asked: str, user: str, follow: bool, links: int
    ) -> tuple[str, Entry]:
        entry: Entry = self.root
        real = ""
        parts = path.strip("/").split("/") if path != "/" else []
        for index, part in enumerate(parts):
            if not isinstance(entry, Folder):
                raise FileProblem(asked, "Not a directory")
            if not allowed(entry, user, EXECUTE):
                raise FileProblem(asked, "Permission denied")
            if part not in entry.entries:
                long = len(part.encode("utf-8", "replace")) > LONGEST_NAME
                raise FileProblem(asked, "File name too long") if long else missing(asked)
            entry = entry.entries[part]
            last = index == len(parts) - 1
            if isinstance(entry, Link) and (follow or not last):
                if not links:
                    raise FileProblem(asked, "Too many levels of symbolic links")
                rest = "/".join((join(real or "/", entry.target), *parts[index + 1 :]))
                return self._walk(normalize(rest), asked, user, follow, links - 1)
            real = f"{real}/{part}"
        return real or "/", entry

    def _parent(self, path: str, asked: str, user: str) -> tuple[Folder, str]:
        above, name = split(path)
        folder = self._walk(above, asked, user, True, _MOST_LINKS)[1]
        if not isinstance(folder, Folder):
            raise FileProblem(asked, "Not a directory")
        return folder, name

    def _add(self, folder: Folder, name: str, entry: Entry, path: str, user: str) -> None:
        if not allowed(folder, user, WRITE):
            raise FileProblem(path, "Permission denied")
        if len(name.encode("utf-8", "replace")) > LONGEST_NAME:
            raise FileProblem(path, "File name too long")
        if self._entries >= MOST_ENTRIES:
            raise FileProblem(path, "No space left on device")
        self.touched = True
        self._entries += 1
        folder.entries[name] = entry
        folder.modified = self._now()

    def _may_change(self, folder: Folder, entry: Entry, path: str, user: str) -> None:
        sticky = folder.mode & 0o1000 and user not in ("root", entry.owner, folder.owner)
        if sticky or not allowed(folder, user, WRITE):
            raise FileProblem(path, "Permission denied")


def allowed(entry: Entry, user: str, access: int) -> bool:
    """Whether the permission bits let a user read, write or execute (enter) an entry."""
    if user == "root":
        return True
    bits = entry.mode >> 6 if entry.owner == user else entry.mode
    return bool(bits & access)

"""A log as a file: it grows on the simulated clock, is rotated, and can be followed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import floor

from ssmtui.simulator.shell.machine.files import CHUNK, File
from ssmtui.simulator.shell.machine.series import Record, Series

Format = Callable[[Record], str]


class LogFile(File):
    """Shows a series as lines. It begins anew every `rotation` seconds, as logrotate would do it,
    so that it is never long; what was written before is not kept.
    """

    def __init__(
        self,
        series: Series,
        now: Callable[[], float],
        line: Format,
        rotation: float,
        **entry: object,
    ) -> None:
        super().__init__(**entry)  # type: ignore[arg-type]
        self._series = series
        self._now = now
        self._line = line
        self._rotation = rotation
        self._began = self.modified
        self._measured = (0.0, 0.0, 0, 0)  # begin, until, count of written records, size
        series.listeners.append(self._notify)

    @property
    def begin(self) -> float:
        """From when on it has lines (later than that instant)."""
        return max(self._began, floor(self._now() / self._rotation) * self._rotation)

    def size(self) -> int:
        begin, until, count, size = self._measured
        now = self._now()
        if begin == self.begin:
            fresh = self._since(until, now, count)
        else:
            fresh = self._series.between(self.begin, now)
            size = 0
        size += sum(len(self._bytes(record)) for record in fresh)
        self._measured = (self.begin, now, self._series.count, size)
        return size

    def read(self) -> Iterator[bytes]:
        return self._pieces(self._series.between(self.begin, self._now()))

    def last_lines(self, lines: int) -> Iterator[bytes]:
        return self._pieces(iter(self._series.last(lines, self.begin, self._now())))

    def write(self, data: bytes) -> None:
        text = data.decode("utf-8", "surrogateescape")
        self._series.write(Record(self._now(), "", text, raw=True))

    def truncate(self) -> None:
        self._began = self._now()
        self._notify()

    def cursor(self, *, at_end: bool = True) -> LogCursor:
        return LogCursor(self, self._now() if at_end else self.begin, self._series.count)

    def _since(self, until: float, now: float, count: int) -> Iterator[Record]:
        yield from self._series.spoken(until, now)
        yield from self._series.written_since(count)

    def _pieces(self, records: Iterator[Record]) -> Iterator[bytes]:
        piece = bytearray()
        for record in records:
            piece += self._bytes(record)
            if len(piece) >= CHUNK:
                yield bytes(piece)
                piece.clear()
        if piece:
            yield bytes(piece)

    def _bytes(self, record: Record) -> bytes:
        text = record.text if record.raw else self._line(record) + "\n"
        return text.encode("utf-8", "surrogateescape")


class LogCursor:
    """A place in a log: an instant, and how many records had been written."""

    def __init__(self, file: LogFile, until: float, count: int) -> None:
        self._file = file
        self._until = until
        self._count = count

    @property
    def due(self) -> float | None:
        return self._file._series.next_after(self._until)

    def more(self) -> Iterator[bytes]:
        file = self._file
        now = file._now()
        fresh = file._since(self._until, now, self._count)
        self._until, self._count = now, file._series.count
        return file._pieces(fresh)

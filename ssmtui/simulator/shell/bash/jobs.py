"""Background jobs of a shell."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass


@dataclass
class Job:
    number: int
    pid: int
    text: str
    task: asyncio.Task[int]

    @property
    def status(self) -> int:
        """Of one that has ended."""
        return 143 if self.task.cancelled() else self.task.result()


class Jobs:
    """They end with their shell: nothing of the toy machine goes on without anybody."""

    def __init__(self) -> None:
        self._jobs: dict[int, Job] = {}

    def add(self, task: asyncio.Task[int], text: str, pid: int) -> Job:
        number = max(self._jobs, default=0) + 1
        job = self._jobs[number] = Job(number, pid, text, task)
        return job

    def all(self) -> list[Job]:
        return list(self._jobs.values())

    def find(self, word: str) -> Job | None:
        """By "%2", or by pid."""
        for job in self._jobs.values():
            if word in (f"%{job.number}", str(job.pid)) or (
                word in ("%", "%%", "%+") and job.number == max(self._jobs)
            ):
                return job
        return None

    def forget(self, job: Job) -> None:
        self._jobs.pop(job.number, None)

    def take_done(self) -> list[Job]:
        """Those that have ended since the last time."""
        done = [job for job in self._jobs.values() if job.task.done()]
        for job in done:
            self.forget(job)
        return done

    async def end(self) -> None:
        """Cancel what still runs, and see that it has ended."""
        tasks = [job.task for job in self._jobs.values()]
        self._jobs.clear()
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.gather(*tasks, return_exceptions=True)

"""The simulated fleet of a benchmark, and a surrounding in which only that fleet can be reached."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import tempfile
import urllib.request
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from ssmtui.local import paths as places
from ssmtui.simulator.process import SimulatorProcess, scrubbed
from ssmtui.simulator.server import Info


class Fleet:
    """A simulated fleet in a process of its own, and an empty folder for whoever uses it."""

    def __init__(self, info: Info, folder: Path) -> None:
        self.info = info
        self.folder = folder
        self.environ: dict[str, str] = {
            **scrubbed(os.environ),
            "AWS_CONFIG_FILE": info.config_file,
            "AWS_SHARED_CREDENTIALS_FILE": info.credentials_file,
            "AWS_ENDPOINT_URL": info.endpoint,
            "AWS_PROFILE": info.profiles[0],
            "AWS_REGION": info.regions[0],
            "AWS_DEFAULT_REGION": info.regions[0],
            "AWS_EC2_METADATA_DISABLED": "true",
            "SSMTUI_CONFIG_DIR": str(folder / "config"),
            "SSMTUI_STATE_DIR": str(folder / "state"),
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            # Who is started here runs compiled from the second time on, as when installed.
            "PYTHONPYCACHEPREFIX": str(folder / "compiled"),
        }
        self.environ.pop("PYTHONDONTWRITEBYTECODE", None)

    def forget_state(self) -> None:
        """Empty the state folder: the next start is a first one."""
        shutil.rmtree(self.folder / "state", ignore_errors=True)

    @property
    def database(self) -> Path:
        """Where an explorer in this surrounding keeps its snapshots."""
        return places.default(self.environ).snapshot

    def saved_at(self) -> float:
        """The time under which an explorer last kept its rows there; 0 if it has not yet."""
        if not self.database.exists():
            return 0.0
        connection = sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)
        try:
            (at,) = connection.execute("SELECT max(saved_at) FROM snapshots").fetchone()
        except sqlite3.OperationalError:  # the file is there and its tables are not yet
            return 0.0
        finally:
            connection.close()
        return float(at or 0.0)

    def control(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """Ask the fleet's control path; blocks until it has answered."""
        request = urllib.request.Request(  # the control path's own loopback address
            self.info.control + path,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
            method=method,
        )
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def calls(self) -> dict[str, int]:
        """The requests since the last `forget_calls`, by operation."""
        counted: dict[str, int] = self.control("GET", "calls")["calls"]
        return counted

    def forget_calls(self) -> None:
        """Count requests from 0 again."""
        self.control("DELETE", "calls")


@asynccontextmanager
async def simulated(nodes: int, *, latency_ms: float = 0, pace: float = 0) -> AsyncIterator[Fleet]:
    """A fleet of one account in one Region; this process' own environment leads to it as well."""
    options = {"nodes": nodes, "accounts": 1, "regions": 1, "latency-ms": latency_ms, "pace": pace}
    arguments = [part for name, value in options.items() for part in (f"--{name}", str(value))]
    with tempfile.TemporaryDirectory(prefix="ssmtui-benchmark-") as folder:
        async with SimulatorProcess(arguments, timeout=120) as info:
            fleet = Fleet(info, Path(folder))
            before = dict(os.environ)
            os.environ.clear()
            os.environ.update(fleet.environ)
            try:
                yield fleet
            finally:
                os.environ.clear()
                os.environ.update(before)

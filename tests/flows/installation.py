"""A whole installation for one test: a real server, our deployments, workers that may be killed."""

from __future__ import annotations

import random
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from cli import launcher
from cli.children import descendants, signal_all, wait_for

OVER = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}


class Installation:
    """Server and deployments are there; every schedule of our own is paused, for the test has its own time."""

    def __init__(self, home: Path, address: str) -> None:
        self.home = home
        self.around = launcher.environment(home, address) | {"PREFECT_WORKER_QUERY_SECONDS": "1"}
        self.api = httpx.Client(base_url=address, timeout=180)
        launcher.deploy(self.around, home / "deploy.log")
        for one in self.ask("POST", "/deployments/filter", json={}):
            for schedule in one["schedules"]:
                self.ask("PATCH", f"/deployments/{one['id']}/schedules/{schedule['id']}", json={"active": False})

    def ask(self, method: str, path: str, **given: Any) -> Any:
        """One request to Prefect, asked again while its SQLite is busy (503), as its own client does."""
        for _ in range(20):
            answer = self.api.request(method, path, **given)
            if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                break
            time.sleep(0.5)
        return answer.raise_for_status().json() if answer.content else None

    def deployment(self, name: str) -> str:
        """The id of a deployment such as advance/on-demand."""
        return str(self.ask("GET", f"/deployments/name/{name}")["id"])

    def start(self, name: str, at: datetime, **given: Any) -> str:
        """Create a run that acts at a moment of ours; return its id."""
        wanted = {"parameters": {"at": at.isoformat(), **given}}
        return str(self.ask("POST", f"/deployments/{self.deployment(name)}/create_flow_run", json=wanted)["id"])

    def schedule(self, name: str, at: datetime, **given: Any) -> None:
        """Let Prefect's own scheduler start a run every minute."""
        wanted = [{"active": True, "schedule": {"cron": "* * * * *"}, "parameters": {"at": at.isoformat(), **given}}]
        self.ask("POST", f"/deployments/{self.deployment(name)}/schedules", json=wanted)

    def runs(self, **wanted: Any) -> list[dict[str, Any]]:
        """Runs of our deployments that fit a filter."""
        return list(self.ask("POST", "/flow_runs/filter", json={"flow_runs": wanted}))

    def state(self, run: str) -> str:
        """The type of a run's state."""
        return str(self.ask("GET", f"/flow_runs/{run}")["state"]["type"])

    def wait(self, run: str, *types: str, patience: float = 300) -> str:
        """Wait until a run is in one of these states (left out: over)."""
        until = time.monotonic() + patience
        while (now := self.state(run)) not in (types or OVER):
            assert time.monotonic() < until, f"run {run} is still {now}; see {self.home}"
            time.sleep(0.05)
        return now


@contextmanager
def installation(home: Path) -> Iterator[Installation]:
    """A server with our deployments under a folder, gone at the end."""
    with launcher.prefect_server(home, launcher.free_port(0)) as address:
        yield Installation(home, address)


class Workers:
    """One worker at a time, killed and replaced at will."""

    def __init__(self, place: Installation, chance: random.Random) -> None:
        self.place, self.chance = place, chance
        self.killed = self.inside = 0

    def begin(self) -> None:
        """Start the next worker."""
        self._context = launcher.worker(self.place.around, self.place.home / "worker.log")
        self.process: subprocess.Popen[bytes] = self._context.__enter__()

    def end(self) -> None:
        """Stop the present worker as `bagalau up` does."""
        self._context.__exit__(None, None, None)

    def kill_during(self, run: str) -> None:
        """Kill -9 the worker and everything it started, somewhere inside a run, and start the next one."""
        self.place.wait(run, "RUNNING", *OVER)
        time.sleep(self.chance.uniform(0.2, 2.2))
        self.inside += self.place.state(run) == "RUNNING"
        family = descendants(self.process.pid)
        signal_all([self.process.pid, *family], signal.SIGKILL)
        self.end()
        assert wait_for(family, 10)
        self.killed += 1
        self.begin()

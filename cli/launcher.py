"""Starting Prefect beside us: server, pool, deployments and worker, all under one folder, all ended with us."""

from __future__ import annotations

import fcntl
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from cli.children import Revived, child, end_worker
from rules.errors import RuleError
from settings import Settings, settings

ROOT = Path(__file__).parent.parent
POOL = "bagalau"
PORT = 4200
PREFECT = (sys.executable, "-m", "prefect")

DAY = 24 * 3600


class NotStarted(RuleError):
    """A part of Prefect did not start; the sentence names the file that tells why."""


@contextmanager
def prefect_server(home: Path, port: int | None = None) -> Iterator[str]:
    """A Prefect server of our own, with everything it keeps under `home`; yields the address of its API.

    Args:
        port: exactly this one; left out, 4200 or any free one when somebody has it.

    Raises:
        NotStarted: another one works in that folder, or it ended or did not answer within two minutes.
    """
    home = home.absolute()
    with _alone_in(home):
        chosen = port or free_port()
        address, log = f"http://127.0.0.1:{chosen}/api", home / "server.log"
        around = {**environment(home, address), **own_server(), "PREFECT_SERVER_API_PORT": str(chosen)}
        with child((*PREFECT, "server", "start", "--no-prompt"), around, log, ROOT) as server:
            _wait_until_ready(server, address, log)
            _check_it_is_ours(address, home)
            _bury_the_dead(address)
            yield address


def own_server() -> dict[str, str]:
    """What a server of our own is told beside its address; it forgets old runs, our own tables remember for ever."""
    return {
        "PREFECT_SERVER_API_HOST": "127.0.0.1",
        "PREFECT_SERVER_UI_API_URL": "/api",
        "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(settings().prefect_days_kept * DAY),
        # events are nine tenths of what a run costs, and tell nothing that its states do not
        "PREFECT_SERVER_EVENTS_RETENTION_PERIOD": "P1D",
    }


def _files(ours: Settings) -> dict[str, Path | None]:
    return {
        "BAGALAU_CARRIERS": ours.carriers,
        "BAGALAU_SECRETS_FOLDER": ours.secrets_folder,
        "BAGALAU_KEYS_FOLDER": ours.keys_folder,
        "BAGALAU_CHECKPOINTS_FOLDER": ours.checkpoints_folder,
    }


def environment(home: Path, address: str) -> dict[str, str]:
    """What every process beside this server must find in its environment.

    Our own paths are made absolute: a run does not start in the folder we started in.
    """
    ours = settings()
    return {
        **os.environ,
        "PREFECT_HOME": str(home.absolute()),
        "PREFECT_API_URL": address,
        "PREFECT_CLI_PROMPT": "false",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_WORKER_QUERY_SECONDS": "2",
        "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")])),
        "BAGALAU_DATA": str(ours.data.absolute()),
        "BAGALAU_DATABASE_URL": ours.url,
        "BAGALAU_ORGANISATION": str(ours.organisation.absolute()),
        "BAGALAU_MODE": ours.mode,
        **{name: str(path.absolute()) for name, path in _files(ours).items() if path is not None},
    }


def free_port(wanted: int = PORT) -> int:
    """The wanted port, or any free one when somebody has it."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError:
            probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _alone_in(home: Path) -> Iterator[None]:
    home.mkdir(parents=True, exist_ok=True)
    with (home / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as taken:
            raise NotStarted(f"Another Prefect server works in {home}; stop it or choose --data.") from taken
        yield


def _wait_until_ready(server: subprocess.Popen[bytes], address: str, log: Path, patience: int = 120) -> None:
    until = time.monotonic() + patience
    while time.monotonic() < until:
        if server.poll() is not None:
            raise NotStarted(f"The Prefect server ended at once (code {server.returncode}); {log} says why.")
        try:
            if httpx.get(f"{address}/ready", timeout=2).is_success:
                return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise NotStarted(f"The Prefect server did not answer within {patience} seconds; {log} says why.")


def _check_it_is_ours(address: str, home: Path) -> None:
    """Two that start at the same moment may see the same port free; the slower one must not talk to the other."""
    answering = httpx.get(f"{address}/admin/settings", timeout=30).json().get("home")
    if answering != str(home):
        raise NotStarted(f"Another Prefect server ({answering}) took {address} at the same moment; start again.")


def _bury_the_dead(address: str) -> None:
    """Call runs crashed that a stopped machine left "Running": before our worker starts, nobody executes any."""
    asked = {"state": {"type": {"any_": ["RUNNING", "PENDING", "CANCELLING"]}}}
    dead = {"type": "CRASHED", "name": "Crashed", "message": "The machine stopped while this run was under way."}
    with httpx.Client(base_url=address, timeout=30) as api:
        for run in api.post("/flow_runs/filter", json={"flow_runs": asked}).raise_for_status().json():
            if "tracker" not in run["tags"]:
                api.post(f"/flow_runs/{run['id']}/set_state", json={"state": dead, "force": True})


def deploy(around: dict[str, str], log: Path) -> None:
    """Make the work pool and every deployment of prefect.yaml. Safe to run twice.

    Raises:
        NotStarted: Prefect refused.
    """
    for words in (
        ("work-pool", "create", POOL, "--type", "process", "--overwrite"),
        ("--no-prompt", "deploy", "--all"),
    ):
        with log.open("ab") as lines:
            done = subprocess.run(
                (*PREFECT, *words), env=around, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=lines,
                stderr=subprocess.STDOUT, check=False,
            )  # fmt: skip
        if done.returncode:
            raise NotStarted(f"`prefect {' '.join(words)}` was refused; {log} says why.")


@contextmanager
def worker(around: dict[str, str], log: Path, limit: int = 4) -> Iterator[subprocess.Popen[bytes]]:
    """A worker of our pool; when the block ends, the runs under way are left to finish."""
    command = (*PREFECT, "worker", "start", "--pool", POOL, "--type", "process", "--limit", str(limit))
    with child(command, around, log, ROOT) as process:
        try:
            yield process
        finally:
            end_worker(process)


def courier(around: dict[str, str], log: Path) -> Revived:
    """A courier for the outbox, begun anew when it ends by itself."""
    command = (sys.executable, "-u", "-m", "cli.main", "notices", "send", "--follow")

    def told(sentence: str) -> None:
        with log.open("a", encoding="utf-8") as lines:
            lines.write(f"The courier {sentence}.\n")

    return Revived(lambda: child(command, around, log, ROOT), told)

"""Child processes that never outlive us: in a session of their own, ended in order, gone even when we are killed."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from pathlib import Path

_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of prctl(2)
_WELL = 60.0  # seconds after which a child that ended was well, and the longest pause before one that was not


@contextmanager
def child(
    command: Sequence[str], environment: Mapping[str, str], log: Path, folder: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """A process that lives as long as the block; what it says goes to a file."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as lines:
        process = subprocess.Popen(
            command,
            env=dict(environment),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=lines,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_die_with_parent,  # noqa: PLW1509 - it starts no thread and takes no lock
        )
    try:
        yield process
    finally:
        end(process)


class Revived:
    """A child that is begun anew whenever it ended by itself: at once, then after ever longer pauses.

    Args:
        begin: makes the process, as `child` does. told: hears a sentence each time.
    """

    def __init__(
        self, begin: Callable[[], AbstractContextManager[subprocess.Popen[bytes]]], told: Callable[[str], None]
    ) -> None:
        self._begin, self._told = begin, told
        self._house = ExitStack()
        self._began, self._seen, self._pause = 0.0, 0.0, 0.0

    def __enter__(self) -> Revived:
        self._start()
        return self

    def __exit__(self, *trouble: object) -> None:
        self._house.close()

    def look(self) -> None:
        """Begin it anew when it is gone and its pause is over; one that lived for a minute was well."""
        code, now = self.process.poll(), time.monotonic()
        if code is None:
            self._seen = now
            return
        if self._seen - self._began > _WELL:
            self._pause = 0.0
        if now - self._seen < self._pause:
            return
        self._pause = min(_WELL, self._pause * 2 or 1.0)
        self._told(f"ended by itself (code {code}) and was begun anew")
        self._house.close()
        self._start()

    def _start(self) -> None:
        self._began = self._seen = time.monotonic()
        self.process = self._house.enter_context(self._begin())


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGTERM)


def end(process: subprocess.Popen[bytes], patience: float = 15) -> None:
    """Ask a process to stop, then insist."""
    if process.poll() is None:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(patience)
    if process.poll() is None:
        process.kill()
        process.wait()


def end_worker(process: subprocess.Popen[bytes], patience: float = 20) -> None:
    """Stop a worker without breaking the runs it started.

    Asked politely, a Prefect worker kills its runs and leaves them "Running" for ever; killed, it leaves them
    alone and they finish by themselves (measured, 3.8). It holds nothing that could be lost.
    """
    runs = descendants(process.pid)
    process.kill()
    process.wait()
    if not wait_for(runs, patience):
        signal_all(runs, signal.SIGTERM)
        wait_for(runs, 5)
        signal_all(runs, signal.SIGKILL)


def descendants(pid: int) -> list[int]:
    """Every process started by a process, directly or not (Linux; elsewhere none is known)."""
    found: list[int] = []
    for listing in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            for one in map(int, listing.read_text().split()):
                found += [one, *descendants(one)]
    return found


def wait_for(pids: Sequence[int], patience: float) -> bool:
    """Wait until these processes are gone; False when some are still there."""
    until = time.monotonic() + patience
    while any(map(_alive, pids)):
        if time.monotonic() > until:
            return False
        time.sleep(0.1)
    return True


def signal_all(pids: Sequence[int], what: signal.Signals) -> None:
    """Send a signal to those that still live."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, what)


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False

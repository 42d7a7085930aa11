"""`bagalau up` as an operator sees it: one command, one dashboard, nothing left behind."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from cli.children import descendants, wait_for
from cli.launcher import ROOT, NotStarted, _check_it_is_ours, free_port, prefect_server
from models.work import use_database, work
from notifications import notify
from tests.flows.test_deployments import DEPLOYMENTS
from tests.notifications.house import EVERYBODY, FACTS, populate

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture
def up(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """The command, started in a data folder of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "BAGALAU_"))}
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "cli.main", "up", "--data", str(tmp_path), "--port", str(free_port(0))],
        cwd=ROOT, env=kept, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    yield process
    process.kill()
    process.wait()


def said_until(process: subprocess.Popen[str], word: str) -> str:
    """What the command says until a word appears."""
    said = ""
    assert process.stdout is not None
    for line in process.stdout:
        said += line
        if word in line:
            return said
    raise AssertionError(f"'{word}' was never said: {said}")


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_it_starts_everything_and_leaves_nothing(
    up: subprocess.Popen[str], tmp_path: Path, stop: signal.Signals
) -> None:
    said = said_until(up, "PREFECT_API_URL")
    address = re.findall(r"PREFECT_API_URL=(\S+)", said)[0]
    assert len(httpx.post(f"{address}/deployments/filter", json={}).json()) == len(DEPLOYMENTS)
    _a_notice_leaves_at_once(tmp_path)
    _a_dead_courier_is_begun_anew(up)
    _a_run_completes(address)
    family = descendants(up.pid)
    assert _courier(up)
    up.send_signal(stop)
    assert up.wait(60) == 0
    assert wait_for(family, 5)
    assert not (tmp_path / "prefect" / "address").exists()


def test_even_killed_it_leaves_nothing(up: subprocess.Popen[str]) -> None:
    said_until(up, "PREFECT_API_URL")
    family = descendants(up.pid)
    up.kill()
    assert wait_for(family, 40)


def test_a_server_of_another_folder_is_not_taken_for_ours(tmp_path: Path) -> None:
    with prefect_server(tmp_path / "one", free_port(0)) as address, pytest.raises(NotStarted, match="took"):
        _check_it_is_ours(address, tmp_path / "two")


def test_two_in_one_folder_are_refused(up: subprocess.Popen[str], tmp_path: Path) -> None:
    said_until(up, "PREFECT_API_URL")
    second = subprocess.run(
        [sys.executable, "-m", "cli.main", "up", "--data", str(tmp_path)],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert second.returncode == 1
    assert "Another Prefect server works in" in second.stderr


def _a_notice_leaves_at_once(data: Path) -> None:
    """A run of Prefect comes by every two minutes only; the courier every second."""
    use_database(f"sqlite:///{data}/bagalau.db")
    try:
        populate(1)
        with work() as session:
            notify(session, "result_ready", 1, datetime.now(UTC), select=EVERYBODY, facts=FACTS, channels=["email"])
        until = time.monotonic() + 30
        while not list((data / "outbox").rglob("*.eml")):
            assert time.monotonic() < until, (data / "prefect" / "courier.log").read_text()
            time.sleep(0.2)
    finally:
        use_database(None)


def _courier(up: subprocess.Popen[str]) -> list[int]:
    return [one for one in descendants(up.pid) if b"--follow" in Path(f"/proc/{one}/cmdline").read_bytes()]


def _a_dead_courier_is_begun_anew(up: subprocess.Popen[str]) -> None:
    [first] = _courier(up)
    os.kill(first, signal.SIGKILL)
    until = time.monotonic() + 20
    while _courier(up) in ([], [first]):
        assert time.monotonic() < until, "nobody began it anew"
        time.sleep(0.1)


def _a_run_completes(address: str) -> None:
    done = {"flow_runs": {"state": {"type": {"any_": ["COMPLETED"]}}}}
    until = time.monotonic() + 90
    while not httpx.post(f"{address}/flow_runs/filter", json=done).json():
        assert time.monotonic() < until, "the first nudge was not answered"
        time.sleep(0.5)

"""The courier: what is written is handed over at once, each lane by itself, and it ends when it is told to."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import text

from cli import courier
from cli.courier import Courier, Place
from models.work import reading, work
from notifications import HandOver, hand_over, notify
from rules.errors import MissingSetting
from tests.notifications.house import EVERYBODY, FACTS, Papers, populate

ROOT = Path(__file__).parents[2]


def told(people: int = 1, channel: str = "email", round: int = 0) -> None:
    """One notice to each of the first people."""
    with work() as session:
        who = f"{EVERYBODY} WHERE id <= {people}"
        notify(session, "result_ready", 1, datetime.now(UTC), select=who, facts=FACTS, channels=[channel], round=round)


def waits() -> int:
    with reading() as session:
        query = "SELECT COUNT(*) FROM notice WHERE state <> 'handed'"
        return int(session.connection().execute(text(query)).scalar_one())


def until(true: Callable[[], bool], patience: float = 10) -> float:
    """Wait until something is so; how many seconds it took."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < patience
        time.sleep(0.02)
    return time.monotonic() - began


class Following:
    """A courier in a thread, looking twenty times a second."""

    def __init__(self, carry: Callable[[Place, Callable[[], bool]], HandOver]) -> None:
        self.stop = Event()
        self._thread = Thread(target=Courier(carry, every=0.05).follow, args=(self.stop,))

    def __enter__(self) -> Following:
        self._thread.start()
        return self

    def __exit__(self, *trouble: object) -> None:
        self.stop.set()
        self._thread.join(20)
        assert not self._thread.is_alive()


@pytest.fixture
def carry(outbox: Path) -> Callable[[Place, Callable[[], bool]], HandOver]:
    """Hands over for files."""

    def files(place: Place, stopping: Callable[[], bool]) -> HandOver:
        return hand_over("simulate", outbox, datetime.now(UTC), documents=Papers(), only=[place], stopping=stopping)

    return files


@pytest.fixture
def outbox(tmp_path: Path) -> Path:
    """The folder of simulated notices."""
    return tmp_path / "outbox"


def test_what_is_written_leaves_at_once(database: str, carry: Callable[..., HandOver]) -> None:
    populate(3)
    with Following(carry):
        for round in range(3):
            told(3, round=round)
            assert until(lambda: waits() == 0) < 5


def test_a_lane_that_hangs_delays_no_other(sqlite_database: str, carry: Callable[..., HandOver]) -> None:
    populate(2)
    hanging, begun = Event(), Event()

    def slow(place: Place, stopping: Callable[[], bool]) -> HandOver:
        if place[1] == "sms":
            begun.set()
            hanging.wait(20)
        return carry(place, stopping)

    told(2, "sms")
    with Following(slow):
        assert begun.wait(5)
        told(2, "email")
        until(lambda: waits() == 2)
        hanging.set()
        until(lambda: waits() == 0)


def test_a_lane_that_has_nothing_to_give_is_left_alone_and_the_reason_said_once(
    sqlite_database: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(courier, "SHORT", 0.2)
    populate(1)
    told()
    calls: list[float] = []

    def refused(place: Place, stopping: Callable[[], bool]) -> HandOver:
        calls.append(time.monotonic())
        raise MissingSetting("There is no carrier.")

    with Following(refused):
        time.sleep(2)
    assert 2 <= len(calls) <= 5  # after 0.2, 0.4, 0.8 seconds
    assert capsys.readouterr().out.count("There is no carrier.") == 1


def test_it_says_what_it_did_and_nothing_about_anybody(
    sqlite_database: str, carry: Callable[..., HandOver], capsys: pytest.CaptureFixture[str]
) -> None:
    populate(3)
    told(3)
    with Following(carry):
        until(lambda: waits() == 0)
    assert "email of 'nchr-sample' by simulate: handed 3" in capsys.readouterr().out


def test_whatever_breaks_in_one_lane_does_not_end_it(
    sqlite_database: str, carry: Callable[..., HandOver], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(courier, "SHORT", 0.05)
    populate(1)
    told()
    troubles = iter([RuntimeError("no font"), sqlite3.OperationalError("database is locked")])

    def troubled(place: Place, stopping: Callable[[], bool]) -> HandOver:
        for trouble in troubles:
            raise trouble
        return carry(place, stopping)

    with Following(troubled):
        until(lambda: waits() == 0)


def test_a_quiet_look_is_one_statement_over_an_index(sqlite_database: str) -> None:
    """The index holds what is under way and nothing else."""
    from notifications.waiting import _DUE, _OPEN

    populate(1)
    with reading() as session:
        plan = (
            session.connection()
            .execute(text(f"EXPLAIN QUERY PLAN {_DUE}{_OPEN}"), dict.fromkeys(("now", "old", "pause", "longest"), "x"))
            .all()
        )
    assert "n USING INDEX ix_notice_waiting" in " ".join(str(row[3]) for row in plan)


@pytest.fixture
def process(sqlite_database: str, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """The command itself."""
    around = os.environ | {
        "BAGALAU_DATA": str(tmp_path),
        "BAGALAU_DATABASE_URL": sqlite_database,
        "BAGALAU_MODE": "simulate",
    }
    started = subprocess.Popen(
        [sys.executable, "-u", "-m", "cli.main", "notices", "send", "--follow"],
        cwd=ROOT, env=around, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    yield started
    started.kill()
    started.wait()


def test_the_command_outlives_a_locked_database_and_ends_when_told(
    process: subprocess.Popen[str], sqlite_database: str
) -> None:
    assert process.stdout is not None
    assert "The courier looks at the outbox every 1 second; mode simulate." in process.stdout.readline()
    populate(2)
    told(2)
    with sqlite3.connect(sqlite_database.removeprefix("sqlite:///"), isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        time.sleep(1.5)
        other.execute("ROLLBACK")
    until(lambda: waits() == 0, 20)
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0
    assert "The courier has stopped" in process.stdout.read()

"""`python -m benchmarks.hand_over`: how fast notices leave, through each carrier's own library, to a provider 150 ms away.

The ideal is what so many connections can do at that distance with nothing else to do; the share reached says what our own
work costs. Alone: each notice written by itself while the courier follows the outbox, from its writing to its acceptance.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import text

from models.base import instant
from models.schema import upgrade
from models.work import engine, reading, use_database, work
from notifications import hand_over, notify
from notifications.house import House
from tests import postgres
from tests.drive import houses, mail
from tests.drive.stub import Provider, provider
from tests.notifications.house import EVERYBODY, FACTS, Papers, populate

ROOT = Path(__file__).parent.parent
CHANNEL = {"sendgrid": "email", "twilio": "sms", "smsc": "sms", "smtp": "email", "simulate": "email"}
FILE = """
nchr-sample:
  foreign_providers: true
  email: {carrier: sendgrid, api_key: {secret: key}, sender: no-reply@body.example.kz, activity: true, host: "%s"}
"""


def main() -> None:
    """Measure and print the table."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--people", type=int, default=10_000, help="how many notices at once")
    asked.add_argument("--alone", type=int, default=100, help="how many one by one")
    asked.add_argument("--latency", type=float, default=0.15, help="seconds to the provider and back")
    asked.add_argument("--only", nargs="*", default=[*CHANNEL, "alone"])
    asked.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    given = asked.parse_args()
    print(f"{'carrier':10} {'notices':>8} {'seconds':>8} {'a second':>9} {'ideal':>7} {'share':>6}")
    with ExitStack() as all_over:
        server = all_over.enter_context(postgres.server(durable=True)) if given.database == "postgresql" else ""
        for carrier in given.only:
            if carrier in CHANNEL:
                at_once(carrier, given.people, given.latency, server)
        if "alone" in given.only:
            alone(given.alone, given.latency)


def at_once(carrier: str, people: int, latency: float, server: str = "") -> float:
    """Hand over so many by one carrier; print the line, return the seconds."""
    with _ground(people, server) as folder, _carriers(carrier, folder, latency) as (known, connections):
        with work() as session:
            told = notify(
                session,
                "result_ready",
                1,
                datetime.now(UTC),
                select=EVERYBODY,
                facts=FACTS,
                channels=[CHANNEL[carrier]],
            )
        mode, began = "simulate" if carrier == "simulate" else "live", time.perf_counter()
        done = hand_over(mode, folder / "outbox", datetime.now(UTC), documents=Papers(), houses=known)
        seconds = time.perf_counter() - began
        assert sum(done.handed.values()) == told == people, done
    rate, ideal = people / seconds, connections / latency if connections else 0.0
    share = f"{rate / ideal:6.0%}" if ideal else "     -"
    print(f"{carrier:10} {people:8} {seconds:8.1f} {rate:9.0f} {ideal:7.0f} {share}", flush=True)
    return seconds


def alone(count: int, latency: float, every: float = 0.3) -> list[float]:
    """Write notices one by one while the courier follows; print and return the seconds each took, in order."""
    with _ground(count) as folder, provider(latency=latency) as far, _courier(folder, far) as courier:
        for person in range(1, count + 1):
            with work() as session:
                one = f"SELECT 0 AS assessment_id, {person} AS recipient_id"
                notify(session, "result_ready", 1, datetime.now(UTC), select=one, facts=FACTS, channels=["email"])
            time.sleep(every)
        until = time.monotonic() + 60
        while len(took := _taken()) < count and time.monotonic() < until:
            assert courier.poll() is None, "the courier ended"
            time.sleep(0.2)
        assert len(took) == count, f"{count - len(took)} never left"
    took.sort()
    middle, most = statistics.median(took), took[int(0.95 * count) - 1]
    print(
        f"alone      {count:8} notices, one by one: half accepted within {middle:.1f} s of being written, 95 % within"
        f" {most:.1f} s, the last within {took[-1]:.1f} s"
    )
    return took


def _taken() -> list[float]:
    query = "SELECT n.created_at, r.at FROM notice n JOIN receipt r ON r.notice_id = n.id WHERE r.event = 'accepted'"
    with reading() as session:
        rows = session.connection().execute(text(query)).all()
    return [(instant(row[1]) - instant(row[0])).total_seconds() for row in rows]


@contextmanager
def _ground(people: int, server: str = "") -> Iterator[Path]:
    """A fresh database with so many people, in a folder of its own."""
    folder = Path(tempfile.mkdtemp(prefix="bagalau-hand-over-"))
    url = f"sqlite:///{folder}/bagalau.db"
    if server:
        import psycopg

        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute("DROP DATABASE IF EXISTS hand_over WITH (FORCE)")
            connection.execute("CREATE DATABASE hand_over")
        url = server.replace("/postgres?", "/hand_over?")
    try:
        upgrade(url)
        use_database(url)
        populate(people)
        yield folder
    finally:
        use_database(None)
        engine(url).dispose()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _carriers(carrier: str, folder: Path, latency: float) -> Iterator[tuple[Mapping[str, House], int]]:
    """The sample body with this carrier, and how many connections it has."""
    if carrier == "simulate":
        yield {}, 0
    elif carrier == "smtp":
        with mail.relay(folder, {}, latency) as far:
            yield _counted(houses.smtp(far.port, 60, 10))
    else:
        make: Callable[..., Mapping[str, House]] = getattr(houses, carrier)
        with provider(latency=latency) as far:
            yield _counted(make(far.address, 60, 10))


def _counted(known: Mapping[str, House]) -> tuple[Mapping[str, House], int]:
    [carrier] = next(iter(known.values())).carriers.values()
    assert not isinstance(carrier, str)
    return known, carrier.connections


@contextmanager
def _courier(folder: Path, far: Provider) -> Iterator[subprocess.Popen[str]]:
    """The command itself, in earnest, with a file of carriers that points at the stub."""
    (folder / "carriers.yaml").write_text(FILE % far.address)
    around: dict[str, Any] = os.environ | {
        "BAGALAU_DATA": str(folder), "BAGALAU_DATABASE_URL": f"sqlite:///{folder}/bagalau.db", "BAGALAU_MODE": "live",
        "BAGALAU_CARRIERS": str(folder / "carriers.yaml"), "BAGALAU_SECRET_KEY": "key",
    }  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "cli.main", "notices", "send", "--follow"],
        cwd=ROOT, env=around, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        assert "The courier looks" in process.stdout.readline()
        yield process
    finally:
        process.terminate()
        process.wait(20)


if __name__ == "__main__":
    main()

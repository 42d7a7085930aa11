"""The drive: a worker that is killed again and again while it hands notices to a provider that fails, and what is left."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import text

from models.base import stamp
from models.work import engine, reading, use_database, work
from notifications import hand_over, notify
from notifications.house import House
from tests.notifications.house import EVERYBODY, FACTS, Papers, populate

#: makes the carriers, in the worker: a function of this package and its arguments
Houses = tuple[Callable[..., Mapping[str, House]], tuple[object, ...]]
_START = multiprocessing.get_context("forkserver")
_START.set_forkserver_preload(["tests.drive.driver", "tests.drive.houses"])


def waiting(people: int, channel: str) -> None:
    """As many notices as people, each to one of them."""
    populate(people)
    write(channel, 0)


def write(channel: str, round: int) -> int:
    """One more notice to everybody; how many."""
    with work() as session:
        return notify(
            session, "result_ready", 1, datetime.now(UTC), select=EVERYBODY, facts=FACTS, channels=[channel],
            due_at=datetime.now(UTC) + timedelta(days=2), round=round,
        )  # fmt: skip


def worker(url: str, outbox: Path, houses: Houses, for_good: bool) -> None:
    """Hand over until nothing is left; `for_good`: until killed."""
    use_database(url)
    make, given = houses
    while for_good or rows("SELECT 1 FROM notice WHERE state IN ('waiting', 'claimed', 'unknown') LIMIT 1"):
        hand_over("live", outbox, datetime.now(UTC), documents=Papers(), houses=make(*given))
        time.sleep(0.05)


@dataclass
class Drive:
    """What a drive was like, and what it left.

    Attributes:
        people: how many notices were written. killed: how often the worker was killed. inside: how often it held claims then.
        accepted: notice -> how often the provider took it.
    """

    people: int
    seconds: float = 0.0
    killed: int = 0
    inside: int = 0
    accepted: dict[int, int] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def lost(self) -> list[int]:
        """What the provider never took, though our books call it sent."""
        handed = {row[0] for row in rows("SELECT id FROM notice WHERE state = 'handed'")}
        return sorted(handed - set(self.accepted))

    @property
    def doubled(self) -> list[int]:
        """What the provider took twice."""
        return sorted(notice for notice, times in self.accepted.items() if times > 1)

    @property
    def unsaid(self) -> list[int]:
        """What it took twice though nothing in our books says so."""
        said = {row[0] for row in rows("SELECT id FROM notice WHERE possible_duplicate")}
        return sorted(set(self.doubled) - said)

    def told(self) -> str:
        """The figures in one line."""
        [(flagged,)] = rows("SELECT COUNT(*) FROM notice WHERE possible_duplicate")
        events = dict(rows("SELECT event, COUNT(*) FROM receipt GROUP BY event"))
        [(asked,)] = rows("SELECT COUNT(*) FROM receipt WHERE detail = 'learned by asking the carrier'")
        return (
            f"{self.people} notices in {self.seconds:.0f} s, {self.killed} kills ({self.inside} with claims in hand):"
            f" lost {len(self.lost)}, duplicates {len(self.doubled)} ({len(self.unsaid)} not flagged), flagged {flagged};"
            f" found by asking {asked}, resent {events.get('resent', 0)}, unknown {events.get('unknown', 0)},"
            f" postponed {events.get('postponed', 0)}; provider: {dict(self.counts)}"
        )


def driven(url: str, outbox: Path, houses: Houses, people: int, kills: int, seed: int, span: float) -> Drive:
    """Drive the worker, killing it within `span` seconds of its first claim each time, until nothing waits; then look.

    Killed until so many kills met a worker with notices in its hands.
    """
    chance, drive = random.Random(seed), Drive(people)
    engine(url).dispose()
    began = time.monotonic()
    while drive.inside < kills:
        if not rows("SELECT 1 FROM notice WHERE state = 'waiting' LIMIT 1"):
            [(channel, round)] = rows("SELECT channel, MAX(round) + 1 FROM notice GROUP BY channel")
            drive.people += write(channel, round)  # a fast machine finished too soon
        assert drive.killed < 5 * kills + 10, "too few kills met a worker at work"
        process = _START.Process(target=worker, args=(url, outbox, houses, True))
        process.start()
        _until_at_work()
        time.sleep(chance.uniform(0, span))
        assert process.is_alive(), "the worker ended by itself"
        os.kill(process.pid or 0, signal.SIGKILL)
        process.join()
        drive.killed += 1
        drive.inside += _at_work(since=0.5)
    last = _START.Process(target=worker, args=(url, outbox, houses, False))
    last.start()
    last.join(900)
    assert last.exitcode == 0, "what was left could not be handed over"
    drive.seconds = time.monotonic() - began
    return drive


def _until_at_work(patience: float = 10) -> None:
    until = time.monotonic() + patience
    while time.monotonic() < until and not _at_work(since=0.2):
        time.sleep(0.02)


def _at_work(since: float) -> bool:
    """Is a notice in the hands of a worker that took it within the last seconds?"""
    moment = stamp(datetime.now(UTC) - timedelta(seconds=since))
    return bool(rows("SELECT 1 FROM notice WHERE state = 'claimed' AND claimed_at > :moment LIMIT 1", moment=moment))


def rows(query: str, **values: object) -> list[tuple]:
    """What a query finds."""
    with reading() as session:
        return [tuple(row) for row in session.connection().execute(text(query), values)]

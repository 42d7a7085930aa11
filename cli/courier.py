"""The courier: it looks at the outbox every second and hands over at once, each lane by itself, until told to stop.

A lane is worked off in a thread of its own, so a carrier that hangs delays no other. Killed, it loses nothing: the
next one, or the run of `hand-over-notices`, goes on where it stopped.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from threading import Event

from cli.printing import line
from models.work import reading
from notifications import HandOver, hand_over
from notifications.claiming import LEASE
from notifications.lanes import standstills
from notifications.post import SIMULATE
from notifications.waiting import AWAY, due_lanes
from rules.errors import RuleError
from services.carriers import houses
from services.paper import documents
from settings import settings

#: seconds between two looks; between two looks while the database is away; between two looks for lanes at a standstill
LOOK, AWAY_FOR, STANDING = 1.0, 5.0, 30.0
#: seconds a lane that had nothing to give is left alone, doubled each time up to the second
SHORT, LONG = 1.0, 30.0
#: so many lanes are worked off at once; seconds after which a sentence is worth repeating
LANES, HOUR = 64, 3600.0
COUNTS = ("handed", "postponed", "unknown", "resent", "failed")

Place = tuple[str, str]


@dataclass
class Visit:
    """When a lane may be looked at again, and how long it was left alone last."""

    not_before: float = 0.0
    pause: float = 0.0


class Courier:
    """Follows the outbox.

    Args:
        carry: hands over what waits in one lane. every: seconds between two looks.
    """

    def __init__(self, carry: Callable[[Place, Callable[[], bool]], HandOver], every: float = LOOK) -> None:
        self._carry, self._every = carry, every
        self._visits: dict[Place, Visit] = {}
        self._under_way: dict[Place, Future[HandOver]] = {}
        self._said: dict[str, float] = {}
        self._grace, self._standing = LEASE, float("-inf")

    def follow(self, stop: Event) -> None:
        """Look, hand over, look again, until `stop` is set; what is on its way then is waited for."""
        with ThreadPoolExecutor(LANES, thread_name_prefix="courier") as threads:
            while not stop.is_set():
                pause = self._every
                try:
                    self._look(threads, stop)
                except AWAY as trouble:
                    _say(f"The database is away ({type(trouble).__name__}); looking again in {AWAY_FOR:.0f} seconds.")
                    pause = AWAY_FOR
                stop.wait(pause)
        self._gather()

    def _look(self, threads: ThreadPoolExecutor, stop: Event) -> None:
        self._gather()
        now = time.monotonic()
        with reading() as session:
            due = due_lanes(session, datetime.now(UTC), self._grace, outside=settings().mode != SIMULATE)
            standing = standstills(session) if now >= self._standing else None
        if standing is not None:
            self._standing = now + STANDING
            self._grace = self._shortest_grace()
            for one in standing:
                self._once(
                    f"OPERATOR: {one.channel} of '{one.organisation}' is {one.state} since {one.since}: {one.reason}"
                )
        for place in due:
            if place not in self._under_way and now >= self._visits.setdefault(place, Visit()).not_before:
                self._under_way[place] = threads.submit(self._carry, place, stop.is_set)

    def _gather(self) -> None:
        """Say what lanes that ended have done; one that had nothing to give is left alone for a while."""
        for place, ended in list(self._under_way.items()):
            if not ended.done():
                continue
            del self._under_way[place]
            visit = self._visits[place]
            visit.pause = 0.0 if self._did_something(place, ended) else min(LONG, visit.pause * 2 or SHORT)
            visit.not_before = time.monotonic() + visit.pause

    def _did_something(self, place: Place, ended: Future[HandOver]) -> bool:
        try:
            done = ended.result()
        except RuleError as refusal:
            self._once(str(refusal))
            return False
        except Exception as trouble:  # noqa: BLE001 - one lane that broke must not end the courier
            _say(f"{place[1]} of '{place[0]}' ended with {type(trouble).__name__}; it is tried again.")
            return False
        for problem in done.problems:
            self._once(problem)
        for one in done.lanes:
            counts = asdict(one)
            said = ", ".join(f"{name} {counts[name]}" for name in COUNTS if counts[name])
            _say(f"{one.channel} of '{one.organisation}' by {one.carrier}: {said}")
        return bool(done.lanes)

    def _shortest_grace(self) -> timedelta:
        """How old a claim must at least be before its worker can be called dead, in any lane."""
        try:
            return min([LEASE, *(one.grace for house in houses().values() for one in house.limits.values())])
        except RuleError as refusal:
            self._once(str(refusal))
            return LEASE

    def _once(self, sentence: str) -> None:
        """Say it, and not again within the hour."""
        now = time.monotonic()
        self._said = {one: at for one, at in self._said.items() if now - at < HOUR}
        if sentence not in self._said:
            self._said[sentence] = now
            _say(sentence)


def carry(place: Place, stopping: Callable[[], bool]) -> HandOver:
    """Hand over what waits in one lane."""
    ours = settings()
    return hand_over(
        ours.mode, ours.outbox, datetime.now(UTC), documents=documents(), houses=houses(), only=[place],
        stopping=stopping,
    )  # fmt: skip


def run() -> None:
    """Follow the outbox until SIGTERM or SIGINT."""
    with _until_told() as stop:
        _say(f"The courier looks at the outbox every {LOOK:.0f} second; mode {settings().mode}.")
        Courier(carry).follow(stop)
    _say("The courier has stopped; what was on its way is written down.")


@contextmanager
def _until_told() -> Iterator[Event]:
    stop = Event()
    before = {one: signal.signal(one, lambda *_: stop.set()) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def _say(sentence: str) -> None:
    line(f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} {sentence}")

"""A provider that is away for hours while thousands wait: no storm, an alert, another way for what cannot wait."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from models.work import reading, work
from notifications import hand_over, notify
from notifications.channels import Accepted, Answer, Found, Message, NotThere, Outcome, Temporary, Unknown
from notifications.house import House
from notifications.lanes import alerted, standstills
from services import ladder
from tests.notifications.house import FACTS, NOW, Papers, populate

MINUTE = timedelta(minutes=1)


class Provider:
    """An e-mail provider in virtual time. `away` says how: refused (nobody listens), hangs, 500 (it answers questions)."""

    name = "far"
    connections = 32

    def __init__(self) -> None:
        self.away, self.minute = "", 0
        self.tries: Counter[int] = Counter()
        self.pings: Counter[int] = Counter()
        self.questions: Counter[int] = Counter()
        self.taken: Counter[int] = Counter()

    def send(self, message: Message) -> Outcome:
        self.tries[self.minute] += 1
        if self.away == "refused":
            return Temporary("There is no line to the carrier; nothing was given to it.", "line", ours=True)
        if self.away:
            return Unknown("The carrier did not answer, or not in time.", self.away)
        self.taken[message.notice_id] += 1
        return Accepted(f"x-{message.ref}", "0" * 64)

    def ask(self, message: Message) -> Answer:
        self.questions[self.minute] += 1
        if self.away:
            return Temporary("The carrier could not be asked.", self.away, ours=True)
        return Found("x", message.at) if self.taken[message.notice_id] else NotThere()

    def ping(self) -> str:
        self.pings[self.minute] += 1
        return "The carrier does not answer." if self.away in ("refused", "hangs") else ""

    def close(self) -> None:
        """Nothing is held."""


def _states(channel: str) -> dict[str, int]:
    query = "SELECT state, COUNT(*) FROM notice WHERE channel = :channel GROUP BY state"
    with reading() as session:
        return {row[0]: row[1] for row in session.connection().execute(text(query), {"channel": channel})}


def _waiting(people: int, urgent_ones: int) -> None:
    populate(people)
    urgent, others = NOW + timedelta(days=1), NOW + timedelta(days=15)
    with work() as session:
        for who, due in ((f"id <= {urgent_ones}", urgent), (f"id > {urgent_ones}", others)):
            them = f"SELECT 0 AS assessment_id, id AS recipient_id FROM person WHERE {who}"
            notify(session, "result_ready", 1, NOW, select=them, facts=FACTS, channels=["email"], due_at=due)


class Drill:
    """Hours without a provider, minute by minute, as the machine lives through them."""

    def __init__(self, outbox: Path, away: str, minutes: int) -> None:
        self.outbox, self.away, self.minutes = outbox, away, minutes
        self.far, self.sms = Provider(), Provider()
        self.told: list[int] = []
        self.moved = 0

    @property
    def houses(self) -> Mapping[str, House]:
        """The sample body with both carriers."""
        return {"nchr-sample": House("nchr-sample", {"email": self.far, "sms": self.sms})}

    def minute(self, minute: int) -> None:
        """What happens in one minute: the courier comes by, and every second minute the run of `hand-over-notices`."""
        self.far.minute = self.sms.minute = minute
        at = NOW + minute * MINUTE
        for second in (0, 30):
            self._hand_over(at + timedelta(seconds=second))
        if minute % 2:
            self.moved += ladder.climb_all(at + timedelta(seconds=31))
            self._hand_over(at + timedelta(seconds=32))
            with work() as session:
                news = standstills(session, not_told=True)
                alerted(session, news, at)
            self.told += [minute] * len(news)

    def _hand_over(self, now: datetime) -> None:
        hand_over("live", self.outbox, now, documents=Papers(), houses=self.houses, stopwatch=lambda: 0.0)

    def live(self) -> int:
        """How many minutes after its return everything has left."""
        self.far.away = self.away
        for minute in range(self.minutes):
            self.minute(minute)
        self.far.away = ""
        for late in range(30):
            self.minute(self.minutes + late)
            if not _states("email").keys() & {"waiting", "claimed", "unknown"}:
                return late + 1
        raise AssertionError(f"after half an hour: {_states('email')}")


@pytest.mark.parametrize("away", ["refused", "hangs", "500"])
def test_an_hour_without_a_provider(sqlite_database: str, tmp_path: Path, away: str) -> None:
    """Once a minute at most a sign of life is asked for, the operator hears of it, what is urgent goes another way."""
    _drill(tmp_path, away, minutes=45, people=150, urgent=10)


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("away", ["refused", "hangs", "500"])
def test_four_hours_while_five_thousand_wait(sqlite_database: str, tmp_path: Path, away: str) -> None:
    """The same."""
    _drill(tmp_path, away, minutes=240, people=5_000, urgent=100)


def _drill(tmp_path: Path, away: str, minutes: int, people: int, urgent: int) -> None:
    _waiting(people, urgent)
    drill = Drill(tmp_path / "outbox", away, minutes)
    late, far, hours = drill.live(), drill.far, range(1, minutes)
    print(
        f"\n{away}: all had left {late} minutes after the return; alert in minute {drill.told}; {drill.moved} of {people} went"
        f" another way; meanwhile {sum(far.pings.values())} signs of life asked for, {sum(far.tries[m] for m in hours)} notices"
        f" tried and {sum(far.questions[m] for m in hours)} questions in {minutes} minutes; tries before it rested: {far.tries[0]}"
    )
    assert late <= 15
    assert len(drill.told) == 1
    assert drill.told[0] <= 10
    assert max(far.pings[minute] for minute in range(minutes)) <= 1
    assert max(far.tries[minute] for minute in hours) <= 1
    assert far.tries[0] <= 2 * far.connections
    assert drill.moved == urgent
    assert sum(drill.sms.taken.values()) == urgent
    assert max(far.taken.values()) == 1
    assert set(far.taken) >= set(range(urgent + 1, people + 1))
    assert _states("sms") == {"handed": urgent}

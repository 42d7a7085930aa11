"""Clocks that go back, days that end, and words that come when the next channel was taken long ago."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import text

from models.work import reading, work
from notifications import notify
from notifications.channels import Message, Outcome, Temporary
from notifications.claiming import claim_fresh, give_up_dead, lane_words
from notifications.lanes import Limits, lane_of, rest
from notifications.marking import Told, attempted, mark
from notifications.waiting import due_lanes
from tests.notifications.house import EVERYBODY, FACTS, NOW, populate
from tests.notifications.scripted import Scripted, live

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
EMAIL = ("nchr-sample", "email")


def tell(channel: str = "email") -> None:
    with work() as session:
        notify(session, "result_ready", 1, NOW, select=EVERYBODY, facts=FACTS, channels=[channel])


def rows(query: str) -> list[tuple[object, ...]]:
    with reading() as session:
        return [tuple(row) for row in session.connection().execute(text(query))]


def due(now: datetime) -> list[tuple[str, str]]:
    with reading() as session:
        return due_lanes(session, now)


def test_the_day_s_cap_counts_the_day_of_the_body_and_no_clock_that_goes_back_opens_it_again(
    database: str, outbox: Path
) -> None:
    """Midnight in Almaty is 19:00 UTC; a second worker's clock is two seconds behind, then an hour."""
    populate(9)
    tell()
    midnight, limits, carrier = datetime(2026, 10, 5, 19, 0, tzinfo=UTC), Limits(per_day=3), Scripted()
    live(carrier, outbox, midnight - SECOND, limits)
    assert len(carrier.got) == 3
    live(carrier, outbox, midnight, limits, limit=2)
    assert len(carrier.got) == 5
    for behind in (2 * SECOND, HOUR):
        live(carrier, outbox, midnight - behind, limits)
        live(carrier, outbox, midnight + SECOND, limits)
        assert len(carrier.got) == 6
    live(carrier, outbox, midnight + 24 * HOUR, limits)
    assert len(carrier.got) == 9


def test_a_clock_that_goes_back_an_hour_keeps_no_lane_resting(database: str, outbox: Path) -> None:
    populate(2)
    tell()
    with work() as session:
        rest(session, lane_of(session, *EMAIL), NOW + HOUR, "it failed")
    assert due(NOW + HOUR + SECOND) == []
    assert due(NOW) == [EMAIL]
    carrier = Scripted()
    live(carrier, outbox, NOW)
    assert sorted(carrier.got) == [1, 2]


def test_a_clock_that_goes_back_an_hour_keeps_no_lane_waiting(database: str, outbox: Path) -> None:
    populate(2)
    tell()

    def busy(message: Message) -> Outcome:
        return Temporary("too fast", "429", spends=False, after=60 * SECOND)

    live(Scripted(busy), outbox, NOW + HOUR)
    assert rows("SELECT COUNT(*) FROM lane WHERE free_at IS NOT NULL") == [(1,)]
    with work() as session:
        session.connection().execute(text("UPDATE notice SET next_at = NULL"))
    assert due(NOW + HOUR + SECOND) == []
    assert due(NOW) == [EMAIL]
    carrier = Scripted()
    live(carrier, outbox, NOW)
    assert sorted(carrier.got) == [1, 2]


def test_a_word_that_comes_when_the_next_channel_was_taken_sends_nothing_again(database: str, outbox: Path) -> None:
    """The worker stood still; meanwhile it was given up, and near the term the short message was written."""
    populate(1)
    tell()
    with work() as session:
        held = claim_fresh(session, NOW, 1, lane_words(*EMAIL))
        attempted(session, held, "scripted", NOW)
    with work() as session:
        assert give_up_dead(session, NOW + HOUR, HOUR / 2, lane_words(*EMAIL)) == 1
        session.connection().execute(
            text(
                "INSERT INTO notice (cycle_id, assessment_id, recipient_id, kind, channel, round, facts, state, created_at)"
                " SELECT cycle_id, assessment_id, recipient_id, kind, 'sms', round, facts, 'waiting', created_at FROM notice"
            )
        )
    with work() as session:
        mark(session, held, {}, {1: Told(Temporary("later"), NOW + HOUR)}, "scripted", outside=True)
    assert rows("SELECT channel, state, failure FROM notice ORDER BY id") == [
        ("email", "failed", "later"), ("sms", "waiting", None),
    ]  # fmt: skip
    assert rows("SELECT event FROM receipt ORDER BY id") == [("attempted",), ("postponed",)]

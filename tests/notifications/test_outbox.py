"""Writing into the outbox: a set with one statement, once, by a channel the person can be reached by."""

from __future__ import annotations

import json
import time
from datetime import timedelta

import pytest
from sqlalchemy import text

from models.base import stamp
from models.work import reading, work
from notifications import notify, one
from rules.errors import Incomplete, NotAllowed, NotFound
from tests.notifications.house import EVERYBODY, FACTS, NOW, person, populate

ALL = ("email", "sms", "registered_letter", "portal")


def _tell(channels=("email",), **changes) -> int:
    with work() as session:
        return notify(
            session, "result_ready", 1, NOW, **{"select": EVERYBODY, "facts": FACTS, "channels": channels, **changes}
        )


def _rows(columns: str) -> list[tuple]:
    with reading() as session:
        return [
            tuple(row)
            for row in session.connection().execute(text(f"SELECT {columns} FROM notice ORDER BY recipient_id"))
        ]


def test_one_statement_writes_a_notice_for_every_row(database: str) -> None:
    """With the facts of the set, the term, and nobody's name."""
    populate(3)
    assert _tell(due_at=NOW + timedelta(days=1), round=2) == 3
    rows = _rows("recipient_id, kind, channel, round, state, due_at, facts")
    assert rows[0][:6] == (1, "result_ready", "email", 2, "waiting", stamp(NOW + timedelta(days=1)))
    assert json.loads(rows[0][6]) == FACTS


@pytest.mark.rule("N-25")
def test_told_twice_is_told_once(database: str) -> None:
    """Also when the same person stands in the set twice."""
    populate(3)
    assert _tell(select=f"{EVERYBODY} UNION ALL {EVERYBODY}") == 3
    assert _tell() == 0
    assert _tell(round=1) == 3


def test_the_channel_is_the_first_by_which_the_person_can_be_reached(database: str) -> None:
    """E-mail, else telephone, else what is always possible."""
    with work() as session:
        from tests.notifications.house import cycle

        session.add(cycle())
        session.add_all([person(1), person(2, email=None), person(3, email="", phone=None), person(4, email="")])
    assert _tell(channels=("email", "sms", "portal")) == 4
    assert _rows("channel") == [("email",), ("sms",), ("portal",), ("sms",)]


def test_a_person_who_cannot_be_reached_gets_a_notice_that_will_fail_openly(database: str) -> None:
    """Silence would be worse."""
    populate(1, email=None, phone=None)
    assert _tell(channels=("email", "sms")) == 1
    assert _rows("channel") == [("sms",)]


def test_a_new_address_does_not_bring_the_same_notice_twice_unless_the_first_failed(database: str) -> None:
    """The round is the same; only a failed one is written again by another channel."""
    populate(1, email=None)
    assert _tell(channels=("email", "sms")) == 1
    with work() as session:
        session.connection().execute(text("UPDATE person SET email = 'p1@example.kz'"))
    assert _tell(channels=("email", "sms")) == 0
    with work() as session:
        session.connection().execute(text("UPDATE notice SET state = 'failed'"))
    assert _tell(channels=("email", "sms")) == 1
    assert sorted(_rows("channel")) == [("email",), ("sms",)]


@pytest.mark.rule("N-18")
def test_the_system_and_the_application_are_two_notices_of_one_round(database: str) -> None:
    """Each is asked for by its own list of channels."""
    populate(1)
    assert _tell(channels=("portal",)) == 1
    assert _tell(channels=("mobile_app",)) == 1
    assert _tell(channels=("portal",)) == 0


def test_a_count_may_come_from_the_set_itself_and_only_as_a_number(database: str) -> None:
    """Each evaluator's own number of sheets."""
    populate(2)
    with work() as session:
        select = "SELECT 0 AS assessment_id, id AS recipient_id, id * 10 AS count FROM person"
        assert notify(session, "sheets_waiting", 1, NOW, select=select, counted=True, channels=["email"],
                      facts={"due": "2026-10-20"}) == 2  # fmt: skip
    assert [json.loads(row[0]) for row in _rows("facts")] == [
        {"due": "2026-10-20", "count": "10"}, {"due": "2026-10-20", "count": "20"},
    ]  # fmt: skip


def test_one_person_is_a_set_of_one(database: str) -> None:
    """With the assessment it is about."""
    populate(2)
    with work() as session:
        asked = {"recipient_id": 2, "assessment_id": 7, "facts": {"due": "2026-10-23"}, "channels": ["email"]}
        assert one(session, "decision_needed", 1, NOW, **asked) == 1
        assert one(session, "decision_needed", 1, NOW, **asked) == 0
    assert _rows("recipient_id, assessment_id") == [(2, 7)]


@pytest.mark.rule("N-23")
def test_refusals_write_nothing(sqlite_database: str) -> None:
    """Unknown kind, forbidden fact, missing fact, channel that is not the law's."""
    populate(1)
    with pytest.raises(NotFound), work() as session:
        notify(session, "gossip", 1, NOW, select=EVERYBODY, channels=ALL)
    with pytest.raises(NotAllowed, match="confidential"):
        _tell(facts={**FACTS, "grade": "effective"})
    with pytest.raises(Incomplete, match="cannot be written without: due"), work() as session:
        notify(session, "decision_needed", 1, NOW, select=EVERYBODY, channels=ALL)
    with pytest.raises(NotAllowed, match="permitted are"):
        _tell(channels=("telegram",))
    with pytest.raises(NotFound, match="no channel 'pigeon'"):
        _tell(channels=("pigeon",))
    assert _rows("id") == []


def test_a_change_that_is_undone_takes_its_notices_back(database: str) -> None:
    """The notice is part of the caller's own transaction."""
    populate(1)
    with pytest.raises(KeyError), work() as session:
        notify(session, "result_ready", 1, NOW, select=EVERYBODY, facts=FACTS, channels=ALL)
        raise KeyError
    assert _rows("id") == []


def test_twenty_thousand_notices_take_a_fraction_of_a_second(sqlite_database: str) -> None:
    """A generous bound; the figure itself is in docs/notices.md."""
    populate(20_000)
    began = time.perf_counter()
    assert _tell() == 20_000
    assert time.perf_counter() - began < 2

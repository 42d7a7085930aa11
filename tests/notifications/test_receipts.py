"""Evidence: appended, told twice is told once, folded in any order, four facts apart."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from models.work import reading, work
from notifications import hand_over, notify, record, status, statuses
from notifications.events import BY_OFFICER, STANDING
from notifications.history import history, listed
from notifications.receipts import keep_scan
from notifications.standing import Standing
from rules.errors import Incomplete, NotAllowed, NotFound, NotNow
from tests.notifications.house import EVERYBODY, FACTS, NOW, Papers, assessment, populate

DAY = timedelta(days=1)


def _served(channel: str = "registered_letter", people: int = 3) -> None:
    populate(people)
    with work() as session:
        notify(session, "result_served", 1, NOW, select=EVERYBODY, facts=FACTS, channels=[channel], due_at=NOW + DAY)


def _sent(channel: str = "registered_letter") -> None:
    """They left the house at once."""
    _served(channel)
    _mark("handed_at = created_at, state = 'handed'")


def _mark(sets: str) -> None:
    with work() as session:
        session.connection().execute(text(f"UPDATE notice SET {sets}"))


def _record(event: str, day: int = 2, **changes) -> bool:
    at = NOW + day * DAY
    usual = {"source": "officer", "event_id": f"{event}/{day}", "officer_id": 2, "reference": "RR123456789KZ"}
    with work() as session:
        return record(session, 1, event, at, at, **{**usual, **changes})


def _status(notice_id: int = 1) -> Standing:
    with reading() as session:
        return status(session, notice_id)


@pytest.mark.rule("N-19")
def test_told_twice_is_told_once(database: str) -> None:
    """The same source, the same event."""
    _sent()
    assert _record("delivered") is True
    assert _record("delivered") is False
    assert _record("delivered", source="post") is True
    with reading() as session:
        assert session.connection().execute(text("SELECT COUNT(*) FROM receipt")).scalar_one() == 2


@pytest.mark.rule("N-19")
@pytest.mark.parametrize("channel", ["registered_letter", "telephonogram", "telegram", "other_registered"])
@pytest.mark.parametrize("lacks", [{"officer_id": None}, {"reference": None}, {"reference": " "}])
def test_a_manual_channel_needs_a_named_officer_and_the_number_on_the_paper(
    channel: str, lacks: dict, sqlite_database: str
) -> None:
    """Without them it is hearsay."""
    _sent(channel)
    with pytest.raises(Incomplete, match="named officer with the number on the paper"):
        _record("delivered", **lacks)
    assert _record("delivered") is True


def test_an_electronic_channel_may_speak_for_itself(sqlite_database: str) -> None:
    """Its own event id is its evidence."""
    _sent("email")
    assert _record("delivered", source="relay", officer_id=None, reference=None) is True


def test_what_cannot_be_true_is_refused(sqlite_database: str) -> None:
    """Before the notice, after now, by the recipient, by nobody, of nothing, about nothing."""
    _sent()
    with pytest.raises(NotNow, match="before the notice was written"):
        _record("delivered", day=-1)
    with pytest.raises(NotNow, match="has not come yet"), work() as session:
        record(session, 1, "delivered", NOW + DAY, NOW, source="officer", event_id="x", officer_id=2, reference="R")
    with pytest.raises(NotAllowed, match="another officer must"):
        _record("delivered", officer_id=1)
    with pytest.raises(NotFound, match="no officer 99"):
        _record("delivered", officer_id=99)
    with pytest.raises(NotFound, match="'lost' is not a thing told"):
        _record("lost")
    with pytest.raises(NotFound, match="no notice 77"), work() as session:
        record(session, 77, "delivered", NOW, NOW, source="officer", event_id="x", officer_id=2, reference="R")


@pytest.mark.rule("N-19")
@pytest.mark.parametrize("event", list(BY_OFFICER))
def test_nothing_is_recorded_of_a_notice_that_did_not_leave(event: str, database: str) -> None:
    """Neither by an officer nor by a carrier; while it is under way, or failed, an officer knows nothing of it."""
    _served()
    carrier = {"source": "post", "officer_id": None, "reference": None}
    for who in ({}, carrier):
        with pytest.raises(NotNow, match=r"of notice 1, for it has not been sent: it waits in the outbox"):
            _record(event, **who)
    _mark("state = 'claimed'")
    with pytest.raises(NotNow, match="being handed over at this moment"):
        _record(event)
    _mark("state = 'failed', failure = 'There is no address.'")
    with pytest.raises(NotNow, match=r"it could not be sent: There is no address\."):
        _record(event)
    with reading() as session:
        assert session.connection().execute(text("SELECT COUNT(*) FROM receipt")).scalar_one() == 0


def test_an_officer_records_nothing_from_before_the_notice_left(database: str, outbox: Path) -> None:
    """It was written on Monday and left on Wednesday."""
    _served()
    hand_over("simulate", outbox, NOW + 2 * DAY, documents=Papers())
    with pytest.raises(NotNow, match="is before notice 1 was sent"):
        _record("delivered", day=1)
    assert _record("delivered", day=3) is True


def test_a_carrier_may_speak_before_our_own_mark(database: str) -> None:
    """The worker died between sending and marking; the evidence is not lost."""
    _served("email")
    _mark("state = 'claimed'")
    assert _record("delivered", source="relay", officer_id=None, reference=None) is True


def test_the_database_itself_refuses_to_change_or_lose_a_receipt(database: str) -> None:
    """Append-only is not a habit of ours alone."""
    _sent()
    _record("delivered")
    for statement in ("UPDATE receipt SET event = 'returned'", "DELETE FROM receipt"):
        with pytest.raises(DBAPIError), work() as session:
            session.connection().execute(text(statement))


@pytest.mark.rule("N-19")
@pytest.mark.parametrize("order", list(itertools.permutations(["accepted", "undelivered", "returned", "delivered"])))
def test_the_strongest_word_counts_whatever_comes_last(order: tuple[str, ...], sqlite_database: str) -> None:
    """Twenty-four orders, one standing."""
    _sent()
    for day, event in enumerate(order, 1):
        _record(event, day)
    found = _status()
    assert found.word == "delivered"
    assert found.disputed
    assert found.delivered_at == NOW + (order.index("delivered") + 1) * DAY


@given(st.lists(st.sampled_from(list(STANDING)), max_size=30))
def test_the_standing_is_a_fold(events: list[str]) -> None:
    """Any events, any number of times: the highest rank, or the outbox's own state."""
    names = {"prepared": "prepared_at", "accepted": "sent_at", "undelivered": "undelivered_at", "returned": "returned_at",
             "refused": "not_taken_at", "delivered": "delivered_at"}  # fmt: skip
    empty = dict.fromkeys(("due_at", *names.values(), "familiarised_at", "refused_at", "failure"))
    facts = {**empty, **{names[event]: NOW for event in events}}
    found = Standing(notice_id=1, cycle_id=1, assessment_id=1, recipient_id=1, kind="k", channel="c", round=0,
                     state="waiting", **facts)  # fmt: skip
    assert found.word == (max(events, key=STANDING.index) if events else "waiting")


def test_a_returned_letter_weeks_later_is_kept_and_does_not_undo_the_rest(database: str, outbox: Path) -> None:
    """Sent in time stays sent in time."""
    _served()
    hand_over("simulate", outbox, NOW, documents=Papers())
    _record("returned", day=45)
    found = _status()
    assert (found.word, found.sent_in_time, found.delivered_at) == ("returned", True, None)


@pytest.mark.rule("N-18", "N-19")
def test_sent_delivered_familiarised_and_refused_are_four_facts(database: str, outbox: Path) -> None:
    """An e-mail that arrived has not been read, and an act of refusal is no refusal of the message."""
    populate(4)
    with work() as session:
        for number, how in enumerate((None, "shown", "served", "refused"), 1):
            assessment(session, number, familiarised_how=how, familiarised_at=None if how is None else NOW + DAY)
        notify(session, "result_ready", 1, NOW, due_at=NOW + DAY, channels=["portal"],
               select="SELECT id AS assessment_id, person_id AS recipient_id FROM assessment")  # fmt: skip
    hand_over("simulate", outbox, NOW, documents=Papers())
    with reading() as session:
        found = list(statuses(session, params={"cycle": 1}))
    assert [one.sent_in_time for one in found] == [True] * 4
    assert all(one.delivered_at for one in found)
    assert [bool(one.familiarised_at) for one in found] == [False, True, True, False]
    assert [bool(one.refused_at) for one in found] == [False, False, False, True]
    assert not any(one.disputed for one in found)


def test_a_notice_without_a_term_is_neither_in_time_nor_late(sqlite_database: str) -> None:
    """And one that never left is late."""
    populate(1)
    with work() as session:
        notify(session, "result_ready", 1, NOW, select=EVERYBODY, channels=["email"])
        notify(session, "result_ready", 1, NOW, select=EVERYBODY, channels=["email"], round=1, due_at=NOW)
    assert [_status(number).sent_in_time for number in (1, 2)] == [None, False]
    with pytest.raises(NotFound):
        _status(3)


def test_a_scan_is_kept_under_its_hash(sqlite_database: str, tmp_path: Path) -> None:
    """The receipt names the file."""
    _sent()
    _record("delivered", scan=b"scan")
    file = keep_scan(tmp_path / "scans", b"scan")
    assert keep_scan(tmp_path / "scans", b"scan") == file
    with reading() as session:
        assert history(session, 1)["receipts"][0]["scan_sha256"] == file.name


def test_the_history_names_people_by_number_only(database: str, outbox: Path) -> None:
    """Everything an auditor asks for."""
    _served()
    hand_over("simulate", outbox, NOW, documents=Papers())
    _record("delivered", detail="handed over at the counter")
    with reading() as session:
        found = history(session, 1)
    assert (found["recipient"], found["receipts"][1]["officer"]) == ("PN-000001", "PN-000002")
    assert (found["standing"], found["sent_in_time"], found["roles"]) == ("delivered", True, ("served", "requested"))
    assert [one["event"] for one in found["receipts"]] == ["accepted", "delivered"]
    assert isinstance(found["receipts"][1]["at"], datetime)
    assert found["facts"] == FACTS
    assert "Кенарова" not in str(found)


def test_lists_are_chosen_by_cycle_channel_and_standing(database: str, outbox: Path) -> None:
    """The newest first."""
    _served()
    hand_over("simulate", outbox, NOW, documents=Papers(), limit=2)
    _record("delivered")

    def ids(**chosen) -> list[int]:
        with reading() as session:
            return [one["notice_id"] for one in listed(session, **chosen)]

    assert ids() == ids(cycle="nchr-2026-q3") == ids(channel="registered_letter") == [3, 2, 1]
    assert ids(limit=1) == [3]
    assert (ids(state="waiting"), ids(state="accepted"), ids(state="delivered")) == ([3], [2], [1])
    assert ids(cycle="another") == ids(channel="sms") == ids(state="returned") == []
    with pytest.raises(NotFound, match="no state 'lost'"):
        ids(state="lost")

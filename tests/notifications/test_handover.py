"""The hand-over: nothing lost, nothing doubled, whatever happens to the worker."""

from __future__ import annotations

import hashlib
import multiprocessing
import random
import time
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from models.work import engine, reading, use_database, work
from notifications import HandOver, hand_over, notify, record, status
from notifications.claiming import claim
from rules.errors import MissingSetting
from tests.notifications.house import EVERYBODY, FACTS, NOW, Papers, populate

_LATER = timedelta(minutes=20)


def _tell(kind: str = "result_ready", channels=("email",), **changes) -> int:
    with work() as session:
        return notify(session, kind, 1, NOW, **{"select": EVERYBODY, "facts": FACTS, "channels": channels, **changes})


def _rows(query: str) -> list[tuple]:
    with reading() as session:
        return [tuple(row) for row in session.connection().execute(text(query))]


def _files(outbox: Path) -> list[Path]:
    return [file for file in outbox.rglob("*") if file.is_file()]


@pytest.mark.rule("N-25")
def test_what_waits_is_sent_and_marked_with_its_evidence(database: str, outbox: Path) -> None:
    """File, hash, wording, moment, and one receipt."""
    populate(3)
    _tell()
    assert hand_over("simulate", outbox, NOW, documents=Papers()) == HandOver({"email": 3})
    files = {hashlib.sha256(file.read_bytes()).hexdigest(): file for file in _files(outbox)}
    rows = _rows("SELECT state, content_hash, template, language, reference, handed_at FROM notice ORDER BY id")
    assert {row[1] for row in rows} == set(files)
    assert rows[0][0] == "handed"
    assert rows[0][2].startswith("result_ready/kk v")
    assert [row[3] for row in rows] == ["kk", "ru", "kk"]
    assert _rows("SELECT event, source, event_id FROM receipt ORDER BY id") == [
        ("accepted", "simulate", f"notice/{number}/accepted") for number in (1, 2, 3)
    ]
    assert hand_over("simulate", outbox, NOW, documents=Papers()) == HandOver()


@pytest.mark.rule("N-18")
def test_what_is_placed_in_the_system_or_the_application_is_delivered_there(database: str, outbox: Path) -> None:
    """And no file leaves."""
    populate(2)
    _tell(channels=("portal",))
    _tell(channels=("mobile_app",))
    assert hand_over("simulate", outbox, NOW, documents=Papers()).handed == {"portal": 2, "mobile_app": 2}
    assert Counter(row[0] for row in _rows("SELECT event FROM receipt")) == {"accepted": 4, "delivered": 4}
    assert _files(outbox) == []
    with reading() as session:
        assert status(session, 1).familiarised_at is None


def test_another_mode_is_refused_before_anything_is_touched(sqlite_database: str, outbox: Path) -> None:
    """And the sentence says what is missing."""
    populate(1)
    _tell()
    with pytest.raises(MissingSetting, match="mode 'live' has no carriers, so nothing can leave"):
        hand_over("live", outbox, NOW, documents=Papers())
    assert _rows("SELECT state FROM notice") == [("waiting",)]


def test_the_most_urgent_leave_first_and_the_undated_last(database: str, outbox: Path) -> None:
    """By due instant, then by id."""
    populate(2)
    _tell(round=0)
    _tell(round=1, due_at=NOW + timedelta(days=5))
    _tell(round=2, due_at=NOW + timedelta(days=1))
    order = []
    for _ in range(6):
        hand_over("simulate", outbox, NOW, documents=Papers(), limit=1)
        order.append(_rows("SELECT id FROM receipt ORDER BY id DESC LIMIT 1"))
    told = [row[0] for row in _rows("SELECT n.round FROM receipt r JOIN notice n ON n.id = r.notice_id ORDER BY r.id")]
    assert told == [2, 2, 1, 1, 0, 0]
    assert len(order) == 6


def test_whether_a_notice_left_in_time_is_judged_by_when_it_left(sqlite_database: str, outbox: Path) -> None:
    """A hand-over that began before midnight and ended after it does not make late notices timely."""
    populate(2)
    _tell(due_at=NOW + timedelta(seconds=35))
    seconds = iter(range(0, 1000, 10))
    hand_over("simulate", outbox, NOW, documents=Papers(), chunk=1, stopwatch=lambda: next(seconds))
    with reading() as session:
        assert [status(session, number).sent_in_time for number in (1, 2)] == [True, False]


BROKEN = {
    "email": ({"email": "a@b.kz\nBcc: c@d.kz"}, "result_ready", "address is not one"),
    "sms": ({"email": None, "phone": "+79161234567"}, "result_ready", "not one of Kazakhstan"),
    "registered_letter": ({"address": None}, "result_served", "no postal address"),
    "telephonogram": ({"phone": ""}, "result_served", "no telephone number"),
    "telegram": ({"address": ""}, "result_served", "no postal address"),
}


@pytest.mark.parametrize("channel", BROKEN)
def test_one_broken_notice_fails_with_a_sentence_and_the_others_leave(
    channel: str, sqlite_database: str, outbox: Path
) -> None:
    """Nothing about the person is in the sentence."""
    changes, kind, sentence = BROKEN[channel]
    populate(3)
    with work() as session:
        sets = ", ".join(f"{name} = :{name}" for name in changes)
        session.connection().execute(text(f"UPDATE person SET {sets} WHERE id = 2"), changes)
    _tell(kind, channels=(channel,))
    assert hand_over("simulate", outbox, NOW, documents=Papers()) == HandOver({channel: 2}, failed=1)
    [(state, failure)] = _rows("SELECT state, failure FROM notice WHERE recipient_id = 2")
    assert state == "failed"
    assert sentence in failure


@pytest.mark.parametrize("facts", ["{}", "not json", '{"due": "someday"}', "[]"])
def test_a_row_spoilt_in_the_database_fails_alone(facts: str, sqlite_database: str, outbox: Path) -> None:
    """Whatever is in it."""
    populate(2)
    _tell("decision_needed")
    with work() as session:
        session.connection().execute(text("UPDATE notice SET facts = :f WHERE recipient_id = 1"), {"f": facts})
    assert hand_over("simulate", outbox, NOW, documents=Papers()) == HandOver({"email": 1}, failed=1)


def test_a_paper_maker_that_breaks_does_not_stop_the_others(sqlite_database: str, outbox: Path) -> None:
    """Its letters fail; the e-mails leave."""

    class Broken(Papers):
        def letter(self, facts, person):
            raise RuntimeError("no font")

    populate(2)
    _tell("result_served", channels=("registered_letter",))
    _tell()
    done = hand_over("simulate", outbox, NOW, documents=Broken())
    assert (done.handed, done.failed) == ({"email": 2}, 2)


def test_a_full_disk_postpones_and_loses_nothing(sqlite_database: str, outbox: Path) -> None:
    """The notice is tried again when its claim is old."""
    populate(1)
    _tell()
    outbox.write_text("a file where the folder should be")
    assert hand_over("simulate", outbox, NOW, documents=Papers()) == HandOver(postponed=1)
    outbox.unlink()
    assert hand_over("simulate", outbox, NOW, documents=Papers()) == HandOver()
    assert hand_over("simulate", outbox, NOW + _LATER, documents=Papers()) == HandOver({"email": 1})


def test_an_emptied_outbox_is_built_again(sqlite_database: str, outbox: Path) -> None:
    """Somebody cleaned up while the program ran."""
    import shutil

    populate(1)
    for round in (0, 1):
        _tell(round=round)
        assert hand_over("simulate", outbox / "o", NOW, documents=Papers()).handed == {"email": 1}
        shutil.rmtree(outbox / "o")


@pytest.mark.rule("N-19")
def test_the_days_letters_have_numbers_and_a_register(database: str, outbox: Path) -> None:
    """The day is the body's own: 19:30 in London is tomorrow in Almaty."""
    populate(3)
    papers, evening = Papers(), NOW.replace(hour=19, minute=30)
    _tell("result_served", channels=("registered_letter",))
    hand_over("simulate", outbox, evening, documents=papers, limit=2)
    hand_over("simulate", outbox, evening, documents=papers)
    assert [(day, len(letters)) for day, letters in papers.registers] == [
        (date(2026, 10, 6), 2),
        (date(2026, 10, 6), 3),
    ]
    registers = outbox / "registered_letter" / "registers" / "nchr-sample"
    assert [file.name for file in registers.iterdir()] == ["2026-10-06-00003.pdf"]
    _, facts, person = papers.made[0]
    assert facts["number"] == papers.registers[-1][1][0].number == "2026/1"
    assert (facts["period"], facts["kind"], facts["day"]) == ("2026-Q3", "result_served", "2026-10-06")
    assert person.full_name == papers.registers[-1][1][0].addressee


def test_a_register_that_was_lost_with_its_worker_is_made_by_the_next(sqlite_database: str, outbox: Path) -> None:
    """Even when nothing waits any more; and a register that cannot be made is told, not swallowed."""

    class NoRegister(Papers):
        def dispatch_register(self, day, letters):
            raise ValueError("no paper")

    populate(1)
    _tell("result_served", channels=("registered_letter",))
    assert "no paper" in hand_over("simulate", outbox, NOW, documents=NoRegister()).problems[0]
    papers = Papers()
    assert hand_over("simulate", outbox, NOW, documents=papers) == HandOver()
    assert len(papers.registers) == 1


def test_progress_is_told_after_each_chunk(sqlite_database: str, outbox: Path) -> None:
    """Done, and how many waited."""
    populate(5)
    _tell()
    told: list[tuple[int, int]] = []
    hand_over("simulate", outbox, NOW, documents=Papers(), chunk=2, progress=lambda *one: told.append(one))
    assert told == [(2, 5), (4, 5), (5, 5)]


def test_no_folder_holds_more_than_a_thousand_files(sqlite_database: str, outbox: Path) -> None:
    """By the notice's own number, so the place never changes."""
    populate(2_100)
    _tell()
    hand_over("simulate", outbox, NOW, documents=Papers())
    folders = Counter(file.parent.relative_to(outbox).as_posix() for file in _files(outbox))
    assert folders == {"email/2026-10-05/000": 999, "email/2026-10-05/001": 1000, "email/2026-10-05/002": 101}


def test_a_claim_is_left_alone_until_it_is_old_and_then_known_as_a_second_try(database: str, outbox: Path) -> None:
    """Fifteen minutes."""
    populate(1)
    _tell()
    with work() as session:
        assert [one.again for one in claim(session, NOW, 10)] == [False]
    with work() as session:
        assert claim(session, NOW + timedelta(minutes=15), 10) == []
    with work() as session:
        assert [one.again for one in claim(session, NOW + timedelta(minutes=15, seconds=1), 10)] == [True]


def _worker(url: str, outbox: Path, minutes: int) -> None:
    use_database(url)
    hand_over("simulate", outbox, NOW + minutes * timedelta(minutes=1), documents=Papers(), chunk=40)


def _start(url: str, outbox: Path, minutes: int, how: str = "fork") -> multiprocessing.Process:
    engine(url).dispose()  # no connection may be inherited
    process = multiprocessing.get_context(how).Process(target=_worker, args=(url, outbox, minutes))
    process.start()
    return process


def _assert_each_left_once(outbox: Path, people: int) -> None:
    rows = _rows("SELECT id, state, content_hash FROM notice")
    assert Counter(row[1] for row in rows) == {"handed": people}
    files = _files(outbox)
    assert len(files) == people
    assert {hashlib.sha256(file.read_bytes()).hexdigest() for file in files} == {row[2] for row in rows}
    told = Counter(row[0] for row in _rows("SELECT notice_id FROM receipt WHERE event = 'accepted'"))
    assert set(told.values()) == {1}
    assert len(told) == people


@pytest.mark.rule("N-19", "N-25")
def test_killed_anywhere_any_number_of_times_every_notice_leaves_once(database: str, outbox: Path) -> None:
    """2,000 notices or more, at least twenty-two SIGKILLs at random points, some of them in the middle of a chunk."""
    populate(2_000)
    told, chance, kills, in_the_middle, minutes = _tell(), random.Random(7), 0, 0, 0
    while kills < 22 or in_the_middle < 5:
        process = _start(database, outbox, minutes)
        time.sleep(chance.uniform(0.005, 0.04) * (1 + kills // 22))
        kills += process.is_alive()
        process.kill()
        process.join()
        minutes += 20
        in_the_middle += bool(_rows("SELECT 1 FROM notice WHERE state = 'claimed' LIMIT 1"))
        if not _rows("SELECT 1 FROM notice WHERE state <> 'handed' LIMIT 1"):
            told += _tell(round=minutes)  # a fast machine finished too soon
    hand_over("simulate", outbox, NOW + timedelta(minutes=minutes), documents=Papers())
    _assert_each_left_once(outbox, told)


def test_two_hand_overs_at_once_share_the_work(database: str, outbox: Path) -> None:
    """Neither takes what the other has."""
    populate(1_200)
    _tell()
    # a fork of a process in which Prefect has worked does not end well; here both must end well
    both = [_start(database, outbox, 0, "spawn") for _ in range(2)]
    for process in both:
        process.join(30)
    assert [process.exitcode for process in both] == [0, 0]
    _assert_each_left_once(outbox, 1_200)


def test_a_late_receipt_finds_its_notice(sqlite_database: str, outbox: Path) -> None:
    """Weeks after the hand-over."""
    populate(2)
    _tell("result_served", channels=("registered_letter",))
    hand_over("simulate", outbox, NOW, documents=Papers())
    weeks = NOW + timedelta(weeks=7)
    with work() as session:
        assert record(
            session, 1, "returned", weeks, weeks, source="officer", event_id="r1", officer_id=2, reference="RR1"
        )
    with reading() as session:
        assert status(session, 1).word == "returned"

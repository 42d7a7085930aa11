"""Evidence as an officer should not type it in: of another body, of another letter, the wrong way round, out of this world."""

from __future__ import annotations

from pathlib import Path

import pytest

from models import Appointment, Body, Notice, Person, Post, Unit
from models.sql import execute
from models.work import work
from notifications import hand_over
from notifications.house import House
from rules.errors import BadFile, NotAllowed, NotNow, RuleError
from services.registered import import_letters
from services.typed_in import Typed, type_in
from tests import makers
from tests.makers import AIGUL, ERLAN, HR, at, day, notices, rows
from tests.notifications import house

TRACK = "RR123456785KZ"
LIVE = {"nchr-sample": House("nchr-sample")}


def letters(outbox: Path) -> tuple[Notice, Notice]:
    """Two registered letters, made ready in earnest on 6 October."""
    with work() as session:
        execute(session, "UPDATE notice SET kind = 'request_refused' WHERE kind = 'result_ready'")
        execute(
            session,
            "UPDATE notice SET channel = 'registered_letter' WHERE kind IN ('request_refused', 'result_served')",
        )
    hand_over("live", outbox, at("2026-10-06 15:00"), documents=house.Papers(), houses=LIVE)
    return notices("result_served", ERLAN)[0], notices("request_refused", AIGUL)[0]


def typed(notice: Notice, event: str, moment: str, reference: str = TRACK, officer: str = HR) -> tuple[bool, bool]:
    with work() as session:
        return type_in(session, notice.id or 0, Typed(event, moment, officer, reference), at("2026-10-20"))


@pytest.mark.rule("N-19")
def test_one_track_number_is_one_letter_however_it_is_typed(database: str, tmp_path: Path) -> None:
    makers.a_cycle("released")
    one, other = letters(tmp_path)
    assert typed(one, "accepted", "2026-10-07")[0] is True
    for written in (TRACK, "rr 123 456 785 kz", "RR123456785КZ"):
        with pytest.raises(RuleError, match=f"{TRACK} is the number of notice {one.id} already"):
            typed(other, "accepted", "2026-10-07", written)
    assert typed(one, "accepted", "2026-10-07", "rr123456785kz")[0] is False  # told once
    assert rows("SELECT COUNT(*) FROM receipt WHERE source = 'officer'") == [(1,)]


@pytest.mark.rule("N-19", "N-25")
def test_nothing_becomes_of_a_letter_before_it_is_posted(database: str, tmp_path: Path) -> None:
    makers.a_cycle("released")
    one, other = letters(tmp_path)
    typed(one, "accepted", "2026-10-08T10:00")
    for event, moment in (
        ("delivered", "2026-10-08T09:59"),
        ("returned", "2026-10-07"),
        ("refused", "2026-10-07T23:00"),
    ):
        with pytest.raises(NotNow, match="a notice is sent before anything becomes of it"):
            typed(one, event, moment)
    assert typed(one, "delivered", "2026-10-08") == (True, True)  # the day alone is known
    typed(other, "returned", "2026-10-09", "RR000000012KZ")
    with pytest.raises(NotNow, match="'returned' was recorded"):
        typed(other, "accepted", "2026-10-10", "RR000000012KZ")
    assert typed(other, "accepted", "2026-10-12", "RR000000026KZ")[0] is True  # posted anew


@pytest.mark.parametrize("moment", ["0001-01-01T00:00", "0001-01-01T00:00+14:00", "9999-12-31T23:59-12:00"])
def test_a_moment_out_of_this_world_is_a_sentence(moment: str, sqlite_database: str, tmp_path: Path) -> None:
    makers.a_cycle("released")
    one, _ = letters(tmp_path)
    with pytest.raises(RuleError, match="is not a moment of this world"):
        typed(one, "delivered", moment)


def another_body() -> str:
    """A body of its own beside the sample's, and an officer of it."""
    with work() as session:
        session.add(body := Body(code="other", name_kk="Басқа", name_ru="Другой"))
        session.flush()
        session.add(unit := Unit(body_id=body.id or 0, code="z", name_kk="z", name_ru="z"))
        session.flush()
        session.add(post := Post(unit_id=unit.id or 0, title_kk="z", title_ru="z", category="C-4", leadership=False))
        session.add(person := Person(personnel_no="900001", surname="Б", given_name="Б", language="kk"))
        session.flush()
        session.add(Appointment(person_id=person.id or 0, post_id=post.id or 0, started_on=day("2024-01-08")))
    return "900001"


@pytest.mark.rule("N-19")
def test_an_officer_says_nothing_of_another_body_s_notice(database: str, tmp_path: Path) -> None:
    makers.a_body()
    file = tmp_path / "organisation.yaml"
    text = makers.BODY_FILE.read_text("utf-8").replace("settings:\n", "settings:\n  bodies: [nchr]\n")
    file.write_text(text, "utf-8")
    makers.opened(file=file)
    makers.approved()
    makers.walk("2026-10-01 12:00")
    makers.marked()
    makers.walk("2026-10-06")
    stranger = another_body()
    one, _ = letters(tmp_path)
    with pytest.raises(
        NotAllowed, match="serves in another body and cannot record evidence about a notice of nchr-sample"
    ):
        typed(one, "accepted", "2026-10-07", officer=stranger)
    table = tmp_path / "letters.csv"
    table.write_text(f"outgoing number;track number;posted on\n2026/{one.id};{TRACK};07.10.2026\n", "utf-8")
    with pytest.raises(BadFile) as refusal, work() as session:
        import_letters(session, table, stranger, at("2026-10-20"))
    assert "this letter is of another body" in refusal.value.problems[0]
    assert typed(one, "accepted", "2026-10-07")[0] is True

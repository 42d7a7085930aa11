"""Who was away at the time of the evaluation: the sheet waits, the term counts from the return, a late sitting counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from models import Absence
from models.work import reading, work
from services.audit import verdicts
from services.evidence import verify
from tests import commission as c
from tests import makers
from tests.commission import KPI, QUARTER, STAFF, Act
from tests.makers import at, day, person, rows

PAIR = (c.VICE, c.OFFICIAL, c.HEAD_B, c.LAWYER, c.HR)


def away(number: str, kind: str, first: str, last: str) -> None:
    with work() as session:
        session.add(Absence(person_id=person(number), kind=kind, first_day=day(first), last_day=day(last)))


def opened_with(act: Act, folder: Path, number: str, kind: str, first: str, last: str) -> str:
    makers.a_body(STAFF, c.HEADS)
    away(number, kind, first, last)
    return c.opened(act, folder)


def judged(key: str, now: str) -> dict[str, dict[str, int]]:
    with reading() as session:
        found = verdicts(session, key, at(now))
    total: dict[str, dict[str, int]] = {}
    for one in found:
        for verdict, count in one.counts.items():
            held = total.setdefault(one.deadline, {})
            held[verdict] = held.get(verdict, 0) + count
    return total


def returned(number: str, key: str) -> str:
    return str(makers.case(number, key).returned_on)


@pytest.mark.rule("M-11", "M-Q14")
def test_the_sheet_of_the_absent_waits_and_the_term_begins_with_the_return(database: str, tmp_path: Path) -> None:
    # the evaluation lasts from 14 January to 28 February 2019; the leave ends on Sunday, 3 March
    key = opened_with(KPI, tmp_path, c.AIGUL, "labour_leave", "2019-01-08", "2019-03-03")
    assert c.stages(key) == {"open": 6, "notified": 1}
    c.signed_all(key, c.kpis(4), "2019-01-15", *(one for one in c.EVALUATED if one != c.AIGUL))
    c.agreed_all(key, "2019-01-16")
    makers.walk("2019-01-16 12:00", key)
    c.composed(key, "2019-01-16")
    c.submitted(key, "2019-01-17", KPI)
    first = c.sat(key, "2019-01-22 10:00")
    c.decided(first, "2019-01-22 10:30")
    c.approved(first, "2019-01-22 16:00")
    makers.walk("2019-03-03 12:00", key)
    assert makers.case(c.AIGUL, key).stage == "notified"
    assert judged(key, "2019-03-03")["house_schedule_end"] == {"kept": 6}  # the absent one misses nothing
    makers.walk("2019-03-04 08:00", key)
    assert (makers.case(c.AIGUL, key).stage, returned(c.AIGUL, key)) == ("open", "2019-03-04")
    due = rows("SELECT due, rules FROM term WHERE deadline_id = 'evaluation_after_return'")
    # 8 March is a day off: five working days after 4 March end on the 12th
    assert [(str(one), by) for one, by in due] == [("2019-03-12", "M-11")]
    assert judged(key, "2019-03-05")["evaluation_after_return"] == {"open": 1}
    assert judged(key, "2019-03-13")["evaluation_after_return"] == {"missed": 1}
    c.sign(key, c.AIGUL, c.kpis(5), "2019-03-12 17:00")
    assert judged(key, "2019-03-13")["evaluation_after_return"] == {"kept": 1}
    c.agreed_all(key, "2019-03-13")
    makers.walk("2019-03-13 12:00", key)
    c.submitted(key, "2019-03-13 15:00", KPI)
    late = c.sat(key, "2019-03-14 10:00", *PAIR)
    voters = [one for one in PAIR if one != c.HR]
    c.decided(late, "2019-03-14 10:30", c.rulings.Motion(c.all_for("approve", *voters)))
    c.approved(late, "2019-03-14 16:00")
    makers.walk("2019-03-14 17:00", key)
    assert c.stages(key) == {"released": 7}
    assert judged(key, "2019-03-15")["house_schedule_end"] == {"kept": 6}
    assert any("back at work on 2019-03-04" in str(note) for (note,) in rows("SELECT note FROM journal_row"))
    with reading() as session:
        assert verify(session).problems == []


@pytest.mark.rule("M-11")
@pytest.mark.parametrize(("kind", "waits"), [("business_trip", True), ("unpaid_leave", True), ("social_leave", False)])
def test_only_the_absences_of_the_act_make_a_sheet_wait(
    sqlite_database: str, tmp_path: Path, kind: str, waits: bool
) -> None:
    key = opened_with(KPI, tmp_path, c.AIGUL, kind, "2019-01-10", "2019-01-18")
    assert (makers.case(c.AIGUL, key).stage == "notified") is waits
    makers.walk("2019-01-21 08:00", key)
    assert makers.case(c.AIGUL, key).stage == "open"
    assert returned(c.AIGUL, key) == ("2019-01-21" if waits else "None")


@pytest.mark.rule("J-5", "J-Q6")
@pytest.mark.parametrize(
    ("kind", "waits"), [("social_leave", True), ("temporary_incapacity", True), ("labour_leave", False)]
)
def test_after_social_leave_or_illness_five_working_days_count_from_the_return(
    sqlite_database: str, tmp_path: Path, kind: str, waits: bool
) -> None:
    key = opened_with(QUARTER, tmp_path, c.AIGUL, kind, "2017-09-28", "2017-10-13")
    assert (makers.case(c.AIGUL, key).stage == "notified") is waits
    makers.walk("2017-10-16 08:00", key)
    assert makers.case(c.AIGUL, key).stage == "open"
    due = [str(one) for (one,) in rows("SELECT due FROM term WHERE deadline_id = 'evaluation_after_return'")]
    assert due == (["2017-10-23"] if waits else [])
    late = judged(key, "2017-10-17")["quarterly_evaluation_q1_q3"]
    assert late == {"missed": 6 if waits else 7}


@pytest.mark.rule("J-5")
def test_who_goes_away_in_the_middle_is_evaluated_after_the_return_too(sqlite_database: str, tmp_path: Path) -> None:
    makers.a_body(STAFF, c.HEADS)
    key = c.opened(QUARTER, tmp_path)
    away(c.AIGUL, "temporary_incapacity", "2017-10-04", "2017-10-12")
    makers.walk("2017-10-09 08:00", key)
    assert (makers.case(c.AIGUL, key).stage, returned(c.AIGUL, key)) == ("open", "None")
    assert judged(key, "2017-10-11 12:00")["quarterly_evaluation_q1_q3"] == {"missed": 6}
    away(c.AIGUL, "temporary_incapacity", "2017-10-13", "2017-10-17")  # prolonged
    makers.walk("2017-10-13 08:00", key)
    assert returned(c.AIGUL, key) == "None"
    makers.walk("2017-10-18 08:00", key)
    assert returned(c.AIGUL, key) == "2017-10-18"
    assert judged(key, "2017-10-18 12:00")["quarterly_evaluation_q1_q3"] == {"missed": 6}
    before = makers.everything()
    makers.walk("2017-10-18 08:00", key)
    assert makers.everything() == before


def test_an_absence_after_the_term_changes_nothing(sqlite_database: str, tmp_path: Path) -> None:
    makers.a_body(STAFF, c.HEADS)
    key = c.opened(QUARTER, tmp_path)
    away(c.AIGUL, "temporary_incapacity", "2017-10-12", "2017-10-16")
    makers.walk("2017-10-18 08:00", key)
    assert returned(c.AIGUL, key) == "None"
    assert judged(key, "2017-10-13 12:00")["quarterly_evaluation_q1_q3"] == {"missed": 7}

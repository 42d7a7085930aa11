"""Opening, planning, approving and beginning a cycle; what was pinned does not move."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlmodel import Session, select

from models import Appointment, Unit
from models.work import reading, work
from rules.errors import Incomplete, NotFound, NotInForce, NotNow, RuleError
from services import cycle as cycles
from services import evidence
from services.ground import find_cycle, ground_of
from tests import makers
from tests.makers import (
    AIGUL,
    BOLAT,
    DANA,
    ERLAN,
    FARIDA,
    HEAD_A,
    HEAD_B,
    HEAD_C,
    HEADS,
    HR,
    KEY,
    OFFICIAL,
    STAFF,
    Servant,
    at,
    case,
    day,
    person,
    refused,
    rows,
    staff_with,
)

# --- opening ---------------------------------------------------------------------------------------------------


@pytest.mark.rule("N-7", "N-26", "N-28", "N-15")
def test_opening_plans_every_corps_b_servant_of_the_quarter(database: str) -> None:
    makers.a_body()
    assert makers.opened() == KEY
    planned = {number: case(number) for number in (HR, HEAD_A, HEAD_C, AIGUL, DANA, ERLAN)}
    assert {number: (one.form, one.evaluator_id, one.marker_id) for number, one in planned.items()} == {
        HR: ("non_leader", person(HEAD_A), person(HEAD_A)),
        HEAD_A: ("leader", person(OFFICIAL), person(OFFICIAL)),
        HEAD_C: ("leader", person(OFFICIAL), person(OFFICIAL)),
        AIGUL: ("non_leader", person(HEAD_A), person(HEAD_A)),
        DANA: ("non_leader", person(HEAD_B), person(HEAD_B)),
        ERLAN: ("non_leader", person(HEAD_B), person(HEAD_B)),
    }
    assert [number for number, one in planned.items() if one.dismissed] == [ERLAN]
    assert rows("SELECT COUNT(*) FROM assessment") == [(9,)]  # the head of the Centre is outside corps B


def test_the_plan_carries_the_dates_of_the_act(database: str) -> None:
    makers.a_cycle("draft")
    with reading() as session:
        lines = {line.deadline_id: (line.due, line.target) for line in cycles.status(session, KEY).terms}
    assert lines["quarterly_evaluation"] == (day("2026-10-20"), day("2026-10-20"))
    assert lines["evaluation_of_dismissed_employee"][0] == day("2026-10-20")
    assert lines["familiarize_dismissed_employee"] == (day("2026-10-31"), day("2026-10-30"))
    assert lines["annual_final_score"] == (day("2027-01-30"), day("2027-01-29"))


def test_opening_again_changes_nothing(database: str) -> None:
    makers.a_cycle("open")
    before = makers.everything()
    assert makers.opened(now="2026-10-02") == KEY
    assert makers.everything() == before


@pytest.mark.rule("N-7")
@pytest.mark.parametrize("period", ["2026", "2026-3", "2026-Q5", "third quarter"])
def test_only_a_quarter_is_evaluated(sqlite_database: str, period: str) -> None:
    makers.a_body()
    with refused(RuleError, "quarter"):
        makers.opened(period)


def test_without_people_there_is_no_cycle(database: str) -> None:
    with refused(NotInForce, "No corps B servant of 2026-Q3 is known; import the staff file first"):
        makers.opened()


def test_a_quarter_before_the_wording_we_know_is_refused(sqlite_database: str) -> None:
    makers.a_body()
    with refused(NotInForce, "not in our text"):
        makers.opened("2025-Q4")


def test_an_unknown_cycle_is_refused(sqlite_database: str) -> None:
    with pytest.raises(NotFound, match="There is no cycle 'nowhere'"), reading() as session:
        cycles.status(session, "nowhere")


def test_a_later_correction_of_the_calendar_does_not_reach_an_open_cycle(sqlite_database: str, tmp_path: Path) -> None:
    file = tmp_path / "organisation.yaml"
    file.write_text(makers.BODY_FILE.read_text("utf-8"), "utf-8")
    makers.a_body()
    makers.opened(file=file)
    approve_and_open_results()
    moved = "calendar_corrections:\n  2026-10-09: {working: false, decree: a later decree}\n"
    file.write_text(makers.BODY_FILE.read_text("utf-8") + moved, "utf-8")
    makers.shown()
    assert rows("SELECT due FROM term WHERE deadline_id = 'calibration_request'") == [("2026-10-14",)]
    with reading() as session:
        assert ground_of(session, find_cycle(session, KEY)).calendar.is_working(day("2026-10-09"))
    assert makers.opened("2026-Q4", "2027-01-01", file) == "nchr-sample-2026-q4"
    with reading() as session:
        assert not ground_of(session, find_cycle(session, "nchr-sample-2026-q4")).calendar.is_working(day("2026-10-09"))


def approve_and_open_results() -> None:
    makers.approved()
    makers.walk("2026-10-01 12:00")
    makers.marked()
    makers.walk("2026-10-06")


# --- planning from what the database holds -----------------------------------------------------------------------


@pytest.mark.rule("N-14")
def test_fifteen_worked_days_are_counted_from_calendar_absences_and_timesheet(database: str) -> None:
    # 1 July to 30 September 2026 has 64 working days: 6 July (Capital day) and 31 August (Constitution day) are off
    numbers = [str(300001 + place) for place in range(9)]
    makers.a_body([*STAFF, *(Servant(number, "a") for number in numbers)])
    exact, short, timesheet, low_sheet, trip, sick, twice, outside, kept = numbers
    makers.away(exact, "2026-07-01", "2026-09-09")  # 10 to 30 September: 15 working days are left
    makers.away(short, "2026-07-01", "2026-09-10")  # 14 are left
    makers.away(timesheet, "2026-07-01", "2026-09-30")
    makers.worked(timesheet, 15)  # the timesheet goes before our own count
    makers.worked(low_sheet, 14)
    makers.away(trip, "2026-07-01", "2026-09-30", "business_trip")  # service, and so worked
    makers.away(sick, "2026-07-01", "2026-09-10", "temporary_incapacity")
    makers.away(twice, "2026-07-01", "2026-09-09")  # two absences over the same days count once
    makers.away(twice, "2026-08-01", "2026-09-09", "temporary_incapacity")
    makers.away(outside, "2026-06-01", "2026-06-30")
    makers.worked(kept, 3, "2026-Q2")  # another quarter's timesheet
    makers.opened()
    exempt = {number for number in numbers if case(number).stage == "exempt"}
    assert exempt == {short, low_sheet, sick}
    assert case(short).plan_note == "14 working days actually worked (calendar), 15 are needed (pt 5)"
    assert case(low_sheet).plan_note == "14 working days actually worked (timesheet), 15 are needed (pt 5)"
    assert {case(number).plan_rules for number in exempt} == {"N-14"}


@pytest.mark.rule("N-13")
def test_appointed_or_elected_the_month_counts_alike(database: str) -> None:
    late = [
        Servant(str(300001 + place), "a", started=started, basis=basis)
        for place, (started, basis) in enumerate(
            [("2026-08-31", "appointed"), ("2026-08-31", "elected"), ("2026-09-02", "appointed"), ("2026-09-02", "elected")]
        )
    ]  # fmt: skip
    makers.a_body([*STAFF, *late])
    makers.opened()
    assert [case(one.number).stage for one in late] == ["planned", "planned", "exempt", "exempt"]
    assert case(late[3].number).plan_rules == "N-13"


@pytest.mark.rule("N-13")
def test_of_several_posts_in_the_quarter_the_last_one_decides(database: str) -> None:
    makers.a_body()
    move_to(AIGUL, "2026-08-20", "b")  # a month and more in the new post
    move_to(BOLAT, "2026-09-20", "b")  # ten days in it
    makers.opened()
    assert (case(AIGUL).stage, case(AIGUL).evaluator_id) == ("planned", person(HEAD_B))
    assert (case(BOLAT).stage, case(BOLAT).plan_rules) == ("exempt", "N-13")
    assert rows("SELECT COUNT(*) FROM assessment") == [(9,)]  # one evaluation for each person


def move_to(number: str, started: str, unit: str) -> None:
    """The person leaves the post the day before and takes that of a servant of the other unit."""
    who = person(number)

    def change(session: Session) -> None:
        old = session.exec(select(Appointment).where(Appointment.person_id == who)).one()
        old.ended_on = day(started).replace(day=day(started).day - 1)
        there = session.exec(select(Appointment).where(Appointment.person_id == person(DANA))).one()
        session.add(Appointment(person_id=who, post_id=there.post_id, started_on=day(started)))

    makers.changed_staff(change)


@pytest.mark.rule("N-27", "N-26")
def test_a_deputy_is_evaluated_by_the_head_and_a_head_of_another_category_by_the_supervisor(database: str) -> None:
    deputy = Servant("300001", "a", "C-O-3", True)
    head = Servant("300002", "d", "C-O-2", True, supervisor=OFFICIAL)
    makers.a_body([*STAFF, deputy, head, Servant("300003", "d")], {**HEADS, "d": "300002"})
    makers.opened()
    assert (case("300001").form, case("300001").evaluator_id) == ("leader", person(HEAD_A))
    assert (case("300002").form, case("300002").evaluator_id) == ("leader", person(OFFICIAL))
    assert (case("300003").form, case("300003").evaluator_id) == ("non_leader", person("300002"))


# --- approving ---------------------------------------------------------------------------------------------------


@pytest.mark.rule("N-26", "N-28")
def test_a_schedule_with_somebody_without_evaluator_is_not_approved(database: str) -> None:
    makers.a_body(staff_with(HEAD_A, supervisor=None), {**HEADS, "c": None})
    makers.opened()
    with refused(Incomplete, "The schedule cannot be approved: .*no direct supervisor.*no head of the unit"):
        makers.approved()


def test_a_schedule_is_approved_once(database: str) -> None:
    makers.a_cycle("approved")
    with refused(NotNow, r"already recorded: the stage is 'approved'"):
        makers.approved()
    assert rows("SELECT approved_at, approved_by FROM cycle") == [
        ("2026-10-01T05:00:00.000000Z", f"person/{person(OFFICIAL)}")
    ]


# --- beginning ---------------------------------------------------------------------------------------------------


def test_nothing_is_done_before_the_schedule_is_approved(database: str) -> None:
    makers.a_cycle("draft")
    before = makers.everything()
    assert makers.walk("2026-10-05") is False
    assert makers.everything() == before


@pytest.mark.rule("N-10", "N-29")
def test_the_evaluation_begins_when_the_quarter_is_over_in_almaty(database: str) -> None:
    makers.a_body()
    makers.opened(now="2026-09-20")
    makers.approved(now="2026-09-21")
    before = makers.everything()
    assert makers.walk("2026-09-30 23:59:59.999999") is False
    assert makers.everything() == before
    assert makers.walk("2026-10-01 00:00") is True
    with reading() as session:
        status = cycles.status(session, KEY)
    assert (status.stage, status.counts) == ("running", {"open": 9})


@pytest.mark.rule("N-29")
def test_the_sheets_are_sent_and_each_evaluator_is_told_once_how_many(database: str) -> None:
    makers.a_cycle("open")
    makers.walk("2026-10-01 13:00")
    told = {one.recipient_id: one.facts for one in makers.notices("sheets_waiting")}
    assert set(told) == {person(number) for number in (OFFICIAL, HEAD_A, HEAD_B, HEAD_C)}
    assert len(makers.notices("sheets_waiting")) == 4
    assert '"count":"3"' in told[person(HEAD_A)].replace(": ", ":")
    assert {one.recipient_id for one in makers.notices("evaluation_announced")} == {
        person(one.number) for one in STAFF if one.number not in (OFFICIAL, ERLAN)
    }


# --- the facts change --------------------------------------------------------------------------------------------


@pytest.mark.rule("N-15")
def test_who_is_dismissed_while_the_sheets_are_out_is_evaluated_without_participation(database: str) -> None:
    makers.a_cycle("open")
    makers.dismissed(AIGUL, "2026-10-02")
    makers.walk("2026-10-03")
    assert (case(AIGUL).stage, case(AIGUL).dismissed) == ("open", True)
    assert "N-15" in case(AIGUL).plan_rules
    before = makers.everything()
    makers.walk("2026-10-03")
    assert makers.everything() == before


@pytest.mark.rule("N-15", "N-19")
@pytest.mark.parametrize("until", ["marked", "released"])
def test_who_is_dismissed_after_the_sheet_was_signed_is_served_and_the_change_is_journalled(
    database: str, until: str
) -> None:
    makers.a_cycle(until)
    before = case(AIGUL).version
    makers.dismissed(AIGUL, "2026-10-06")
    makers.walk("2026-10-07")
    one = case(AIGUL)
    assert (one.stage, one.dismissed, one.evaluator_id) == ("released", True, person(HEAD_A))
    steps = rows(
        "SELECT from_stage, to_stage FROM journal_row WHERE assessment_id = :i AND version > :v", i=one.id, v=before
    )
    assert (until, until) in steps
    assert len(makers.notices("result_served", AIGUL)) == 1
    with reading() as session:
        assert evidence.verify(session).problems == []


@pytest.mark.rule("N-13", "N-14")
def test_an_exemption_comes_and_goes_with_the_facts_until_the_sheet_is_signed(database: str) -> None:
    makers.a_cycle("open")
    who = person(AIGUL)

    def began(started: str):  # type: ignore[no-untyped-def]
        def change(session: Session) -> None:
            session.exec(select(Appointment).where(Appointment.person_id == who)).one().started_on = day(started)

        return change

    makers.changed_staff(began("2026-09-10"))
    makers.walk("2026-10-02")
    assert (case(AIGUL).stage, case(AIGUL).plan_rules, case(AIGUL).evaluator_id) == ("exempt", "N-13", None)
    makers.changed_staff(began("2026-08-10"))
    makers.walk("2026-10-02 12:00")
    assert (case(AIGUL).stage, case(AIGUL).evaluator_id) == ("open", person(HEAD_A))
    makers.sign(AIGUL)
    makers.changed_staff(began("2026-09-10"))
    makers.walk("2026-10-05 12:00")
    assert case(AIGUL).stage == "released"  # what is signed stays


@pytest.mark.rule("N-13")
def test_who_was_not_in_the_post_in_the_quarter_after_all_is_not_evaluated(database: str) -> None:
    makers.a_cycle("open")
    makers.dismissed(AIGUL, "2026-06-15")
    makers.walk("2026-10-03")
    assert (case(AIGUL).stage, case(AIGUL).plan_rules) == ("exempt", "N-13")


@pytest.mark.rule("N-28", "N-29")
def test_a_sheet_that_lies_with_nobody_is_not_sent(database: str) -> None:
    makers.a_cycle("open")
    who = person(FARIDA)

    def left(session: Session) -> None:
        session.exec(select(Unit).where(Unit.code == "c")).one().head_id = None
        session.exec(select(Appointment).where(Appointment.person_id == who)).one().started_on = day("2026-09-10")

    makers.changed_staff(left)
    makers.walk("2026-10-02")
    assert case(FARIDA).stage == "exempt"

    def back(session: Session) -> None:
        session.exec(select(Appointment).where(Appointment.person_id == who)).one().started_on = day("2026-07-10")

    makers.changed_staff(back)
    makers.walk("2026-10-02 12:00")
    assert (case(FARIDA).stage, case(FARIDA).marker_id) == ("notified", None)
    assert "no head of the unit is known" in case(FARIDA).plan_note

    def found(session: Session) -> None:
        session.exec(select(Unit).where(Unit.code == "c")).one().head_id = person(HEAD_C)

    makers.changed_staff(found)
    makers.walk("2026-10-02 13:00")
    assert (case(FARIDA).stage, case(FARIDA).marker_id) == ("open", person(HEAD_C))


def test_a_newcomer_of_a_later_staff_file_is_taken_in(database: str) -> None:
    makers.a_cycle("open", [one for one in STAFF if one.number != FARIDA], HEADS)
    with work() as session:
        from models import Person

        session.add(Person(personnel_no=FARIDA, surname="Ф", given_name="Ф"))

    def joins(session: Session) -> None:
        there = session.exec(select(Appointment).where(Appointment.person_id == person(DANA))).one()
        session.add(Appointment(person_id=person(FARIDA), post_id=there.post_id, started_on=day("2025-01-08")))

    makers.changed_staff(joins)
    makers.walk("2026-10-02")
    assert (case(FARIDA).stage, case(FARIDA).evaluator_id) == ("open", person(HEAD_B))
    with reading() as session:
        assert evidence.verify(session).problems == []


# --- how it stands -----------------------------------------------------------------------------------------------


def test_the_status_counts_everybody_once(database: str) -> None:
    makers.a_cycle("familiarised", staff_with(BOLAT, started="2026-09-20"))
    with reading() as session:
        found = cycles.status(session, KEY)
    assert (found.people, found.exempt, found.counts) == (9, 1, {"exempt": 1, "familiarised": 7, "released": 1})
    assert sum(found.counts.values()) == found.people


def test_when_it_was_last_advanced_never_goes_back(sqlite_database: str) -> None:
    makers.a_cycle("approved")
    for moment in ("2026-10-06", "2026-10-05"):
        with work() as session:
            cycles.finish(session, KEY, at(moment))
    assert rows("SELECT advanced_at FROM cycle") == [("2026-10-06T04:00:00.000000Z",)]

"""A quarter of the sample maslikhat apparatus: its staff file, KPI and ranking, a session, and the feedback."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from models.work import work
from notifications.render import render
from rules.errors import Incomplete, RuleError
from rules.panel import Member
from services import advance, calibration, familiarisation, filled, people, sessions, sheets
from services import cycle as cycles
from services.calibration import Vote
from services.filled import FilledSheet
from services.ground import find_cycle
from services.sheets import SignedSheet
from tests import makers
from tests.makers import case, person, results, rows
from tests.uralsk import ACT, SAMPLE, STAFF

KEY = "uralsk-sample-2023-q4"
CHAIR, HEAD, HR = "200001", "200002", "200003"
DINARA, NEWCOMER, DISMISSED, ON_LEAVE = "200007", "200013", "200023", "200008"
ZONE = ZoneInfo("Asia/Oral")


def at(moment: str) -> datetime:
    """An instant in the body's zone; a day alone means nine in the morning."""
    moment = moment if " " in moment else f"{moment} 09:00"
    return datetime.fromisoformat(moment).replace(tzinfo=ZONE)


def walk(now: str) -> None:
    """One advance of the cycle."""
    with work() as session:
        advance.begin(session, KEY, at(now))
    for step in makers.WALK:
        with work() as session:
            step(session, KEY, at(now))
    with work() as session:
        advance.finish(session, KEY, at(now))


@pytest.fixture
def quarter(sqlite_database: str) -> None:
    """The fourth quarter of 2023, opened, approved, and its sheets sent."""
    with work() as session:
        people.import_staff(session, STAFF, "person/hr", at("2024-01-02"), ACT)
    hr, chair = person(HR), person(CHAIR)
    with work() as session:
        cycles.open_cycle(session, SAMPLE, ACT, "2023-Q4", at("2024-01-03"), f"person/{hr}")
    with work() as session:
        cycles.approve_schedule(session, KEY, at("2024-01-03 10:00"), f"person/{chair}")
    walk("2024-01-03 12:00")


def signed(number: str, *marks: str, now: str = "2024-01-08") -> None:
    """The head of the apparatus signs a ranking sheet."""
    one = case(number, KEY)
    held = {n: Decimal(mark) for n, mark in enumerate(marks or ("4", "4", "4", "4"), 1)}
    with work() as session:
        sheets.submit(
            session, SignedSheet(one.id or 0, held, signed_by=one.marker_id), at(now), f"person/{one.marker_id}"
        )


def stages() -> dict[str, str]:
    found = rows("SELECT p.personnel_no, a.stage FROM assessment a JOIN person p ON p.id = a.person_id")
    return {str(number): str(stage) for number, stage in found}


@pytest.mark.rule("U-6", "U-18", "U-19", "U-20", "U-24", "U-25", "U-47", "U-52")
def test_everybody_has_a_sheet_but_the_newcomer(quarter: None) -> None:
    found = stages()
    assert found.pop(NEWCOMER) == "exempt"
    assert set(found.values()) == {"open"}
    assert {DISMISSED, ON_LEAVE} <= found.keys()
    assert (case(HEAD, KEY).form, case(HEAD, KEY).marker_id) == ("kpi", person(CHAIR))
    assert (case(DINARA, KEY).form, case(DINARA, KEY).marker_id) == ("ranking", person(HEAD))


@pytest.mark.rule("U-35", "U-46", "U-51")
def test_everybody_is_told_of_the_evaluation_by_the_fifth(quarter: None) -> None:
    told = rows("SELECT recipient_id, created_at FROM notice WHERE kind = 'evaluation_announced'")
    gone = {NEWCOMER, DISMISSED, "200027"}
    assert {who for who, _ in told} == {person(number) for number in stages().keys() - gone}
    assert max(str(when) for _, when in told) < "2024-01-06"


@pytest.mark.rule("U-12", "U-50", "U-52")
def test_sheets_marked_on_paper_are_entered_by_hr_with_the_day_they_were_signed(quarter: None) -> None:
    held = {n: Decimal(4) for n in range(1, 5)}
    paper = [SignedSheet(case(one, KEY).id or 0, held, signed_at=at("2024-01-08")) for one in (DINARA, ON_LEAVE)]
    with work() as session:
        cycle = find_cycle(session, KEY)
        assert sheets.submit_many(session, cycle, paper, at("2024-01-09"), f"person/{person(HR)}") == 2
    entered = rows("SELECT body FROM journal_entry WHERE body LIKE '%marked%'")
    assert any(f'"person/{person(HR)}"' in body for (body,) in entered)
    assert str(case(DINARA, KEY).completed_at).startswith("2024-01-08")


@pytest.mark.rule("U-36", "U-48", "U-53")
def test_both_kinds_of_sheet_are_signed_and_computed(quarter: None) -> None:
    signed(DINARA, "4", "4", "4", "3.98")
    one = case(HEAD, KEY)
    fields: dict[str, Any] = {
        "kpis": [{"percent": 90, "mark": 4}, {"percent": 90, "mark": 4}, {"percent": 80, "mark": 3}]
    }
    with work() as session:
        filled.sign(session, FilledSheet(one.id or 0, fields, signed_by=one.marker_id), at("2024-01-08"), "person/1")
    walk("2024-01-08 12:00")
    assert results(DINARA, KEY) == [(1, "computed", "4.00")]
    assert results(HEAD, KEY) == [(1, "computed", "3.67")]


@pytest.mark.rule("U-48")
def test_a_kpi_sheet_with_a_mark_the_table_does_not_permit_is_not_taken(quarter: None) -> None:
    one = case(HEAD, KEY)
    fields: dict[str, Any] = {
        "kpis": [{"percent": 20, "mark": 5}, {"percent": 90, "mark": 4}, {"percent": 80, "mark": 3}]
    }
    with pytest.raises(RuleError, match=r"20 % permit a mark of 0 to 1\.99, not 5"), work() as session:
        filled.sign(session, FilledSheet(one.id or 0, fields, signed_by=one.marker_id), at("2024-01-08"), "person/1")
    assert case(HEAD, KEY).stage == "open"


@pytest.mark.rule("U-10", "U-27", "U-28", "U-63", "U-64", "U-66", "U-67", "U-68", "U-69", "U-70", "U-71")
def test_a_session_of_three_where_the_evaluator_votes_too(quarter: None) -> None:
    signed(DINARA, "3", "3", "3", "3")
    walk("2024-01-08 12:00")
    who = person(DINARA)
    with work() as session:
        familiarisation.open_result(session, case(DINARA, KEY).id or 0, who, at("2024-01-09"))
    with work() as session:
        asked = calibration.request(session, case(DINARA, KEY).id or 0, who, "Келіспеймін", at("2024-01-10"))
    seats = [Member(person(one), "member") for one in (HEAD, HR, "200006")]
    with work() as session:
        number = calibration.call_session(session, asked.request_id, seats, person(CHAIR), at("2024-01-11"))
    votes = [Vote(seat.person, Decimal(mark), "дәлел") for seat, mark in zip(seats, ("3", "4", "4"), strict=True)]
    with pytest.raises(Incomplete, match="argues for the mark"), work() as session:
        sessions.hold(session, number, votes, "", "", at("2024-01-15"), f"person/{person(HR)}")
    with work() as session:
        sessions.hold(session, number, votes, "Жұмысын сипаттады", "", at("2024-01-15"), f"person/{person(HR)}")
    with work() as session:
        sessions.sign_protocol(session, number, at("2024-01-15 15:00"), "person/2")
    with work() as session:
        sessions.upload_protocol(session, number, at("2024-01-16"), f"person/{person(HR)}")
    with work() as session:
        sessions.give_feedback(session, number, "Кездесу өтті", person(HEAD), at("2024-01-17"))
    assert results(DINARA, KEY)[-1] == (2, "calibrated", "4.00")
    assert case(DINARA, KEY).stage == "settled"
    told = makers.notices("calibrated_result", DINARA)[0]
    words = render(told.kind, "email", "kk", json.loads(told.facts) | {"ref": "r"}).body
    assert "Әкімшілік рәсімдік-процестік кодексінде белгіленген тәртіппен шағымдануға болады" in words

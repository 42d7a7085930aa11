"""A year of the justice bodies: facts after the fourth quarter's sheet, the quarters and the plan in the annual score."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from models.work import reading, work
from rules.errors import BadFile, Incomplete, NotAllowed, NotNow
from rules.individual_plan import Item
from rules.revision import Revision
from services import agreement, filled, plan_steps, plans, sheets
from services.annual import form_annual
from services.audit import verdicts
from services.evidence import verify
from services.filled import FilledSheet
from services.ground import find_cycle
from services.rulings import Motion
from services.sheets import SignedSheet
from tests import commission as c
from tests import makers
from tests.commission import ANNUAL, QUARTER
from tests.makers import at, person, refused, rows
from tests.services import test_adgs_life as agency
from tests.services import test_uralsk_life as maslikhat

Q4 = replace(QUARTER, period="2017-Q4", opened="2017-11-20", starts="2017-12-04")
Q1 = replace(QUARTER, period="2018-Q1", opened="2018-03-12", starts="2018-04-02")
EMPTY: Mapping[str, Any] = {"bonuses": [], "breaches": []}
LATE = {"kind": "labour", "date": "2017-12-20", "fact": "late", "source": "hr_service"}


def signed(key: str, fields: Mapping[str, Any], day: str, *numbers: str) -> None:
    """Own part, supervisor's check, countersignature, all on one day, and the machine computes."""
    for number in numbers:
        one = makers.case(number, key)
        sheet = FilledSheet(one.id or 0, fields)
        with work() as session:
            filled.self_evaluate(session, sheet, one.person_id, at(f"{day} 10:00"))
        c.sign(key, number, fields, f"{day} 11:00")
        with work() as session:
            agreement.countersign(session, one.id or 0, one.person_id, at(f"{day} 12:00"))
    makers.walk(f"{day} 13:00", key)


def result(key: str, number: str) -> tuple[str, str, str]:
    """Score, working and readings of the result in force."""
    found = rows(
        "SELECT r.score, r.working, r.readings FROM result r JOIN assessment a ON a.id = r.assessment_id"
        " AND a.result_version = r.version WHERE a.id = :i", i=c.case(key, number),
    )  # fmt: skip
    return found[0]


def sheet(key: str, number: str) -> dict[str, Any]:
    body = rows(
        "SELECT body FROM sheet_content WHERE assessment_id = :i AND side = 'evaluator' ORDER BY version DESC",
        i=c.case(key, number),
    )
    found: dict[str, Any] = json.loads(body[0][0])
    return found


@pytest.mark.rule("J-2", "J-33", "J-Q5")
def test_a_fact_after_the_sheet_of_the_fourth_quarter_is_carried_to_the_next_sheet(
    database: str, tmp_path: Path
) -> None:
    key = c.opened(Q4, tmp_path)
    signed(key, {**EMPTY, "breaches": [LATE, {**LATE, "date": "2017-12-01"}]}, "2017-12-08", c.AIGUL)
    signed(key, EMPTY, "2017-12-08", c.BOLAT)
    assert sheet(key, c.AIGUL)["drawn_on"] == "2017-12-08"
    assert result(key, c.AIGUL)[0] == "98"
    assert "after the sheet of 2017-12-08: carried to 2018-Q1 (reading J-Q5)" in result(key, c.AIGUL)[1]
    later = c.opened(Q1, tmp_path)
    signed(later, EMPTY, "2018-04-05", c.AIGUL, c.BOLAT)
    score, working, readings = result(later, c.AIGUL)
    assert score == "98"
    assert "2017-12-20, carried from 2017-Q4, after its sheet of 2017-12-08 (reading J-Q5): -2" in working
    assert "J-Q5" in readings
    assert sheet(later, c.AIGUL)["previous_drawn_on"] == "2017-12-08"
    assert result(later, c.BOLAT)[0] == "100"
    with reading() as session:
        assert verify(session).problems == []


@pytest.mark.rule("J-Q5")
def test_a_carried_fact_entered_again_is_there_once_and_another_day_of_the_sheet_is_refused(
    sqlite_database: str, tmp_path: Path
) -> None:
    key = c.opened(Q4, tmp_path)
    signed(key, {**EMPTY, "breaches": [LATE]}, "2017-12-08", c.AIGUL)
    later = c.opened(Q1, tmp_path)
    with refused(BadFile, "previous_drawn_on: the sheet says '2017-12-04', known is '2017-12-08'"):
        signed(later, {**EMPTY, "previous_drawn_on": "2017-12-04"}, "2018-04-05", c.AIGUL)
    signed(later, {**EMPTY, "breaches": [LATE]}, "2018-04-05", c.AIGUL)
    assert result(later, c.AIGUL)[0] == "98"


@pytest.mark.rule("J-Q5")
def test_under_the_other_reading_the_fact_falls_into_no_quarter(sqlite_database: str, tmp_path: Path) -> None:
    key = c.opened(Q4, tmp_path, "{J-Q5: lost}")
    signed(key, {**EMPTY, "breaches": [LATE]}, "2017-12-08", c.AIGUL)
    later = c.opened(Q1, tmp_path, "{J-Q5: lost}")
    signed(later, EMPTY, "2018-04-05", c.AIGUL)
    assert result(later, c.AIGUL)[0] == "100"


def a_plan(number: str, folder: Path, indicators: int) -> str:
    """The servant's plan of the year, drawn up and signed by both."""
    file = c.body_file(ANNUAL, folder)
    with work() as session:
        key = plans.open_round(session, file, ANNUAL.id, "individual", "2017", at("2017-08-01"), "person/1")
    checks = ("specific", "measurable", "achievable", "time_bound")
    items = [Item(f"indicator {n}", "", "", measurable=True, checks=checks) for n in range(indicators)]
    boss = {c.AIGUL: c.HEAD_A, c.DANA: c.HEAD_B}[number]
    with work() as session:
        plan_steps.draw(session, key, person(number), items, person(number), at("2017-08-02"))
    with work() as session:
        plan_steps.approve(session, key, person(number), person(boss), at("2017-08-03"))
    return key


def two_quarters(folder: Path) -> str:
    """Two computed quarters of Aigul, 104 and 98, and the annual cycle with its sheets open; return its key."""
    for act, fields, day in (
        (QUARTER, {**EMPTY, "bonuses": [{"points": 4, "n": 1}]}, "2017-10-05"),
        (Q4, {**EMPTY, "breaches": [{**LATE, "date": "2017-12-01"}]}, "2017-12-08"),
    ):
        signed(c.opened(act, folder), fields, day, c.AIGUL)
    return c.opened(ANNUAL, folder)


@pytest.mark.rule("J-8", "J-42", "J-45", "J-46", "J-47", "J-Q2")
def test_the_annual_score_takes_quarters_and_weights_from_what_is_known(database: str, tmp_path: Path) -> None:
    key = two_quarters(tmp_path)
    a_plan(c.AIGUL, tmp_path, 3)
    signed(key, {"plan": [4, 3, 4]}, "2017-12-12", c.AIGUL)
    score, working, readings = result(key, c.AIGUL)
    # the mean 101 of the quarters is satisfactory: 3; the plan 11 / 3; 0.4 x 3 + 0.6 x 11 / 3 = 3.4
    assert score == "3.4"
    assert "quarters: (104 + 98) / 2 = 101 (2 not evaluated, left out)" in working
    assert "set by justice-sample, not in the text of pt 32 (reading J-Q2)" in working
    assert "J-Q2" in readings
    with reading() as session:
        assert verify(session).problems == []


@pytest.mark.rule("J-42", "J-45")
@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"plan": [4, 3]}, "plan: 2 are given, the plan in force has 3 indicators; each has its mark"),
        ({"plan": [4, 3, 4], "quarters": [130, 130]}, "quarters: the sheet says 130, 130, known is none, none, 104, 98"),
        ({"plan": [4, 3, 4], "weights": {"quarters": "0.1", "plan": "0.9"}}, "weights: the sheet says quarters 0.1"),
    ],
)  # fmt: skip
def test_a_sheet_that_says_something_else_than_what_is_known_is_refused(
    sqlite_database: str, tmp_path: Path, fields: dict[str, Any], words: str
) -> None:
    key = two_quarters(tmp_path)
    a_plan(c.AIGUL, tmp_path, 3)
    with refused((BadFile, Incomplete), words):  # type: ignore[arg-type]
        signed(key, fields, "2017-12-12", c.AIGUL)


@pytest.mark.rule("J-8", "J-45")
def test_without_a_plan_in_force_or_a_quarter_there_is_nothing_to_score(sqlite_database: str, tmp_path: Path) -> None:
    key = two_quarters(tmp_path)
    a_plan(c.DANA, tmp_path, 1)
    with refused(Incomplete, "no plan of this servant is in force"):
        signed(key, {"plan": [4]}, "2017-12-12", c.AIGUL)
    with refused(Incomplete, "no quarter was evaluated, so the year has no score"):
        signed(key, {"plan": [4]}, "2017-12-12", c.DANA)


@pytest.mark.rule("J-45")
@pytest.mark.parametrize(("day", "verdict"), [("2017-12-12", "kept"), ("2017-12-18", "late")])
def test_the_score_is_computed_five_working_days_before_the_sitting(
    sqlite_database: str, tmp_path: Path, day: str, verdict: str
) -> None:
    key = two_quarters(tmp_path)
    signed(key, {"plan": [4]}, day, c.AIGUL)
    c.composed(key, day)
    c.submitted(key, f"{day} 15:00", ANNUAL)
    number = c.sat(key, "2017-12-22 10:00")
    c.decided(number, "2017-12-22 11:00")
    with reading() as session:
        lines = {one.deadline: one for one in verdicts(session, key, at("2017-12-23"))}
        assert find_cycle(session, key).evaluation == "annual"
    line = lines["annual_score_calculated"]
    # 16 to 19 December 2017 are days off: of the days between, 11-15, 20 and 21 December are worked
    assert line.counts == {verdict: 1}
    assert "J-45" in line.reason


@pytest.mark.rule("J-8", "M-29", "A-10")
@pytest.mark.parametrize(
    ("act", "year", "words"),
    [
        ("justice-2017", 2017, r"'annual' evaluates the year in a cycle of its own \(J-3, J-8, pts 3\(2\), 5\)"),
        ("mic-2018", 2018, "'kpi' evaluates the year in a cycle of its own"),
    ],
)
def test_an_act_whose_year_is_no_mean_says_what_it_is(sqlite_database: str, act: str, year: int, words: str) -> None:
    with refused(NotAllowed, words), work() as session:
        form_annual(session, act, year, at(f"{year + 1}-01-20"), "person/1")


def test_a_survey_has_no_annual_mark(sqlite_database: str) -> None:
    with refused(NotAllowed, "no annual mark out of its evaluation 'survey'"), work() as session:
        form_annual(session, "uralsk-maslikhat-2018", 2023, at("2024-01-20"), "person/1", evaluation="survey")


@pytest.mark.rule("J-46", "J-49")
def test_a_quarter_revised_at_the_same_sitting_is_not_passed_over(sqlite_database: str, tmp_path: Path) -> None:
    key = two_quarters(tmp_path)
    signed(key, {"plan": [4]}, "2017-12-12", c.AIGUL)
    quarter = "justice-sample-2017-q4"
    c.composed(key, "2017-12-12")
    c.submitted(quarter, "2017-12-12 15:00", QUARTER)
    c.submitted(key, "2017-12-12 15:00", ANNUAL)
    others = (c.VICE, c.OFFICIAL, c.HEAD_B, c.LAWYER)
    better = Revision(Decimal(130), explanation="a bonus with its evidence was left out")
    first = c.sat(quarter, "2017-12-22 10:00")
    c.decided(first, "2017-12-22 10:30", Motion(c.all_for("revise", *others), [c.case(quarter, c.AIGUL)], better))
    second = c.sat(key, "2017-12-22 11:00")
    words = r"computed from the quarters none, none, 104, 98, now they are none, none, 104, 130 \(J-45, J-46, J-47, pts 32-33\)"
    with refused(NotNow, words):
        c.decided(second, "2017-12-22 11:30")
    # (104 + 130) / 2 = 117: effective, 4; 0.4 x 4 + 0.6 x 4 = 4
    corrected = Revision(Decimal(4), explanation="the fourth quarter was revised")
    c.decided(second, "2017-12-22 11:30", Motion(c.all_for("revise", *others), [c.case(key, c.AIGUL)], corrected))
    assert result(key, c.AIGUL)[0] == "4.0"


@pytest.mark.rule("U-17", "U-21", "U-Q16", "U-Q17")
def test_the_year_of_the_maslikhat_is_the_mean_of_its_quarters(sqlite_database: str) -> None:
    maslikhat.quarter.__wrapped__(sqlite_database)  # type: ignore[attr-defined]
    maslikhat.signed(maslikhat.DINARA, "4", "4", "4", "3.98")
    maslikhat.walk("2024-01-08 12:00")
    with work() as session:
        assert form_annual(session, "uralsk-maslikhat-2018", 2023, at("2024-01-20"), "person/1", maslikhat.SAMPLE) == 1
    found = rows("SELECT score, grade, evaluation, due, readings FROM annual_mark WHERE score IS NOT NULL")
    assert found == [("4.00", "effective", "quarter", "2024-01-31", "U-Q16, X-Q3, U-Q1")]
    for (body,) in rows("SELECT body FROM journal_entry WHERE body LIKE '%annual_formed%'"):
        assert "U-17" in body
        assert "N-1" not in body


@pytest.mark.rule("A-Q10")
def test_the_year_of_the_agency_is_formed_as_its_own_order_says(sqlite_database: str) -> None:
    agency.quarter.__wrapped__(sqlite_database)  # type: ignore[attr-defined]
    held = {n: Decimal(4) for n in range(1, 4)}
    one = makers.case("500011", agency.KEY)
    with work() as session:
        sheets.submit(session, SignedSheet(one.id or 0, held, signed_by=one.marker_id), at("2024-04-05"), "person/1")
    makers.walk("2024-04-05 12:00", agency.KEY)
    with work() as session:
        assert form_annual(session, agency.ACT, 2024, at("2025-01-20"), "person/1") == 1
    found = rows("SELECT score, evaluation, organisation, due FROM annual_mark WHERE score IS NOT NULL")
    assert found == [("4.0", "quarter", "adgs-sample", "")]  # its own scale has one decimal

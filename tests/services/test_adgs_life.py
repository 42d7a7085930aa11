"""The first quarter of 2024 of the sample Agency: who is exempt, who is away, and how the absent are told."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from models.work import work
from services import cycle as cycles
from services import filled, people, sheets
from services.filled import FilledSheet
from services.ground import find_cycle
from services.sheets import SignedSheet
from tests.adgs import ACT, KEY, SAMPLE, STAFF
from tests.makers import at, case, person, results, rows, walk

CHAIR, HR = "500001", "500004"
SHORT, EXACTLY_A_MONTH, MOVED, DISMISSED = "500016", "500008", "500021", "500015"
AWAY = ("500007", "500010", "500012", "500013", "500014", "500019", "500020", "500022")
UNPAID, BACK_AGAIN = "500026", "500027"


@pytest.fixture
def quarter(sqlite_database: str) -> None:
    with work() as session:
        people.import_staff(session, STAFF, "person/hr", at("2024-03-28"), ACT)
    hr, chair = person(HR), person(CHAIR)
    with work() as session:
        cycles.open_cycle(session, SAMPLE, ACT, "2024-Q1", at("2024-03-28"), f"person/{hr}")
    with work() as session:
        cycles.approve_schedule(session, KEY, at("2024-03-28 10:00"), f"person/{chair}")
    walk("2024-04-01 12:00", KEY)


def plan() -> dict[str, tuple[object, ...]]:
    found = rows(
        "SELECT p.personnel_no, a.stage, a.form, a.absent, a.dismissed, a.plan_rules, a.plan_note FROM assessment a"
        " JOIN person p ON p.id = a.person_id"
    )
    return {str(row[0]): tuple(row[1:]) for row in found}


@pytest.mark.rule("A-7", "A-Q5")
def test_less_than_a_month_in_the_position_is_not_evaluated(quarter: None) -> None:
    found = plan()
    assert {one for one, row in found.items() if row[0] == "exempt"} == {SHORT, MOVED}
    assert "28 days in the post in the period" in str(found[SHORT][5])
    assert "from 2024-03-11 to 2024-03-31" in str(found[MOVED][5])
    assert (found[EXACTLY_A_MONTH][0], found[SHORT][4]) == ("open", "A-7")


@pytest.mark.rule("A-8", "A-Q6", "A-Q8")
def test_the_absent_are_evaluated_without_participation(quarter: None) -> None:
    found = plan()
    assert {one for one, row in found.items() if row[2]} == set(AWAY)
    for one in AWAY:
        assert (found[one][0], "A-8" in str(found[one][4])) == ("open", True)
        assert found[one][5] == "away at the time of the evaluation: evaluated without participation (pt 6)"
    assert (found[UNPAID][2], found[BACK_AGAIN][2]) == (False, False)


@pytest.mark.rule("A-5")
def test_the_category_decides_on_the_method(quarter: None) -> None:
    found = plan()
    assert {one for one, row in found.items() if row[1] == "kpi"} == {"500004", "500009", "500017", "500023"}


@pytest.mark.rule("A-8")
def test_an_absence_that_becomes_known_later_changes_the_plan(quarter: None, tmp_path: Path) -> None:
    head, *lines = STAFF.read_text("utf-8").splitlines()
    row = next(line for line in lines if line.startswith("500011,"))
    cells = row.split(",")
    cells[head.split(",").index("absences") - len(head.split(","))] = "temporary_incapacity 2024-04-03..2024-04-20"
    (tmp_path / "changed.csv").write_text(f"{head}\n{','.join(cells)}\n", "utf-8")
    with work() as session:
        people.import_staff(session, tmp_path / "changed.csv", "person/hr", at("2024-04-04"), ACT)
    walk("2024-04-04 12:00", KEY)
    assert plan()["500011"][2]


@pytest.mark.rule("A-8", "A-10", "A-11", "A-Q1", "A-Q3")
def test_the_absent_are_familiarised_by_a_recorded_means_within_two_working_days(quarter: None) -> None:
    away, here = case("500007", KEY), case("500006", KEY)
    with work() as session:
        for one in (away, here):
            held = {n: Decimal(4) for n in (1, 2, 3)}
            sheet = SignedSheet(one.id or 0, held, signed_by=one.marker_id)
            sheets.submit(session, sheet, at("2024-04-05 15:00"), f"person/{one.marker_id}")
    walk("2024-04-05 16:00", KEY)
    told = rows(
        "SELECT n.assessment_id, n.kind, n.channel, n.due_at FROM notice n"
        " WHERE n.kind IN ('result_ready', 'result_served') ORDER BY n.kind, n.id"
    )
    served = [row for row in told if row[1] == "result_served"]
    assert [(row[0], row[2]) for row in served] == [(away.id, "registered_letter")]
    assert str(served[0][3]).startswith("2024-04-09T19:00")  # midnight in Astana
    assert {row[0] for row in told if row[1] == "result_ready"} == {away.id, here.id}
    terms = rows("SELECT due, rules FROM term WHERE deadline_id = 'familiarize_with_results'")
    assert [(str(due), rules) for due, rules in terms] == [("2024-04-09", "A-10, A-11")]


@pytest.mark.rule("A-5", "A-8")
def test_kpi_of_a_head_are_marked_within_the_bodys_table(quarter: None) -> None:
    head = case("500009", KEY)
    kpis = [{"percent": Decimal(100), "mark": Decimal(5)}, {"percent": Decimal(85), "mark": Decimal(4)},
            {"percent": Decimal(60), "mark": Decimal(3)}]  # fmt: skip
    sheet = FilledSheet(head.id or 0, {"kpis": kpis}, signed_by=head.marker_id)
    with work() as session:
        filled.sign(session, sheet, at("2024-04-05 15:00"), f"person/{head.marker_id}")
    walk("2024-04-05 16:00", KEY)
    assert (case("500009", KEY).stage, results("500009", KEY)) == ("released", [(1, "computed", "4.0")])


@pytest.mark.rule("A-4")
def test_sheets_marked_on_paper_are_entered_by_hr_with_the_day_they_were_signed(quarter: None) -> None:
    held = {n: Decimal(4) for n in (1, 2, 3)}
    paper = [SignedSheet(case(one, KEY).id or 0, held, signed_at=at("2024-04-03")) for one in ("500006", "500011")]
    with work() as session:
        cycle = find_cycle(session, KEY)
        assert sheets.submit_many(session, cycle, paper, at("2024-04-08"), f"person/{person(HR)}") == 2
    assert str(case("500006", KEY).completed_at).startswith("2024-04-03")


@pytest.mark.rule("A-6")
def test_what_the_bodys_own_document_says_binds_the_cycle_until_its_end(quarter: None) -> None:
    terms = rows("SELECT reason FROM term WHERE deadline_id = 'quarterly_evaluation'")
    assert [reason for (reason,) in terms] == ["adgs-sample, internal order No 7, pt 2 (readings X-Q1)"]


@pytest.mark.rule("A-5", "A-8", "A-Q7")
def test_in_the_360_of_the_year_the_absent_give_no_answer_about_themselves(
    sqlite_database: str, tmp_path: Path
) -> None:
    head, *lines = STAFF.read_text("utf-8").splitlines()
    away = [line.replace("2024-04-01..2024-04-19", "2025-01-06..2025-01-24") for line in lines]
    (tmp_path / "staff.csv").write_text("\n".join([head, *away]), "utf-8")
    with work() as session:
        people.import_staff(session, tmp_path / "staff.csv", "person/hr", at("2024-12-27"), ACT)
    with work() as session:
        key = cycles.open_cycle(session, SAMPLE, ACT, "2024", at("2024-12-27"), f"person/{person(HR)}", "survey")
    with work() as session:
        cycles.approve_schedule(session, key, at("2024-12-27 10:00"), f"person/{person(CHAIR)}")
    walk("2025-01-03 12:00", key)
    themselves = rows(
        "SELECT p.personnel_no FROM survey_respondent r JOIN assessment a ON a.id = r.assessment_id"
        " JOIN person p ON p.id = a.person_id WHERE r.person_id = a.person_id"
    )
    asked_about = rows(
        "SELECT DISTINCT p.personnel_no FROM survey_respondent r JOIN assessment a ON a.id = r.assessment_id"
        " JOIN person p ON p.id = a.person_id"
    )
    assert ("500007",) in asked_about
    assert ("500007",) not in themselves
    assert ("500006",) in themselves
    assert plan()["500007"][4:] == (
        "A-5, A-8",
        "away at the time of the evaluation: evaluated without participation (internal order No 7, pt 6)",
    )

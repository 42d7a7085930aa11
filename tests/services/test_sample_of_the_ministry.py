"""The sample staff of mic-2018: who is evaluated for 2018 and 2019, in both directions, and who is not."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from models.work import reading, work
from rules.plan import EVALUATORS, fits
from services.cycle import open_cycle
from services.ground import ground_of, known_cycle
from services.people import import_staff
from services.servants import Heads, servants

SAMPLE = Path(__file__).parents[2] / "examples" / "mic"
NOW = datetime(2019, 1, 8, 9, 0, tzinfo=UTC)


def ask(query: str, **values: object) -> list[tuple[object, ...]]:
    with reading() as session:
        return [tuple(row) for row in session.connection().execute(text(query), values)]


def opened(period: str, evaluation: str) -> dict[str, tuple[object, ...]]:
    """Personnel number -> stage, form, evaluator, rules, note."""
    with work() as session:
        import_staff(session, SAMPLE / "staff.csv", "operator/test", NOW, "mic-2018")
    with work() as session:
        key = open_cycle(session, SAMPLE / "organisation.yaml", "mic-2018", period, NOW, "operator/test", evaluation)
    rows = ask(
        "SELECT p.personnel_no, a.stage, a.form, e.personnel_no, a.plan_rules, a.plan_note FROM assessment a"
        " JOIN person p ON p.id = a.person_id JOIN cycle c ON c.id = a.cycle_id LEFT JOIN person e ON e.id = a.evaluator_id"
        " WHERE c.key = :k",
        k=key,
    )
    return {str(row[0]): row[1:] for row in rows}


@pytest.mark.rule("M-1", "M-7", "M-14")
@pytest.mark.parametrize("evaluation", ["kpi", "competencies"])
def test_everybody_of_the_ministry_its_department_and_territorial_division_is_planned(
    sqlite_database: str, evaluation: str
) -> None:
    found = opened("2018", evaluation)
    assert len(found) == 37  # forty people; the minister, the executive secretary and the chair are outside corps B
    assert not {"300001", "300002", "300027"} & set(found)
    evaluated = {person: row for person, row in found.items() if row[0] == "planned"}
    assert {row[1] for row in evaluated.values()} == {evaluation}
    supervisors = dict(
        ask(
            "SELECT p.personnel_no, s.personnel_no FROM appointment a JOIN person p ON p.id = a.person_id"
            " JOIN person s ON s.id = a.supervisor_id WHERE a.ended_on IS NULL"
        )
    )
    assert {person: row[2] for person, row in evaluated.items()} == {
        person: supervisors[person] for person in evaluated
    }
    assert evaluated["300003"][2] == "300001"  # the direct supervisor is the first head
    assert evaluated["300035"][2] == "300028"  # a territorial division, evaluated from the department above it


@pytest.mark.rule("M-9", "M-10")
def test_who_is_not_evaluated_for_2018_and_why(sqlite_database: str) -> None:
    found = opened("2018", "kpi")
    exempt = {person: (row[3], str(row[4])) for person, row in found.items() if row[0] == "exempt"}
    assert {person: rules for person, (rules, _) in exempt.items()} == {
        "300008": "M-9",  # appointed on 15 October
        "300013": "M-9",  # back from social leave on 16 November
        "300016": "M-10",  # on probation until March
        "300025": "M-9",  # back from studies on 22 December
        "300034": "M-9",  # appointed on 26 November
    }
    assert "counted anew after social leave" in exempt["300013"][1]
    assert "counted anew after studies" in exempt["300025"][1]
    assert found["300015"][0] == "planned"  # three months to the day
    assert found["300021"][0] == "planned"  # back from social leave on 1 June
    assert found["300019"][0] == "planned"  # eight months in the post held at the end of the year


@pytest.mark.rule("M-9", "M-10")
def test_all_of_them_are_evaluated_for_2019(sqlite_database: str) -> None:
    assert {row[0] for row in opened("2019", "competencies").values()} == {"planned"}


@pytest.mark.rule("M-3")
def test_the_superior_supervisor_is_the_one_the_direct_supervisor_answers_to(sqlite_database: str) -> None:
    opened("2018", "kpi")
    number = {row[0]: str(row[1]) for row in ask("SELECT id, personnel_no FROM person")}
    ((cycle,),) = ask("SELECT id FROM cycle")
    with work() as session:
        known = known_cycle(session, int(str(cycle)))
        minister = next(person for person, no in number.items() if no == "300001")
        found = {
            number[one.person]: one for one in servants(session, ground_of(session, known), Heads(int(str(minister))))
        }
    superior = {no: number.get(EVALUATORS["superior_supervisor"](one)) for no, one in found.items()}
    assert (superior["300012"], superior["300011"], superior["300036"]) == ("300010", "300009", "300028")
    # the direct supervisor of these is the first head, and nobody stands above
    first = {no for no, one in found.items() if fits(one, {"reports_to_first_head": True})}
    assert first == {"300003"}
    assert superior["300003"] is None


@pytest.mark.rule("M-42")
def test_whose_duties_hold_public_services(sqlite_database: str) -> None:
    opened("2018", "competencies")
    query = (
        "SELECT p.personnel_no FROM appointment a JOIN person p ON p.id = a.person_id WHERE a.provides_services = true"
        " ORDER BY p.personnel_no"
    )
    numbers = [str(row[0]) for row in ask(query)]
    assert numbers == ["300023", "300024", "300025", "300026", "300035", "300036", "300037", "300038", "300039"]

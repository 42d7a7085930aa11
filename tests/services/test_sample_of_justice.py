"""The sample staff of justice-2017: who is evaluated for the quarters and the year 2017, by whom, and who is not."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from methodologies import read_organisation
from models.work import reading, work
from services.cycle import open_cycle
from services.people import import_staff

SAMPLE = Path(__file__).parents[2] / "examples" / "justice"
NOW = datetime(2017, 9, 18, 9, 0, tzinfo=UTC)


def ask(query: str, **values: object) -> list[tuple[object, ...]]:
    with reading() as session:
        return [tuple(row) for row in session.connection().execute(text(query), values)]


def opened(period: str, evaluation: str) -> dict[str, tuple[object, ...]]:
    """Personnel number -> stage, form, evaluator, rules, note."""
    with work() as session:
        import_staff(session, SAMPLE / "staff.csv", "operator/test", NOW, "justice-2017")
    with work() as session:
        key = open_cycle(
            session, SAMPLE / "organisation.yaml", "justice-2017", period, NOW, "operator/test", evaluation
        )
    rows = ask(
        "SELECT p.personnel_no, a.stage, a.form, e.personnel_no, a.plan_rules, a.plan_note FROM assessment a"
        " JOIN person p ON p.id = a.person_id JOIN cycle c ON c.id = a.cycle_id LEFT JOIN person e ON e.id = a.evaluator_id"
        " WHERE c.key = :k",
        k=key,
    )
    return {str(row[0]): row[1:] for row in rows}


def exempt(found: dict[str, tuple[object, ...]]) -> dict[str, object]:
    return {person: row[3] for person, row in found.items() if row[0] == "exempt"}


@pytest.mark.rule("J-6", "J-7")
def test_the_ministry_and_its_territorial_body_are_planned_with_their_supervisors(sqlite_database: str) -> None:
    found = opened("2017-Q3", "quarter")
    assert len(found) == 36  # forty people; three leaders outside corps B, and one who came in the fourth quarter
    assert not {"400001", "400002", "400003", "400017"} & set(found)
    assert {row[1] for row in found.values() if row[0] == "planned"} == {"quarter"}
    assert (found["400012"][2], found["400011"][2], found["400010"][2]) == ("400011", "400010", "400009")
    assert (found["400026"][2], found["400030"][2]) == ("400003", "400029")


@pytest.mark.rule("J-4")
def test_who_is_not_evaluated_for_the_third_quarter(sqlite_database: str) -> None:
    found = exempt(opened("2017-Q3", "quarter"))
    assert found == {
        "400014": "J-4",  # since 1 September in the held post
        "400015": "J-4",  # since 1 August
        "400016": "J-4",  # since 21 August
        "400034": "J-4",  # since 3 July, two days too few
    }


@pytest.mark.rule("J-4", "J-Q28-dismissed")
def test_who_is_not_evaluated_for_the_fourth_quarter(sqlite_database: str) -> None:
    found = opened("2017-Q4", "quarter")
    assert exempt(found) == {
        "400015": "J-4",  # on probation until 31 January
        "400017": "J-4",  # since 16 October
        "400025": "J-4",  # left on 15 November, before three months of the quarter
    }
    assert "on probation until 2018-01-31" in str(found["400015"][4])


@pytest.mark.rule("J-4", "J-8", "J-Q28-dismissed")
def test_who_is_not_evaluated_for_the_year(sqlite_database: str) -> None:
    found = opened("2017", "annual")
    assert {row[1] for row in found.values() if row[0] == "planned"} == {"annual"}
    assert exempt(found).keys() == {"400015", "400017", "400025"}
    assert "left the service on 2017-11-15, before the evaluation (reading J-Q28-dismissed)" in str(found["400025"][4])
    assert found["400016"][0] == "planned"  # four months in the post, one evaluated quarter


@pytest.mark.rule("J-26", "J-Q10-list")
def test_the_body_names_a_list_of_the_scale_for_each_of_its_bodies(sqlite_database: str) -> None:
    opened("2017-Q3", "quarter")
    named = read_organisation(SAMPLE / "organisation.yaml").settings["scale_of_body"]
    assert {str(row[0]) for row in ask("SELECT code FROM body")} == set(named)
    assert set(named.values()) == {"central", "territorial"}

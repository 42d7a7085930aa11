"""What follows from results of a lived cycle: grounds, terms, bans, and the entry in the service record."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.main import app
from models.work import reading, work
from rules.errors import Incomplete, NotAllowed, NotFound, NotNow
from rules.revision import Revision
from services import consequences, service_record, written
from services.consequences import Line
from services.evidence import verify
from services.ground import find_cycle, ground_of
from services.rulings import Motion
from tests import commission as c
from tests import makers
from tests.commission import ANNUAL, COMPETENCIES, QUARTER
from tests.makers import at, person, refused, rows
from tests.services.test_year_of_points import EMPTY, LATE, Q4, signed

OTHERS = (c.VICE, c.OFFICIAL, c.HEAD_B, c.LAWYER)


def listed(key: str) -> list[Line]:
    with reading() as session:
        return consequences.of_cycle(session, key)


def of(lines: list[Line], number: str) -> dict[str, Line]:
    return {one.consequence: one for one in lines if one.person == number}


def entered(key: str, now: str, *numbers: str, by: str = c.HR, reference: str = "sheet 12, order No 5") -> int:
    with work() as session:
        ids = [c.case(key, one) for one in numbers] or None
        return service_record.enter(session, find_cycle(session, key), reference, person(by), at(now), ids)


def a_decided_quarter(folder: Path, mark: str = "70") -> str:
    """The third quarter of 2017: Aigul 104, Dana revised to an unsatisfactory mark, decided on 20 October."""
    key = c.opened(QUARTER, folder)
    signed(key, {**EMPTY, "bonuses": [{"points": 4, "n": 1}, {"points": 4, "n": 1}]}, "2017-10-05", c.AIGUL)
    signed(key, EMPTY, "2017-10-05", c.DANA)
    c.composed(key, "2017-10-05")
    c.submitted(key, "2017-10-06", QUARTER)
    bad = Revision(Decimal(mark), explanation="facts of breach were left out")
    voters = (c.VICE, c.OFFICIAL, c.HEAD_A, c.LAWYER)
    sitting = c.sat(key, "2017-10-20 10:00")
    c.decided(
        sitting,
        "2017-10-20 10:30",
        Motion(c.all_for("revise", *voters), [c.case(key, c.DANA)], bad),
        Motion(c.all_for()),
    )
    return key


@pytest.mark.rule("J-58", "J-59", "J-62", "J-64", "J-Q15", "J-Q16")
def test_a_quarter_earns_a_bonus_or_bars_from_being_a_mentor(database: str, tmp_path: Path) -> None:
    lines = listed(a_decided_quarter(tmp_path))
    assert {one.person for one in lines} == {c.AIGUL, c.DANA}  # nobody else has a final result
    good, bad = of(lines, c.AIGUL), of(lines, c.DANA)
    assert set(good) == {"bonus_payment_quarter", "service_record"}
    bonus = good["bonus_payment_quarter"]
    assert (bonus.basis_for, bonus.rules, bonus.point) == (("bonus_payment",), ("J-58", "J-59"), "pts 41-42")
    assert (bonus.because, bonus.readings) == ("quarter 2017-Q3: effective", ("J-Q15",))
    assert set(bad) == {"mentor_ban_quarter", "service_record"}
    assert (bad["mentor_ban_quarter"].forbids, bad["mentor_ban_quarter"].stands) == (("mentor",), True)
    assert bad["mentor_ban_quarter"].due is None


@pytest.mark.rule("J-62", "J-Q16")
def test_a_better_quarter_ends_the_ban(sqlite_database: str, tmp_path: Path) -> None:
    first = a_decided_quarter(tmp_path)
    later = c.opened(Q4, tmp_path)
    signed(later, EMPTY, "2017-12-08", c.DANA)
    c.submitted(later, "2017-12-08 15:00", Q4)
    c.decided(c.sat(later, "2017-12-20 10:00"), "2017-12-20 10:30")
    assert of(listed(first), c.DANA)["mentor_ban_quarter"].stands is False
    assert "mentor_ban_quarter" not in of(listed(later), c.DANA)


@pytest.mark.rule("J-60", "J-61", "J-62", "J-Q18")
def test_an_unsatisfactory_year_is_followed_by_training_within_three_months(
    sqlite_database: str, tmp_path: Path
) -> None:
    quarter = c.opened(Q4, tmp_path)
    signed(quarter, {**EMPTY, "breaches": [{**LATE, "date": "2017-12-01"}] * 11}, "2017-12-08", c.DANA)
    key = c.opened(ANNUAL, tmp_path)
    signed(key, {"plan": [2, 4]}, "2017-12-12", c.DANA)  # 0.4 x 2 + 0.6 x 3 = 2.6
    c.composed(key, "2017-12-12")
    c.submitted(key, "2017-12-12 15:00", ANNUAL)
    c.decided(c.sat(key, "2017-12-22 10:00"), "2017-12-22 10:30")
    found = of(listed(key), c.DANA)
    assert set(found) == {"training", "training_in_direction", "mentor_ban", "service_record"}
    assert found["training"].due == date(2018, 3, 22)
    assert "pt 43 (J-61" in found["training"].due_reason
    assert found["training_in_direction"].because == "annual 2017: not_achieved, unsatisfactory"
    # one year alone is no ground for a demotion (J-63)
    assert "demotion_ground" not in found
    with reading() as session:
        everything = consequences.of_person(session, c.DANA)
    assert {one.consequence for one in everything} == set(found)  # the quarter is not decided yet


@pytest.mark.rule("M-14", "M-15", "M-16")
def test_competencies_are_a_basis_for_development_and_for_nothing_else(sqlite_database: str, tmp_path: Path) -> None:
    kpi = c.a_kpi_year(tmp_path)
    assert {one.basis_for for one in of(listed(kpi), c.AIGUL).values()} == {
        ("bonus_payment", "encouragement", "rotation", "demotion", "dismissal"), ("service_record",)
    }  # fmt: skip
    key = c.opened(COMPETENCIES, tmp_path)
    with reading() as session:
        law = ground_of(session, find_cycle(session, key)).law
    shown = {row["competency"]: [] for row in law.table("competencies").rows if row["public_services_only"] == "no"}
    c.signed_all(key, {"shown": shown}, "2019-01-15", c.AIGUL)
    makers.walk("2019-01-15 12:00", key)
    c.submitted(key, "2019-01-17", COMPETENCIES)
    number = c.sat(key, "2019-01-22 10:00", *OTHERS, c.HR)
    c.decided(number, "2019-01-22 10:30", Motion(c.all_for("approve", *OTHERS)))
    assert listed(key) == []  # decided, not approved yet: no result
    c.approved(number, "2019-01-22 16:00")
    line = of(listed(key), c.AIGUL)["development_of_competencies"]
    assert line.basis_for == ("competency_development",)
    assert line.not_for == ("bonus_payment", "encouragement", "rotation", "demotion", "dismissal")
    assert (line.rules, line.point) == (("M-16",), "pt 7 para 2")


def test_an_act_that_names_no_consequences_says_so(sqlite_database: str) -> None:
    key = makers.a_cycle("released")
    with pytest.raises(NotFound, match="nchr-2024 names no consequences of a result"):
        listed(key)
    with refused(NotAllowed, "nchr-2024 says nothing of the service record"), work() as session:
        service_record.enter(session, find_cycle(session, key), "x", person(makers.HR), at("2026-10-08"))


@pytest.mark.rule("J-53", "J-64")
def test_results_are_entered_in_the_service_record_with_day_and_place(database: str, tmp_path: Path) -> None:
    key = a_decided_quarter(tmp_path)
    assert entered(key, "2017-10-23", c.AIGUL) == 1
    assert entered(key, "2017-10-24", reference="sheet 13") == 1
    assert rows("SELECT reference FROM service_record_entry ORDER BY at") == [("sheet 12, order No 5",), ("sheet 13",)]
    assert of(listed(key), c.AIGUL)["service_record"].entered == "sheet 12, order No 5"
    with reading() as session:
        assert verify(session).problems == []
    assert any("J-64" in body for (body,) in rows("SELECT body FROM journal_entry") if "service_record_entered" in body)


@pytest.mark.rule("J-64")
@pytest.mark.parametrize(
    ("how", "kind", "words"),
    [
        ({"by": c.HEAD_A}, NotAllowed, r"HR enters results in the service record \(J-53, J-64, pts 36, 46\)"),
        ({"reference": " "}, Incomplete, "where the entry stands"),
        ({"now": "2017-10-19"}, NotNow, "before the step it follows"),
        ({"numbers": (c.BOLAT,)}, NotNow, "No result is ready"),
    ],
)
def test_what_cannot_be_entered(
    sqlite_database: str, tmp_path: Path, how: dict[str, Any], kind: type[Exception], words: str
) -> None:
    key = a_decided_quarter(tmp_path)
    now, numbers = how.pop("now", "2017-10-23"), how.pop("numbers", (c.AIGUL,))
    with refused(kind, words):
        entered(key, now, *numbers, **how)


@pytest.mark.rule("M-58", "M-59")
def test_a_refusal_does_not_prevent_the_entry(sqlite_database: str, tmp_path: Path) -> None:
    from services import familiarisation

    key = c.a_kpi_year(tmp_path, "released")
    others = [person(c.LAWYER), person(c.DANA)]
    with work() as session:
        case = c.case(key, c.AIGUL)
        familiarisation.refuse(session, case, person(c.HR), others, "", at("2019-01-23"), f"person/{person(c.HR)}")
    assert entered(key, "2019-01-24", c.AIGUL) == 1
    with work() as session:
        assert written.dispatch(session, case, "No 44", person(c.HR), at("2019-01-24")) == "intranet_portal"


@pytest.mark.rule("J-59", "J-64")
def test_the_command_lists_and_records(sqlite_database: str, tmp_path: Path) -> None:
    key = a_decided_quarter(tmp_path)
    run = CliRunner()
    done = run.invoke(app, ["results", "entered", key, "--by", c.HR, "--reference", "sheet 1", "--json"])
    assert (done.exit_code, '"entered": 2' in done.output) == (0, True)
    for words in (["results", "consequences", key], ["results", "consequences", "--person", c.AIGUL]):
        said = run.invoke(app, words)
        assert said.exit_code == 0
        assert "Bonus payment for a quarter" in said.output.replace("\n", " ") or "Bonus" in said.output
    assert run.invoke(app, ["results", "consequences"]).exit_code == 2

"""The mark of the year: the mean of the quarters that were evaluated, formed in time, formed again after a session."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from models.work import work
from rules.errors import NotNow
from services.annual import form_annual
from tests import makers
from tests.makers import ACT, AIGUL, BOLAT, DANA, STAFF, at, person, refused, rows

#: period -> when its cycle is opened, its sheets signed, its results opened
QUARTERS = {
    "2026-Q3": ("2026-10-01", "2026-10-05", "2026-10-06", "2026-10-07"),
    "2026-Q4": ("2027-01-04", "2027-01-11", "2027-01-12", "2027-01-13"),
}


def a_quarter(period: str, mark: str, shown: bool = True) -> None:
    opened, signed, released, seen = QUARTERS[period]
    key = makers.opened(period, opened)
    makers.approved(key, f"{opened} 10:00")
    makers.walk(f"{opened} 12:00", key)
    makers.marked(signed, key, dict.fromkeys(range(1, 6), Decimal(mark)) | {5: Decimal(5)})
    makers.walk(released, key)
    if shown:
        makers.shown(seen, key=key)


def formed(now: str = "2027-01-20", year: int = 2026, file: Path | None = None) -> int:
    with work() as session:
        return form_annual(session, ACT, year, at(now), "system/annual-mark", file)


def marks(number: str) -> list[tuple[int, str | None, str | None, dict[str, Any]]]:
    found = rows("SELECT version, score, grade, quarters FROM annual_mark WHERE person_id = :p ORDER BY version",
                 p=person(number))  # fmt: skip
    return [(version, score, grade, json.loads(quarters)) for version, score, grade, quarters in found]


def told_of_the_year(number: str) -> list[tuple[str, int]]:
    """The cycle and round of each notice that the mark of the year waits."""
    query = (
        "SELECT c.key, n.round FROM notice n JOIN cycle c ON c.id = n.cycle_id"
        " WHERE n.kind = 'annual_mark_ready' AND n.recipient_id = :p ORDER BY n.id"
    )
    return [tuple(row) for row in rows(query, p=person(number))]


@pytest.mark.rule("N-11", "N-12", "N-Q13")
def test_quarters_without_an_evaluation_are_left_out_of_the_mean(database: str) -> None:
    young = replace(STAFF[-1], number="300001", unit="a", started="2026-09-15")
    makers.a_body([*STAFF, young])
    a_quarter("2026-Q3", "3.5")  # (4 x 3.5 + 5) / 5 = 3.80
    a_quarter("2026-Q4", "4")  # 4.20
    assert formed() == 10
    assert marks(AIGUL) == [(1, "4.00", "effective", {"2026-Q3": "3.80", "2026-Q4": "4.20"})]
    assert marks("300001") == [(1, "4.20", "effective", {"2026-Q3": None, "2026-Q4": "4.20"})]
    kept = rows("SELECT working, due, readings FROM annual_mark WHERE person_id = :p", p=person(AIGUL))[0]
    assert "8 / 2 = 4" in kept[0]
    assert kept[1] == "2027-01-30"
    assert "N-Q13" in kept[2]
    assert told_of_the_year(AIGUL) == told_of_the_year("300001") == [("nchr-sample-2026-q4", 0)]


@pytest.mark.rule("N-11", "N-Q13")
def test_who_was_evaluated_in_no_quarter_has_no_mark_but_a_reason(database: str) -> None:
    makers.a_body(makers.staff_with(AIGUL, started="2026-09-15", ended="2026-10-25"))
    a_quarter("2026-Q3", "4")
    assert formed() == 8
    assert marks(AIGUL) == [(1, None, None, {"2026-Q3": None})]
    assert (
        "no quarter was evaluated"
        in rows("SELECT working FROM annual_mark WHERE person_id = :p", p=person(AIGUL))[0][0]
    )


@pytest.mark.rule("N-12")
def test_forming_again_with_nothing_new_changes_nothing(database: str) -> None:
    makers.a_body()
    a_quarter("2026-Q3", "4")
    assert formed() == 9
    before = makers.everything()
    assert formed("2027-01-25") == 0
    assert makers.everything() == before


@pytest.mark.rule("N-12", "N-Q12", "N-49")
def test_after_a_session_on_the_last_quarter_the_mark_is_formed_again_and_both_are_kept(database: str) -> None:
    makers.a_body()
    a_quarter("2026-Q3", "3.5")
    a_quarter("2026-Q4", "4")
    formed("2027-01-30 12:00")
    after_a_session()
    assert formed("2027-02-05") == 1
    assert marks(AIGUL) == [
        (1, "4.00", "effective", {"2026-Q3": "3.80", "2026-Q4": "4.20"}),
        (2, "3.40", "proper", {"2026-Q3": "3.80", "2026-Q4": "3.00"}),
    ]
    assert [len(marks(number)) for number in (BOLAT, DANA)] == [1, 1]
    assert told_of_the_year(AIGUL) == [("nchr-sample-2026-q4", 0), ("nchr-sample-2026-q4", 1)]
    assert told_of_the_year(BOLAT) == [("nchr-sample-2026-q4", 0)]


def after_a_session() -> None:
    """Aigul contests the fourth quarter; the session lowers the mark after 30 January."""
    from services import calibration

    one = makers.case(AIGUL, "nchr-sample-2026-q4")
    with work() as session:
        received = calibration.request(session, one.id or 0, one.person_id, "…", at("2027-01-18"))
        made = calibration.call_session(
            session, received.request_id, makers.members(), person(makers.OFFICIAL), at("2027-01-19")
        )
        calibration.hold(session, made, makers.votes("3", "3", "3"), "…", "", at("2027-02-01"), "x")
        calibration.sign_protocol(session, made, at("2027-02-01"), "x")


@pytest.mark.rule("N-11", "N-12")
def test_a_year_that_is_not_over_has_no_final_mark(database: str) -> None:
    makers.a_body()
    a_quarter("2026-Q3", "4")
    with refused(NotNow, r"The year 2026 is not over; .* by 2027-01-30 \(N-11, N-12\)"):
        formed(str((at("2027-01-01 00:00") - timedelta(microseconds=1)).replace(tzinfo=None)))
    assert formed("2027-01-01 00:00") == 9


@pytest.mark.rule("N-7", "N-11")
def test_quarters_of_another_year_do_not_enter(database: str) -> None:
    makers.a_body()
    a_quarter("2026-Q3", "4")
    assert formed("2028-01-20", 2027) == 0
    assert rows("SELECT COUNT(*) FROM annual_mark") == [(0,)]

"""How many still owe each term is told as the audit would judge it."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from models.work import reading, work
from rules.audit import MISSED, NOT_YET
from services import audit
from services import cycle as cycles
from tests import makers
from tests.makers import AIGUL, BOLAT, DANA, KEY, at


def owed() -> dict[tuple[str, str], int]:
    """(deadline, its day) -> how many wait."""
    with reading() as session:
        return {(one.deadline_id, str(one.due)): one.waiting for one in cycles.status(session, KEY).terms}


def total(deadline: str) -> int:
    return sum(n for (one, _), n in owed().items() if one == deadline)


@pytest.mark.rule("N-10")
def test_who_has_signed_no_longer_waits(database: str) -> None:
    makers.a_cycle("open")
    before = total("quarterly_evaluation")
    assert before > 2
    makers.sign(AIGUL)
    assert total("quarterly_evaluation") == before - 1
    makers.marked()
    assert total("quarterly_evaluation") == 0


@pytest.mark.rule("N-40")
def test_a_request_waits_for_its_decision_on_the_term_of_its_day(database: str) -> None:
    makers.a_cycle("familiarised")
    makers.disagrees(DANA, now="2026-10-08")
    makers.disagrees(BOLAT, now="2026-10-09 00:30")  # by UTC the day before
    waits = sorted(n for (one, _), n in owed().items() if one == "calibration_decision")
    assert waits == [1, 1]
    makers.a_session(AIGUL)  # asked for and called at once
    assert total("calibration_decision") == 2


@pytest.mark.parametrize("until", ["draft", "open", "marked", "released", "familiarised"])
def test_what_waits_is_what_the_audit_has_open_or_missed(sqlite_database: str, until: str) -> None:
    makers.a_cycle(until)
    if until == "familiarised":
        makers.disagrees(DANA)
    with reading() as session:
        judged = {
            (one.deadline, one.due): one.counts.get(NOT_YET, 0) + one.counts.get(MISSED, 0)
            for one in audit.verdicts(session, KEY, at("2026-10-13"))
            if not one.right
        }
    assert judged
    assert {term: n for term, n in owed().items() if n} == {term: n for term, n in judged.items() if n}


@pytest.mark.rule("N-12", "N-15")
def test_a_deadline_that_binds_nobody_in_the_cycle_is_said_to(sqlite_database: str) -> None:
    makers.a_cycle("open")

    def idle(moment: str | None) -> set[str]:
        with reading() as session:
            found = cycles.status(session, KEY, at(moment) if moment else None).terms
        assert all(one.binds for one in found if one.waiting)
        return {one.deadline_id for one in found if not one.binds}

    assert idle(None) == {"annual_final_score"}  # of the year, in its third quarter
    with work() as session:
        session.connection().execute(text("UPDATE assessment SET dismissed = false"))
    before = idle("2026-10-05")
    assert "evaluation_of_dismissed_employee" not in before
    assert idle("2026-12-01") - before == {"evaluation_of_dismissed_employee", "familiarize_dismissed_employee"}

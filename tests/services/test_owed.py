"""How many still owe each term is told as the audit would judge it."""

from __future__ import annotations

import pytest

from models.work import reading
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

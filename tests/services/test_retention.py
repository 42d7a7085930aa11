"""Three years of keeping from the signature, to the last second; then the sheet is destroyed and the record stays."""

from __future__ import annotations

import pytest

from models.work import reading, work
from rules.errors import NotFound, NotNow
from services import evidence, retention
from tests import makers
from tests.makers import AIGUL, BOLAT, at, case, refused, rows, staff_with


def disposed(number: str, now: str) -> None:
    with work() as session:
        retention.dispose(session, case(number).id or 0, at(now), "person/2")


@pytest.mark.rule("N-22", "X-Q5")
def test_documents_are_kept_three_years_from_the_signature(database: str) -> None:
    makers.a_cycle("familiarised")
    makers.walk("2026-10-15")
    with reading() as session:
        until, reason = retention.kept_until(session, case(AIGUL).id or 0)
    assert until == "2029-10-05"  # signed on 5 October 2026
    assert "N-22" in reason
    with refused(NotNow, r"are kept until 2029-10-05: nchr-2024, pt 12 \(N-22"):
        disposed(AIGUL, "2029-10-05 23:59:59.999999")
    disposed(AIGUL, "2029-10-06 00:00")
    assert case(AIGUL).stage == "disposed"


@pytest.mark.rule("N-22")
def test_the_sheet_goes_and_what_was_done_stays(database: str) -> None:
    makers.a_cycle("familiarised")
    makers.walk("2026-10-15")
    disposed(AIGUL, "2029-10-06")
    assert rows("SELECT COUNT(*) FROM mark WHERE assessment_id = :i", i=case(AIGUL).id) == [(0,)]
    assert rows("SELECT COUNT(*) FROM mark WHERE assessment_id = :i", i=case(BOLAT).id) == [(5,)]
    with reading() as session:
        assert evidence.verify(session).problems == []
    with refused(NotNow, "already recorded"):
        disposed(AIGUL, "2029-10-07")


@pytest.mark.rule("N-22")
def test_what_is_not_closed_or_not_completed_is_not_destroyed(database: str) -> None:
    makers.a_cycle("open")
    with refused(NotNow, "is not completed; the term of keeping has not begun"):
        disposed(AIGUL, "2036-10-06")
    makers.marked()
    makers.walk("2026-10-06")
    with refused(NotNow, "'disposed' .* the stage is 'released', it must be 'closed'"):
        disposed(AIGUL, "2036-10-06")
    with refused(NotFound, "There is no assessment 4711"), work() as session:
        retention.dispose(session, 4711, at("2036-10-06"), "person/2")


@pytest.mark.rule("N-22")
def test_who_was_exempt_has_no_sheet_to_keep(database: str) -> None:
    makers.a_cycle("open", staff_with(BOLAT, started="2026-09-20"))
    with refused(NotNow, "is not completed"):
        disposed(BOLAT, "2036-10-06")

"""Closing: never before the fifth working day is over, never over an open disagreement, and at last the cycle."""

from __future__ import annotations

from typing import Any

import pytest

from models.work import reading
from services import audit, evidence
from tests import makers
from tests.makers import AIGUL, BOLAT, DANA, ERLAN, KEY, at, case, rows, staff_with
from tests.services.test_calibration import finished


def stages(*numbers: str) -> list[str]:
    return [case(number).stage for number in numbers]


@pytest.mark.rule("N-20")
def test_nobody_is_closed_before_the_fifth_working_day_is_over(database: str) -> None:
    makers.a_cycle("released")
    makers.shown("2026-10-07", AIGUL)
    makers.shown("2026-10-08 00:00", BOLAT)
    makers.walk("2026-10-14 23:59:59.999999")
    assert stages(AIGUL, BOLAT, DANA) == ["familiarised", "familiarised", "released"]
    makers.walk("2026-10-15 00:00")
    assert stages(AIGUL, BOLAT, DANA) == ["closed", "familiarised", "released"]
    assert case(AIGUL).closed_at == at("2026-10-15 00:00")
    makers.walk("2026-10-16 00:00")
    assert stages(AIGUL, BOLAT, DANA) == ["closed", "closed", "released"]  # who never opens it never starts the term


@pytest.mark.rule("N-20")
def test_days_off_are_not_counted_among_the_five(database: str) -> None:
    makers.a_cycle("released")
    makers.shown("2026-10-20", AIGUL)  # Monday 26 October is off for the Republic day: the fifth day is the 28th
    makers.walk("2026-10-28 23:59:59.999999")
    assert stages(AIGUL) == ["familiarised"]
    makers.walk("2026-10-29 00:00")
    assert stages(AIGUL) == ["closed"]
    assert "2026-10-28" in rows("SELECT body FROM journal_entry WHERE event = 'closed'")[0][0]


@pytest.mark.rule("N-20", "N-40")
def test_over_an_open_disagreement_nobody_is_closed(database: str) -> None:
    makers.a_cycle("familiarised")
    makers.disagrees(AIGUL, "2026-10-14 23:59:59.999999")
    makers.disagrees(BOLAT, "2026-10-15 00:00")
    makers.walk("2026-11-30")
    assert stages(AIGUL, BOLAT, DANA) == ["requested", "familiarised", "closed"]


@pytest.mark.rule("N-50", "N-51")
def test_a_session_is_closed_when_protocol_and_feedback_are_there(database: str) -> None:
    makers.a_cycle("familiarised")
    session_id = makers.a_session()
    makers.decided(session_id, "5", "5", "5")
    makers.walk("2026-10-30")
    assert stages(AIGUL) == ["protocol_signed"]
    finished(session_id, "2026-10-30 10:00")
    makers.walk("2026-10-30 11:00")
    assert stages(AIGUL) == ["closed"]


@pytest.mark.rule("N-22")
def test_the_cycle_closes_with_the_last_one_and_then_rests(database: str) -> None:
    makers.a_cycle("familiarised", staff_with(BOLAT, started="2026-09-20"))
    makers.walk("2026-10-15")
    assert status() == ("running", {"closed": 7, "exempt": 1, "released": 1})
    makers.told("delivered", "2026-10-15")
    makers.walk("2026-10-23")
    assert status() == ("closed", {"closed": 8, "exempt": 1})
    before = makers.everything()
    assert makers.walk("2026-10-24") is False
    assert makers.everything() == before
    with reading() as session:
        assert evidence.verify(session).problems == []


def status() -> tuple[str, dict[str, int]]:
    with reading() as session:
        from services import cycle as cycles

        found = cycles.status(session, KEY)
    return found.stage, found.counts


@pytest.mark.parametrize("moment", ["2026-10-01 12:00", "2026-10-06", "2026-10-12", "2026-10-21", "2026-11-02"])
def test_walking_twice_at_the_same_moment_changes_nothing_the_second_time(database: str, moment: str) -> None:
    makers.a_cycle("familiarised")
    makers.disagrees(AIGUL)
    makers.walk(moment)
    before = without_the_time(makers.everything())
    makers.walk(moment)
    assert without_the_time(makers.everything()) == before


def without_the_time(found: dict[str, list[Any]]) -> dict[str, list[Any]]:
    return found


@pytest.mark.rule("N-10", "N-20")
def test_running_late_judges_nobody_late(database: str) -> None:
    """The machine stood still for a month: every verdict is that of the stored instants."""
    makers.a_cycle("familiarised")
    makers.disagrees(AIGUL, "2026-10-14 23:59:59.999999")
    makers.walk("2026-11-20")
    with reading() as session:
        found = {one.deadline: one.counts for one in audit.verdicts(session, KEY, at("2026-11-20"))}
    assert found["quarterly_evaluation"] == {"kept": 8}
    assert found["calibration_request"] == {"kept": 1}
    assert found["calibration_decision"] == {"missed": 1}
    assert found["familiarize_dismissed_employee"] == {"missed": 1}
    assert case(ERLAN).stage == "released"

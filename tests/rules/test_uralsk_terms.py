"""Every term of the maslikhat apparatus, beside a walk from day to day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rules.errors import RuleError
from rules.period import Period
from rules.terms import due
from tests.uralsk import CALENDAR, Q4, YEAR, law_of

LAW = law_of()

days = st.dates(date(2023, 10, 7), date(2024, 6, 1))


def nth_working_day_after(start: date, n: int) -> date:
    """By walking."""
    while n:
        start += timedelta(days=1)
        n -= CALENDAR.is_working(start)
    return start


def due_of(deadline: str, period: Period = Q4, **anchors: date) -> Any:
    law = law_of(period)
    return due(law, law.deadline(deadline), CALENDAR, period, anchors)


@pytest.mark.parametrize(
    ("deadline", "event", "n"),
    [
        pytest.param("familiarize_with_results", "evaluation_completed", 2, marks=pytest.mark.rule("U-26")),
        pytest.param("calibration_request", "familiarized", 5, marks=pytest.mark.rule("U-27")),
        pytest.param("calibration_decision", "calibration_request_received", 3, marks=pytest.mark.rule("U-64")),
        pytest.param("calibration_session_held", "calibration_request_received", 10, marks=pytest.mark.rule("U-65")),
        pytest.param("protocol_uploaded", "protocol_signed", 3, marks=pytest.mark.rule("U-70")),
        pytest.param("kpi_set_for_new_appointee", "appointed", 10, marks=pytest.mark.rule("U-38")),
        pytest.param("plan_placed_in_system", "kpi_approved", 5, marks=pytest.mark.rule("U-39")),
    ],
)
@pytest.mark.rule("U-26", "U-27", "U-38", "U-39", "U-64", "U-65", "U-70")
@given(when=days)
def test_terms_of_working_days(deadline: str, event: str, n: int, when: date) -> None:
    found = due_of(deadline, **{event: when})
    assert found.due == found.target == nth_working_day_after(when, n)


@pytest.mark.rule("U-15", "U-19", "U-20", "U-41", "U-46", "U-51")
@pytest.mark.parametrize("period", [Period(2023, 4), Period(2024, 1)])
def test_the_fifth_and_the_tenth_of_the_month_after_the_quarter(period: Period) -> None:
    for deadline, number in {
        "quarterly_kpi_and_ranking_evaluation": 10,
        "evaluation_of_absent_employee": 10,
        "evaluation_of_dismissed_employee": 10,
        "kpi_evaluation_of_head": 10,
        "notify_head_of_evaluation": 5,
        "notify_staff_of_evaluation": 10,
    }.items():
        assert due_of(deadline, period).due == period.day_after.replace(day=number)


@pytest.mark.rule("U-16", "U-20")
def test_the_tenth_of_january_for_the_survey() -> None:
    for deadline in (
        "annual_360_evaluation",
        "evaluation_of_dismissed_employee_360",
        "evaluation_of_absent_employee_360",
    ):
        assert due_of(deadline, YEAR).due == date(2024, 1, 10)


@pytest.mark.rule("U-37")
def test_the_plan_is_due_ten_working_days_after_the_start_of_what_it_is_for() -> None:
    rule, anchors = LAW.deadline("individual_plan_drawn"), {}
    assert due(LAW, rule, CALENDAR, Q4, anchors).due == nth_working_day_after(date(2023, 1, 1), 10)
    by_quarter = law_of(U_Q2="quarter")
    assert due(by_quarter, rule, CALENDAR, Q4, anchors).due == nth_working_day_after(date(2023, 10, 1), 10)
    assert due_of("individual_plan_drawn", evaluation_period_start=date(2023, 10, 1)).due == date(2023, 10, 13)
    with pytest.raises(RuleError, match="follows from the period 2023-Q4 and is 2023-01-01, not 2023-09-01"):
        due_of("individual_plan_drawn", evaluation_period_start=date(2023, 9, 1))


@pytest.mark.rule("U-42")
@pytest.mark.parametrize("period", [Period(2023, 2), Period(2023, 3), Period(2023, 4), Period(2024, 1)])
def test_the_preliminary_calculation_leaves_five_full_working_days(period: Period) -> None:
    found = due_of("preliminary_kpi_calculation", period)
    last = period.day_after.replace(day=10)
    between = [found.due + timedelta(days=n) for n in range(1, (last - found.due).days)]
    assert found.anchor_date == last
    assert sum(map(CALENDAR.is_working, between)) == 5
    assert CALENDAR.is_working(found.due)


@pytest.mark.rule("U-42")
def test_the_preliminary_calculation_of_a_year_says_that_it_belongs_to_a_quarter() -> None:
    found = due_of("preliminary_kpi_calculation", YEAR)
    assert found.due is None
    assert "belongs to a quarter" in found.missing


@pytest.mark.rule("U-29")
@given(days)
def test_documents_are_kept_three_years_to_the_day(when: date) -> None:
    assume((when.month, when.day) != (2, 29))
    found = due_of("retention", evaluation_completed=when)
    assert found.due == found.target == when.replace(year=when.year + 3)


@pytest.mark.rule("U-14")
def test_what_the_body_sets_itself_is_shown_as_its_own_and_never_as_law() -> None:
    own = [rule for rule in LAW.deadlines.values() if rule.house]
    assert {rule.id for rule in own} == {
        "house_notice_to_staff", "house_annual_mark", "house_request_feedback_meeting",
        "house_survey_counted",
    }  # fmt: skip
    for rule in own:
        found = due(LAW, rule, CALENDAR, YEAR, {})
        assert (found.reason.act, found.reason.rules, found.reason.point) == ("uralsk-sample", (), "house rule")

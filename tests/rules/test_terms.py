"""Deadlines by hand, then every quarter, then against a loop that walks day by day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from methodologies import law, load
from rules.errors import RuleError
from rules.law import DeadlineRule, Label
from rules.period import Period
from rules.terms import Due, add_months, all_due, due, end_of_day
from tests.nchr import CALENDAR, Q3, body, law_of

DAY = timedelta(days=1)
NAME = Label("-", "-", "-")


def of(deadline: str, period: Period = Q3, readings: dict[str, str] | None = None, **anchors: date) -> Due:
    ground = law_of(period, **(readings or {}))
    return due(ground, ground.deadline(deadline), CALENDAR, period, anchors)


def term(**parts: object) -> DeadlineRule:
    fields = {"amount": 5, "unit": "working_day", "direction": "after", "anchor": "it_happened"} | parts
    return DeadlineRule("made_up", ("N-10",), "pt 0", NAME, NAME, **fields)  # type: ignore[arg-type]


def count(rule: DeadlineRule, anchor: date, **readings: str) -> Due:
    return due(law_of(**readings), rule, CALENDAR, Q3, {"it_happened": anchor})


# --- the third quarter of 2026, by hand -------------------------------------------------------------------


@pytest.mark.rule("N-10")
def test_the_quarter_is_evaluated_by_tuesday_20_october() -> None:
    found = of("quarterly_evaluation")
    assert (found.due, found.target, found.anchor_date) == (date(2026, 10, 20), date(2026, 10, 20), date(2026, 10, 1))
    assert str(found.reason) == "nchr-2024, pt 4 (N-10; readings X-Q1)"


@pytest.mark.rule("N-15")
def test_the_dismissed_are_evaluated_in_the_same_term() -> None:
    assert of("evaluation_of_dismissed_employee").due == of("quarterly_evaluation").due


@pytest.mark.rule("N-19", "X-Q1")
def test_the_dismissed_learn_it_by_saturday_31_october_better_on_friday() -> None:
    found = of("familiarize_dismissed_employee")
    assert (found.due, found.target) == (date(2026, 10, 31), date(2026, 10, 30))
    assert found.reason.readings == ("N-Q11", "X-Q1")


@pytest.mark.rule("N-12", "X-Q1")
def test_the_annual_mark_is_due_on_saturday_30_january() -> None:
    found = of("annual_final_score")
    assert (found.due, found.target, found.estimated) == (date(2027, 1, 30), date(2027, 1, 29), True)


@pytest.mark.rule("N-20", "X-Q2")
@pytest.mark.parametrize(
    ("familiarized", "last"),
    [
        (date(2026, 10, 15), date(2026, 10, 22)),  # Thursday: 16, 19, 20, 21, 22
        (date(2026, 10, 20), date(2026, 10, 28)),  # Tuesday: 21, 22, 23, 27, 28; Monday 26 is off
        (date(2026, 10, 23), date(2026, 11, 2)),  # Friday: 27, 28, 29, 30, Monday 2
        (date(2026, 10, 24), date(2026, 11, 2)),  # Saturday: the same
        (date(2026, 12, 31), date(2027, 1, 12)),  # Thursday: 5, 6, 8, 11, 12; 1, 4 and 7 January are off
    ],
)
def test_five_working_days_to_ask_for_a_session(familiarized: date, last: date) -> None:
    found = of("calibration_request", familiarized=familiarized)
    assert found.due == found.target == last
    assert found.reason.readings == ("N-Q10", "X-Q2")


@pytest.mark.rule("N-40", "N-44")
def test_three_days_to_decide_and_ten_to_sit_both_from_the_request() -> None:
    received = date(2026, 10, 22)  # Thursday
    assert of("calibration_decision", calibration_request_received=received).due == date(2026, 10, 28)
    assert of("calibration_session_held", calibration_request_received=received).due == date(2026, 11, 6)


@pytest.mark.rule("N-50")
def test_three_days_to_place_the_protocol() -> None:
    assert of("protocol_uploaded", protocol_signed=date(2026, 11, 6)).due == date(2026, 11, 11)


@pytest.mark.rule("N-51")
def test_the_feedback_meeting_has_a_house_term_only() -> None:
    found = of("house_request_feedback_meeting", protocol_signed=date(2026, 11, 6))
    assert (found.due, found.rule.house, found.reason.rules) == (date(2026, 11, 11), True, ())
    assert str(found.reason) == "nchr-sample, house rule (readings X-Q2)"


@pytest.mark.rule("N-29")
def test_sheets_go_out_by_a_house_term_since_the_act_has_none() -> None:
    found = of("house_sheets_to_evaluators")
    assert (found.due, found.rule.house) == (date(2026, 10, 5), True)


@pytest.mark.rule("N-22", "X-Q5")
def test_documents_are_kept_three_years_whatever_day_that_is() -> None:
    found = of("retention", evaluation_completed=date(2026, 10, 17))
    assert found.due == found.target == date(2029, 10, 17)
    assert found.reason.readings == ("X-Q5", "X-Q2")
    assert not found.estimated


def test_documents_may_be_kept_beyond_the_working_day_table() -> None:
    assert of("retention", evaluation_completed=date(2032, 10, 20)).due == date(2035, 10, 20)


@pytest.mark.rule("N-52")
def test_the_order_itself() -> None:
    found = of("order_send_for_publication")
    assert (found.anchor_date, found.due) == (date(2024, 11, 18), date(2024, 11, 28))
    found = of("revision_13_in_force")
    assert (found.due, found.target, found.reason.readings) == (date(2026, 3, 16), date(2026, 3, 16), ())
    found = of("order_in_force")
    assert found.due is None
    assert "in_force_from.no-144" in str(found.missing)


def test_an_unknown_event_is_named() -> None:
    found = of("calibration_request")
    assert (found.due, found.target, found.anchor_date) == (None, None, None)
    assert (
        found.missing == "nchr-2024, pt 10: the day of the event 'familiarized' is not known; the term starts with it."
    )
    with pytest.raises(RuleError, match="familiarized"):
        found.due_at("Asia/Almaty")


def test_an_event_that_follows_from_the_period_is_not_taken_from_outside() -> None:
    with pytest.raises(RuleError, match="follows from the period 2026-Q3 and is 2026-10-01"):
        of("quarterly_evaluation", month_after_reporting_quarter=date(2026, 9, 1))


def test_a_year_has_no_quarterly_deadline() -> None:
    found = {one.id: one for one in all_due(law_of(Period(2026)), CALENDAR, Period(2026))}
    assert found["annual_final_score"].due == date(2027, 1, 30)
    assert "ask for one quarter" in str(found["quarterly_evaluation"].missing)


# --- every quarter the plan can ask for --------------------------------------------------------------------

ALL_QUARTERS = """
2026-Q1 2026-04-20 2026-04-20 2026-04-30 2026-04-30
2026-Q2 2026-07-20 2026-07-20 2026-07-31 2026-07-31
2026-Q3 2026-10-20 2026-10-20 2026-10-31 2026-10-30
2026-Q4 2027-01-20 2027-01-20 2027-01-31 2027-01-29
2027-Q1 2027-04-20 2027-04-20 2027-04-30 2027-04-30
2027-Q2 2027-07-20 2027-07-20 2027-07-31 2027-07-30
2027-Q3 2027-10-20 2027-10-20 2027-10-31 2027-10-29
2027-Q4 2028-01-20 2028-01-20 2028-01-31 2028-01-31
2028-Q1 2028-04-20 2028-04-20 2028-04-30 2028-04-28
2028-Q2 2028-07-20 2028-07-20 2028-07-31 2028-07-31
2028-Q3 2028-10-20 2028-10-20 2028-10-31 2028-10-31
2028-Q4 2029-01-20 2029-01-19 2029-01-31 2029-01-31
"""


@pytest.mark.rule("N-10", "N-15", "N-19", "X-Q1")
@pytest.mark.parametrize("line", ALL_QUARTERS.split("\n")[1:-1])
def test_every_quarter_of_three_years(line: str) -> None:
    quarter, *days = line.split()
    evaluated = of("quarterly_evaluation", Period.parse(quarter))
    dismissed = of("familiarize_dismissed_employee", Period.parse(quarter))
    assert [str(d) for d in (evaluated.due, evaluated.target, dismissed.due, dismissed.target)] == days
    assert CALENDAR.is_working(evaluated.target or date.min)


@pytest.mark.rule("N-12")
@pytest.mark.parametrize("year", [2026, 2027, 2028])
@pytest.mark.parametrize("quarter", [1, 2, 3, 4])
def test_the_annual_mark_belongs_to_the_year_of_each_quarter(year: int, quarter: int) -> None:
    assert of("annual_final_score", Period(year, quarter)).due == date(year + 1, 1, 30)


# --- the end of a day ----------------------------------------------------------------------------------------


def test_a_term_ends_at_24_hours_of_the_body() -> None:
    assert of("quarterly_evaluation").due_at("Asia/Almaty") == datetime(2026, 10, 20, 19, 0, tzinfo=UTC)
    assert end_of_day(date(2026, 10, 20), timezone(timedelta(hours=5))) == datetime(2026, 10, 20, 19, 0, tzinfo=UTC)


def test_the_last_moment_is_in_time_and_the_next_is_late() -> None:
    late = of("quarterly_evaluation").due_at("Asia/Almaty")
    zone = timezone(timedelta(hours=5))
    assert datetime(2026, 10, 20, 23, 59, 59, 999999, tzinfo=zone) < late
    assert datetime(2026, 10, 21, 0, 0, tzinfo=zone) >= late


def test_the_year_almaty_changed_its_clock() -> None:
    assert end_of_day(date(2024, 2, 28), "Asia/Almaty") == datetime(2024, 2, 28, 18, 0, tzinfo=UTC)
    assert end_of_day(date(2024, 3, 1), "Asia/Almaty") == datetime(2024, 3, 1, 19, 0, tzinfo=UTC)


# --- every unit, every reading --------------------------------------------------------------------------------

THURSDAY = date(2026, 10, 22)


@pytest.mark.rule("X-Q2")
@pytest.mark.parametrize(
    ("unit", "direction", "amount", "not_counted", "counted"),
    [
        ("working_day", "after", 3, date(2026, 10, 28), date(2026, 10, 27)),
        ("calendar_day", "after", 8, date(2026, 10, 30), date(2026, 10, 29)),
        ("month", "after", 1, date(2026, 11, 22), date(2026, 11, 21)),
        ("year", "after", 3, date(2029, 10, 22), date(2029, 10, 21)),
        ("working_day", "before", 2, date(2026, 10, 19), date(2026, 10, 20)),
        ("calendar_day", "before", 2, date(2026, 10, 19), date(2026, 10, 20)),
    ],
)
def test_is_the_day_of_the_event_counted(
    unit: str, direction: str, amount: int, not_counted: date, counted: date
) -> None:
    rule = term(amount=amount, unit=unit, direction=direction)
    assert count(rule, THURSDAY).due == not_counted
    assert count(rule, THURSDAY, X_Q2="b").due == counted


@pytest.mark.rule("X-Q1")
@pytest.mark.parametrize(
    ("option", "duty", "right"),
    [
        ("protective", date(2026, 10, 24), date(2026, 10, 27)),
        ("no_shift", date(2026, 10, 24), date(2026, 10, 24)),
        ("shift_forward", date(2026, 10, 27), date(2026, 10, 27)),
        ("duty_back", date(2026, 10, 23), date(2026, 10, 27)),
    ],
)
def test_a_last_day_on_saturday_before_a_day_off_on_monday(option: str, duty: date, right: date) -> None:
    rule = term(amount=2, unit="calendar_day")
    found = count(rule, THURSDAY, X_Q1=option)
    assert (found.due, found.target) == (duty, CALENDAR.on_or_before(duty))
    assert count(replace(rule, right=True), THURSDAY, X_Q1=option).due == right
    assert "X-Q1" in found.reason.readings


def test_nobody_aims_for_a_day_before_the_event() -> None:
    found = count(term(amount=1, unit="calendar_day"), date(2026, 10, 24))
    assert found.due == found.target == date(2026, 10, 25)


def test_a_term_without_a_number_is_named() -> None:
    assert "gives no number" in str(count(term(amount=None), THURSDAY).missing)


def test_a_date_of_one_year_stands_as_it_is() -> None:
    assert count(term(amount="2026-11-30", unit="date", direction="by"), THURSDAY).due == date(2026, 11, 30)


@given(st.dates(date(2018, 1, 1), date(2030, 6, 30)), st.integers(1, 40), st.sampled_from(["X-Q2 a", "X-Q2 b"]))
@pytest.mark.rule("X-Q2")
def test_working_terms_against_walking(day: date, n: int, reading: str) -> None:
    reached, left = day, n
    if reading.endswith("b") and CALENDAR.is_working(day):
        left -= 1
    while left:
        reached += DAY
        left -= CALENDAR.is_working(reached)
    found = count(term(amount=n), day, X_Q2=reading[-1]).due
    # counted from a day that is itself the last one, the term ends where it starts
    assert found == reached


@given(st.dates(date(2018, 1, 1), date(2028, 6, 30)), st.integers(1, 40))
def test_calendar_terms_against_walking(day: date, months: int) -> None:
    later = add_months(day, months)
    assert (later.year - day.year) * 12 + later.month - day.month == months
    assert later.day == day.day or (later + DAY).day == 1


@given(st.dates(date(2018, 1, 1), date(2030, 6, 30)), st.integers(1, 30), st.booleans())
def test_a_target_is_never_later_than_the_legal_date_and_is_worked(day: date, n: int, right: bool) -> None:
    found = count(term(amount=n, unit="calendar_day", right=right), day)
    assert found.target is not None
    assert found.due is not None
    assert found.target <= found.due
    assert CALENDAR.is_working(found.target) or found.target > day
    assert right is False or CALENDAR.is_working(found.due)


def test_the_publication_is_known_only_from_a_wording_in_force() -> None:
    without = law(load("nchr-2024"), Q3, body(in_force_from={"no-144": date(2024, 12, 2), "no-13": date(2026, 3, 20)}))
    found = {one.id: one.due for one in all_due(without, CALENDAR, Q3)}
    assert found["order_in_force"] == date(2024, 12, 2)
    assert found["revision_13_in_force"] == date(2026, 3, 20)

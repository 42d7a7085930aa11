"""Who is evaluated, by whom, on which form: every edge of a month in the post, of fifteen worked days, of point 16."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.people import Servant
from rules.period import Period
from rules.plan import Planner, a_month_after, crowded
from tests.nchr import Q3, law_of

SOMEBODY = Servant(
    person=7, appointment=70, category="C-O-5", leadership=False, supervisor=2, unit_head=3, body_head=1,
    started_on=date(2024, 1, 8), ended_on=None, dismissed=False, worked=60, worked_source="calendar",
)  # fmt: skip


def decide(period: Period = Q3, readings: dict[str, str] | None = None, **facts: Any) -> Any:
    return Planner.under(law_of(period, **(readings or {})), period).decide(replace(SOMEBODY, **facts))


# --- one month in the post ---------------------------------------------------------------------------------------


@pytest.mark.rule("N-13")
@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-01-15", "2026-02-15"),
        ("2026-01-31", "2026-02-28"),
        ("2028-01-31", "2028-02-29"),
        ("2026-03-31", "2026-04-30"),
        ("2026-11-30", "2026-12-30"),
        ("2026-12-31", "2027-01-31"),
        ("2026-12-01", "2027-01-01"),
    ],
)
def test_a_month_ends_on_the_same_number_or_on_the_last_day(day: str, expected: str) -> None:
    assert str(a_month_after(date.fromisoformat(day))) == expected


@pytest.mark.rule("N-13")
@given(st.dates(date(2000, 1, 1), date(2099, 1, 1)))
def test_a_month_after_lies_in_the_next_month_and_keeps_the_number_where_it_exists(day: date) -> None:
    found = a_month_after(day)
    assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == 1
    assert found.day == min(day.day, monthrange(found.year, found.month)[1])


@pytest.mark.rule("N-13")
@pytest.mark.parametrize(
    ("started", "ended", "evaluated"),
    [
        ("2026-09-01", None, True),  # the whole of September
        ("2026-08-31", None, True),  # appointed on a 31st: 31 August to 30 September
        ("2026-09-02", None, False),  # 29 days
        ("2026-09-30", None, False),
        ("2026-07-01", "2026-07-31", True),  # dismissed after a month of 31 days
        ("2026-07-01", "2026-07-30", False),  # 30 days, but the month has 31
        ("2026-07-31", "2026-08-30", True),  # 31 days
        ("2026-07-31", "2026-08-29", False),  # 30 days, but the month from the 31st has 31
        ("2026-08-30", "2026-09-29", True),
        ("2026-08-30", "2026-09-28", False),
        ("2024-01-08", "2026-07-31", True),  # older posts: only the time inside the quarter counts
        ("2024-01-08", "2026-07-30", False),
        ("2024-01-08", "2026-07-01", False),
    ],
)
def test_less_than_a_month_in_the_post_inside_the_quarter_is_not_evaluated(
    started: str, ended: str | None, evaluated: bool
) -> None:
    found = decide(
        started_on=date.fromisoformat(started),
        ended_on=date.fromisoformat(ended) if ended else None,
        dismissed=bool(ended),
    )
    assert found.exempt is not evaluated
    assert ("N-13" in found.rules) is not evaluated
    if not evaluated:
        assert "less than one month (pt 5)" in found.note


@pytest.mark.rule("N-13")
@pytest.mark.parametrize(
    ("period", "started", "evaluated"),
    [
        (Period(2027, 1), "2027-03-01", True),  # 31 days
        (Period(2027, 1), "2027-03-02", False),  # 30 days of March are no month
        (Period(2027, 1), "2027-02-28", True),
        (Period(2027, 2), "2027-06-01", True),  # 30 days of June are one
        (Period(2027, 2), "2027-06-02", False),
    ],
)
def test_thirty_days_are_a_month_only_where_the_month_has_thirty(period: Period, started: str, evaluated: bool) -> None:
    assert decide(period, started_on=date.fromisoformat(started)).exempt is not evaluated


@pytest.mark.rule("N-13")
@given(st.dates(date(2026, 7, 1), date(2026, 9, 30)), st.integers(0, 91))
def test_a_day_more_in_the_post_never_takes_the_evaluation_away(started: date, days: int) -> None:
    ended = min(started + timedelta(days=days), Q3.last_day)
    before = decide(started_on=started, ended_on=ended, dismissed=True)
    longer = decide(started_on=started, ended_on=min(ended + timedelta(days=1), Q3.last_day), dismissed=True)
    earlier = decide(started_on=max(started - timedelta(days=1), Q3.first_day), ended_on=ended, dismissed=True)
    if not before.exempt:
        assert not longer.exempt
        assert not earlier.exempt or (started - timedelta(days=1)).day > monthrange(2026, started.month)[1]


@pytest.mark.parametrize(
    ("started", "ended"), [("2026-10-01", None), ("2024-01-08", "2026-06-30")], ids=["after", "before"]
)
def test_who_was_not_in_a_post_in_the_quarter_is_not_spoken_of(started: str, ended: str | None) -> None:
    left = date.fromisoformat(ended) if ended else None
    assert decide(started_on=date.fromisoformat(started), ended_on=left) is None


def test_a_post_outside_corps_b_is_not_evaluated() -> None:
    assert decide(category="") is None


# --- fifteen worked days -----------------------------------------------------------------------------------------


@pytest.mark.rule("N-14")
@pytest.mark.parametrize(("days", "evaluated"), [(15, True), (14, False), (0, False), (64, True)])
@pytest.mark.parametrize("source", ["timesheet", "calendar"])
def test_fifteen_worked_days_are_enough_and_fourteen_are_not(days: int, evaluated: bool, source: str) -> None:
    found = decide(worked=days, worked_source=source)
    assert found.exempt is not evaluated
    if not evaluated:
        assert found.rules == ("N-14",)
        assert found.note == f"{days} working days actually worked ({source}), 15 are needed (pt 5)"


@pytest.mark.rule("N-14", "N-Q8")
def test_both_conditions_must_hold_and_the_failing_one_is_named() -> None:
    assert decide(started_on=date(2026, 9, 9), worked=15).rules == ("N-13",)
    assert decide(started_on=date(2026, 9, 9), worked=14).rules == ("N-13",)
    assert not decide(worked=14, readings={"N_Q8": "month_only"}).exempt
    assert decide(started_on=date(2026, 9, 9), readings={"N_Q8": "month_only"}).exempt


# --- who evaluates -----------------------------------------------------------------------------------------------


@pytest.mark.rule("N-26")
@pytest.mark.parametrize("category", ["B-1", "C-O-1"])
@pytest.mark.parametrize("leadership", [True, False])
def test_heads_of_unit_are_evaluated_by_the_direct_supervisor_on_annex_1(category: str, leadership: bool) -> None:
    found = decide(category=category, leadership=leadership)
    assert (found.form, found.evaluator) == ("leader", 2)
    assert "N-26" in found.rules


@pytest.mark.rule("N-26")
def test_a_head_of_unit_is_not_evaluated_by_the_head_of_another_unit_or_of_the_body() -> None:
    found = decide(category="B-1", leadership=True, supervisor=None, unit_head=7)
    assert found.evaluator is None
    assert "no direct supervisor is known (N-2, N-3, N-26, pt 16)" in found.problem
    assert "column 'supervisor'" in found.problem


@pytest.mark.rule("N-27")
def test_other_leaders_are_evaluated_by_the_head_of_the_unit_on_annex_1() -> None:
    found = decide(category="C-O-3", leadership=True)
    assert (found.form, found.evaluator, found.rules) == ("leader", 3, ("N-27",))


@pytest.mark.rule("N-28")
def test_all_others_are_evaluated_by_the_head_of_the_unit_on_annex_2() -> None:
    found = decide()
    assert (found.form, found.evaluator, found.rules) == ("non_leader", 3, ("N-28",))


@pytest.mark.rule("N-27")
def test_a_head_of_unit_of_another_category_is_evaluated_by_the_head_of_the_body() -> None:
    found = decide(category="C-O-2", leadership=True, unit_head=7)
    assert (found.form, found.evaluator) == ("leader", 1)


@pytest.mark.rule("N-27", "N-28")
@pytest.mark.parametrize("head", [None, 7])
def test_without_a_head_the_plan_says_what_to_fill_in(head: int | None) -> None:
    found = decide(unit_head=head, body_head=None)
    assert (found.exempt, found.evaluator) == (False, None)
    assert "no head of the unit is known" in found.problem
    assert "column 'unit_head'" in found.problem


@pytest.mark.rule("N-26", "N-27", "N-28")
@given(
    st.sampled_from(["B-1", "C-O-1", "C-O-2", "C-O-5"]),
    st.booleans(),
    st.sampled_from([None, 1, 2, 3, 7]),
    st.sampled_from([None, 1, 2, 3, 7]),
    st.sampled_from([None, 1, 2, 3, 7]),
)
def test_nobody_evaluates_oneself(
    category: str, leadership: bool, supervisor: int | None, unit_head: int | None, body_head: int | None
) -> None:
    found = decide(
        category=category, leadership=leadership, supervisor=supervisor, unit_head=unit_head, body_head=body_head
    )
    assert found.evaluator != SOMEBODY.person
    assert bool(found.problem) is (found.evaluator is None)
    assert (found.form == "leader") is (leadership or category in ("B-1", "C-O-1"))


# --- the dismissed -----------------------------------------------------------------------------------------------


@pytest.mark.rule("N-15")
@pytest.mark.parametrize("left", ["2026-08-31", "2026-09-30", "2026-10-01", "2026-10-20"])
def test_the_dismissed_are_evaluated_without_participation(left: str) -> None:
    found = decide(ended_on=date.fromisoformat(left), dismissed=True)
    assert (found.exempt, found.dismissed, found.evaluator) == (False, True, 3)
    assert "N-15" in found.rules
    assert found.note == "dismissed: evaluated without participation (pt 6)"


@pytest.mark.rule("N-15", "N-13")
def test_the_dismissed_too_need_a_month_in_the_quarter() -> None:
    found = decide(ended_on=date(2026, 7, 15), dismissed=True)
    assert (found.exempt, found.rules) == (True, ("N-13",))


# --- more than twenty --------------------------------------------------------------------------------------------


@pytest.mark.rule("N-31", "N-Q14")
def test_exactly_twenty_is_not_more_than_twenty() -> None:
    threshold = law_of().value("delegation_threshold")
    assert threshold == 20
    assert crowded({1: 19, 2: 20, 3: 21, 4: 40}, threshold) == {3: 21, 4: 40}

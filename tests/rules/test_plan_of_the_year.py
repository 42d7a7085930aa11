"""Who is evaluated for a year under mic-2018, and by whom: time in the post, its new beginning, probation."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.people import Planned, Servant
from rules.plan import Planner
from tests.mic import Y2018, law_of

LAW = law_of()
KPI, COMPETENCIES = (Planner.under(LAW, Y2018, LAW.evaluation(name)) for name in ("kpi", "competencies"))
LONG_AGO = date(2015, 3, 2)
SERVANT = Servant(
    person=10,
    appointment=1,
    category="C-4",
    leadership=False,
    supervisor=2,
    unit_head=3,
    body_head=4,
    started_on=LONG_AGO,
    ended_on=None,
    dismissed=False,
    worked=247,
    worked_source="calendar",
)


def planned(planner: Planner = KPI, **facts: object) -> Planned:
    found = planner.decide(replace(SERVANT, **facts))  # type: ignore[arg-type]
    assert found is not None
    return found


@pytest.mark.rule("M-7", "M-14", "M-28", "M-38")
def test_one_person_has_one_sheet_in_each_direction_both_with_the_direct_supervisor() -> None:
    for planner, form, rule in ((KPI, "kpi", "M-28"), (COMPETENCIES, "competencies", "M-38")):
        found = planned(planner)
        assert (found.form, found.evaluator, found.exempt, found.problem) == (form, 2, False, "")
        assert set(found.rules) == {"M-7", rule}


@pytest.mark.rule("M-1")
@pytest.mark.parametrize("category", ["C-1", "C-2", "C-3", "C-4", "C-5", "C-O-1", "C-O-4", "C-O-5"])
def test_ministry_departments_and_territorial_divisions_alike(category: str) -> None:
    assert planned(category=category).evaluator == 2
    assert planned(category=category, leadership=True).evaluator == 2


@pytest.mark.rule("M-1")
def test_who_is_outside_corps_b_is_not_planned() -> None:
    assert KPI.decide(replace(SERVANT, category="")) is None


@pytest.mark.rule("M-9")
@pytest.mark.parametrize(
    ("start", "exempt"),
    [
        (date(2018, 9, 30), False),
        (date(2018, 10, 1), False),  # three months to the day
        (date(2018, 10, 2), True),
        (date(2018, 12, 31), True),
    ],
)
def test_below_three_months_in_the_post_there_is_no_evaluation(start: date, exempt: bool) -> None:
    found = planned(started_on=start)
    assert found.exempt is exempt
    if exempt:
        assert found.rules == ("M-9",)
        assert found.note.endswith("less than 3 months (pt 4)")


@pytest.mark.rule("M-9", "M-Q13")
@pytest.mark.parametrize(
    ("back", "exempt"), [(date(2018, 6, 1), False), (date(2018, 10, 1), False), (date(2018, 10, 2), True)]
)
def test_after_social_leave_and_studies_the_time_is_counted_anew(back: date, exempt: bool) -> None:
    found = planned(tenure_from=back, tenure_from_why="after social leave")
    assert found.exempt is exempt
    if exempt:
        assert "counted anew after social leave: less than 3 months" in found.note


@pytest.mark.rule("M-10")
@pytest.mark.parametrize(
    ("until", "exempt"),
    [(None, False), (date(2018, 12, 30), False), (date(2018, 12, 31), True), (date(2019, 3, 10), True)],
)
def test_on_probation_there_is_no_evaluation(until: date | None, exempt: bool) -> None:
    found = planned(probation_until=until)
    assert found.exempt is exempt
    if exempt:
        assert (found.rules, found.note) == (("M-10",), f"on probation until {until} (pt 4)")


@pytest.mark.rule("M-9")
def test_days_actually_worked_play_no_part() -> None:
    assert not planned(worked=0).exempt


@pytest.mark.rule("M-7")
def test_without_a_direct_supervisor_the_plan_says_so() -> None:
    for facts in ({"supervisor": None}, {"supervisor": 10}):
        found = planned(**facts)  # type: ignore[arg-type]
        assert found.evaluator is None
        assert "no direct supervisor is known (M-7, M-28, pt 17)" in found.problem


days = st.dates(date(2014, 1, 1), date(2018, 12, 31))


@pytest.mark.rule("M-9", "M-10")
@given(days, st.none() | days, st.none() | st.dates(date(2014, 1, 1), date(2020, 1, 1)))
def test_who_is_evaluated_has_three_months_since_the_latest_beginning_and_no_probation(
    start: date, back: date | None, until: date | None
) -> None:
    found = planned(started_on=start, tenure_from=back, probation_until=until)
    begun = max(start, back or start, Y2018.first_day)
    enough = begun <= date(2018, 10, 1)
    on_probation = until is not None and until >= Y2018.last_day
    assert found.exempt is (not enough or on_probation)
    assert found.rules[0] == ("M-9" if not enough else "M-10" if on_probation else "M-7")


@pytest.mark.rule("M-9")
@given(days)
def test_a_later_beginning_never_makes_somebody_evaluable(start: date) -> None:
    later = min(start + timedelta(days=30), Y2018.last_day)
    assert planned(started_on=start).exempt <= planned(started_on=later).exempt

"""Periods evaluated before they end: which days a sheet covers, and where every other day goes."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.carrying import CARRIED, COUNTED, LATER, OUTSIDE, coverage
from rules.period import Period
from tests.justice import Q1, Q3, Q4, YEAR, law_of

EARLY = "quarterly_evaluation_q4"


@pytest.mark.rule("J-2", "J-Q5")
@pytest.mark.parametrize(
    ("period", "day", "fate"),
    [
        (Q4, "2017-10-01", COUNTED),
        (Q4, "2017-12-10", COUNTED),
        (Q4, "2017-12-11", LATER),
        (Q4, "2017-12-31", LATER),
        (Q4, "2018-01-01", OUTSIDE),
        (Q4, "2017-09-30", OUTSIDE),
        (Q1, "2017-12-10", OUTSIDE),
        (Q1, "2017-12-11", CARRIED),
        (Q1, "2017-12-31", CARRIED),
        (Q1, "2018-01-01", COUNTED),
        (Q3, "2017-09-30", COUNTED),
        (Q3, "2017-06-30", OUTSIDE),
    ],
)
def test_by_the_last_permitted_day(period: Period, day: str, fate: str) -> None:
    assert coverage(law_of(), EARLY, period).place(date.fromisoformat(day)) == fate


@pytest.mark.rule("J-Q5")
@given(st.dates(date(2017, 10, 1), date(2017, 12, 31)), st.dates(date(2017, 12, 1), date(2017, 12, 31)))
def test_nothing_is_lost_and_nothing_counts_twice(day: date, drawn_on: date) -> None:
    law = law_of()
    fates = (
        coverage(law, EARLY, Q4, drawn_on).place(day),
        coverage(law, EARLY, Q1, drawn_before_on=drawn_on).place(day),
    )
    assert fates == ((COUNTED, OUTSIDE) if day <= drawn_on else (LATER, CARRIED))


@pytest.mark.rule("J-Q5")
@pytest.mark.parametrize(
    ("way", "fates"), [("carried", (LATER, CARRIED)), ("lost", (LATER, OUTSIDE)), ("reopened", (COUNTED, OUTSIDE))]
)
def test_a_late_fact_under_each_reading(way: str, fates: tuple[str, str]) -> None:
    law, day = law_of(J_Q5=way), date(2017, 12, 20)
    assert (coverage(law, EARLY, Q4).place(day), coverage(law, EARLY, Q1).place(day)) == fates
    assert coverage(law, EARLY, Q4).asks(day)
    assert not coverage(law, EARLY, Q4).asks(date(2017, 12, 1))
    assert not coverage(law, EARLY, Q4).asks(None)


def test_without_an_early_deadline_every_day_of_the_period_counts() -> None:
    late = date(2017, 12, 31)
    assert coverage(law_of(), None, Q4, date(2017, 12, 1)).place(late) == COUNTED
    assert coverage(law_of(), EARLY, YEAR).place(late) == COUNTED
    assert coverage(law_of(), EARLY, Q4).place(None) == COUNTED


def test_periods_before_and_after() -> None:
    assert (Q4.after, Q1.before, Q3.after, Q4.before) == (Q1, Q4, Q4, Q3)
    assert (YEAR.after, YEAR.before) == (Period(2018), Period(2016))
